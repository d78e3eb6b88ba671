package web_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/web"
)

// badSigned is C4 of the reliability plan: requests that nobody with the app secret made, or that somebody changed.
func badSigned(body []byte) map[string]func(*http.Request) {
	good := wire.Sign("app-secret", body)
	header := func(values ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header[wire.SignatureHeader] = values }
	}
	other := func(change func([]byte) []byte) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set(wire.SignatureHeader, good)
			sent := change(bytes.Clone(body))
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(sent)), int64(len(sent))
		}
	}
	all := map[string]func(*http.Request){
		"none": header(), "empty": header(""), "blank": header(" "), "sha1": header("sha1=" + good[7:]), "no prefix": header(good[7:]), "another prefix": header("sha512=" + good[7:]),
		"upper-case prefix": header("SHA256=" + good[7:]), "upper-case digits": header("sha256=" + strings.ToUpper(good[7:])), "two equal signs": header("sha256==" + good[7:]), "space in front of the digits": header("sha256= " + good[7:]),
		"quoted": header(`"` + good + `"`), "63 digits": header(good[:len(good)-1]), "65 digits": header(good + "0"), "62 digits": header(good[:len(good)-2]), "66 digits": header(good + "00"), "no digits": header("sha256="), "no hex": header("sha256=" + strings.Repeat("g", 64)),
		"base64": header("sha256=RBNvv1PvIVwaHLmMBlrKY6XAGiWL3Jv5cF1tYeJAkE4="), "zeros": header("sha256=" + strings.Repeat("0", 64)), "two headers": header(good, good), "two headers, the second bad": header(good, "sha256=00"), "two in one": header(good + ", " + good),
		"half and a NUL": header(good[:40] + "\x00" + good[41:]), "a long one": header("sha256=" + strings.Repeat("a", 8<<10)),
		"another secret": header(wire.Sign("guess", body)), "no secret": header(wire.Sign("", body)), "the secret in upper case": header(wire.Sign("APP-SECRET", body)), "the secret and a line break": header(wire.Sign("app-secret\n", body)),
		"another body's": header(wire.Sign("app-secret", []byte("{}"))), "of the empty body": header(wire.Sign("app-secret", nil)), "reversed": header("sha256=" + reverse(good[7:])),
		"a byte more": other(func(b []byte) []byte { return append(b, ' ') }), "a line break more": other(func(b []byte) []byte { return append(b, '\n') }), "a byte less": other(func(b []byte) []byte { return b[1:] }), "no body": other(func([]byte) []byte { return nil }),
		"a BOM in front": other(func(b []byte) []byte { return append([]byte("\ufeff"), b...) }), "re-serialised": other(func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(`\/`), []byte("/")) }),
		"white space left out": other(func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(" "), nil) }), "a bit flipped": other(func(b []byte) []byte { b[3] ^= 1; return b }), "twice": other(func(b []byte) []byte { return append(b, b...) }), "gzip": other(gzipped),
		"in another header": func(r *http.Request) { r.Header.Set("X-Hub-Signature", good) },
	}
	for _, at := range []int{7, 20, 40, 70} { // one digit changed
		digit := byte('0')
		if good[at] == '0' {
			digit = '1'
		}
		all[fmt.Sprintf("digit %d changed", at-7)] = header(good[:at] + string(digit) + good[at+1:])
	}
	return all
}

func reverse(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

func TestNothingUnsignedIsStored(t *testing.T) {
	var cfg web.Config
	s := openSite(t, func(c *web.Config) { cfg = *c })
	body := []byte(`{"object": "whatsapp_business_account", "entry": [], "url": "https:\/\/example.com"}`)
	all := badSigned(body)
	if len(all) < 40 {
		t.Fatalf("%d requests; want at least 40", len(all))
	}
	for name, change := range all {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.server.URL+"/webhooks/meta", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		change(req)
		resp, err := s.server.Client().Do(req)
		if name == "half and a NUL" { // Go's client does not send it
			if err == nil {
				resp.Body.Close()
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s = %d; want 401", name, resp.StatusCode)
		}
	}
	if got := query(t, cfg, `SELECT count(*) FROM deliveries`); got[0] != "0|" {
		t.Errorf("%s bodies are stored; want none", got[0])
	}
	if got := s.deliver(t, body); got.status != http.StatusOK {
		t.Errorf("the same body signed well = %d; want 200", got.status)
	}
}
