// Package whatsapp is where WhatsApp talks to us: webhooks and the Flow endpoint.
//
// What a flow marks as sensitive is stored sealed as long as it is the endpoint's: in visits and steps. A response
// comes later, as a delivery, and its answers are read, filtered and exported; they are stored as they come, and
// roles decide who sees them.
package whatsapp

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
	"switchyard/models/ingest"
)

// maxWebhook is the largest body of a webhook in bytes: Meta's 3 MB and slack.
const maxWebhook = 4 << 20

// maxChallenge bounds what is echoed to who verifies the address, in bytes.
const maxChallenge = 4 << 10

// maxKeptHeader bounds what is kept of a sender's header, in bytes.
const maxKeptHeader = 200

// A Webhook takes deliveries: it checks who signed them and makes them durable. It never reads what is in them;
// that is the Worker's.
type Webhook struct {
	// Submit returns when the delivery is durable. ingest.ErrFull: there is no room now.
	Submit func(context.Context, models.Delivery) error
	// Secrets are the app secrets that may sign: current, then previous; none: nothing is taken.
	Secrets func() []string
	// Dialog360Secret is what 360dialog must show; empty: nothing of it is taken.
	Dialog360Secret func() string
	// VerifyToken is what the platform names when it verifies the address; empty never matches.
	VerifyToken func() string
	// Now is the clock.
	Now func() time.Time
	// Note marks an observation by one of the names in models (MarkSigned, …).
	Note func(mark, detail string)
	// Count counts how a delivery was answered: stored, full, unavailable, bad_signature, no_secret, too_large,
	// unreadable. May be nil.
	Count func(result string)
	// Address is the sender's address, shortened for display.
	Address func(echo.Context) string
}

// Verify answers the platform's verification of the address (GET): the challenge byte for byte, or 403.
func (w *Webhook) Verify(c echo.Context) error {
	token, text := c.QueryParam("hub.verify_token"), c.QueryParam("hub.challenge")
	switch {
	case c.QueryParam("hub.mode") != "subscribe", !sameSecret(w.VerifyToken(), token):
		w.Note(models.MarkChallengeBad, w.Address(c))
	case text != "" && len(text) <= maxChallenge:
		w.Note(models.MarkChallenge, w.Address(c))
		c.Response().Header().Set(echo.HeaderXContentTypeOptions, "nosniff")
		return c.Blob(http.StatusOK, "text/plain", []byte(text))
	}
	return c.String(http.StatusForbidden, "The verify token or the challenge is not right.\n")
}

// Receive takes deliveries of a source (POST): 200 when durable, 401 for a bad signature, 503 while no app secret
// is known or the delivery cannot be stored. The platform repeats what was not answered 200.
func (w *Webhook) Receive(source wire.Source) echo.HandlerFunc {
	return func(c echo.Context) error {
		secrets := w.Secrets()
		if len(secrets) == 0 {
			w.count("no_secret")
			w.Note(models.MarkNoSecret, w.Address(c))
			return c.String(http.StatusServiceUnavailable, "No app secret is set, so deliveries cannot be checked.\n")
		}
		body, err := readBody(c, maxWebhook)
		if err != nil {
			w.count(readResult(err))
			return err
		}
		header := c.Request().Header
		signatures := header.Values(wire.SignatureHeader)
		if len(signatures) != 1 || !wire.Signed(signatures[0], body, secrets...) {
			w.count("bad_signature")
			w.Note(models.MarkBadSignature, w.Address(c))
			return c.String(http.StatusUnauthorized, "The signature is missing or wrong.\n")
		}
		w.Note(models.MarkSigned, "")
		return w.store(c, models.Delivery{
			Source: string(source), ReceivedAt: models.Time{Time: w.Now()}, Body: body,
			Signature: signatures[0], ContentType: cut(header.Get(echo.HeaderContentType), maxKeptHeader),
		})
	}
}

// store waits until the delivery is durable; only then is it answered 200.
func (w *Webhook) store(c echo.Context, d models.Delivery) error {
	err := w.Submit(c.Request().Context(), d)
	switch {
	case err == nil:
		w.count("stored")
		return c.NoContent(http.StatusOK)
	case errors.Is(err, ingest.ErrFull):
		w.count("full")
	default:
		w.count("unavailable")
	}
	c.Response().Header().Set(echo.HeaderRetryAfter, "1")
	return c.String(http.StatusServiceUnavailable, "The delivery cannot be stored now; please send it again.\n")
}

func (w *Webhook) count(result string) {
	if w.Count != nil {
		w.Count(result)
	}
}

// sameSecret compares in constant time whatever the lengths are; an empty secret never matches.
func sameSecret(want, got string) bool {
	a, b := sha256.Sum256([]byte(want)), sha256.Sum256([]byte(got))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && want != ""
}
