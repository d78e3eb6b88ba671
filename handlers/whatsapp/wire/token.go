package wire

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// VerifyTokenSignature checks flow_token_signature: HS256 with one of the secrets. valid: the signature holds;
// bound: some string claim equals the token (design/decisions.md 26). An empty token is bound to nothing.
func VerifyTokenSignature(jwt, token string, secrets ...string) (valid, bound bool) {
	header, rest, _ := strings.Cut(jwt, ".")
	claims, signature, ok := strings.Cut(rest, ".")
	sum, okSum := decodeSegment(signature)
	if !ok || !okSum || !hs256(header) || !macIs(sum, []byte(header+"."+claims), secrets) {
		return false, false
	}
	payload, ok := decodeSegment(claims)
	return true, ok && token != "" && claimed(payload, token)
}

// hs256 accepts one algorithm, so "none" and keys of another kind cannot come in, and no extension that must be understood.
func hs256(segment string) bool {
	b, ok := decodeSegment(segment)
	if !ok || !json.Valid(b) {
		return false
	}
	header := objectOf(b)
	_, critical := header["crit"]
	return !critical && string(header["alg"]) == `"HS256"`
}

func claimed(payload []byte, token string) bool {
	if !json.Valid(payload) {
		return false
	}
	for _, v := range members(payload) {
		if v[0] == '"' && unquote(v) == token {
			return true
		}
	}
	return false
}

func decodeSegment(s string) ([]byte, bool) {
	if strings.ContainsAny(s, "\r\n") { // Go's decoder skips them
		return nil, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return b, err == nil
}
