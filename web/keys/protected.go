package keys

import (
	"crypto/rsa"
	"crypto/x509/pkix"
	"encoding/asn1"
	"strings"

	"github.com/youmark/pkcs8"
)

// What a file may ask of us before its passphrase is even known to be wrong.
const (
	mostRounds = 2_000_000 // PBKDF2: under a second
	mostMemory = 64 << 20  // scrypt, bytes
	mostLanes  = 4         // scrypt
)

// readProtected reads an encrypted PKCS#8 key.
func readProtected(der, passphrase []byte) (key *rsa.PrivateKey, err error) {
	if len(passphrase) == 0 {
		return nil, ErrLocked
	}
	var info protection
	if !whole(der, &info) {
		return nil, ErrDamaged
	}
	if key, known, err := readPBES1(info.Algorithm, info.Data, passphrase); known {
		return key, err
	}
	if err := info.bounded(); err != nil {
		return nil, err
	}
	defer func() {
		if recover() != nil { // the library hands an IV or a text of a bad length on to crypto/cipher, which panics
			key, err = nil, ErrDamaged
		}
	}()
	k, _, err := pkcs8.ParsePrivateKey(der, passphrase)
	if err != nil {
		if strings.Contains(err.Error(), "unsupported") {
			return nil, ErrUnsupported
		}
		return nil, ErrPassphrase
	}
	return accept(k)
}

var (
	pbes2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	pbkdf2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
	scrypt = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11591, 4, 11}
)

// A protection is an encrypted PKCS#8 key as it lies in a file.
type protection struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

// bounded reads how much work the key asks for (RFC 8018, RFC 7914).
func (info protection) bounded() error {
	var scheme struct{ KDF, Cipher pkix.AlgorithmIdentifier }
	if !info.Algorithm.Algorithm.Equal(pbes2) {
		return ErrUnsupported
	}
	if !whole(info.Algorithm.Parameters.FullBytes, &scheme) {
		return ErrDamaged
	}
	params := scheme.KDF.Parameters.FullBytes
	switch {
	case scheme.KDF.Algorithm.Equal(pbkdf2):
		return boundedPBKDF2(params)
	case scheme.KDF.Algorithm.Equal(scrypt):
		return boundedScrypt(params)
	}
	return ErrUnsupported
}

func boundedPBKDF2(der []byte) error {
	var p struct {
		Salt   []byte
		Rounds int
	}
	switch {
	case !whole(der, &p) || p.Rounds < 1:
		return ErrDamaged
	case p.Rounds > mostRounds:
		return ErrUnsupported
	}
	return nil
}

func boundedScrypt(der []byte) error {
	var p struct {
		Salt       []byte
		N, R, Lane int
	}
	switch {
	case !whole(der, &p) || p.N < 2 || p.R < 1 || p.Lane < 1:
		return ErrDamaged
	case p.N > mostMemory || p.R > mostMemory || p.N*p.R > mostMemory/128 || p.Lane > mostLanes:
		return ErrUnsupported
	}
	return nil
}

func whole(der []byte, into any) bool {
	rest, err := asn1.Unmarshal(der, into)
	return err == nil && len(rest) == 0
}
