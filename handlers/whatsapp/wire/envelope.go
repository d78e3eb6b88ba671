package wire

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
)

// The sizes of an envelope, in bytes (protocol.md §3.1).
const (
	rsaSize  = 256 // RSA-2048
	aesSize  = 16  // AES-128
	ivSize   = 16  // GCM's usual 12 would panic here
	tagSize  = 16
	dataSize = 1 << 20
)

// ErrCannotOpen is the one error for every envelope that cannot be opened: answer 421, empty.
var ErrCannotOpen = errors.New("wire: cannot open envelope")

// A Decrypter is one private key that may open envelopes: crypto.Decrypter with an *rsa.PublicKey of 2048 bits.
type Decrypter = crypto.Decrypter

// oaep names MGF1's hash too: some Decrypters would otherwise take SHA-1.
var oaep = rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: crypto.SHA256}

// An envelope is one sealed request; encoding/json writes the fields as base64.
type envelope struct {
	Data []byte `json:"encrypted_flow_data"`
	Key  []byte `json:"encrypted_aes_key"`
	IV   []byte `json:"initial_vector"`
}

// Open opens an envelope (protocol.md §3.1) with the first key that fits. It returns the plaintext, the Reply
// that seals the answer, and the index of the key. Every failure is ErrCannotOpen; hostile input never panics.
// Keys of the body beside the three that it needs are ignored.
func Open(body []byte, keys []Decrypter) (plain []byte, reply *Reply, key int, err error) {
	e, ok := parseEnvelope(body)
	if !ok {
		return nil, nil, 0, ErrCannotOpen
	}
	for i, k := range keys {
		secret, err := k.Decrypt(nil, e.Key, &oaep)
		if err != nil || len(secret) != aesSize {
			continue
		}
		aead, err := newGCM(secret)
		if err != nil {
			continue
		}
		if plain, err = aead.Open(nil, e.IV, e.Data, nil); err == nil {
			return plain, &Reply{aead: aead, iv: inverted(e.IV)}, i, nil
		}
	}
	return nil, nil, 0, ErrCannotOpen
}

// A Reply seals one answer under the request's AES key with the IV inverted.
type Reply struct {
	aead cipher.AEAD
	iv   []byte
}

// Seal returns base64(AES-128-GCM(plain)): the whole text/plain body (protocol.md §3.2). Call it once: two different
// answers under one key and IV would give both away.
func (r *Reply) Seal(plain []byte) []byte {
	sealed := r.aead.Seal(nil, r.iv, plain, nil)
	return base64.StdEncoding.AppendEncode(nil, sealed)
}

func parseEnvelope(body []byte) (envelope, bool) {
	o, ok := plainTexts(body) // as every client writes it
	if !ok {
		if !json.Valid(body) {
			return envelope{}, false
		}
		o = objectOf(body)
	}
	data, ok1 := o.base64("encrypted_flow_data", tagSize, dataSize)
	key, ok2 := o.base64("encrypted_aes_key", rsaSize, rsaSize)
	iv, ok3 := o.base64("initial_vector", ivSize, ivSize)
	return envelope{Data: data, Key: key, IV: iv}, ok1 && ok2 && ok3
}

// base64 reads a string of least to most bytes in the one canonical spelling: padded, no line ends, no stray bits.
func (o object) base64(key string, least, most int) ([]byte, bool) {
	raw := o[key]
	if len(raw) == 0 || raw[0] != '"' {
		return nil, false
	}
	text, ok := literal(raw)
	if !ok {
		text = []byte(unquote(raw))
	}
	b, ok := decodeBase64(text)
	return b, ok && len(b) >= least && len(b) <= most
}

var strictBase64 = base64.StdEncoding.Strict()

func decodeBase64(text []byte) ([]byte, bool) {
	if bytes.IndexByte(text, '\n') >= 0 || bytes.IndexByte(text, '\r') >= 0 { // Go's decoder skips them
		return nil, false
	}
	b, err := strictBase64.AppendDecode(nil, text)
	return b, err == nil
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithNonceSize(block, ivSize)
}

func inverted(iv []byte) []byte {
	out := make([]byte, len(iv))
	for i, b := range iv {
		out[i] = ^b
	}
	return out
}
