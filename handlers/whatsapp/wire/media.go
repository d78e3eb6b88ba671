package wire

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
)

// A Media is one picture or document that a customer attached (protocol.md §7). A request to the endpoint tells where the
// file lies and how it is encrypted; a completed flow tells an id, by which the Graph API is asked.
type Media struct {
	ID     string // on the CDN; "" in a completed flow
	MetaID string // by which the Graph API knows it; "" in a request
	Name   string // as the phone says it; hostile
	Type   string // declared; "" in a request
	SHA256 []byte // of the plain file; nil when it is not told
	URL    string // of the CDN; "" in a completed flow
	Keys   MediaKeys
}

// MediaKeys are how one file on the CDN is encrypted. What was no base64 is nil.
type MediaKeys struct {
	EncryptedHash []byte // SHA-256 of the file as it lies there, 32 bytes
	PlainHash     []byte // SHA-256 of the file inside, 32 bytes
	IV            []byte // 16 bytes
	Key           []byte // of AES-256-CBC, 32 bytes
	HMACKey       []byte // of HMAC-SHA256, 32 bytes
}

// ParseMedia reads the value of a PhotoPicker or DocumentPicker out of decoded JSON: a list of media objects, or one alone.
// ok is false when it is anything else. What an object lacks is empty.
func ParseMedia(v any) (all []Media, ok bool) {
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	for _, item := range list {
		o, _ := item.(map[string]any)
		if !isMedia(o) {
			return nil, false
		}
		all = append(all, media(o))
	}
	return all, len(all) > 0
}

// isMedia knows a media object by what no other value of a form has together.
func isMedia(o map[string]any) bool {
	if confidential(o) {
		return true
	}
	_, named := o["file_name"].(string)
	return named && o["media_id"] != nil || named && o["id"] != nil && (o["sha256"] != nil || o["mime_type"] != nil)
}

// confidential tells whether an object says where an encrypted file lies, or how it is opened.
func confidential(o map[string]any) bool {
	return o["cdn_url"] != nil || o["encryption_metadata"] != nil
}

func media(o map[string]any) Media {
	m := Media{ID: idText(o["media_id"]), MetaID: idText(o["id"]), Name: text(o["file_name"]), Type: text(o["mime_type"]), SHA256: ParseHash(text(o["sha256"])), URL: text(o["cdn_url"])}
	if e, ok := o["encryption_metadata"].(map[string]any); ok {
		m.Keys = MediaKeys{EncryptedHash: decode64(e["encrypted_hash"]), PlainHash: decode64(e["plaintext_hash"]), IV: decode64(e["iv"]),
			Key: decode64(e["encryption_key"]), HMACKey: decode64(e["hmac_key"])}
		if len(m.Keys.PlainHash) == hashSize {
			m.SHA256 = m.Keys.PlainHash
		}
	}
	return m
}

// StripMedia is a decoded value without what opens a customer's files: of such an object the id and the name stay. secrets
// are the texts that went; without any, v itself comes back.
func StripMedia(v any) (stripped any, secrets []string) {
	switch v := v.(type) {
	case []any:
		var out []any
		for i, item := range v {
			s, found := StripMedia(item)
			if len(found) == 0 {
				continue
			}
			if out == nil {
				out = slices.Clone(v)
			}
			out[i], secrets = s, append(secrets, found...)
		}
		if out != nil {
			return out, secrets
		}
	case map[string]any:
		return stripObject(v)
	}
	return v, secrets
}

func stripObject(o map[string]any) (any, []string) {
	if confidential(o) {
		kept := map[string]any{}
		for _, k := range []string{"media_id", "file_name"} {
			if s, ok := o[k].(string); ok {
				kept[k] = s
			}
		}
		return kept, append(texts(o["cdn_url"]), texts(o["encryption_metadata"])...)
	}
	var out map[string]any
	var secrets []string
	for k, v := range o {
		s, found := StripMedia(v)
		if len(found) == 0 {
			continue
		}
		if out == nil {
			out = maps.Clone(o)
		}
		out[k], secrets = s, append(secrets, found...)
	}
	if out == nil {
		return o, nil
	}
	return out, secrets
}

// texts are all texts in a value. One that holds none counts as an empty text: something was there.
func texts(v any) (all []string) {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return []string{v}
	case []any:
		for _, item := range v {
			all = append(all, texts(item)...)
		}
	case map[string]any:
		for _, item := range v {
			all = append(all, texts(item)...)
		}
	}
	if all == nil {
		all = []string{""}
	}
	return all
}

// ParseHash reads a SHA-256, which Meta writes in base64 in some places and in hexadecimal in others; nil when it is none.
func ParseHash(s string) []byte {
	if b, err := hex.DecodeString(s); err == nil && len(b) == hashSize {
		return b
	}
	if b := decode64(s); len(b) == hashSize {
		return b
	}
	return nil
}

func decode64(v any) []byte {
	s := text(v)
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if b, err := e.DecodeString(s); err == nil && s != "" {
			return b
		}
	}
	return nil
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func idText(v any) string {
	if n, ok := v.(json.Number); ok {
		return n.String()
	}
	return text(v)
}
