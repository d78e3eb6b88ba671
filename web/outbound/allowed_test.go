package outbound_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"switchyard/web/outbound"
)

func TestAnAllowedHostPassesAndOnlyThatHostAndPort(t *testing.T) {
	url, host := answering(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("welcome")) })
	bird := newCanary(t)
	inside := resolver(t, func(string) [4]byte { return [4]byte{127, 0, 0, 1} })
	_, port, _ := strings.Cut(host, ":")
	for _, o := range []outbound.Options{
		{Resolver: inside, Allowed: allow(host, "n8n.internal:"+port)},
		{Resolver: inside, Trusted: []string{host, "N8N.internal.:" + port}},
	} {
		c := newClient(t, o)
		for _, good := range []string{url, "http://n8n.internal:" + port, "http://N8N.Internal.:" + port} {
			if status, text, err := get(t, c, good, outbound.Policy{}); status != 200 || text != "welcome" || err != nil {
				t.Errorf("Do(%s) = %d, %q, %v; want 200, welcome", good, status, text, err)
			}
		}
		for _, bad := range []string{
			"http://127.0.0.1:" + bird.Port, "https://127.0.0.1:" + bird.Port, "http://n8n.internal:" + bird.Port, "https://n8n.internal:" + bird.Port,
			"http://evil.n8n.internal:" + port, "https://127.0.0.2:" + port, "http://localhost:" + port,
		} {
			if _, _, err := get(t, c, bad, outbound.Policy{}); !outbound.Refused(err) {
				t.Errorf("Do(%s) = %v; want a refusal", bad, err)
			}
		}
	}
	bird.wantNobody(t)
}

func TestAnAllowedNameMustNotLeadToTheLocalLink(t *testing.T) {
	metadata := resolver(t, func(string) [4]byte { return [4]byte{169, 254, 169, 254} })
	c := newClient(t, outbound.Options{Resolver: metadata, Allowed: allow("hook.example.com:80")})
	_, _, err := get(t, c, "http://hook.example.com/latest/meta-data", outbound.Policy{})
	wantKind(t, "Do", err, outbound.ErrPrivate)
}

func TestWithoutTheListOfEntriesNothingIsStarted(t *testing.T) {
	c := newClient(t, outbound.Options{Allowed: func(context.Context) ([]string, error) { return nil, errors.New("database is gone") }})
	_, _, err := get(t, c, "https://example.com/", outbound.Policy{})
	wantKind(t, "Do", err, outbound.ErrUnknown)
}

func TestFixedHostsAreTheOnlyOnesAndOnlyOnTheirPort(t *testing.T) {
	bird := newCanary(t)
	inside := resolver(t, func(string) [4]byte { return [4]byte{127, 0, 0, 1} })
	c := newClient(t, outbound.Options{Resolver: inside, Allowed: allow("127.0.0.1:" + bird.Port)})
	p := outbound.Policy{Hosts: []string{"graph.facebook.com", "lookaside.fbsbx.com"}}
	for url, kind := range map[string]error{
		"https://graph.facebook.com/v24.0/me":      outbound.ErrPrivate, // the resolver lies: the guard stands
		"https://GRAPH.facebook.com:443/":          outbound.ErrPrivate,
		"http://graph.facebook.com/":               outbound.ErrHost,
		"https://graph.facebook.com:" + bird.Port:  outbound.ErrHost,
		"https://graph.facebook.com.evil.example/": outbound.ErrHost,
		"https://evil.example/graph.facebook.com":  outbound.ErrHost,
		"https://127.0.0.1:" + bird.Port:           outbound.ErrHost, // an entry does not widen the list
		"https://graph.facebook.com@evil.example/": outbound.ErrAddress,
		"https://token@graph.facebook.com/":        outbound.ErrAddress,
		"ftp://graph.facebook.com/":                outbound.ErrAddress,
		"https://graph.facebook.com:99999/":        outbound.ErrAddress,
	} {
		_, _, err := get(t, c, url, p)
		wantKind(t, "Do("+url+")", err, kind)
	}
	bird.wantNobody(t)
}

func TestCheckRefusesWhatNeedsNoLookup(t *testing.T) {
	c := newClient(t, outbound.Options{Allowed: allow("10.0.0.5:5678")})
	for url, want := range map[string]string{
		"https://example.com/hook":      "",
		"http://10.0.0.5:5678/hook":     "",
		"https://10.0.0.5/hook?key=abc": "10.0.0.5 is a private address; an administrator can allow 10.0.0.5:443 on the page Forwarding.",
		"https://[::ffff:10.0.0.5]/":    "10.0.0.5 is a private address; an administrator can allow 10.0.0.5:443 on the page Forwarding.",
		"http://example.com/hook":       "Only https addresses may be called; an administrator can allow example.com:80 on the page Forwarding.",
		"https://a:b@example.com/":      "Leave user and password out of the address.",
		"https:///hook":                 "Write an address with a host, such as https://example.com/hook.",
		"file:///etc/passwd":            "Write an address that starts with https://.",
	} {
		req, err := http.NewRequest(http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := c.Check(t.Context(), req.URL, outbound.Policy{}); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("Check(%s) = %q; want %q", url, got, want)
		}
	}
}

func TestHostsAreComparedInOneForm(t *testing.T) {
	for entry, want := range map[string]string{
		"N8N.Internal:5678": "n8n.internal:5678", " n8n.internal.:05678 ": "n8n.internal:5678", "[FD00:0:0::5]:443": "[fd00::5]:443",
		"[::ffff:10.0.0.5]:80": "10.0.0.5:80", "10.0.0.5:80": "10.0.0.5:80",
		"n8n.internal": "", ":80": "", "a b:80": "", "http://a:80": "", "a:0": "", "a:65536": "", "a:http": "", "fd00::5:80": "", "bücher.example:443": "", "*.example.com:443": "",
	} {
		if got, err := outbound.ParseHost(entry); got != want || (err == nil) != (want != "") {
			t.Errorf("ParseHost(%q) = %q, %v; want %q", entry, got, err, want)
		}
	}
}
