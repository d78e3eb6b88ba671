package keys_test

import (
	"bytes"
	"encoding/pem"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"switchyard/web/keys"
)

func TestEveryUsualFormOfAPrivateKeyIsRead(t *testing.T) {
	want := original(t)
	same := map[string]string{
		"pkcs1.pem": "", "pkcs8.pem": "", "pkcs1-aes128.pem": "sesame", "pkcs1-aes256.pem": "sesame", "pkcs1-des3.pem": "sesame",
		"pkcs8-aes128.pem": "sesame", "pkcs8-aes256.pem": "sesame", "pkcs8-des3.pem": "sesame", "pkcs8-sha1.pem": "sesame", "pkcs8-scrypt.pem": "sesame",
		"pkcs8-v1-md5-des.pem": "sesame", "pkcs8-v1-sha1-des.pem": "sesame", "pkcs8-v1-sha1-3des.pem": "sesame",
	}
	for name, passphrase := range same {
		if got, err := keys.Read(read(t, name), []byte(passphrase)); err != nil || !got.Equal(want) {
			t.Errorf("Read(%s) = %v; want the key", name, err)
		}
		if passphrase == "" {
			if _, err := keys.Read(read(t, name), []byte("not needed")); err != nil {
				t.Errorf("Read(%s) with a passphrase that it does not need = %v; want nil", name, err)
			}
			continue
		}
		if _, err := keys.Read(read(t, name), nil); !errors.Is(err, keys.ErrLocked) {
			t.Errorf("Read(%s) without passphrase = %v; want %v", name, err, keys.ErrLocked)
		}
		for _, wrong := range []string{"Sesame", "sesame\n", "x"} {
			if _, err := keys.Read(read(t, name), []byte(wrong)); !errors.Is(err, keys.ErrPassphrase) {
				t.Errorf("Read(%s) with %q = %v; want %v", name, wrong, err, keys.ErrPassphrase)
			}
		}
	}
	// What "openssl genrsa -des3" writes today, as Meta's page tells people to run.
	if _, err := keys.Read(read(t, "genrsa-des3.pem"), []byte("sesame")); err != nil {
		t.Errorf("Read(genrsa-des3.pem) = %v; want nil", err)
	}
}

// The old protections have no check of their own: once in 256 times a wrong passphrase leaves bytes that look whole.
func TestAWrongPassphraseIsNeverTakenForADamagedFile(t *testing.T) {
	file, oldest := read(t, "pkcs1-aes256.pem"), read(t, "pkcs8-v1-md5-des.pem")
	for i := range 1500 {
		if _, err := keys.Read(oldest, []byte(strconv.Itoa(i))); !errors.Is(err, keys.ErrPassphrase) {
			t.Fatalf("Read() of the oldest protection with passphrase %d = %v; want %v", i, err, keys.ErrPassphrase)
		}
		if _, err := keys.Read(file, []byte(strconv.Itoa(i))); !errors.Is(err, keys.ErrPassphrase) {
			t.Fatalf("Read() with passphrase %d = %v; want %v", i, err, keys.ErrPassphrase)
		}
	}
}

func TestAKeyAmongOtherThingsIsFound(t *testing.T) {
	want := original(t)
	for name, file := range map[string][]byte{
		"after a certificate":    append(read(t, "bad-certificate.pem"), read(t, "pkcs8.pem")...),
		"after a public key":     append(read(t, "public.pem"), read(t, "pkcs1.pem")...),
		"with text around":       []byte("my key\n" + string(read(t, "pkcs8.pem")) + "\nthe end"),
		"with a byte order mark": append([]byte("\xef\xbb\xbf"), read(t, "pkcs1.pem")...),
		"pasted with spaces":     []byte("  " + strings.ReplaceAll(string(read(t, "pkcs8.pem")), "\n", "  \n\t")),
		"with CRLF":              bytes.ReplaceAll(read(t, "pkcs8.pem"), []byte("\n"), []byte("\r\n")),
	} {
		if got, err := keys.Read(file, nil); err != nil || !got.Equal(want) {
			t.Errorf("%s: Read() = %v; want the key", name, err)
		}
	}
}

