package wiretest

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"switchyard/handlers/whatsapp/wire"
)

// Signatures are values of the signature's header by what is wrong with them, at least 40; none of them signs body with
// secret (reliability.md C4).
func Signatures(secret string, body []byte) map[string]string {
	good := wire.Sign(secret, body)
	digits := strings.TrimPrefix(good, "sha256=")
	raw, _ := hex.DecodeString(digits)
	old := hmac.New(sha1.New, []byte(secret))
	old.Write(body)
	long := hmac.New(sha512.New, []byte(secret))
	long.Write(body)

	return map[string]string{
		"no header": "", "only the prefix": "sha256=", "no prefix": digits, "only =": "=" + digits,
		"sha1 prefix": "sha1=" + digits, "real sha1": "sha1=" + hex.EncodeToString(old.Sum(nil)),
		"sha1 under sha256":   "sha256=" + hex.EncodeToString(old.Sum(nil)),
		"sha512 under sha256": "sha256=" + hex.EncodeToString(long.Sum(nil)),
		"sha512 cut to 64":    "sha256=" + hex.EncodeToString(long.Sum(nil))[:64],
		"upper-case prefix":   "SHA256=" + digits, "mixed-case prefix": "Sha256=" + digits,
		"upper-case hex": "sha256=" + strings.ToUpper(digits), "one upper-case digit": upperOne(good),
		"63 digits": good[:len(good)-1], "65 digits": good + "0", "62 digits": good[:len(good)-2], "66 digits": good + "00",
		"128 digits": good + digits, "first digit missing": "sha256=" + digits[1:], "zero in front": "sha256=0" + digits,
		"space in front": " " + good, "space after": good + " ", "space after =": "sha256= " + digits,
		"line end after": good + "\n", "carriage return": good + "\r\n", "tab": "\t" + good, "NUL after": good + "\x00",
		"two headers joined": good + ", " + good, "two joined by comma": good + "," + good, "quoted": `"` + good + `"`,
		"0x in front": "sha256=0x" + digits[2:], "not hex": "sha256=" + strings.Repeat("g", 64),
		"all zero": "sha256=" + strings.Repeat("0", 64), "base64": "sha256=" + base64.StdEncoding.EncodeToString(raw),
		"raw bytes": "sha256=" + string(raw), "full-width digit": "sha256=" + digits[:61] + "０",
		"last digit changed": good[:len(good)-1] + other(good[len(good)-1]), "first digit changed": "sha256=" + other(digits[0]) + digits[1:],
		"reversed": "sha256=" + reversed(digits), "colon": "sha256:" + digits, "scheme list": "v1=" + digits, "null": "null",
	}
}

func upperOne(header string) string {
	i := strings.IndexAny(header[7:], "abcdef") + 7
	return header[:i] + strings.ToUpper(header[i:i+1]) + header[i+1:]
}

func other(digit byte) string {
	if digit == '0' {
		return "1"
	}
	return "0"
}

func reversed(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}
