package wire_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"switchyard/handlers/whatsapp/wire"
)

// sealMedia encrypts a file as a phone does, written from the protocol, not from the code that opens it.
func sealMedia(t testing.TB, plain []byte) (file []byte, k wire.MediaKeys) {
	t.Helper()
	k.IV, k.Key, k.HMACKey = bytes.Repeat([]byte{7}, 16), bytes.Repeat([]byte{8}, 32), bytes.Repeat([]byte{9}, 32)
	pad := 16 - len(plain)%16
	file = append(slices.Clone(plain), bytes.Repeat([]byte{byte(pad)}, pad)...)
	return closeMedia(t, file, plain, k)
}

// closeMedia encrypts what is padded already.
func closeMedia(t testing.TB, padded, plain []byte, k wire.MediaKeys) ([]byte, wire.MediaKeys) {
	t.Helper()
	block, err := aes.NewCipher(k.Key)
	if err != nil {
		t.Fatal(err)
	}
	file := make([]byte, len(padded))
	cipher.NewCBCEncrypter(block, k.IV).CryptBlocks(file, padded)
	mac := hmac.New(sha256.New, k.HMACKey)
	mac.Write(append(slices.Clone(k.IV), file...))
	file = append(file, mac.Sum(nil)[:10]...)
	return rehashed(file, plain, k)
}

func rehashed(file, plain []byte, k wire.MediaKeys) ([]byte, wire.MediaKeys) {
	outer, inner := sha256.Sum256(file), sha256.Sum256(plain)
	k.EncryptedHash, k.PlainHash = outer[:], inner[:]
	return file, k
}

func TestMediaOfEveryLengthOpens(t *testing.T) {
	for _, n := range []int{0, 1, 15, 16, 17, 4096} {
		plain := bytes.Repeat([]byte("x"), n)
		file, k := sealMedia(t, plain)
		before := slices.Clone(file)
		got, err := wire.OpenMedia(file, k)
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("OpenMedia of %d bytes = %d bytes, %v; want what was sealed", n, len(got), err)
		}
		if !bytes.Equal(file, before) {
			t.Errorf("OpenMedia of %d bytes changed the file that it was given", n)
		}
	}
}

func TestMediaThatIsNotWholeSaysWhy(t *testing.T) {
	plain := []byte("the quick brown fox jumps over the lazy dog")
	good, keys := sealMedia(t, plain)
	flipped := func(i int) []byte { f := slices.Clone(good); f[i] ^= 1; return f }
	again := func(file []byte) ([]byte, wire.MediaKeys) { return rehashed(file, plain, keys) }
	padded := func(end ...byte) ([]byte, wire.MediaKeys) {
		return closeMedia(t, append(bytes.Repeat([]byte{0}, 16-len(end)), end...), nil, keys)
	}
	with := func(change func(*wire.MediaKeys)) ([]byte, wire.MediaKeys) { k := keys; change(&k); return good, k }
	for _, tt := range []struct {
		name string
		make func() ([]byte, wire.MediaKeys)
		want error
	}{
		{"no keys", func() ([]byte, wire.MediaKeys) { return good, wire.MediaKeys{} }, wire.ErrMediaKeys},
		{"short key", func() ([]byte, wire.MediaKeys) { return with(func(k *wire.MediaKeys) { k.Key = k.Key[:16] }) }, wire.ErrMediaKeys},
		{"long iv", func() ([]byte, wire.MediaKeys) {
			return with(func(k *wire.MediaKeys) { k.IV = append(slices.Clone(k.IV), 1) })
		}, wire.ErrMediaKeys},
		{"no hmac key", func() ([]byte, wire.MediaKeys) { return with(func(k *wire.MediaKeys) { k.HMACKey = nil }) }, wire.ErrMediaKeys},
		{"nothing", func() ([]byte, wire.MediaKeys) { return nil, keys }, wire.ErrMediaSize},
		{"only the code", func() ([]byte, wire.MediaKeys) { return again(good[len(good)-10:]) }, wire.ErrMediaSize},
		{"cut off", func() ([]byte, wire.MediaKeys) { return again(good[:len(good)-1]) }, wire.ErrMediaSize},
		{"a whole block missing", func() ([]byte, wire.MediaKeys) { return good[16:], keys }, wire.ErrMediaEncrypted},
		{"a bit of the ciphertext", func() ([]byte, wire.MediaKeys) { return flipped(0), keys }, wire.ErrMediaEncrypted},
		{"a bit of the ciphertext, hashed again", func() ([]byte, wire.MediaKeys) { return again(flipped(0)) }, wire.ErrMediaMAC},
		{"a bit of the code, hashed again", func() ([]byte, wire.MediaKeys) { return again(flipped(len(good) - 1)) }, wire.ErrMediaMAC},
		{"another iv", func() ([]byte, wire.MediaKeys) {
			return with(func(k *wire.MediaKeys) { k.IV = bytes.Repeat([]byte{1}, 16) })
		}, wire.ErrMediaMAC},
		{"a code without the iv", func() ([]byte, wire.MediaKeys) {
			f := slices.Clone(good)
			mac := hmac.New(sha256.New, keys.HMACKey)
			mac.Write(f[:len(f)-10])
			copy(f[len(f)-10:], mac.Sum(nil))
			return again(f)
		}, wire.ErrMediaMAC},
		{"padding 0", func() ([]byte, wire.MediaKeys) { return padded(0) }, wire.ErrMediaPadding},
		{"padding 17", func() ([]byte, wire.MediaKeys) { return padded(17) }, wire.ErrMediaPadding},
		{"uneven padding", func() ([]byte, wire.MediaKeys) { return padded(2, 3, 3) }, wire.ErrMediaPadding},
		{"another key", func() ([]byte, wire.MediaKeys) {
			f, k := closeMedia(t, bytes.Repeat([]byte{16}, 32), []byte("something else"), keys)
			return f, k
		}, wire.ErrMediaPlain},
	} {
		file, k := tt.make()
		if got, err := wire.OpenMedia(file, k); !errors.Is(err, tt.want) || got != nil {
			t.Errorf("%s: OpenMedia = %d bytes, %v; want %v", tt.name, len(got), err, tt.want)
		}
	}
}

