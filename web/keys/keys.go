// Package keys is the endpoint's RSA keys: made, read, written, used.
package keys

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
)

// Bits is the one size that WhatsApp accepts (protocol.md §3.6).
const Bits = 2048

// Generate makes a key pair.
func Generate() (*rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, Bits)
	if err != nil {
		return nil, fmt.Errorf("make an RSA key: %w", err)
	}
	return key, nil
}

// MarshalPrivate writes key as PKCS#8 DER, in clear: what is sealed and stored.
func MarshalPrivate(key *rsa.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("write an RSA key: %w", err)
	}
	return der, nil
}

// Parse reads what MarshalPrivate wrote.
func Parse(der []byte) (*rsa.PrivateKey, error) {
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, ErrDamaged
	}
	return accept(key)
}

// PublicPEM is the public key as WhatsApp takes it: SPKI in PEM, ended by a line end.
func PublicPEM(pub *rsa.PublicKey) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki(pub)}))
}

// Fingerprint names a public key: SHA-256 of its SPKI DER, 64 hex digits.
func Fingerprint(pub *rsa.PublicKey) string {
	sum := sha256.Sum256(spki(pub))
	return hex.EncodeToString(sum[:])
}

// Short is the start of a fingerprint, enough for people to tell two keys apart.
func Short(fingerprint string) string { return fingerprint[:min(12, len(fingerprint))] }

func spki(pub *rsa.PublicKey) []byte {
	der, _ := x509.MarshalPKIXPublicKey(pub) // it fails for unknown types of key only
	return der
}

// accept takes an RSA key of the one size.
func accept(key any) (*rsa.PrivateKey, error) {
	k, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, ErrNotRSA
	}
	if bits := k.N.BitLen(); bits != Bits {
		return nil, fmt.Errorf("the key has %d bits: %w", bits, ErrSize)
	}
	return k, nil
}
