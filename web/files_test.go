package web_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/web"
)

const (
	graphToken = "EAAG-confided-token-0123456789"
	evilPage   = `<html><script>document.title="pwned"</script></html>`
	evilSVG    = `<svg xmlns="http://www.w3.org/2000/svg"><script>document.title="pwned"</script></svg>`
)

// A phoneCDN stands in for WhatsApp's hosts: /NAME is an encrypted file, /graph/ID and /media/ID are the Graph API's.
type phoneCDN struct {
	*httptest.Server
	sealed map[string][]byte
	atMeta []byte
}

func newPhoneCDN(t *testing.T) *phoneCDN {
	c := &phoneCDN{sealed: map[string][]byte{}}
	c.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		authorized := r.Header.Get("Authorization") == "Bearer "+graphToken
		switch {
		case r.URL.Path == "/graph/7001" && authorized:
			fmt.Fprintf(w, `{"url":%q,"mime_type":"text/html","file_size":%d}`, c.URL+"/media/7001", len(c.atMeta))
		case r.URL.Path == "/media/7001" && authorized:
			w.Write(c.atMeta)
		default:
			w.Write(c.sealed[r.URL.Path])
		}
	}))
	t.Cleanup(c.Close)
	return c
}

// hosts is the configuration in which it is WhatsApp.
func (c *phoneCDN) hosts() web.WhatsApp {
	roots := x509.NewCertPool()
	roots.AddCert(c.Certificate())
	return web.WhatsApp{Host: strings.TrimPrefix(c.URL, "https://"), Roots: roots}
}

// upload encrypts a file as a phone does and tells of it as a request does.
func (c *phoneCDN) upload(t *testing.T, id, name string, plain []byte) map[string]any {
	t.Helper()
	iv, key, hmacKey := bytes.Repeat([]byte{1}, 16), bytes.Repeat([]byte{2}, 32), bytes.Repeat([]byte{3}, 32)
	pad := 16 - len(plain)%16
	file := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(pad)}, pad)...)
	block, err := aes.NewCipher(key)
	must(t, err)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(file, file)
	mac := hmac.New(sha256.New, hmacKey)
	mac.Write(append(bytes.Clone(iv), file...))
	file = append(file, mac.Sum(nil)[:10]...)
	outer, inner, b := sha256.Sum256(file), sha256.Sum256(plain), base64.StdEncoding.EncodeToString
	c.sealed["/"+id] = file
	return map[string]any{"media_id": id, "file_name": name, "cdn_url": c.URL + "/" + id, "encryption_metadata": map[string]any{
		"encrypted_hash": b(outer[:]), "plaintext_hash": b(inner[:]), "iv": b(iv), "encryption_key": b(key), "hmac_key": b(hmacKey)}}
}

func photo(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 640, 480)), nil))
	return append(b.Bytes(), evilPage...)
}

// attachedSite is a site where a customer attached a photo, a web page and a drawing, and one more in the response.
func attachedSite(t *testing.T) *site {
	t.Helper()
	cdn := newPhoneCDN(t)
	s := openSite(t, func(c *web.Config) { c.WhatsApp = cdn.hosts() }).addUsers(t)
	pub := s.addSamples(t)
	s.ready(t, pub)
	attached := []any{cdn.upload(t, "photo", "Dent.jpg", photo(t)), cdn.upload(t, "page", "../evil\u202egpj.html", []byte(evilPage)), cdn.upload(t, "drawing", `"; <b>.svg`, []byte(evilSVG))}
	request, err := json.Marshal(map[string]any{"version": "3.0", "action": "data_exchange", "screen": "EVIDENCE", "flow_token": "claim.files", "data": map[string]any{"photos": attached}})
	must(t, err)
	if status, _ := s.exchange(t, pub, "claim", request); status != 200 {
		t.Fatalf("the endpoint answers %d", status)
	}
	s.files(t, 3, models.FileStored)
	cdn.atMeta = []byte("<html>at Meta</html>")
	sum, again := sha256.Sum256(cdn.atMeta), sha256.Sum256(photo(t))
	b := base64.StdEncoding.EncodeToString
	s.deliver(t, reply("FILES", "5511999887766", "Ada", map[string]any{"flow_token": "claim.files", "photos": []any{
		map[string]any{"id": 7000, "file_name": "Dent.jpg", "mime_type": "image/jpeg", "sha256": b(again[:])},
		map[string]any{"id": "7001", "file_name": "policy.html", "mime_type": "image/jpeg", "sha256": b(sum[:])}}}))
	s.decoded(t)
	return s
}

// files waits until so many files are in a state.
func (s *site) files(t *testing.T, n int, state models.FileState) []models.File {
	t.Helper()
	var all []models.File
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var err error
		all, err = s.DB().ResponseFiles(t.Context(), 0, 1)
		must(t, err)
		there := 0
		for _, f := range all {
			if f.State == state {
				there++
			}
		}
		if there == n {
			return all
		}
	}
	t.Fatalf("files = %+v; want %d %s", all, n, state)
	return nil
}

