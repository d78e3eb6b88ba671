package wire_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"switchyard/handlers/whatsapp/wire"
)

// request.json and answer.txt were made by another implementation (Python's cryptography), slashes escaped as Meta's.
func TestAnEnvelopeMadeByAnotherImplementationOpensAndItsAnswerIsTheSame(t *testing.T) {
	plain, reply, key, err := wire.Open(read(t, "envelope", "request.json"), keys(t, "other-key.pem", "key.pem"))
	if err != nil {
		t.Fatalf("Open() = %v", err)
	}
	if want := read(t, "envelope", "request.plain.json"); !bytes.Equal(plain, want) || key != 1 {
		t.Errorf("Open() = %s with key %d; want %s with key 1", plain, key, want)
	}
	want := read(t, "envelope", "answer.txt")
	if got := reply.Seal(read(t, "envelope", "answer.plain.json")); !bytes.Equal(got, want) {
		t.Errorf("Seal() = %s; want %s", got, want)
	}
}

func TestWhatIsSealedOpensInBothDirections(t *testing.T) {
	key := privateKey(t, "key.pem")
	for _, plain := range []string{"", "{}", `{"action":"ping"}`, "\x00\xff not JSON", strings.Repeat("x", 1<<20-16)} {
		body, answer, err := wire.SealRequest(rand.Reader, &key.PublicKey, []byte(plain))
		if err != nil {
			t.Fatalf("SealRequest() = %v", err)
		}
		got, reply, _, err := wire.Open(body, []wire.Decrypter{key})
		if err != nil || string(got) != plain {
			t.Fatalf("Open(SealRequest(%.20q)) = %.20q, %v", plain, got, err)
		}
		back, err := answer.Open(reply.Seal([]byte(plain)))
		if err != nil || string(back) != plain {
			t.Errorf("Opener.Open(Seal(%.20q)) = %.20q, %v", plain, back, err)
		}
	}
}

func TestMoreKeysInTheBodyAreNoHarm(t *testing.T) {
	body := fields(t, read(t, "envelope", "request.json"))
	body["added_next_year"] = []int{1}
	if _, _, _, err := wire.Open([]byte(toJSON(t, body)), keys(t, "key.pem")); err != nil {
		t.Errorf("Open() = %v; want nil", err)
	}
}

func TestEachRequestHasItsOwnKeyAndIV(t *testing.T) {
	key := privateKey(t, "key.pem")
	seen := map[any]bool{}
	for range 20 {
		body, _, err := wire.SealRequest(rand.Reader, &key.PublicKey, []byte("{}"))
		if err != nil {
			t.Fatal(err)
		}
		f := fields(t, body)
		seen[f["initial_vector"]], seen[f["encrypted_aes_key"]] = true, true
	}
	if len(seen) != 40 {
		t.Errorf("%d different IVs and keys in 20 requests; want 40", len(seen))
	}
}

func TestSealRequestSaysWhenItCannot(t *testing.T) {
	key := privateKey(t, "key.pem")
	broken := errors.New("no entropy")
	if _, _, err := wire.SealRequest(iotest.ErrReader(broken), &key.PublicKey, nil); !errors.Is(err, broken) {
		t.Errorf("SealRequest without random bytes = %v; want %v", err, broken)
	}
	small := &rsa.PublicKey{N: key.N, E: 1}
	if _, _, err := wire.SealRequest(rand.Reader, small, nil); err == nil {
		t.Error("SealRequest with a public exponent of 1 = nil; want an error")
	}
}

func TestAnAnswerThatIsNotOursIsRefused(t *testing.T) {
	key := privateKey(t, "key.pem")
	body, answer, err := wire.SealRequest(rand.Reader, &key.PublicKey, []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	_, reply, _, err := wire.Open(body, []wire.Decrypter{key})
	if err != nil {
		t.Fatal(err)
	}
	sealed := string(reply.Seal([]byte(`{"data":{}}`)))
	bits, _ := base64.StdEncoding.DecodeString(sealed)
	bits[0] ^= 1
	_, another, _ := wire.SealRequest(rand.Reader, &key.PublicKey, nil)
	if _, err := another.Open([]byte(sealed)); err == nil {
		t.Error("Open with another request's keys = nil; want an error")
	}
	for name, b := range map[string]string{
		"empty": "", "plain JSON": `{"data":{}}`, "quoted": `"` + sealed + `"`, "line end": sealed + "\n", "cut": sealed[:len(sealed)-4],
		"only the tag's half": sealed[:8], "a bit": base64.StdEncoding.EncodeToString(bits), "the request's own data": fields(t, body)["encrypted_flow_data"].(string),
	} {
		if got, err := answer.Open([]byte(b)); err == nil {
			t.Errorf("%s: Open(%q) = %q; want an error", name, b, got)
		}
	}
}

func fields(t testing.TB, body []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatal(err)
	}
	return m
}
