package admin

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"

	"switchyard/models"
)

// carry packs bytes for a hidden field, so that a form can ask before it saves them: browsers would change line ends.
func carry(raw []byte) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(raw) // into memory
	w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// carried unpacks what carry packed, of at most limit bytes. Anything else is Invalid: somebody changed the form.
func carried(text string, limit int64) ([]byte, error) {
	bad := &models.Invalid{Field: "file", Message: "The upload was lost on its way. Choose the file again."}
	packed, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, bad
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, bad
	}
	raw, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil || int64(len(raw)) > limit {
		return nil, bad
	}
	return raw, nil
}
