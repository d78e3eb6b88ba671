// Package wiretest makes what no endpoint must accept: envelopes and signatures with one thing wrong.
package wiretest

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
)

// Envelopes are bodies by what is wrong with them, at least 200, that the private key of pub must not open
// (reliability.md C3). Some are sealed to foreign. good is the same envelope with nothing wrong.
func Envelopes(t testing.TB, pub, foreign *rsa.PublicKey) (good []byte, bad map[string][]byte) {
	t.Helper()
	f := &forge{t: t, pub: pub, cases: map[string][]byte{}}
	f.sizes()
	f.padding(foreign)
	f.tampered()
	f.base64()
	f.bodies()
	if len(f.cases) < 200 {
		t.Fatalf("%d envelopes; want at least 200", len(f.cases))
	}
	return []byte(toJSON(t, f.good())), f.cases
}

// A forge makes envelopes with one thing wrong.
type forge struct {
	t     testing.TB
	pub   *rsa.PublicKey
	cases map[string][]byte
}

// sealed returns the three fields for a secret and an IV of any size, the key sealed as opts say.
func (f *forge) sealed(secret, iv []byte, opts *rsa.OAEPOptions) map[string]any {
	f.t.Helper()
	blob, err := rsa.EncryptOAEPWithOptions(rand.Reader, f.pub, secret, opts)
	if err != nil {
		f.t.Fatal(err)
	}
	data := make([]byte, 64)
	if block, err := aes.NewCipher(secret); err == nil && len(iv) > 0 {
		aead, err := cipher.NewGCMWithNonceSize(block, len(iv))
		if err != nil {
			f.t.Fatal(err)
		}
		data = aead.Seal(nil, iv, []byte(`{"action": "ping"}`), nil) // 34 bytes with the tag, so its base64 is padded
	}
	return map[string]any{"encrypted_flow_data": b64(data), "encrypted_aes_key": b64(blob), "initial_vector": b64(iv)}
}

func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

var sha256s = &rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: crypto.SHA256}

func (f *forge) good() map[string]any {
	return f.sealed(bytes.Repeat([]byte{7}, 16), bytes.Repeat([]byte{9}, 16), sha256s)
}

func (f *forge) add(name string, v any) { f.cases[name] = []byte(toJSON(f.t, v)) }

// with changes one field of a good envelope.
func (f *forge) with(name, field string, v any) {
	e := f.good()
	e[field] = v
	f.add(name, e)
}

func (f *forge) sizes() {
	secret := bytes.Repeat([]byte{7}, 16)
	for n := range 33 {
		if n != 16 {
			f.add(fmt.Sprintf("IV of %d bytes", n), f.sealed(secret, bytes.Repeat([]byte{9}, n), sha256s))
		}
	}
	for _, n := range []int{0, 1, 15, 17, 24, 32, 64} {
		f.add(fmt.Sprintf("AES key of %d bytes", n), f.sealed(make([]byte, n), bytes.Repeat([]byte{9}, 16), sha256s))
	}
	blob := unb64(f.t, f.good()["encrypted_aes_key"])
	for _, n := range []int{0, 1, 128, 255} {
		f.with(fmt.Sprintf("key blob of %d bytes", n), "encrypted_aes_key", b64(blob[:n]))
	}
	f.with("key blob of 257 bytes", "encrypted_aes_key", b64(append(blob, 0)))
	f.with("key blob with a zero in front", "encrypted_aes_key", b64(append([]byte{0}, blob...)))
	f.with("key blob of 512 bytes", "encrypted_aes_key", b64(append(blob, blob...)))
	f.with("key blob of zeros", "encrypted_aes_key", b64(make([]byte, 256)))
	f.with("key blob above the modulus", "encrypted_aes_key", b64(bytes.Repeat([]byte{255}, 256)))
	f.with("data above 1 MiB", "encrypted_flow_data", b64(make([]byte, 1<<20+1)))
}

