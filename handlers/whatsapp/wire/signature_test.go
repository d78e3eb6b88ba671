package wire_test

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/handlers/whatsapp/wire/wiretest"
)

const secret = "0123456789abcdef0123456789abcdef"

func TestSignIsTheKnownHMAC(t *testing.T) {
	// RFC 4231, test case 2.
	const want = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
	if got := wire.Sign("Jefe", []byte("what do ya want for nothing?")); got != want {
		t.Errorf("Sign() = %s; want %s", got, want)
	}
}

func TestASignatureUnderAnyOfTheSecretsHolds(t *testing.T) {
	body := read(t, "webhooks", "text.json")
	cases := []struct {
		name    string
		secrets []string
	}{
		{"the only secret", []string{secret}},
		{"the current one", []string{secret, "previous"}},
		{"the previous one", []string{"current", secret}},
		{"beside an empty one", []string{"", secret}},
	}
	for _, c := range cases {
		if !wire.Signed(wire.Sign(secret, body), body, c.secrets...) {
			t.Errorf("%s: Signed() = false; want true", c.name)
		}
	}
	if !wire.Signed(wire.Sign(secret, nil), nil, secret) {
		t.Error("Signed(empty body) = false; want true")
	}
}

// badSignatures are headers, bodies and secrets that must not hold together.
func badSignatures(t *testing.T) []signatureCase {
	body := read(t, "webhooks", "text.json")
	good := wire.Sign(secret, body)
	cases := []signatureCase{}
	for name, h := range wiretest.Signatures(secret, body) {
		cases = append(cases, signatureCase{name, h, body, []string{secret}})
	}
	var doubled, zipped, compact bytes.Buffer
	doubled.Write(body)
	doubled.Write(body)
	z := gzip.NewWriter(&zipped)
	z.Write(body)
	z.Close()
	if err := json.Compact(&compact, body); err != nil {
		t.Fatal(err)
	}
	bodies := map[string][]byte{
		"empty body": {}, "one byte more": append(bytes.Clone(body), ' '), "one byte less": body[:len(body)-1],
		"written anew": compact.Bytes(), "gzip": zipped.Bytes(), "twice": doubled.Bytes(),
		"one bit": append([]byte{body[0] ^ 1}, body[1:]...), "CRLF": bytes.ReplaceAll(body, []byte("\n"), []byte("\r\n")),
		"BOM": append([]byte("\xef\xbb\xbf"), body...), "another body": read(t, "webhooks", "status-read.json"),
	}
	for name, b := range bodies {
		cases = append(cases, signatureCase{name, good, b, []string{secret}})
	}
	secrets := map[string][]string{
		"no secret": nil, "empty secret": {""}, "two empty": {"", ""}, "other secret": {"other"}, "secret with space": {secret + " "},
		"upper-case secret": {strings.ToUpper(secret)}, "secret's half": {secret[:16]}, "secret as bytes of its hex": {string(mustHex(secret))},
	}
	for name, s := range secrets {
		cases = append(cases, signatureCase{name, good, body, s})
	}
	return append(cases,
		signatureCase{"signed with the empty secret", wire.Sign("", body), body, []string{""}},
		signatureCase{"signed with the empty secret, another is set", wire.Sign("", body), body, []string{"", secret}},
		signatureCase{"another body's signature", wire.Sign(secret, []byte("{}")), body, []string{secret}},
	)
}

type signatureCase struct {
	name, header string
	body         []byte
	secrets      []string
}

func TestBadSignaturesAreRefused(t *testing.T) {
	cases := badSignatures(t)
	if len(cases) < 40 {
		t.Fatalf("%d cases; want at least 40", len(cases))
	}
	for _, c := range cases {
		if wire.Signed(c.header, c.body, c.secrets...) {
			t.Errorf("%s: Signed(%q) = true; want false", c.name, c.header)
		}
	}
}

func mustHex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}
