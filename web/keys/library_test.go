package keys_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"strings"
	"sync"
	"testing"

	"switchyard/web/keys"
)

// libraries are crypto/rsa and libcrypto, which the machine must have.
func libraries(t testing.TB) []keys.Library {
	t.Helper()
	native, err := keys.Choose(keys.Auto)
	if err != nil {
		t.Fatalf("Choose(auto) = %v; these tests need libcrypto.so.3 (Debian's package libssl3)", err)
	}
	return []keys.Library{{}, native}
}

func decrypter(t testing.TB, l keys.Library, key *rsa.PrivateKey) crypto.Decrypter {
	t.Helper()
	d, err := l.Decrypter(key)
	if err != nil {
		t.Fatalf("%s: Decrypter() = %v", l, err)
	}
	return d
}

var oaep = &rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: crypto.SHA256}

func seal(t testing.TB, key *rsa.PrivateKey, plain []byte, o *rsa.OAEPOptions) []byte {
	t.Helper()
	text, err := rsa.EncryptOAEPWithOptions(rand.Reader, &key.PublicKey, plain, o)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestTheSettingChoosesTheLibrary(t *testing.T) {
	for setting, want := range map[string]string{keys.Go: "crypto/rsa of go", keys.Auto: "libcrypto of OpenSSL 3.", "": "libcrypto of OpenSSL 3."} {
		if l, err := keys.Choose(setting); err != nil || !strings.HasPrefix(l.String(), want) {
			t.Errorf("Choose(%q) = %s, %v; want %s…", setting, l, err, want)
		}
	}
}

func TestBothLibrariesDecryptTheSame(t *testing.T) {
	key := original(t)
	label := &rsa.OAEPOptions{Hash: crypto.SHA256, Label: []byte("x")}
	sha1 := &rsa.OAEPOptions{Hash: crypto.SHA1}
	for _, l := range libraries(t) {
		d := decrypter(t, l, key)
		for name, c := range map[string]struct {
			text []byte
			o    crypto.DecrypterOpts
			want string
		}{
			"16 bytes":        {seal(t, key, []byte("0123456789abcdef"), oaep), oaep, "0123456789abcdef"},
			"nothing":         {seal(t, key, nil, oaep), oaep, ""},
			"as much as goes": {seal(t, key, bytes.Repeat([]byte("x"), 190), oaep), oaep, strings.Repeat("x", 190)},
			"no hash for MGF": {seal(t, key, []byte("a"), oaep), &rsa.OAEPOptions{Hash: crypto.SHA256}, "a"},
			"a label":         {seal(t, key, []byte("a"), label), label, "a"},
			"SHA-1":           {seal(t, key, []byte("a"), sha1), sha1, "a"},
		} {
			if got, err := d.Decrypt(rand.Reader, c.text, c.o); err != nil || string(got) != c.want {
				t.Errorf("%s: Decrypt(%s) = %q, %v; want %q", l, name, got, err, c.want)
			}
		}
	}
}

func TestBothLibrariesRefuseTheSame(t *testing.T) {
	key, other := original(t), mustGenerate(t)
	good := seal(t, key, []byte("0123456789abcdef"), oaep)
	cases := map[string][]byte{
		"nothing": nil, "a byte": {1}, "one byte less": good[:255], "one byte more": append(bytes.Clone(good), 0), "zero in front": append([]byte{0}, good...),
		"zeros": make([]byte, 256), "one": append(make([]byte, 255), 1), "above the modulus": bytes.Repeat([]byte{255}, 256), "the modulus": key.N.Bytes(),
		"for another key": seal(t, other, []byte("a"), oaep), "SHA-1": seal(t, key, []byte("a"), &rsa.OAEPOptions{Hash: crypto.SHA1}),
		"MGF1 with SHA-1": seal(t, key, []byte("a"), &rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: crypto.SHA1}),
		"a label":         seal(t, key, []byte("a"), &rsa.OAEPOptions{Hash: crypto.SHA256, Label: []byte("x")}),
	}
	for i := range 16 {
		b := bytes.Clone(good)
		b[i*16] ^= 1
		cases["bit "+string(rune('a'+i))] = b
	}
	for _, l := range libraries(t) {
		d := decrypter(t, l, key)
		for name, text := range cases {
			if got, err := d.Decrypt(nil, text, oaep); err == nil || len(got) > 0 || strings.Count(err.Error(), " ") > 3 {
				t.Errorf("%s: Decrypt(%s) = %q, %v; want nothing and an error that does not say why", l, name, got, err)
			}
		}
		if got, err := d.Decrypt(nil, good, oaep); err != nil || string(got) != "0123456789abcdef" {
			t.Errorf("%s: Decrypt after all of them = %q, %v; want the text", l, got, err)
		}
	}
}

func TestManyMayDecryptAtOnceAndAmongThemSomeThatFail(t *testing.T) {
	key := original(t)
	for _, l := range libraries(t) {
		d := decrypter(t, l, key)
		var all sync.WaitGroup
		for n := range 8 {
			all.Go(func() {
				want := sha256.Sum256([]byte{byte(n)})
				text := seal(t, key, want[:16], oaep)
				for range 10 {
					if _, err := d.Decrypt(nil, make([]byte, 256), oaep); err == nil {
						t.Errorf("%s: Decrypt(zeros) = nil; want an error", l)
					}
					if got, err := d.Decrypt(nil, text, oaep); err != nil || !bytes.Equal(got, want[:16]) {
						t.Errorf("%s: Decrypt() = %x, %v; want %x", l, got, err, want[:16])
					}
				}
			})
		}
		all.Wait()
	}
}

func TestAKeyThatLibcryptoDoesNotTakeWorksAllTheSame(t *testing.T) {
	broken := *original(t)
	broken.Primes = broken.Primes[:1]
	native := libraries(t)[1]
	d, err := native.Decrypter(&broken)
	if err == nil || d != crypto.Decrypter(&broken) {
		t.Errorf("Decrypter(a key of one prime) = %T, %v; want the key itself and why", d, err)
	}
	swapped := *mustGenerate(t)
	other := original(t)
	swapped.D, swapped.Primes, swapped.Precomputed = other.D, other.Primes, other.Precomputed
	if d, err := native.Decrypter(&swapped); err == nil || d != crypto.Decrypter(&swapped) {
		t.Errorf("Decrypter(a key that is not the public one's) = %T, %v; want the key itself and why", d, err)
	}
}

func mustGenerate(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := keys.Generate()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func BenchmarkDecrypt(b *testing.B) {
	key := original(b)
	text := seal(b, key, make([]byte, 16), oaep)
	for i, name := range []string{"crypto-rsa", "libcrypto"} {
		d := decrypter(b, libraries(b)[i], key)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Decrypt(nil, text, oaep); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
