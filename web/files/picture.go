package files

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

const (
	// maxPixels bounds what is decoded: a small file can claim a picture of gigabytes.
	maxPixels = 36_000_000
	smallSide = 320
	viewSide  = 1600
	quality   = 82
)

var errPicture = errors.New("no picture that can be shown")

// A codec reads one kind of picture; of a moving one the first frame.
type codec struct {
	config func(*bytes.Reader) (image.Config, error)
	decode func(*bytes.Reader) (image.Image, error)
}

var codecs = map[string]codec{
	"image/jpeg": {func(r *bytes.Reader) (image.Config, error) { return jpeg.DecodeConfig(r) }, func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) }},
	"image/png":  {func(r *bytes.Reader) (image.Config, error) { return png.DecodeConfig(r) }, func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) }},
	"image/gif":  {func(r *bytes.Reader) (image.Config, error) { return gif.DecodeConfig(r) }, func(r *bytes.Reader) (image.Image, error) { return gif.Decode(r) }},
	"image/webp": {func(r *bytes.Reader) (image.Config, error) { return webp.DecodeConfig(r) }, func(r *bytes.Reader) (image.Image, error) { return webp.Decode(r) }},
}

// pictures makes two pictures of a file, written anew by us: nothing of what a customer sent is shown as it is.
func pictures(data []byte, kind string) (small, view []byte, err error) {
	defer func() {
		if recover() != nil { // a decoder that breaks down on a hostile picture
			small, view, err = nil, nil, errPicture
		}
	}()
	c, ok := codecs[kind]
	if !ok {
		return nil, nil, errPicture
	}
	size, err := c.config(bytes.NewReader(data))
	if err != nil || size.Width <= 0 || size.Height <= 0 || size.Width > maxPixels/size.Height {
		return nil, nil, errPicture
	}
	img, err := c.decode(bytes.NewReader(data))
	if err != nil || img.Bounds().Dx() != size.Width || img.Bounds().Dy() != size.Height {
		return nil, nil, errPicture
	}
	shown := scaled(img, viewSide)
	turn := 1
	if kind == "image/jpeg" {
		turn = orientation(data)
	}
	shown = turned(shown, turn)
	if view, err = encoded(shown); err != nil {
		return nil, nil, err
	}
	small, err = encoded(scaled(shown, smallSide))
	return small, view, err
}

// scaled fits a picture into a square, on white; it never grows.
func scaled(img image.Image, side int) *image.RGBA {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.BiLinear.Scale(out, out.Bounds(), img, img.Bounds(), draw.Over, nil)
	return out
}

func encoded(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}
