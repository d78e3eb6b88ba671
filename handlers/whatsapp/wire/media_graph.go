package wire

import (
	"encoding/json"
	"errors"
)

// A MediaLink is what the Graph API answers about a media id: where the file is fetched, with the same token.
type MediaLink struct {
	URL    string
	Type   string
	SHA256 []byte // nil when it is not told
	Size   int    // in bytes; 0 when it is not told
}

// ErrMediaLink is an answer of the Graph API that names no address.
var ErrMediaLink = errors.New("the answer about the file names no address")

// ParseMediaLink reads the answer to GET /MEDIA_ID (protocol.md §7).
func ParseMediaLink(body []byte) (MediaLink, error) {
	if !json.Valid(body) {
		return MediaLink{}, ErrMediaLink
	}
	o := objectOf(body)
	l := MediaLink{URL: o.text("url"), Type: o.text("mime_type"), SHA256: ParseHash(o.text("sha256")), Size: o.integer("file_size")}
	if l.URL == "" {
		return MediaLink{}, ErrMediaLink
	}
	return l, nil
}
