package session

import (
	"net/url"
	"path"
	"strings"
	"unicode"
)

// ReturnPath is where to go after a sign-in: the path (with its query) when it can only mean a page of this
// server, else "/". Text from a link may be given as it came. Whether there is such a page, the router knows.
func ReturnPath(next string) string {
	if len(next) > 2000 || strings.ContainsFunc(next, unicode.IsControl) || strings.Contains(next, `\`) {
		return "/"
	}
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || u.Opaque != "" {
		return "/"
	}
	if !strings.HasPrefix(u.Path, "/") || path.Clean(u.Path) != u.Path || strings.ContainsFunc(u.Path, unicode.IsControl) ||
		strings.Contains(u.Path, `\`) {
		return "/"
	}
	return (&url.URL{Path: u.Path, RawQuery: u.RawQuery}).String()
}
