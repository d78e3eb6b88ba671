//go:build cgo && unix

package keys

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"runtime"
	"sync"

	"github.com/golang-fips/openssl/v2"
	"github.com/golang-fips/openssl/v2/bbig"
)

// libcrypto loads the system's library, once.
var libcrypto = sync.OnceValues(func() (Library, error) {
	if runtime.GOOS == "darwin" {
		return load("libcrypto.3.dylib")
	}
	return load("libcrypto.so.3")
})

// load loads a library by its file's name. The binding ends the process when a function is missing, so that is looked
// at first.
func load(file string) (Library, error) {
	if err := lacks(file, symbols); err != nil {
		return Library{}, err
	}
	if err := openssl.Init(file); err != nil {
		return Library{}, err
	}
	version := openssl.VersionText()
	if err := recent(version); err != nil {
		return Library{}, err
	}
	if !openssl.SupportsHash(crypto.SHA256) { // no provider, or one that refuses
		return Library{}, fmt.Errorf("%s offers no SHA-256", version)
	}
	l := &opener{hash: openssl.NewSHA256()}
	return Library{version: version, open: l.open}, nil
}

// recent refuses what leaks by its timing whether a decryption went well (CVE-2022-4304, mended in 3.0.8).
func recent(version string) error {
	var major, minor, patch int
	_, err := fmt.Sscanf(version, "OpenSSL %d.%d.%d", &major, &minor, &patch)
	switch {
	case err != nil || major != 3:
		return fmt.Errorf("%q is not OpenSSL 3", version)
	case minor == 0 && patch < 8:
		return fmt.Errorf("%s is too old: 3.0.8 is the first that is safe", version)
	}
	return nil
}

// An opener hands keys to libcrypto. The binding reads no more of hash than which one it is.
type opener struct{ hash hash.Hash }

// open loads a key and tries it.
func (o *opener) open(key *rsa.PrivateKey) (crypto.Decrypter, error) {
	if len(key.Primes) != 2 {
		return nil, fmt.Errorf("it has %d primes", len(key.Primes))
	}
	n, e, d := bbig.Enc(key.N), openssl.BigInt{uint(key.E)}, bbig.Enc(key.D)
	p, q := bbig.Enc(key.Primes[0]), bbig.Enc(key.Primes[1])
	native, err := openssl.NewPrivateKeyRSA(n, e, d, p, q, bbig.Enc(key.Precomputed.Dp), bbig.Enc(key.Precomputed.Dq), bbig.Enc(key.Precomputed.Qinv))
	if err != nil {
		return nil, err
	}
	k := &nativeKey{PrivateKey: key, native: native, hash: o.hash}
	return k, k.try()
}

// A nativeKey is a private key in libcrypto's memory, which is freed with it.
type nativeKey struct {
	*rsa.PrivateKey // for all that is not the endpoint's OAEP
	native          *openssl.PrivateKeyRSA
	hash            hash.Hash
}

// errDecryption says no more than crypto/rsa does: why a text cannot be decrypted is nobody's business.
var errDecryption = errors.New("keys: decryption error")

// Decrypt is crypto.Decrypter's; libcrypto does OAEP with SHA-256 twice and no label.
func (k *nativeKey) Decrypt(random io.Reader, text []byte, o crypto.DecrypterOpts) ([]byte, error) {
	oaep, ok := o.(*rsa.OAEPOptions)
	if !ok || oaep.Hash != crypto.SHA256 || oaep.MGFHash != 0 && oaep.MGFHash != crypto.SHA256 || len(oaep.Label) > 0 {
		return k.PrivateKey.Decrypt(random, text, o)
	}
	if len(text) != k.Size() {
		return nil, errDecryption
	}
	plain, err := k.decrypt(text)
	if err != nil {
		return nil, errDecryption
	}
	return plain, nil
}

// decrypt names the hash once: libcrypto takes it for MGF1 too, and looks up each that is named.
func (k *nativeKey) decrypt(text []byte) ([]byte, error) {
	return openssl.DecryptRSAOAEP(k.hash, nil, k.native, text, nil)
}

// try opens something: a library may load a key and refuse to use it, as providers for FIPS do.
func (k *nativeKey) try() error {
	want := make([]byte, 16)
	if _, err := rand.Read(want); err != nil {
		return err
	}
	text, err := rsa.EncryptOAEP(sha256.New(), rand.Reader, &k.PublicKey, want, nil)
	if err != nil {
		return err
	}
	got, err := k.decrypt(text)
	if err == nil && !bytes.Equal(got, want) {
		err = errors.New("it decrypts to something else")
	}
	return err
}
