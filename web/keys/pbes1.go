package keys

import (
	"bytes"
	"crypto/cipher"
	"crypto/des"
	"crypto/md5"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/binary"
	"errors"
	"hash"
	"math/big"
	"unicode/utf16"
)

// The protections of before PBES2 that OpenSSL 1 wrote: "openssl pkcs8 -topk8" until 1.0.2, and its -v1. They are read, never
// written: nobody should use them any more.
var (
	md5DES      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 3}
	sha1DES     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 10}
	sha1TripDES = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1, 3}
)

// readPBES1 reads a PKCS#8 key that is protected in one of them. known is false for any other.
func readPBES1(algorithm pkix.AlgorithmIdentifier, data, passphrase []byte) (key *rsa.PrivateKey, known bool, err error) {
	var p struct {
		Salt   []byte
		Rounds int
	}
	var newHash func() hash.Hash
	switch id := algorithm.Algorithm; {
	case id.Equal(md5DES):
		newHash = md5.New
	case id.Equal(sha1DES):
		newHash = sha1.New
	case id.Equal(sha1TripDES):
	default:
		return nil, false, nil
	}
	switch {
	case !whole(algorithm.Parameters.FullBytes, &p) || p.Rounds < 1 || len(p.Salt) == 0 || len(data) == 0 || len(data)%des.BlockSize != 0:
		return nil, true, ErrDamaged
	case p.Rounds > mostRounds || len(p.Salt) > 1024 || len(passphrase) > 1024:
		return nil, true, ErrUnsupported
	}
	var block cipher.Block
	var iv []byte
	if newHash == nil {
		text := bmp(passphrase)
		block, err = des.NewTripleDESCipher(pkcs12(1, 24, text, p.Salt, p.Rounds))
		iv = pkcs12(2, des.BlockSize, text, p.Salt, p.Rounds)
	} else {
		derived := pbkdf1(newHash(), passphrase, p.Salt, p.Rounds)
		block, err = des.NewCipher(derived[:8])
		iv = derived[8:16]
	}
	if err != nil {
		return nil, true, ErrDamaged
	}
	plain := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, data)
	der, ok := unpadded(plain)
	if !ok {
		return nil, true, ErrPassphrase
	}
	key, err = Parse(der)
	if errors.Is(err, ErrDamaged) { // a wrong passphrase leaves valid padding once in 256 times
		err = ErrPassphrase
	}
	return key, true, err
}

func unpadded(plain []byte) ([]byte, bool) {
	n := int(plain[len(plain)-1])
	if n == 0 || n > des.BlockSize {
		return nil, false
	}
	rest, padding := plain[:len(plain)-n], plain[len(plain)-n:]
	return rest, bytes.Count(padding, padding[:1]) == n
}

// pbkdf1 is the derivation of RFC 8018 §5.1; its first 16 bytes are key and IV.
func pbkdf1(h hash.Hash, passphrase, salt []byte, rounds int) []byte {
	h.Write(passphrase)
	h.Write(salt)
	derived := h.Sum(nil)
	for range rounds - 1 {
		h.Reset()
		h.Write(derived)
		derived = h.Sum(derived[:0])
	}
	return derived
}

// pkcs12 is the derivation of RFC 7292 appendix B.2 with SHA-1; purpose 1 makes a key, 2 an IV.
func pkcs12(purpose byte, size int, text, salt []byte, rounds int) []byte {
	const v = 64 // the block of SHA-1
	input := append(filled(salt, v), filled(text, v)...)
	one, modulus := big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), 8*v)
	var out []byte
	for {
		h := sha1.New()
		h.Write(bytes.Repeat([]byte{purpose}, v))
		h.Write(input)
		a := h.Sum(nil)
		for range rounds - 1 {
			sum := sha1.Sum(a)
			a = sum[:]
		}
		if out = append(out, a...); len(out) >= size {
			return out[:size]
		}
		add := new(big.Int).SetBytes(filled(a, v)[:v])
		add.Add(add, one)
		for i := 0; i < len(input); i += v {
			n := new(big.Int).SetBytes(input[i : i+v])
			n.Add(n, add).Mod(n, modulus).FillBytes(input[i : i+v])
		}
	}
}

// filled repeats b to a multiple of size.
func filled(b []byte, size int) []byte {
	n := (len(b) + size - 1) / size * size
	return bytes.Repeat(b, n/max(1, len(b))+1)[:n]
}

// bmp is a passphrase as PKCS#12 takes it: UTF-16, big-endian, ended by a zero.
func bmp(passphrase []byte) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(string(passphrase))) {
		out = binary.BigEndian.AppendUint16(out, unit)
	}
	return append(out, 0, 0)
}
