package outbound

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Headers of a signed request, as Standard Webhooks names them.
const (
	HeaderID        = "webhook-id"        // the same at every attempt: receivers tell repeats by it
	HeaderTimestamp = "webhook-timestamp" // Unix seconds of this attempt
	HeaderSignature = "webhook-signature" // "v1," and base64, one per secret, separated by spaces
)

const secretPrefix = "whsec_"

// A Secret is the key that a receiver shares with us.
type Secret []byte

// ParseSecret reads the form that people copy: whsec_, which may be missing, and base64 of 24 to 64 bytes. Its error
// never holds the text.
func ParseSecret(text string) (Secret, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(strings.TrimSpace(text), secretPrefix))
	if err != nil || len(key) < 24 || len(key) > 64 {
		return nil, errors.New("a signing secret is whsec_ and base64 of 24 to 64 bytes")
	}
	return key, nil
}

// String hides the value, for fmt.
func (Secret) String() string { return "…" }

// GoString hides the value, for %#v.
func (Secret) GoString() string { return "…" }

// Sign returns the value of webhook-signature for a body as it is sent. While one secret takes over from another,
// give both: receivers accept either.
func Sign(id string, at time.Time, body []byte, secrets ...Secret) string {
	signature, _ := signature(id, at, bytes.NewReader(body), secrets) // which cannot fail
	return signature
}

func signature(id string, at time.Time, body io.Reader, secrets []Secret) (string, error) {
	macs, writers := make([]hash.Hash, len(secrets)), make([]io.Writer, len(secrets))
	for i, secret := range secrets {
		macs[i] = hmac.New(sha256.New, secret)
		macs[i].Write([]byte(id + "." + seconds(at) + "."))
		writers[i] = macs[i]
	}
	if _, err := io.Copy(io.MultiWriter(writers...), body); err != nil {
		return "", err
	}
	signatures := make([]string, len(secrets))
	for i, mac := range macs {
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return strings.Join(signatures, " "), nil
}

// SetSignature puts the three headers on a request.
func SetSignature(h http.Header, id string, at time.Time, body []byte, secrets ...Secret) {
	h.Set(HeaderID, id)
	h.Set(HeaderTimestamp, seconds(at))
	h.Set(HeaderSignature, Sign(id, at, body, secrets...))
}

// SignBody is SetSignature for a body that is not held in memory: it reads all of it.
func SignBody(h http.Header, id string, at time.Time, body io.Reader, secrets ...Secret) error {
	signed, err := signature(id, at, body, secrets)
	if err != nil {
		return err
	}
	h.Set(HeaderID, id)
	h.Set(HeaderTimestamp, seconds(at))
	h.Set(HeaderSignature, signed)
	return nil
}

func seconds(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }
