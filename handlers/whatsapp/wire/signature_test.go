package wire_test

import (
	"bytes"
	"compress/gzip"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"switchyard/handlers/whatsapp/wire"
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
	digits := strings.TrimPrefix(good, "sha256=")
	raw, _ := hex.DecodeString(digits)
	old := hmac.New(sha1.New, []byte(secret))
	old.Write(body)
	long := hmac.New(sha512.New, []byte(secret))
	long.Write(body)

	headers := map[string]string{
		"no header": "", "only the prefix": "sha256=", "no prefix": digits, "only =": "=" + digits,
		"sha1 prefix": "sha1=" + digits, "real sha1": "sha1=" + hex.EncodeToString(old.Sum(nil)),
		"sha1 under sha256":   "sha256=" + hex.EncodeToString(old.Sum(nil)),
		"sha512 under sha256": "sha256=" + hex.EncodeToString(long.Sum(nil)),
		"sha512 cut to 64":    "sha256=" + hex.EncodeToString(long.Sum(nil))[:64],
		"upper-case prefix":   "SHA256=" + digits, "mixed-case prefix": "Sha256=" + digits,
		"upper-case hex": "sha256=" + strings.ToUpper(digits), "one upper-case digit": upperOne(good),
		"63 digits": good[:len(good)-1], "65 digits": good + "0", "62 digits": good[:len(good)-2], "66 digits": good + "00",
		"128 digits": good + digits, "first digit missing": "sha256=" + digits[1:], "zero in front": "sha256=0" + digits,
		"space in front": " " + good, "space after": good + " ", "space after =": "sha256= " + digits,
		"line end after": good + "\n", "carriage return": good + "\r\n", "tab": "\t" + good, "NUL after": good + "\x00",
		"two headers joined": good + ", " + good, "two joined by comma": good + "," + good, "quoted": `"` + good + `"`,
		"0x in front": "sha256=0x" + digits[2:], "not hex": "sha256=" + strings.Repeat("g", 64),
		"all zero": "sha256=" + strings.Repeat("0", 64), "base64": "sha256=" + base64.StdEncoding.EncodeToString(raw),
		"raw bytes": "sha256=" + string(raw), "full-width digit": "sha256=" + digits[:61] + "０",
		"last digit changed": good[:len(good)-1] + other(good[len(good)-1]), "first digit changed": "sha256=" + other(digits[0]) + digits[1:],
		"reversed": "sha256=" + reversed(digits), "colon": "sha256:" + digits, "scheme list": "v1=" + digits, "null": "null",
	}
	cases := []signatureCase{}
	for name, h := range headers {
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

func upperOne(header string) string {
	i := strings.IndexAny(header[7:], "abcdef") + 7
	return header[:i] + strings.ToUpper(header[i:i+1]) + header[i+1:]
}

func other(digit byte) string {
	if digit == '0' {
		return "1"
	}
	return "0"
}

func reversed(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

func mustHex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}