func TestAttachedFilesComeHomeAndAreShown(t *testing.T) {
	s := attachedSite(t)
	response := fmt.Sprintf("/responses/%d", s.newest(t).ID)
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if all := s.files(t, 1, models.FilePending); len(all) != 4 {
			t.Fatalf("%d files; want 4: the photo of the request and that of the response are one", len(all))
		} else if strings.Contains(fmt.Sprint(all), "access token is needed") {
			break
		} else if time.Now().After(end) {
			t.Fatal("the file of the response does not say that a token is missing")
		}
	}
	save := url.Values{"access_token": {graphToken}}
	s.run(t, []scenario{
		{name: "waits for a token", as: "support", path: response, status: 200, contains: []string{"Dent.jpg", `/small"`, "An access token is needed", "policy.html", "JPEG picture", "Web page", "SVG drawing"}, absent: []string{"<b>", "\u202e", "encryption"}},
		{name: "the token is missing", as: "admin", path: "/setup/connect", status: 200, contains: []string{"No access token is known"}},
		{name: "no token", as: "admin", method: "POST", path: "/setup/connect/access-token", form: url.Values{"access_token": {"two words that are long"}}, status: 422, contains: []string{"one long word"}},
		{name: "the token", as: "admin", method: "POST", path: "/setup/connect/access-token", form: save, status: 303, to: "/setup/connect"},
		{name: "never shown", as: "admin", path: "/setup/connect", status: 200, contains: []string{"An access token is kept"}, absent: []string{graphToken}},
	})
	all := s.files(t, 4, models.FileStored)
	byName := map[string]string{}
	for _, f := range all {
		byName[f.Name] = fmt.Sprintf("/files/%d", f.ID)
	}
	jpg, html, svg := byName["Dent.jpg"], byName["../evil\u202egpj.html"], byName[`"; <b>.svg`]
	harmless := map[string]string{"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff", "Content-Type": "application/octet-stream", "Cache-Control": "no-store"}
	with := func(name, value string) map[string]string {
		all := map[string]string{}
		for k, v := range harmless {
			all[k] = v
		}
		all["Content-Disposition"] = value
		all["Content-Type"] = name
		if value == "" { // pictures of ours
			all["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
		}
		return all
	}
	s.run(t, []scenario{
		{name: "shown", as: "support", path: response, status: 200, contains: []string{"Download", jpg + "/view"}},
		{name: "for viewers there is something", as: "viewer", path: response, status: 200, contains: []string{"Dent.jpg", "for the role Support"}, absent: []string{jpg + "/", "Download"}},
		{name: "on the visit", as: "support", path: "/visits/1", status: 200, contains: []string{jpg + "/small", "SVG drawing"}},
		{name: "on the visit for viewers", as: "viewer", path: "/visits/1", status: 200, contains: []string{"Attached files", "JPEG picture", "for the role Support"}, absent: []string{jpg, "Dent.jpg"}},
		{name: "small", as: "support", path: jpg + "/small", status: 200, want: with("image/jpeg", ""), absent: []string{"pwned"}},
		{name: "view", as: "support", path: jpg + "/view", status: 200, want: with("image/jpeg", ""), absent: []string{"pwned"}},
		{name: "download", as: "support", path: jpg, status: 200, want: with("image/jpeg", "attachment; filename=Dent.jpg"), contains: []string{"pwned"}},
		{name: "a page", as: "support", path: html, status: 200, want: with("application/octet-stream", "attachment; filename=evil_gpj.html"), contains: []string{evilPage}},
		{name: "a drawing", as: "support", path: svg, status: 200, want: with("application/octet-stream", `attachment; filename="_; _b_.svg"`), contains: []string{evilSVG}},
		{name: "a page has no picture", as: "support", path: html + "/view", status: 404},
		{name: "nor has a drawing", as: "support", path: svg + "/small", status: 404},
		{name: "not for viewers", as: "viewer", path: jpg, status: 403},
		{name: "not even small", as: "viewer", path: jpg + "/small", status: 403},
		{name: "no such file", as: "support", path: "/files/99", status: 404},
		{name: "no retry of what is there", as: "support", method: "POST", path: jpg + "/retry", form: url.Values{}, status: 303, to: response},
	})
	audit, err := s.DB().AuditRows(t.Context(), 0, 50)
	must(t, err)
	looks := map[string]int{}
	for _, row := range audit {
		looks[row.Action]++
	}
	if looks["file.download"] != 3 || looks["file.view"] != 1 || strings.Contains(fmt.Sprint(audit), "Dent") {
		t.Errorf("audit = %v; want three downloads, one view, no names", looks)
	}
	if strings.Contains(s.log.String(), graphToken) || strings.Contains(s.log.String(), "Dent") {
		t.Error("the log tells the token or a name")
	}
}

func TestAttachedFilesRunNoScript(t *testing.T) {
	t.Parallel()
	s := attachedSite(t)
	response := fmt.Sprintf("/responses/%d", s.newest(t).ID)
	b := openTab(t, s.server.URL, look{})
	b.takes(t.TempDir())
	b.signIn("support")
	b.open(response)
	b.until("the thumbnail is drawn", `(() => { const i = document.querySelector(".file-picture img"); return i !== null && i.complete && i.naturalWidth === 320; })()`)
	picture := ""
	for _, f := range s.files(t, 3, models.FileStored) {
		if f.State != models.FileStored {
			continue
		}
		if f.Picture {
			picture = fmt.Sprintf("/files/%d/view", f.ID)
		}
		b.until("the file is asked for", fmt.Sprintf(`(location.href = "/files/%d", true)`, f.ID)) // a download: the page stays
	}
	b.until("no script ran", `location.pathname === "`+response+`" && !document.title.includes("pwned")`)
	b.open(picture)
	b.until("the picture stands alone", `document.images.length === 1 && !document.title.includes("pwned")`)
}
