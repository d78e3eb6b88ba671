package whatsapp

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// readBody reads a request's whole body of at most limit bytes. Its errors are echo's: 413 over the limit (whoever
// noticed it, we or a limit in front of us), 400 when the sender broke off.
func readBody(c echo.Context, limit int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(c.Request().Body, limit+1))
	var known *echo.HTTPError
	switch {
	case errors.As(err, &known):
		return nil, known
	case err != nil:
		return nil, echo.NewHTTPError(http.StatusBadRequest, "The body broke off.").SetInternal(err)
	case int64(len(body)) > limit:
		return nil, echo.ErrStatusRequestEntityTooLarge
	}
	return body, nil
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
