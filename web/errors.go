package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/ingest"
	"switchyard/web/session"
)

// A failure is an error as the person or machine that asked may see it.
type failure struct {
	status int
	title  string
	text   string
	wait   time.Duration // before another try makes sense; 0 for never or any time
}

// gone is the status in the log of a request whose client did not wait; nobody receives it.
const gone = 499

// fail is the only place where an error becomes a status, and where its cause is logged.
func (a *App) fail(err error, c echo.Context) {
	r := c.Request()
	t := tripOf(r)
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		t.status, t.gone = gone, true
		return
	}
	f := failureOf(err, t.id)
	if f.status >= 500 {
		a.log.LogAttrs(context.WithoutCancel(r.Context()), slog.LevelError, "request failed",
			slog.String("request", t.id), slog.String("route", t.route), slog.Any("error", err))
	}
	if c.Response().Committed {
		panic(http.ErrAbortHandler) // half an answer must not look like a whole one
	}
	if errors.Is(err, session.ErrForbidden) {
		a.denied(c)
	}
	if f.wait > 0 {
		c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(f.wait.Seconds()))))
	}
	if err := a.tell(c, err, f); err != nil {
		a.log.Info("answer not sent", "request", t.id, "error", err)
	}
}

func (a *App) tell(c echo.Context, err error, f failure) error {
	if errors.Is(err, session.ErrSignedOut) && !isHTMX(c.Request()) {
		return toSignIn(c)
	}
	return a.answer(c, f)
}

// failureOf chooses status and words. Only messages that were written for people are shown.
func failureOf(err error, id string) failure {
	switch {
	case errors.Is(err, session.ErrSignedOut):
		return failure{http.StatusUnauthorized, "Please sign in", "You are not signed in any more.", 0}
	case errors.Is(err, session.ErrForbidden):
		return failure{http.StatusForbidden, "Not allowed", "Your role does not allow this. An administrator can change it.", 0}
	case errors.Is(err, models.ErrNotFound):
		return failure{http.StatusNotFound, "Not found", notFoundText, 0}
	case errors.Is(err, models.ErrConflict):
		return failure{http.StatusConflict, "Changed in between", "Somebody else changed this at the same time. Load the page again and repeat your change.", 0}
	case errors.Is(err, errBusy), errors.Is(err, models.ErrBusy), errors.Is(err, models.ErrLocked), errors.Is(err, ingest.ErrFull), errors.Is(err, ingest.ErrClosed):
		return failure{http.StatusServiceUnavailable, "Busy", "The server is too busy for this. Try again in a moment.", time.Second}
	}
	if models.Unavailable(err) || errors.Is(err, context.DeadlineExceeded) { // nothing else is waited for so long
		return failure{http.StatusServiceUnavailable, "Not available", "The database does not answer. Try again in a moment.", time.Second}
	}
	if taken, ok := errors.AsType[*alert.Conflict](err); ok {
		return failure{http.StatusConflict, "Taken", fmt.Sprintf("%s has this alert already.", taken.Name), 0}
	}
	if bad, ok := errors.AsType[*models.Invalid](err); ok {
		return failure{http.StatusUnprocessableEntity, "Not accepted", bad.Message, 0}
	}
	if slow, ok := errors.AsType[*models.ThrottledError](err); ok {
		return failure{http.StatusTooManyRequests, "Too many attempts", "Too many attempts. Try again in " + inWords(slow.Wait) + ".", slow.Wait}
	}
	if over, ok := errors.AsType[*http.MaxBytesError](err); ok && over != nil {
		return failureOfStatus(http.StatusRequestEntityTooLarge, "")
	}
	if _, ok := errors.AsType[url.EscapeError](err); ok { // of a form: addresses of ours are parsed before they are kept
		return failureOfStatus(http.StatusBadRequest, "What was sent cannot be read. Load the page again and repeat your change.")
	}
	if he, ok := errors.AsType[*echo.HTTPError](err); ok && he.Code < 500 {
		text, _ := he.Message.(string)
		return failureOfStatus(he.Code, text)
	} else if ok && he.Code == http.StatusServiceUnavailable {
		return failure{he.Code, "Busy", "The server cannot do this now. Try again in a moment.", time.Second}
	}
	return failure{http.StatusInternalServerError, "Something went wrong", fmt.Sprintf("Something went wrong (request %s). Try again; if it stays, tell an administrator this number.", id), 0}
}

const notFoundText = "There is nothing at this address. It may have been removed, or the link is not complete."

// failureOfStatus words an echo.HTTPError; its own message is shown unless it only repeats the status.
func failureOfStatus(status int, text string) failure {
	f := failure{status: status, title: http.StatusText(status), text: text}
	if text != "" && text != http.StatusText(status) {
		return f
	}
	switch status {
	case http.StatusNotFound:
		f.title, f.text = "Not found", notFoundText
	case http.StatusMethodNotAllowed:
		f.text = "This address does not take that kind of request."
	case http.StatusRequestEntityTooLarge:
		f.title, f.text = "Too large", "What was sent is larger than this address takes."
	case http.StatusTooManyRequests:
		f.title, f.text, f.wait = "Too fast", "Too many requests in a short time. Wait a moment and go on.", time.Second
	default:
		f.text = "The request cannot be answered as it is."
	}
	return f
}

// inWords rounds a wait up to what people count in.
func inWords(d time.Duration) string {
	if s := int(math.Ceil(d.Seconds())); s <= 90 {
		return strconv.Itoa(max(s, 1)) + " s"
	}
	return strconv.Itoa(int(math.Ceil(d.Minutes()))) + " min"
}
