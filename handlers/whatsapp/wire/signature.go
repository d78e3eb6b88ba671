package wire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// SignatureHeader carries HMAC-SHA256 over the raw body (protocol.md §1.2).
const SignatureHeader = "X-Hub-Signature-256"

const signaturePrefix = "sha256="

// Sign returns the header's value for body: "sha256=" and 64 lower-case hex digits.
func Sign(secret string, body []byte) string {
	return signaturePrefix + hex.EncodeToString(mac(secret, body))
}

// Signed tells whether header is exactly "sha256=" + 64 lower-case hex digits of HMAC-SHA256(body) under one of
// the secrets; empty secrets never match; constant time. Callers pass the header's only value.
func Signed(header string, body []byte, secrets ...string) bool {
	digits, ok := strings.CutPrefix(header, signaturePrefix)
	if !ok || len(digits) != hex.EncodedLen(sha256.Size) || digits != strings.ToLower(digits) {
		return false
	}
	sum, err := hex.DecodeString(digits)
	return err == nil && macIs(sum, body, secrets)
}

// macIs tries every secret, the right one or not, so that time does not tell which one it was.
func macIs(sum, body []byte, secrets []string) bool {
	found := false
	for _, s := range secrets {
		if s != "" && hmac.Equal(sum, mac(s, body)) {
			found = true
		}
	}
	return found
}

func mac(secret string, body []byte) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write(body)
	return h.Sum(nil)
}
