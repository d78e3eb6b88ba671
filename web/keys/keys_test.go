package keys_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/web/keys"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// All good files in testdata were made by openssl from pkcs1.pem, with the passphrase "sesame".
func original(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := keys.Read(read(t, "pkcs1.pem"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestAGeneratedKeyOpensWhatIsSealedToItsPublicHalf(t *testing.T) {
	key, err := keys.Generate()
	if err != nil || key.N.BitLen() != keys.Bits {
		t.Fatalf("Generate() = %d bits, %v; want %d", key.N.BitLen(), err, keys.Bits)
	}
	body, _, err := wire.SealRequest(rand.Reader, &key.PublicKey, []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range libraries(t) {
		d := decrypter(t, l, key)
		if plain, _, _, err := wire.Open(body, []wire.Decrypter{d}); err != nil || string(plain) != "{}" {
			t.Errorf("%s: Open() = %q, %v; want {}", l, plain, err)
		}
		if pub, ok := d.Public().(*rsa.PublicKey); !ok || !pub.Equal(&key.PublicKey) {
			t.Errorf("%s: Decrypter().Public() = %v; want the key's own", l, pub)
		}
	}
}

func TestWhatIsMarshalledParses(t *testing.T) {
	key := original(t)
	der, err := keys.MarshalPrivate(key)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := keys.Parse(der); err != nil || !got.Equal(key) {
		t.Errorf("Parse(MarshalPrivate(key)) = %v; want the same key", err)
	}
}

func TestParseRefusesWhatIsNoKeyOfOurs(t *testing.T) {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := x509.MarshalPKCS8PrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	der, _ := keys.MarshalPrivate(original(t))
	for name, c := range map[string]struct {
		der  []byte
		want error
	}{"nothing": {nil, keys.ErrDamaged}, "cut": {der[:len(der)-1], keys.ErrDamaged}, "EC": {other, keys.ErrNotRSA}} {
		if _, err := keys.Parse(c.der); !errors.Is(err, c.want) {
			t.Errorf("%s: Parse() = %v; want %v", name, err, c.want)
		}
	}
}

func TestThePublicHalfIsWrittenAsOpenSSLDoes(t *testing.T) {
	pub := &original(t).PublicKey
	if got, want := keys.PublicPEM(pub), string(read(t, "public.pem")); got != want {
		t.Errorf("PublicPEM() =\n%s\nwant\n%s", got, want)
	}
	want := strings.TrimSpace(string(read(t, "fingerprint.txt")))
	got := keys.Fingerprint(pub)
	if got != want {
		t.Errorf("Fingerprint() = %s; want %s", got, want)
	}
	if short := keys.Short(got); short != want[:12] || keys.Short("ab") != "ab" {
		t.Errorf("Short() = %s and %s; want %s and ab", short, keys.Short("ab"), want[:12])
	}
}