func TestEachFaultOfAFileHasItsOwnSentence(t *testing.T) {
	whole := string(read(t, "pkcs8.pem"))
	der := func(name string) []byte { b, _ := pem.Decode(read(t, name)); return b.Bytes }
	block := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	cases := []struct {
		name, file string
		want       error
	}{
		{"empty", "", keys.ErrNotPEM},
		{"text", "hello", keys.ErrNotPEM},
		{"DER", string(der("pkcs8.pem")), keys.ErrNotPEM},
		{"the base64 alone", strings.Join(strings.Split(whole, "\n")[1:10], "\n"), keys.ErrNotPEM},
		{"cut", whole[:len(whole)/2], keys.ErrDamaged},
		{"no base64", strings.Replace(whole, "MII", "*II", 1), keys.ErrDamaged},
		{"bytes missing in PKCS#8", block("PRIVATE KEY", der("pkcs8.pem")[:500]), keys.ErrDamaged},
		{"bytes missing in PKCS#1", block("RSA PRIVATE KEY", der("pkcs1.pem")[:500]), keys.ErrDamaged},
		{"bytes missing in a protected key", block("ENCRYPTED PRIVATE KEY", der("pkcs8-aes256.pem")[:500]), keys.ErrDamaged},
		{"PKCS#8 under PKCS#1's name", block("RSA PRIVATE KEY", der("pkcs8.pem")), keys.ErrDamaged},
		{"empty block", block("PRIVATE KEY", nil), keys.ErrDamaged},
		{"empty protected block", block("ENCRYPTED PRIVATE KEY", nil), keys.ErrDamaged},
		{"cipher of the old protection unknown", strings.Replace(string(read(t, "pkcs1-aes256.pem")), "AES-256-CBC", "RC5-CBC", 1), keys.ErrUnsupported},
		{"no cipher in the old protection", strings.Replace(string(read(t, "pkcs1-aes256.pem")), "DEK-Info", "X-Info", 1), keys.ErrDamaged},
		{"public.pem", "", keys.ErrPublic},
		{"bad-public-pkcs1.pem", "", keys.ErrPublic},
		{"bad-certificate.pem", "", keys.ErrNotPrivate},
		{"bad-ec.pem", "", keys.ErrNotRSA},
		{"bad-ec-pkcs8.pem", "", keys.ErrNotRSA},
		{"bad-ec-encrypted.pem", "", keys.ErrNotRSA},
		{"bad-ed25519.pem", "", keys.ErrNotRSA},
		{"bad-openssh.pem", "", keys.ErrSSH},
		{"bad-512.pem", "", keys.ErrSize},
		{"bad-1024.pem", "", keys.ErrSize},
		{"bad-3072.pem", "", keys.ErrSize},
		{"bad-prf-sha512.pem", "", keys.ErrUnsupported},
		{"bad-v1-rc2.pem", "", keys.ErrUnsupported},
		{"bad-iterations.pem", "", keys.ErrUnsupported},
	}
	for _, c := range cases {
		file := []byte(c.file)
		if strings.HasSuffix(c.name, ".pem") {
			file = read(t, c.name)
		}
		key, err := keys.Read(file, []byte("sesame"))
		if !errors.Is(err, c.want) || key != nil {
			t.Errorf("%s: Read() = %v; want %v", c.name, err, c.want)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\n{") {
			t.Errorf("%s: %q is not one plain sentence", c.name, err)
		}
	}
}

// FuzzRead: whatever the file, an answer and no panic, also behind the protection's parameters.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.pem")
	if err != nil || len(files) < 20 {
		f.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		if block, _ := pem.Decode(read(f, filepath.Base(name))); block != nil {
			f.Add(block.Type, block.Headers["DEK-Info"], block.Bytes)
		}
	}
	f.Fuzz(func(t *testing.T, kind, dek string, der []byte) {
		block := &pem.Block{Type: kind, Bytes: der}
		if dek != "" {
			block.Headers = map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": dek}
		}
		key, err := keys.Read(pem.EncodeToMemory(block), []byte("sesame"))
		if (key == nil) == (err == nil) {
			t.Errorf("Read() = %v, %v; want one of the two", key, err)
		}
	})
}
