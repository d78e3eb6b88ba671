package files_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"

	"switchyard/models"
	"switchyard/web/files"
)

// halves is a picture whose left half is red, the other blue.
func halves(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{200, 0, 0, 255}
			if x >= w/2 {
				c = color.RGBA{0, 0, 200, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func jpegOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, halves(w, h), nil))
	return b.Bytes()
}

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, halves(w, h)))
	return b.Bytes()
}

func gifOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, gif.Encode(&b, halves(w, h), nil))
	return b.Bytes()
}

// lying is a PNG that claims another size than it has.
func lying(t testing.TB, w, h uint32) []byte {
	t.Helper()
	b := pngOf(t, 1, 1)
	binary.BigEndian.PutUint32(b[16:], w)
	binary.BigEndian.PutUint32(b[20:], h)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

// heldSideways adds to a JPEG how the camera was held.
func heldSideways(b []byte) []byte {
	exif := []byte("\xff\xe1\x00\x22Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00")
	return slices.Concat(b[:2], exif, b[2:])
}

func save(t *testing.T, b *bench, data []byte) models.File {
	t.Helper()
	f, err := b.keeper.Save(t.Context(), models.File{Object: "abcdef"}, data)
	must(t, err)
	return f
}

func TestPicturesAreWrittenAnew(t *testing.T) {
	b := newBench(t)
	for _, tt := range []struct {
		name  string
		data  []byte
		kind  string
		small image.Point
		view  image.Point
	}{
		{"jpeg", jpegOf(t, 640, 320), "image/jpeg", image.Pt(320, 160), image.Pt(640, 320)},
		{"large png", pngOf(t, 3200, 400), "image/png", image.Pt(320, 40), image.Pt(1600, 200)},
		{"gif", gifOf(t, 20, 30), "image/gif", image.Pt(20, 30), image.Pt(20, 30)},
		{"thin png", pngOf(t, 4000, 1), "image/png", image.Pt(320, 1), image.Pt(1600, 1)},
		{"jpeg held sideways", heldSideways(jpegOf(t, 640, 320)), "image/jpeg", image.Pt(160, 320), image.Pt(320, 640)},
		{"jpeg with a script behind it", append(jpegOf(t, 8, 8), "<script>alert(1)</script>"...), "image/jpeg", image.Pt(8, 8), image.Pt(8, 8)},
	} {
		f := save(t, b, tt.data)
		if f.Type != tt.kind || !f.Picture {
			t.Errorf("%s: type %s, picture %t; want %s, true", tt.name, f.Type, f.Picture, tt.kind)
			continue
		}
		for part, want := range map[files.Part]image.Point{files.Small: tt.small, files.View: tt.view} {
			data, err := b.keeper.Open(t.Context(), f, part)
			must(t, err)
			img, err := jpeg.Decode(bytes.NewReader(data))
			if err != nil || img.Bounds().Size() != want || bytes.Contains(data, []byte("script")) {
				t.Errorf("%s: %s = %v, %v; want a JPEG of ours, %v", tt.name, part, img.Bounds(), err, want)
			}
		}
	}
}

func TestASidewaysPictureIsTurned(t *testing.T) {
	b := newBench(t)
	f := save(t, b, heldSideways(jpegOf(t, 64, 32)))
	data, err := b.keeper.Open(t.Context(), f, files.View)
	must(t, err)
	img, err := jpeg.Decode(bytes.NewReader(data))
	must(t, err)
	if r, _, blue, _ := img.At(16, 4).RGBA(); r < blue { // the left half is above now
		t.Error("the red half is not above")
	}
}

func TestWhatIsNoPictureIsADocument(t *testing.T) {
	b := newBench(t)
	for _, tt := range []struct {
		name, kind string
		data       []byte
	}{
		{"html", "text/html", []byte("<html><script>alert(1)</script>")},
		{"svg", "image/svg+xml", []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)},
		{"svg without a head", "image/svg+xml", []byte(`<svg onload="alert(1)"/>`)},
		{"pdf", "application/pdf", []byte("%PDF-1.7\n")},
		{"a picture of 2 GB in 70 bytes", "image/png", lying(t, 40_000, 40_000)},
		{"a picture that claims to be larger than it is", "image/png", lying(t, 5000, 5000)},
		{"a broken jpeg", "image/jpeg", jpegOf(t, 8, 8)[:60]},
		{"heic", "image/heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00")},
		{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", []byte("PK\x03\x04....[Content_Types].xml....word/document.xml")},
		{"nothing", "text/plain", nil},
	} {
		if f := save(t, b, tt.data); f.Type != tt.kind || f.Picture {
			t.Errorf("%s: type %s, picture %t; want %s, false", tt.name, f.Type, f.Picture, tt.kind)
		}
	}
	for kind, want := range map[string]string{"text/html": "application/octet-stream", "image/svg+xml": "application/octet-stream", "text/xml": "application/octet-stream", "application/pdf": "application/pdf"} {
		if got := files.Harmless(kind); got != want {
			t.Errorf("Harmless(%s) = %s; want %s", kind, got, want)
		}
	}
}

func FuzzPictures(f *testing.F) {
	f.Add(jpegOf(f, 8, 8))
	f.Add(heldSideways(jpegOf(f, 8, 8)))
	f.Add(pngOf(f, 8, 8))
	f.Add(gifOf(f, 8, 8))
	f.Add(lying(f, 40_000, 40_000))
	f.Fuzz(func(_ *testing.T, data []byte) { files.Pictures(data) })
}
