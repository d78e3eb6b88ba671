package files

import (
	"context"
	"errors"
	"time"

	"switchyard/models"
	"switchyard/web/outbound"
)

const (
	// firstWait doubles with each attempt up to longestWait, until WhatsApp's copy goes.
	firstWait   = 30 * time.Second
	longestWait = 6 * time.Hour
	// fewAttempts is how often is tried what will hardly change.
	fewAttempts = 3
)

// A problem is why a file did not come, in words for people, and what to do about it.
type problem struct {
	text  string
	state models.FileState // to end in; "": try again
	after int              // attempts after which it ends in state; 0: at once
	wait  time.Duration    // until the next try; 0: by the number of attempts
	free  bool             // it does not count as an attempt: nothing ails the file
}

// tell writes what became of a file.
func (f *Fetcher) tell(ctx context.Context, d models.DueFile, p *problem) error {
	db := f.Keeper.DB
	f.Log.Warn("file not fetched", "file", d.ID, "attempt", d.Attempts, "reason", p.text)
	var err error
	switch ends := p.state != "" && d.Attempts >= p.after; {
	case ends && d.Source != nil && d.MetaID != "" && db.Now().Before(d.UntilAt.Time):
		err = db.DropFileSource(ctx, d.File, p.text) // the Graph API may have what the CDN has not
	case ends:
		err = db.FileFailed(ctx, d.File, p.state, p.text, 0, true)
	default:
		err = db.FileFailed(ctx, d.File, models.FilePending, p.text, p.until(d.Attempts), !p.free)
	}
	if errors.Is(err, models.ErrConflict) {
		return nil // somebody else had it after the lease
	}
	return err
}

func (p *problem) until(attempts int) time.Duration {
	if p.wait > 0 {
		return p.wait
	}
	wait := firstWait
	for range min(attempts, 20) - 1 {
		wait = min(2*wait, longestWait)
	}
	return wait
}

// requestProblem is what a request that got no answer means. Its words name hosts at most.
func requestProblem(err error) *problem {
	switch {
	case errors.Is(err, outbound.ErrTooLarge):
		return tooLarge()
	case outbound.Refused(err):
		return &problem{text: "It was not fetched, because only WhatsApp's own hosts are asked: " + err.Error(), state: models.FileFailed}
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(err, outbound.ErrTimeout):
		return &problem{text: "WhatsApp did not send it in time."}
	}
	if told, ok := errors.AsType[*outbound.Error](err); ok {
		return &problem{text: told.Error()}
	}
	return &problem{text: "The connection to WhatsApp broke."}
}

func tooLarge() *problem {
	return &problem{text: "It is larger than 25 MiB.", state: models.FileFailed}
}
