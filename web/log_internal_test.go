package web

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestLogKeepsPeopleAndSecretsOut(t *testing.T) {
	cases := []struct {
		name string
		args []any
		want string // in the line
	}{
		{"a phone number", []any{"to", "5511999887766"}, "•••66"},
		{"one with a plus inside a text", []any{"error", errors.New("send to +5511999887766: refused")}, "•••66: refused"},
		{"a token by its key", []any{"flow_token", "hush"}, "•••"},
		{"a secret in a group", []any{slog.Group("cfg", "app_secret", "hush")}, "•••"},
		{"a token inside a text", []any{"error", errors.New("open /x?flow_token=hush&a=1")}, "flow_token=•••"},
		{"a header", []any{"line", "Authorization: Bearer hush.hush"}, "Bearer •••"},
		{"a signature", []any{"header", "sha256=c0ffee5511"}, "sha256=•••"},
		{"a config secret", []any{"value", Secret("hush")}, "…"},
		{"a duration is text", []any{"drain", 5 * time.Second}, `"drain":"5s"`},
		{"an id stays", []any{"alert", 42, "route", "/alerts/:id"}, `"alert":42,"route":"/alerts/:id"`},
	}
	for _, tc := range cases {
		var out strings.Builder
		newLogger(&out).Info("something of 5511999887766", tc.args...)
		line := out.String()
		if !strings.Contains(line, tc.want) {
			t.Errorf("%s: line = %s; want %s in it", tc.name, line, tc.want)
		}
		for _, leak := range []string{"5511999887766", "hush", "c0ffee"} {
			if strings.Contains(line, leak) {
				t.Errorf("%s: line = %s; want no %s", tc.name, line, leak)
			}
		}
	}
}

func FuzzScrub(f *testing.F) {
	for _, s := range []string{"+5511999887766", "12345678", "1234567", "a12345678b", "Bearer x", "basic  y", "sha256=AB", "my_token=x&b", "١٢٣٤٥٦٧٨", "/flow-endpoint/:flow"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want := s
		for _, shape := range shapes {
			want = shape.find.ReplaceAllString(want, shape.put)
		}
		if got := scrub(s); got != want {
			t.Errorf("scrub(%q) = %q; want %q: the quick look overlooks something", s, got, want)
		}
	})
}
