package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
	"switchyard/views"
	"switchyard/web/outbound"
)

const (
	// triedBytes is how much of an answer a test shows.
	triedBytes = 2000
	// crowd is how many deliveries wait to be stored when forwards are put off.
	crowd = 8
	// longestTest is how long a test waits, whatever the target's timeout is: a person waits, too.
	longestTest = 6 * time.Second
)

// newOutbound is the client of everything that we start.
func (a *App) newOutbound() *outbound.Client {
	return outbound.New(outbound.Options{Allowed: a.allowedHosts, Agent: agent()})
}

// agent is how we name ourselves to others.
func agent() string { return "Switchyard/" + strings.ReplaceAll(Version(), " ", "-") }

// forwardBody sends what the forwarder passes on.
func (a *App) forwardBody(r *http.Request, limit time.Duration) (*http.Response, error) {
	return a.outbound.Do(r, outbound.Policy{Timeout: limit})
}

func (a *App) allowedHosts(ctx context.Context) ([]string, error) {
	rows, err := a.db.AllowedHosts(ctx)
	hosts := make([]string, len(rows))
	for i, h := range rows {
		hosts[i] = h.Host
	}
	return hosts, err
}

// checkAddress tells, in a sentence for people, why requests may not go to an address.
func (a *App) checkAddress(ctx context.Context, u *url.URL) error {
	return a.outbound.Check(ctx, u, outbound.Policy{})
}

// tryTarget sends a small signed body to a target and tells what came back. Nothing is kept of it.
func (a *App) tryTarget(ctx context.Context, t models.Target) (views.TargetTry, error) {
	now := a.cfg.now()
	body := fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[],"switchyard":{"test":true,"target":%d,"sent_at":"%s"}}`, t.ID, now.UTC().Format(time.RFC3339))
	try := views.TargetTry{Body: body}
	req, err := a.signedRequest(ctx, t, fmt.Sprintf("msg_%s_test_%d", t.UID, now.UnixMilli()), []byte(body), now)
	if err != nil {
		return try, err
	}
	appSecret, err := a.appSecret(ctx)
	if err != nil {
		return try, err
	}
	if appSecret != "" { // for receivers that check the platform's signature
		req.Header.Set(wire.SignatureHeader, wire.Sign(appSecret, []byte(body)))
	}
	begin := time.Now()
	resp, err := a.outbound.Do(req, outbound.Policy{Timeout: min(t.Limit(), longestTest)})
	try.Took = time.Since(begin)
	if failed, ok := errors.AsType[*outbound.Error](err); ok {
		try.Error = failed.Error()
		return try, nil
	}
	defer resp.Body.Close()
	try.Status = resp.StatusCode
	start, _ := io.ReadAll(io.LimitReader(resp.Body, triedBytes+1)) // what came of it is shown
	try.More = len(start) > triedBytes
	try.Start = strings.ToValidUTF8(string(start[:min(len(start), triedBytes)]), "�")
	return try, nil
}

// signedRequest is a body on its way to a target, with our signature.
func (a *App) signedRequest(ctx context.Context, t models.Target, id string, body []byte, now time.Time) (*http.Request, error) {
	secrets, err := a.targetSecrets(ctx, t)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	outbound.SetSignature(req.Header, id, now, body, secrets...)
	return req, nil
}

// targetSecrets are those that a target's requests are signed with.
func (a *App) targetSecrets(ctx context.Context, t models.Target) (secrets []outbound.Secret, err error) {
	texts, err := a.db.TargetSecrets(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	return parseSecrets(texts)
}

// parseSecrets reads signing secrets as they are kept.
func parseSecrets(texts []string) (secrets []outbound.Secret, err error) {
	for _, text := range texts {
		secret, err := outbound.ParseSecret(text)
		if err != nil {
			return nil, err
		}
		secrets = append(secrets, secret)
	}
	return secrets, nil
}
