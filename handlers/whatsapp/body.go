package whatsapp

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// trusted is how much memory a request gets for the length that it names, in bytes.
const trusted = 16 << 10

// readBody reads a request's whole body of at most limit bytes. Its errors are echo's: 413 over the limit (whoever
// noticed it, we or a limit in front of us), 400 when the sender broke off.
func readBody(c echo.Context, limit int64) ([]byte, error) {
	var b bytes.Buffer
	if n := c.Request().ContentLength; n > 0 { // what a sender only says takes little memory
		b.Grow(int(min(n, trusted)) + bytes.MinRead)
	}
	_, err := b.ReadFrom(io.LimitReader(c.Request().Body, limit+1))
	var known *echo.HTTPError
	switch {
	case errors.As(err, &known):
		return nil, known
	case err != nil:
		return nil, echo.NewHTTPError(http.StatusBadRequest, "The body broke off.").SetInternal(err)
	case int64(b.Len()) > limit:
		return nil, echo.ErrStatusRequestEntityTooLarge
	}
	return b.Bytes(), nil
}

// readResult is the word by which an error of readBody is counted.
func readResult(err error) string {
	var known *echo.HTTPError
	if errors.As(err, &known) && known.Code == http.StatusRequestEntityTooLarge {
		return "too_large"
	}
	return "unreadable"
}

// cut makes a text from outside fit to be kept: at most n bytes, whole runes, no NUL (PostgreSQL takes none).
func cut(s string, n int) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s[:min(len(s), n)], ""), "\x00", "")
}