func (f *forge) padding(foreign *rsa.PublicKey) {
	secret, iv := bytes.Repeat([]byte{7}, 16), bytes.Repeat([]byte{9}, 16)
	f.add("OAEP with SHA-1", f.sealed(secret, iv, &rsa.OAEPOptions{Hash: crypto.SHA1}))
	f.add("OAEP with SHA-1, MGF1 with SHA-256", f.sealed(secret, iv, &rsa.OAEPOptions{Hash: crypto.SHA1, MGFHash: crypto.SHA256}))
	f.add("MGF1 with SHA-1", f.sealed(secret, iv, &rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: crypto.SHA1}))
	f.add("OAEP with SHA-512", f.sealed(secret, iv, &rsa.OAEPOptions{Hash: crypto.SHA512}))
	f.add("a label", f.sealed(secret, iv, &rsa.OAEPOptions{Hash: crypto.SHA256, Label: []byte("x")}))
	own := f.pub
	f.pub = foreign
	f.add("another RSA key", f.sealed(secret, iv, sha256s))
	f.pub = own
	f.with("the AES key in clear, filled up", "encrypted_aes_key", b64(append(make([]byte, 240), secret...)))
}

func (f *forge) tampered() {
	good := f.good()
	data := unb64(f.t, good["encrypted_flow_data"])
	change := func(name string, d []byte) {
		e := maps.Clone(good)
		e["encrypted_flow_data"] = b64(d)
		f.add(name, e)
	}
	for bit := range 128 {
		d := bytes.Clone(data)
		d[len(d)-16+bit/8] ^= 1 << (bit % 8)
		change(fmt.Sprintf("tag bit %d", bit), d)
	}
	for n := range len(data) {
		change(fmt.Sprintf("data cut to %d of %d bytes", n, len(data)), data[:n])
	}
	change("data with a byte more", append(bytes.Clone(data), 0))
	change("tag in front", append(bytes.Clone(data[len(data)-16:]), data[:len(data)-16]...))
	for i, field := range []string{"encrypted_flow_data", "encrypted_aes_key", "initial_vector"} {
		b := unb64(f.t, good[field])
		b[i] ^= 0x80
		e := maps.Clone(good)
		e[field] = b64(b)
		f.add("a bit of "+field, e)
	}
	e := maps.Clone(good)
	e["initial_vector"] = f.sealed(make([]byte, 16), make([]byte, 16), sha256s)["initial_vector"]
	f.add("IV of another request", e)
}

func (f *forge) base64() {
	for field, v := range f.good() {
		s := v.(string)
		for name, bad := range map[string]string{
			"line end after": s + "\n", "line end inside": s[:8] + "\n" + s[8:], "CRLF": s[:8] + "\r\n" + s[8:], "space": s[:4] + " " + s[4:],
			"no padding": strings.TrimRight(s, "="), "more padding": s + "=", "padding inside": s[:2] + "==" + s[4:], "stray bits": strayBits(s),
			"URL alphabet": strings.NewReplacer("+", "-", "/", "_").Replace("+/" + s[2:]), "hex": fmt.Sprintf("%x", s), "empty": "", "NUL": s + "\x00",
			"one letter": "A", "percent": strings.Replace(s, "=", "%3D", 1) + "%3D",
		} {
			f.with(field+": "+name, field, bad)
		}
		for name, bad := range map[string]any{"number": 5, "null": nil, "array": []string{s}, "object": map[string]string{"v": s}, "true": true} {
			f.with(field+" is "+name, field, bad)
		}
		e := f.good()
		delete(e, field)
		f.add(field+" missing", e)
		delete(e, field)
		e[strings.ToUpper(field)] = s
		f.add(field+" in upper case", e)
	}
}

func (f *forge) bodies() {
	good := toJSON(f.t, f.good())
	for name, b := range map[string]string{
		"empty": "", "space": " ", "text": "hello", "null": "null", "array": "[" + good + "]", "string": toJSON(f.t, good), "number": "1",
		"cut": good[:len(good)-1], "trailing": good + "{}", "trailing letter": good + "x", "BOM": "\xef\xbb\xbf" + good, "form": "encrypted_flow_data=x",
		"deep": strings.Repeat("[", 20000), "deep object": strings.Repeat(`{"a":`, 20000), "plain request": `{"action":"ping"}`, "{}": "{}", "NUL": "\x00",
		"duplicate key, last one bad": good[:len(good)-1] + `,"initial_vector":"AAAA"}`,
	} {
		f.cases["body: "+name] = []byte(b)
	}
}

// strayBits sets a bit of the last letter that no byte holds.
func strayBits(s string) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	i := len(strings.TrimRight(s, "=")) - 1
	return s[:i] + string(letters[strings.IndexByte(letters, s[i])|1]) + s[i+1:]
}

func unb64(t testing.TB, v any) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(v.(string))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func toJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