// sentMedia is a value as requests hold it.
func sentMedia(k wire.MediaKeys) string {
	b := base64.StdEncoding.EncodeToString
	return `[{"media_id":"790aba14","cdn_url":"https:\/\/mmg.whatsapp.net\/v\/t62?x=1","file_name":"IMG_5237.jpg","encryption_metadata":{
		"encrypted_hash":"` + b(k.EncryptedHash) + `","iv":"` + b(k.IV) + `","encryption_key":"` + b(k.Key) + `","hmac_key":"` + b(k.HMACKey) + `","plaintext_hash":"` + b(k.PlainHash) + `"}}]`
}

func decoded(t testing.TB, text string) (v any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("decode %s: %v", text, err)
	}
	return v
}

func TestMediaOfARequestAndOfAResponseAreRead(t *testing.T) {
	_, k := sealMedia(t, []byte("picture"))
	got, ok := wire.ParseMedia(decoded(t, sentMedia(k)))
	want := []wire.Media{{ID: "790aba14", Name: "IMG_5237.jpg", URL: "https://mmg.whatsapp.net/v/t62?x=1", SHA256: k.PlainHash, Keys: k}}
	if !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("ParseMedia of a request = %+v, %t; want %+v", got, ok, want)
	}
	got, ok = wire.ParseMedia(decoded(t, `[{"file_name":"a.pdf","mime_type":"application/pdf","sha256":"`+base64.StdEncoding.EncodeToString(k.PlainHash)+`","id":1234}]`))
	want = []wire.Media{{MetaID: "1234", Name: "a.pdf", Type: "application/pdf", SHA256: k.PlainHash}}
	if !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("ParseMedia of a response = %+v, %t; want %+v", got, ok, want)
	}
	for _, other := range []string{`null`, `"a"`, `[]`, `{}`, `[1]`, `[{"id":"a","title":"b"}]`, `[{"file_name":"a"}]`, `[{"file_name":"a","id":"1","sha256":"x"},"b"]`, `{"id":"1","file_name":"a"}`} {
		if got, ok := wire.ParseMedia(decoded(t, other)); ok {
			t.Errorf("ParseMedia(%s) = %+v; want that it is no media", other, got)
		}
	}
	for _, broken := range []string{`{"cdn_url":1}`, `{"encryption_metadata":"x"}`, `[{"cdn_url":"u","encryption_metadata":{"iv":5,"encryption_key":"%%"}}]`} {
		if got, ok := wire.ParseMedia(decoded(t, broken)); !ok || len(got) != 1 || got[0].Keys.Key != nil {
			t.Errorf("ParseMedia(%s) = %+v, %t; want one without keys", broken, got, ok)
		}
	}
}

