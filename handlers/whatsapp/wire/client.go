package wire

import (
	"crypto/cipher"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// SealRequest plays the client: it makes an envelope for plain to the holder of pub. random gives the AES key
// and IV.
func SealRequest(random io.Reader, pub *rsa.PublicKey, plain []byte) (body []byte, answer *Opener, err error) {
	secret := make([]byte, aesSize+ivSize)
	if _, err := io.ReadFull(random, secret); err != nil {
		return nil, nil, fmt.Errorf("make the keys of an envelope: %w", err)
	}
	key, iv := secret[:aesSize], secret[aesSize:]
	aead, err := newGCM(key)
	if err != nil {
		return nil, nil, fmt.Errorf("make the keys of an envelope: %w", err)
	}
	sealedKey, err := rsa.EncryptOAEPWithOptions(random, pub, key, &oaep)
	if err != nil {
		return nil, nil, fmt.Errorf("seal the key of an envelope: %w", err)
	}
	e := envelope{Data: aead.Seal(nil, iv, plain, nil), Key: sealedKey, IV: iv}
	if body, err = json.Marshal(e); err != nil {
		return nil, nil, fmt.Errorf("write an envelope: %w", err)
	}
	return body, &Opener{aead: aead, iv: inverted(iv)}, nil
}

// An Opener reads the answer to one sealed request.
type Opener struct {
	aead cipher.AEAD
	iv   []byte
}

// errBadAnswer is what the client makes of an answer that it cannot read: "response-decryption-error".
var errBadAnswer = errors.New("the answer is not sealed with this request's key")

// Open returns the plaintext of a 200 or 427 body.
func (o *Opener) Open(body []byte) ([]byte, error) {
	sealed, ok := decodeBase64(body)
	if !ok {
		return nil, errors.New("the answer is not base64")
	}
	plain, err := o.aead.Open(nil, o.iv, sealed, nil)
	if err != nil {
		return nil, errBadAnswer
	}
	return plain, nil
}
