package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
	"switchyard/web/outbound"
)

const (
	// sealedMore is by how much an encrypted file is larger than the file: a block of padding and the code.
	sealedMore = 16 + 10
	// maxLink bounds the Graph API's answer about a file, in bytes.
	maxLink = 64 << 10
	linkIn  = 15 * time.Second
	// tokenWait is the pause while an access token is missing or refused.
	tokenWait = 15 * time.Minute
)

// NoToken is why files wait that only the Graph API has.
const NoToken = "An access token is needed to fetch it: an administrator can enter one on the Setup page, or set SWITCHYARD_META_ACCESS_TOKEN."

// download gives the plain file.
func (f *Fetcher) download(ctx context.Context, d models.DueFile) ([]byte, *problem) {
	if d.Source != nil {
		return f.fromCDN(ctx, *d.Source)
	}
	if d.MetaID == "" {
		return nil, &problem{text: "Neither an address nor an id is known of it.", state: models.FileFailed}
	}
	return f.fromGraph(ctx, d.File)
}

// fromCDN fetches an encrypted file and opens it.
func (f *Fetcher) fromCDN(ctx context.Context, s models.FileSource) ([]byte, *problem) {
	sealed, trouble := f.get(ctx, s.URL, "", outbound.Policy{Hosts: f.WhatsApp.orDefault().CDN, Timeout: longestFetch, Limit: MaxSize + sealedMore})
	if trouble != nil {
		return nil, trouble
	}
	plain, err := wire.OpenMedia(sealed, wire.MediaKeys{EncryptedHash: s.EncryptedHash, PlainHash: s.PlainHash, IV: s.IV, Key: s.Key, HMACKey: s.HMACKey})
	switch {
	case errors.Is(err, wire.ErrMediaKeys):
		return nil, &problem{text: "It cannot be opened: " + err.Error() + ".", state: models.FileFailed}
	case err != nil: // perhaps only this download was bad
		return nil, &problem{text: "It cannot be opened: " + err.Error() + ".", state: models.FileFailed, after: fewAttempts}
	case len(plain) > MaxSize:
		return nil, tooLarge()
	}
	return plain, nil
}

// fromGraph asks the Graph API where a file is, and fetches it there.
func (f *Fetcher) fromGraph(ctx context.Context, file models.File) ([]byte, *problem) {
	token, err := f.Token(ctx)
	switch {
	case err != nil:
		return nil, &problem{text: "The access token could not be read.", free: true}
	case token == "":
		return nil, &problem{text: NoToken, wait: tokenWait, free: true}
	case strings.Trim(file.MetaID, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-") != "":
		return nil, &problem{text: "Its id is none that the Graph API has.", state: models.FileFailed}
	}
	at := f.WhatsApp.orDefault()
	graph, err := url.Parse(at.Graph)
	if err != nil {
		return nil, &problem{text: "SWITCHYARD_META_GRAPH_URL is no address.", state: models.FileFailed}
	}
	answer, trouble := f.get(ctx, at.Graph+"/"+file.MetaID, token, outbound.Policy{Hosts: []string{graph.Host}, Timeout: linkIn, Limit: maxLink})
	if trouble != nil {
		return nil, trouble
	}
	link, err := wire.ParseMediaLink(answer)
	if err != nil {
		return nil, &problem{text: "The Graph API did not say where it is."}
	}
	if link.Size > MaxSize {
		return nil, tooLarge()
	}
	plain, trouble := f.get(ctx, link.URL, token, outbound.Policy{Hosts: at.MediaHosts, Timeout: longestFetch, Limit: MaxSize})
	if trouble != nil {
		return nil, trouble
	}
	for _, told := range [][]byte{file.SHA256, link.SHA256} {
		if sum := sha256.Sum256(plain); len(told) > 0 && !bytes.Equal(sum[:], told) {
			return nil, &problem{text: "What was fetched is not what was announced: its hash differs.", state: models.FileFailed, after: fewAttempts}
		}
	}
	return plain, nil
}

// get fetches the whole of an answer. The token travels in a header, so that no log and no redirect has it.
func (f *Fetcher) get(ctx context.Context, address, token string, p outbound.Policy) ([]byte, *problem) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, &problem{text: "Its address cannot be called.", state: models.FileFailed}
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := f.Client.Do(req, p)
	if err != nil {
		return nil, requestProblem(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, statusProblem(resp.StatusCode, token != "")
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, requestProblem(err)
	}
	return body, nil
}

// statusProblem is what an answer without a file means.
func statusProblem(status int, withToken bool) *problem {
	switch {
	case withToken && (status == http.StatusUnauthorized || status == http.StatusForbidden):
		return &problem{text: fmt.Sprintf("Meta refuses the access token (status %d): enter another one on the Setup page.", status), wait: tokenWait, free: true}
	case status == http.StatusNotFound || status == http.StatusGone || withToken && status == http.StatusBadRequest:
		return &problem{text: fmt.Sprintf("WhatsApp does not have it any more (status %d).", status), state: models.FileGone, after: fewAttempts}
	case status >= 300 && status < 400:
		return &problem{text: fmt.Sprintf("WhatsApp sent us to another address (status %d), where we do not go.", status), state: models.FileFailed, after: fewAttempts}
	}
	return &problem{text: fmt.Sprintf("WhatsApp answered with status %d.", status)}
}
