package play

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// webhook posts the bodies of a file or a folder, once each or as load, in turn.
func (o Options) webhook(ctx context.Context, p *Player, out io.Writer) error {
	bodies, err := readFiles(o.Script)
	if err != nil {
		return fmt.Errorf("read the bodies: %w", err)
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
func (p *Player) postAll(ctx context.Context, to string, bodies []file, out io.Writer) error {
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
