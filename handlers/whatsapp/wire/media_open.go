package wire

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
)

const (
	hashSize     = sha256.Size
	mediaKeySize = 32
	mediaMACSize = 10 // of the HMAC's 32 bytes
)

// Why a file of the CDN cannot be opened.
var (
	ErrMediaKeys      = errors.New("its keys do not have the lengths that they must have")
	ErrMediaSize      = errors.New("its length is not that of an encrypted file")
	ErrMediaEncrypted = errors.New("what was downloaded is not what the phone uploaded: its hash differs")
	ErrMediaMAC       = errors.New("its authentication code is wrong: it was changed, or the keys are another file's")
	ErrMediaPadding   = errors.New("its padding is wrong")
	ErrMediaPlain     = errors.New("what was inside is not what the phone attached: its hash differs")
)

// OpenMedia opens a file as it lies on the CDN: the ciphertext, then the first ten bytes of its HMAC (protocol.md §7). It
// gives the file inside, or one of the errors above; file stays as it is.
func OpenMedia(file []byte, k MediaKeys) ([]byte, error) {
	if len(k.EncryptedHash) != hashSize || len(k.PlainHash) != hashSize || len(k.IV) != aes.BlockSize ||
		len(k.Key) != mediaKeySize || len(k.HMACKey) != mediaKeySize {
		return nil, ErrMediaKeys
	}
	cut := len(file) - mediaMACSize
	if cut < aes.BlockSize || cut%aes.BlockSize != 0 {
		return nil, ErrMediaSize
	}
	if sum := sha256.Sum256(file); !hmac.Equal(sum[:], k.EncryptedHash) {
		return nil, ErrMediaEncrypted
	}
	mac := hmac.New(sha256.New, k.HMACKey)
	mac.Write(k.IV)
	mac.Write(file[:cut])
	if !hmac.Equal(mac.Sum(nil)[:mediaMACSize], file[cut:]) {
		return nil, ErrMediaMAC
	}
	block, err := aes.NewCipher(k.Key)
	if err != nil {
		return nil, ErrMediaKeys
	}
	plain := make([]byte, cut)
	cipher.NewCBCDecrypter(block, k.IV).CryptBlocks(plain, file[:cut])
	plain, ok := unpad(plain)
	if !ok {
		return nil, ErrMediaPadding
	}
	if sum := sha256.Sum256(plain); !hmac.Equal(sum[:], k.PlainHash) {
		return nil, ErrMediaPlain
	}
	return plain, nil
}

// unpad strips PKCS#7. Nobody learns from it: the MAC was checked before.
func unpad(plain []byte) ([]byte, bool) {
	n := int(plain[len(plain)-1])
	if n == 0 || n > aes.BlockSize {
		return nil, false
	}
	rest, padding := plain[:len(plain)-n], plain[len(plain)-n:]
	return rest, bytes.Count(padding, padding[:1]) == n
}
