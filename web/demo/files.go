package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"time"

	"switchyard/models"
	"switchyard/models/rules"
)

// recent is how far back what customers attached is here to be looked at.
const recent = 10 * day

// attached are the photos of a request, of the last days.
func (v *visiting) attached(in rules.Request) (files []models.InFile) {
	photos, _ := in.Data["photos"].([]any)
	if v.f.Keep == nil || v.f.Now.Sub(in.Now) > recent {
		return nil
	}
	for i, p := range photos {
		photo, _ := p.(map[string]any)
		id, _ := photo["media_id"].(string)
		name, _ := photo["file_name"].(string)
		sum := sha256.Sum256([]byte(id))
		files = append(files, models.InFile{Screen: in.Screen, Field: "photos", Place: i, CDNID: id, Name: name, SHA256: sum[:],
			Source: &models.FileSource{URL: "https://mmg.whatsapp.net/" + id}})
	}
	return files
}

// files brings what was attached, as the server would from WhatsApp, and loses some.
func (f *filling) files(ctx context.Context, _ *Filled) error {
	for n := 0; f.Keep != nil; n++ {
		due, err := f.db.ClaimFiles(ctx, 1, time.Hour)
		if err != nil || len(due) == 0 {
			return err
		}
		file := due[0].File
		switch n % 12 {
		case 5:
			err = f.db.FileFailed(ctx, file, models.FileGone, "WhatsApp does not have it any more (status 404).", 0, true)
		case 8:
			err = f.db.FileFailed(ctx, file, models.FileFailed, "It cannot be opened: what was downloaded is not what the phone uploaded: its hash differs.", 0, true)
		default:
			err = f.bring(ctx, file)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *filling) bring(ctx context.Context, file models.File) error {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, scene(f.rand), nil); err != nil {
		return err
	}
	kept, err := f.Keep(ctx, f.db, file, b.Bytes())
	return errors.Join(err, f.db.FileStored(ctx, kept))
}

// scene is a picture: a sky, a road, a car of some colour with a dent.
func scene(r *rand.Rand) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 480, 360))
	sky, horizon := uint8(150+r.IntN(90)), 150+r.IntN(60)
	body := color.RGBA{uint8(60 + r.IntN(180)), uint8(40 + r.IntN(150)), uint8(40 + r.IntN(180)), 255}
	left := 60 + r.IntN(120)
	dent := image.Pt(left+40+r.IntN(140), horizon+70+r.IntN(20))
	in := func(x, y, cx, cy, radius int) bool { return (x-cx)*(x-cx)+(y-cy)*(y-cy) < radius*radius }
	for y := range 360 {
		for x := range 480 {
			c := color.RGBA{sky - uint8(y/5), sky, 235, 255}
			if y > horizon {
				g := uint8(70 + (y-horizon)/4)
				c = color.RGBA{g, g, g + 6, 255}
			}
			roof := y > horizon && y < horizon+45 && x > left+50+(horizon+45-y)/2 && x < left+170-(horizon+45-y)/2
			switch {
			case in(x, y, left+45, horizon+108, 24), in(x, y, left+180, horizon+108, 24):
				c = color.RGBA{25, 25, 28, 255}
			case in(x, y, dent.X, dent.Y, 14):
				c = color.RGBA{body.R / 2, body.G / 2, body.B / 2, 255}
			case roof:
				c = color.RGBA{190, 215, 225, 255}
			case y >= horizon+45 && y < horizon+108 && x > left && x < left+225:
				c = body
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}