func TestNothingThatOpensAFileStays(t *testing.T) {
	_, k := sealMedia(t, []byte("picture"))
	v := decoded(t, `{"note":"<b>","deep":{"photos":`+sentMedia(k)+`},"one":`+sentMedia(k)[1:len(sentMedia(k))-1]+`}`)
	before := toJSON(t, v)
	stripped, secrets := wire.StripMedia(v)
	const want = `{"deep":{"photos":[{"file_name":"IMG_5237.jpg","media_id":"790aba14"}]},"note":"\u003cb\u003e","one":{"file_name":"IMG_5237.jpg","media_id":"790aba14"}}`
	if got := toJSON(t, stripped); got != want {
		t.Errorf("StripMedia = %s; want %s", got, want)
	}
	if toJSON(t, v) != before {
		t.Error("StripMedia changed what it was given")
	}
	for _, s := range []string{"https://mmg.whatsapp.net/v/t62?x=1", base64.StdEncoding.EncodeToString(k.Key), base64.StdEncoding.EncodeToString(k.HMACKey)} {
		if !slices.Contains(secrets, s) {
			t.Errorf("StripMedia does not tell that %q went", s)
		}
	}
	plain := map[string]any{"a": []any{"b", map[string]any{"id": "1"}}}
	if got, secrets := wire.StripMedia(plain); len(secrets) != 0 || !reflect.DeepEqual(got, plain) {
		t.Errorf("StripMedia without media = %v, %v; want it as it is", got, secrets)
	}
}

func TestTheGraphAPISaysWhereAFileIs(t *testing.T) {
	sum := sha256.Sum256([]byte("x"))
	got, err := wire.ParseMediaLink([]byte(`{"messaging_product":"whatsapp","url":"https:\/\/lookaside.fbsbx.com\/a?b","mime_type":"image\/jpeg","sha256":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881","file_size":"303833","id":"7"}`))
	if want := (wire.MediaLink{URL: "https://lookaside.fbsbx.com/a?b", Type: "image/jpeg", SHA256: sum[:], Size: 303833}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("ParseMediaLink = %+v, %v; want %+v", got, err, want)
	}
	for _, body := range []string{"", "{", "[]", `{"error":{"code":190}}`, `{"url":{}}`} {
		if _, err := wire.ParseMediaLink([]byte(body)); !errors.Is(err, wire.ErrMediaLink) {
			t.Errorf("ParseMediaLink(%q) = %v; want ErrMediaLink", body, err)
		}
	}
}

func FuzzOpenMedia(f *testing.F) {
	file, k := sealMedia(f, []byte("a picture"))
	f.Add(file, k.Key, k.HMACKey, k.IV)
	f.Add([]byte{}, []byte{}, []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, file, key, hmacKey, iv []byte) {
		outer := sha256.Sum256(file)
		plain, err := wire.OpenMedia(file, wire.MediaKeys{EncryptedHash: outer[:], PlainHash: k.PlainHash, IV: iv, Key: key, HMACKey: hmacKey})
		if err == nil && string(plain) != "a picture" {
			t.Errorf("OpenMedia = %q; want an error: the hash is another file's", plain)
		}
	})
}

func FuzzParseMedia(f *testing.F) {
	_, k := sealMedia(f, []byte("a picture"))
	f.Add(sentMedia(k))
	f.Add(`[{"file_name":"a","mime_type":"image/png","sha256":"","id":"1"}]`)
	f.Fuzz(func(t *testing.T, text string) {
		var v any
		if json.Unmarshal([]byte(text), &v) != nil {
			return
		}
		wire.ParseMedia(v)
		stripped, _ := wire.StripMedia(v)
		if left := toJSON(t, stripped); strings.Contains(left, `"encryption_metadata":{`) {
			t.Errorf("StripMedia left %s", left)
		}
	})
}
