package wire_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"switchyard/handlers/whatsapp/wire"
)

// jwt signs header and claims, as they are, with HS256.
func jwt(header, claims, secret string) string {
	signed := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

const hs256 = `{"alg":"HS256","typ":"JWT"}`

func TestTheKnownTokenOfJWTIsValid(t *testing.T) {
	const known = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ." +
		"SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
	if valid, bound := wire.VerifyTokenSignature(known, "1234567890", "your-256-bit-secret"); !valid || !bound {
		t.Errorf("VerifyTokenSignature() = %t, %t; want true, true", valid, bound)
	}
}

func TestTokenSignatures(t *testing.T) {
	good := jwt(hs256, `{"flow_token":"t.1"}`, secret)
	parts := strings.Split(good, ".")
	zeroed := base64.RawURLEncoding.EncodeToString(make([]byte, 32))
	cases := []struct {
		name, jwt, token string
		secrets          []string
		valid, bound     bool
	}{
		{"the token's own", good, "t.1", []string{secret}, true, true},
		{"under the previous secret", good, "t.1", []string{"new", secret}, true, true},
		{"in any claim", jwt(hs256, `{"iss":"x","sub":"t.1"}`, secret), "t.1", []string{secret}, true, true},
		{"escaped in the claim", jwt(hs256, `{"sub":"t\u002e1"}`, secret), "t.1", []string{secret}, true, true},
		{"without typ", jwt(`{"alg":"HS256"}`, `{"flow_token":"t.1"}`, secret), "t.1", []string{secret}, true, true},
		{"another token", good, "t.2", []string{secret}, true, false},
		{"a claim that holds the token among others", jwt(hs256, `{"flow_token":"t.1 "}`, secret), "t.1", []string{secret}, true, false},
		{"only as a key", jwt(hs256, `{"t.1":"x"}`, secret), "t.1", []string{secret}, true, false},
		{"only nested", jwt(hs256, `{"a":{"b":"t.1"}}`, secret), "t.1", []string{secret}, true, false},
		{"a number", jwt(hs256, `{"flow_token":1}`, secret), "1", []string{secret}, true, false},
		{"an empty token", jwt(hs256, `{"flow_token":""}`, secret), "", []string{secret}, true, false},
		{"claims that are no object", jwt(hs256, `["t.1"]`, secret), "t.1", []string{secret}, true, false},
		{"claims that are no JSON", jwt(hs256, `t.1`, secret), "t.1", []string{secret}, true, false},
		{"other secret", good, "t.1", []string{"other"}, false, false},
		{"no secret", good, "t.1", nil, false, false},
		{"empty secret", jwt(hs256, `{"flow_token":"t.1"}`, ""), "t.1", []string{""}, false, false},
		{"empty", "", "t.1", []string{secret}, false, false},
		{"one part", parts[0], "t.1", []string{secret}, false, false},
		{"two parts", parts[0] + "." + parts[1], "t.1", []string{secret}, false, false},
		{"no signature", parts[0] + "." + parts[1] + ".", "t.1", []string{secret}, false, false},
		{"four parts", good + ".x", "t.1", []string{secret}, false, false},
		{"signature of zeros", parts[0] + "." + parts[1] + "." + zeroed, "t.1", []string{secret}, false, false},
		{"signature cut", good[:len(good)-1], "t.1", []string{secret}, false, false},
		{"signature padded", good + "=", "t.1", []string{secret}, false, false},
		{"line end after", good + "\n", "t.1", []string{secret}, false, false},
		{"claims changed", parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"flow_token":"t.2"}`)) + "." + parts[2], "t.2", []string{secret}, false, false},
		{"alg none", jwt(`{"alg":"none"}`, `{"flow_token":"t.1"}`, secret), "t.1", []string{secret}, false, false},
		{"alg none, unsigned", base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".", "t.1", []string{secret}, false, false},
		{"alg in lower case", jwt(`{"alg":"hs256"}`, `{"flow_token":"t.1"}`, secret), "t.1", []string{secret}, false, false},
		{"alg HS512", jwt(`{"alg":"HS512"}`, `{"flow_token":"t.1"}`, secret), "t.1", []string{secret}, false, false},
		{"alg RS256", jwt(`{"alg":"RS256"}`, `{"flow_token":"t.1"}`, secret), "t.1", []string{secret}, false, false},
		{"alg missing", jwt(`{}`, `{"flow_token":"t.1"}`, secret), "t.1", []string{secret}, false, false},
		{"alg under another case", jwt(`{"ALG":"HS256"}`, `{"flow_token":"t.1"}`, secret), "t.1", []string{secret}, false, false},
		{"two algs, the last none", jwt(`{"alg":"HS256","alg":"none"}`, `{"flow_token":"t.1"}`, secret), "t.1", []string{secret}, false, false},
		{"an extension that must be understood", jwt(`{"alg":"HS256","crit":["exp"]}`, `{"flow_token":"t.1"}`, secret), "t.1", []string{secret}, false, false},
		{"header that is no JSON", jwt(`HS256`, `{"flow_token":"t.1"}`, secret), "t.1", []string{secret}, false, false},
		{"header that is an array", jwt(`["HS256"]`, `{"flow_token":"t.1"}`, secret), "t.1", []string{secret}, false, false},
	}
	for _, c := range cases {
		valid, bound := wire.VerifyTokenSignature(c.jwt, c.token, c.secrets...)
		if valid != c.valid || bound != c.bound {
			t.Errorf("%s: VerifyTokenSignature() = %t, %t; want %t, %t", c.name, valid, bound, c.valid, c.bound)
		}
	}
}
