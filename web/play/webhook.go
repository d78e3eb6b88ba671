package play

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// A body is one webhook body from a file.
type body struct {
	name string
	text []byte
}

// webhook posts the bodies of a file or a folder, once each or as load, in turn.
func (o Options) webhook(ctx context.Context, p *Player, out io.Writer) error {
	bodies, err := readBodies(o.Script)
	if err != nil {
		return err
	}
	if o.Rate == 0 {
		return p.postAll(ctx, o.URL, bodies, out)
	}
	run := rand.Text()[:8]
	return o.load(ctx, out, 1, func(ctx context.Context, n int, due time.Time, r *Recorder) {
		b := bodies[n%len(bodies)]
		status, err := p.Webhook(ctx, o.URL, anew(b.text, fmt.Sprintf("%s%d", run, n)))
		if ctx.Err() != nil { // cut off by us
			return
		}
		r.add(time.Since(due), status, accepted(b.name, status, err))
	})
}

// postAll posts every body, also after one was refused.
func (p *Player) postAll(ctx context.Context, to string, bodies []body, out io.Writer) error {
	var faults []error
	for _, b := range bodies {
		start := time.Now()
		status, err := p.Webhook(ctx, to, b.text)
		if err = accepted(b.name, status, err); err != nil {
			faults = append(faults, err)
		}
		fmt.Fprintf(out, "%s → %s  (%d ms)\n", b.name, summary(nil, status), time.Since(start).Milliseconds())
	}
	return errors.Join(faults...)
}

func accepted(name string, status int, err error) error {
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", name, err)
	case status != http.StatusOK:
		return fmt.Errorf("%s: answered %d; expected 200", name, status)
	}
	return nil
}

// anew makes the ids of messages unlike those of every other post: the same bytes again would only be counted.
func anew(text []byte, id string) []byte {
	return bytes.ReplaceAll(text, []byte(`"wamid.`), []byte(`"wamid.PLAY`+id+`.`))
}

// readBodies reads a file, or the files of a folder in the order of their names.
func readBodies(path string) ([]body, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the bodies: %w", err)
	}
	files := []string{path}
	if info.IsDir() {
		files = files[:0]
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, fmt.Errorf("read the bodies: %w", err)
		}
		for _, e := range entries {
			if e.Type().IsRegular() {
				files = append(files, filepath.Join(path, e.Name()))
			}
		}
	}
	var bodies []body
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("read the bodies: %w", err)
		}
		bodies = append(bodies, body{filepath.Base(f), text})
	}
	if len(bodies) == 0 {
		return nil, errors.New("the folder holds no files")
	}
	return bodies, nil
}
