package web

import (
	"io"
	"log/slog"
	"os"
	"regexp"
	"strings"
)

// newLogger writes lines for people on a terminal, JSON for machines elsewhere; nil is standard error.
func newLogger(to io.Writer) *slog.Logger {
	if to == nil {
		to = os.Stderr
	}
	o := &slog.HandlerOptions{ReplaceAttr: redact}
	if f, ok := to.(*os.File); ok && terminal(f) {
		return slog.New(slog.NewTextHandler(to, o))
	}
	return slog.New(slog.NewJSONHandler(to, o))
}

func terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// hidden are parts of keys whose values never reach a log.
var hidden = []string{"token", "secret", "password", "passphrase", "authorization", "cookie", "signature", "phone", "contact", "body", "payload", "answers"}

// shapes are what numbers of people and secrets look like inside other text, such as an error of a library.
var shapes = []struct {
	find *regexp.Regexp
	put  string
}{
	{regexp.MustCompile(`\+?\d{6,}(\d{2})`), "•••$1"},
	{regexp.MustCompile(`(?i)\b(bearer|basic) +[\w.~+/=-]+`), "$1 •••"},
	{regexp.MustCompile(`sha256=[0-9A-Fa-f]+`), "sha256=•••"},
	{regexp.MustCompile(`(?i)\b((?:[a-z]+_)?(?:token|secret|password))=[^\s&"]+`), "$1=•••"},
}

// redact keeps people and secrets out of the log, whoever forgot to, and writes durations for people.
func redact(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey || a.Key == setupLinkKey) {
		return a
	}
	key := strings.ToLower(a.Key)
	for _, part := range hidden {
		if strings.Contains(key, part) {
			return slog.String(a.Key, "•••")
		}
	}
	switch v := a.Value; v.Kind() {
	case slog.KindDuration:
		a.Value = slog.StringValue(v.Duration().String()) // JSON would have nanoseconds
	case slog.KindString:
		a.Value = slog.StringValue(scrub(v.String()))
	case slog.KindAny:
		if err, ok := v.Any().(error); ok {
			a.Value = slog.StringValue(scrub(err.Error()))
		}
	}
	return a
}

func scrub(s string) string {
	if !suspicious(s) {
		return s
	}
	for _, shape := range shapes {
		s = shape.find.ReplaceAllString(s, shape.put)
	}
	return s
}

// suspicious tells without a regular expression, for each text of every line, whether one of shapes can match: all need
// eight digits in a row, a space or an equals sign.
func suspicious(s string) bool {
	digits := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' || c == '=':
			return true
		case c < '0' || c > '9':
			digits = 0
		case digits == 7:
			return true
		default:
			digits++
		}
	}
	return false
}
