package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
	"switchyard/web/outbound"
)

const (
	// largeBody is from where on a target gets one body at a time: what is under way is in memory.
	largeBody = 256 << 10
	// restOfAnswer is how much of an answer is read, so that its connection can be used again.
	restOfAnswer = 16 << 10
)

// A try is what the requests of one claim have in common.
type try struct {
	*forwarder
	claim *models.ForwardClaim
	begin time.Time  // nothing is begun after it
	large sync.Mutex // held while a large body is sent
}

// of tries one forward. What could not even be sent, by our fault, is untried.
func (t *try) of(ctx context.Context, c models.ClaimedForward) (models.ForwardResult, error) {
	if c.Size > largeBody {
		t.large.Lock()
		defer t.large.Unlock()
	}
	r := models.ForwardResult{Forward: c.Forward, End: models.ForwardUntried}
	if time.Now().After(t.begin) { // others were sent for so long, and who claims it next would send it too
		return r, nil
	}
	req, err := t.request(ctx, c.Forward)
	switch {
	case errors.Is(err, models.ErrNotFound):
		r.End, r.Reason = models.ForwardLost, "The body is kept no longer."
		return r, nil
	case err != nil:
		return r, fmt.Errorf("forward %d: %w", c.ID, err)
	}
	begin := time.Now() // not t.now: a duration of this process, whatever the clock says
	resp, err := t.send(req, t.claim.Target.Limit())
	if err == nil {
		io.Copy(io.Discard, io.LimitReader(resp.Body, restOfAnswer)) // the status says it all
		resp.Body.Close()
	}
	r.Took = time.Since(begin)
	switch {
	case err != nil && ctx.Err() != nil: // the stop cut it off
	case err != nil:
		r.End, r.Reason = models.ForwardFailed, err.Error()
	default:
		r.Status = resp.StatusCode
		r.End, r.Reason = endOf(r.Status)
		if r.Status == http.StatusTooManyRequests || r.Status == http.StatusServiceUnavailable {
			r.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), t.now())
		}
	}
	return r, nil
}

// request is the body as it came, with the platform's signature of it and ours.
func (t *try) request(ctx context.Context, f models.Forward) (*http.Request, error) {
	d, err := t.db.ForwardBody(ctx, f)
	if err != nil {
		return nil, err
	}
	var secrets []outbound.Secret
	for _, text := range t.claim.Secrets {
		secret, err := outbound.ParseSecret(text)
		if err != nil {
			return nil, err
		}
		secrets = append(secrets, secret)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.claim.Target.URL, bytes.NewReader(d.Body))
	if err != nil {
		return nil, err
	}
	if d.ContentType != "" {
		req.Header.Set("Content-Type", d.ContentType)
	}
	if d.Signature != "" {
		req.Header.Set(wire.SignatureHeader, d.Signature)
	}
	req.Header.Set("User-Agent", t.agent)
	outbound.SetSignature(req.Header, t.claim.Target.WebhookID(f.DeliveryID), t.now(), d.Body, secrets...)
	return req, nil
}

// endOf is what an answer means. Only the 2xx say that the body was taken.
func endOf(status int) (models.ForwardEnd, string) {
	answered := fmt.Sprintf("It answered %d", status)
	if text := http.StatusText(status); text != "" {
		answered += " " + text
	}
	switch {
	case status >= 200 && status < 300:
		return models.ForwardTaken, ""
	case status >= 300 && status < 400:
		return models.ForwardFailed, answered + ": the address has moved, and no redirect is followed. Set the new address."
	case status == http.StatusGone:
		return models.ForwardGone, answered + ": it wants no more deliveries."
	case status == http.StatusBadRequest, status == http.StatusRequestEntityTooLarge, status == http.StatusUnsupportedMediaType,
		status == http.StatusUnprocessableEntity:
		return models.ForwardRefused, answered + ": it does not take this body."
	}
	return models.ForwardFailed, answered + "."
}

// retryAfter reads seconds or a date; 0 for anything else.
func retryAfter(value string, now time.Time) time.Duration {
	if n, err := strconv.ParseUint(value, 10, 32); err == nil {
		return time.Duration(n) * time.Second
	}
	if t, err := http.ParseTime(value); err == nil {
		return max(0, t.Sub(now))
	}
	return 0
}
