package whatsapp

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
)

// The statuses of the protocol that net/http has no name for (protocol.md §3.2).
const (
	statusTokenSpent   = 427
	statusBadSignature = 432
)

// exchangeSealed answers an encrypted request: signature first, RSA second.
func (e *Endpoint) exchangeSealed(ctx context.Context, c echo.Context, q question, body []byte) error {
	if !e.signed(q.flow, c.Request().Header.Values(wire.SignatureHeader), body) {
		return e.refuse(c, q, statusBadSignature, models.MarkBadFlowSig, "bad_signature")
	}
	if !e.turns.take(ctx) {
		e.measure(q, "busy")
		return c.String(http.StatusServiceUnavailable, "The server is busy.\n")
	}
	plain, seal, err := e.open(q, body)
	e.turns.give()
	if err != nil {
		return e.refuse(c, q, http.StatusMisdirectedRequest, models.MarkCannotOpen, "cannot_open")
	}
	if q.in, err = wire.ParseRequest(plain); err != nil {
		q.in = wire.Request{Unread: err.Error()}
	}
	e.note(q, models.MarkOpened, "")
	if !e.tokenSigned(q) {
		return e.refuse(c, q, statusBadSignature, models.MarkBadFlowSig, "bad_signature")
	}
	return e.reply(ctx, c, q, func(r reply) error { return c.Blob(r.status, "text/plain", seal.Seal(r.body)) })
}

// exchangePlain answers a request in plain JSON, as providers send it who hold the keys themselves.
func (e *Endpoint) exchangePlain(ctx context.Context, c echo.Context, q question, body []byte) error {
	if !knowsSecret(q.flow, c) {
		e.measure(q, "bad_secret")
		return c.String(http.StatusUnauthorized, "The secret is missing or wrong.\n")
	}
	var err error
	if q.in, err = wire.ParseRequest(body); err != nil {
		e.measure(q, "unreadable")
		return c.String(http.StatusBadRequest, "The body is not a request in plain JSON.\n")
	}
	if q.in.Action == "" && bytes.Contains(body, []byte("encrypted_flow_data")) {
		return e.refuse(c, q, http.StatusMisdirectedRequest, models.MarkCannotOpen, "cannot_open")
	}
	if !e.tokenSigned(q) {
		return e.refuse(c, q, statusBadSignature, models.MarkBadFlowSig, "bad_signature")
	}
	return e.reply(ctx, c, q, func(r reply) error { return c.JSONBlob(r.status, r.body) })
}

// reply answers and counts; write sends what a phone reads.
func (e *Endpoint) reply(ctx context.Context, c echo.Context, q question, write func(reply) error) error {
	r := e.answer(ctx, q)
	if isTest(q.in.Token) {
		r.result = ResultTest
	}
	e.measure(q, r.result)
	if r.status != http.StatusOK && r.status != statusTokenSpent {
		return c.String(r.status, string(r.body))
	}
	return write(r)
}

// refuse answers with an empty body: who cannot prove who they are learns nothing more.
func (e *Endpoint) refuse(c echo.Context, q question, status int, mark, result string) error {
	e.note(q, mark, q.flow.Slug)
	e.measure(q, result)
	return c.NoContent(status)
}

// signed tells whether the request's one signature holds. While no secret is known, or the flow's check is off,
// nothing can be held against it (design/decisions.md 25).
func (e *Endpoint) signed(f *flow, headers []string, body []byte) bool {
	secrets := e.Live.signers(f)
	if !f.CheckSignature || len(secrets) == 0 {
		return true
	}
	return len(headers) == 1 && wire.Signed(headers[0], body, secrets...)
}

// tokenSigned checks flow_token_signature when there is one (design/decisions.md 26).
func (e *Endpoint) tokenSigned(q question) bool {
	secrets := e.Live.signers(q.flow)
	if q.in.TokenJWT == "" || !q.flow.CheckSignature || len(secrets) == 0 {
		return true
	}
	valid, bound := wire.VerifyTokenSignature(q.in.TokenJWT, q.in.Token, secrets...)
	if valid && !bound {
		e.note(q, models.MarkUnboundToken, q.flow.Slug)
	}
	return valid
}

// open tries the keys; it is the caller's turn.
func (e *Endpoint) open(q question, body []byte) ([]byte, *wire.Reply, error) {
	keys := e.Live.decrypters(e.Now())
	plain, seal, used, err := wire.Open(body, each(keys, liveKey.decrypter))
	if err != nil {
		return nil, nil, err
	}
	if !q.inward {
		e.Live.uses.opened(keys[used].id)
	}
	return plain, seal, nil
}

// knowsSecret tells whether a plain flow's request names its secret, in one of the three places; a flow without one
// is open.
func knowsSecret(f *flow, c echo.Context) bool {
	if f.Secret == "" {
		return true
	}
	header := c.Request().Header
	scheme, bearer, _ := strings.Cut(header.Get(echo.HeaderAuthorization), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		bearer = ""
	}
	known := sameSecret(f.Secret, header.Get("X-Switchyard-Secret"))
	known = sameSecret(f.Secret, bearer) || known
	return sameSecret(f.Secret, c.Param("secret")) || known
}
