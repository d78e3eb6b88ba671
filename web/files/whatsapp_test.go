package files_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/web/files"
	"switchyard/web/outbound"
)

const token = "EAAG-confided-token"

// A whatsApp speaks what the CDN and the Graph API speak: /cdn/ID, /graph/ID, /media/ID.
type whatsApp struct {
	*httptest.Server
	mu     sync.Mutex
	sealed map[string][]byte // by id, on the CDN
	plain  map[string][]byte // by id, at Meta
	told   string            // SHA-256 that the Graph API tells, "" is the right one
	answer func(http.ResponseWriter, *http.Request) bool
	asked  []string
}

func newWhatsApp(t *testing.T) *whatsApp {
	w := &whatsApp{sealed: map[string][]byte{}, plain: map[string][]byte{}}
	w.Server = httptest.NewTLSServer(w)
	w.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	t.Cleanup(w.Close)
	return w
}

func (w *whatsApp) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, r.URL.Path)
	if w.answer != nil && w.answer(rw, r) {
		return
	}
	kind, id, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	authorized := r.Header.Get("Authorization") == "Bearer "+token
	switch {
	case kind == "cdn" && r.Header.Get("Authorization") != "":
		http.Error(rw, "the token is nobody's business here", http.StatusTeapot)
	case kind == "cdn" && w.sealed[id] != nil:
		rw.Write(w.sealed[id])
	case kind != "cdn" && !authorized:
		http.Error(rw, `{"error":{"code":190}}`, http.StatusUnauthorized)
	case kind == "graph" && w.plain[id] != nil:
		sum := sha256.Sum256(w.plain[id])
		told := hex.EncodeToString(sum[:])
		if w.told != "" {
			told = w.told
		}
		fmt.Fprintf(rw, `{"messaging_product":"whatsapp","url":"%s/media/%s","mime_type":"image/jpeg","sha256":"%s","file_size":"%d","id":"%s"}`, w.URL, id, told, len(w.plain[id]), id)
	case kind == "media" && w.plain[id] != nil:
		rw.Write(w.plain[id])
	default:
		http.NotFound(rw, r)
	}
}

func (w *whatsApp) host() string { return strings.TrimPrefix(w.URL, "https://") }

// upload puts a file on the CDN as a phone does, and tells of it as a request does.
func (w *whatsApp) upload(t *testing.T, id, name string, plain []byte) models.InFile {
	t.Helper()
	s := &models.FileSource{URL: w.URL + "/cdn/" + id, IV: bytes.Repeat([]byte{1}, 16), Key: bytes.Repeat([]byte{2}, 32), HMACKey: bytes.Repeat([]byte{3}, 32)}
	pad := 16 - len(plain)%16
	file := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(pad)}, pad)...)
	block, err := aes.NewCipher(s.Key)
	must(t, err)
	cipher.NewCBCEncrypter(block, s.IV).CryptBlocks(file, file)
	mac := hmac.New(sha256.New, s.HMACKey)
	mac.Write(s.IV)
	mac.Write(file)
	file = append(file, mac.Sum(nil)[:10]...)
	outer, inner := sha256.Sum256(file), sha256.Sum256(plain)
	s.EncryptedHash, s.PlainHash = outer[:], inner[:]
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sealed[id] = file
	return models.InFile{Screen: "EVIDENCE", Field: "photos", CDNID: id, Name: name, SHA256: s.PlainHash, Source: s}
}

// hold puts a file at Meta, and tells of it as a response does.
func (w *whatsApp) hold(id, name string, plain []byte) models.InFile {
	sum := sha256.Sum256(plain)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.plain[id] = plain
	return models.InFile{Field: "photos", MetaID: id, Name: name, Declared: "image/jpeg", SHA256: sum[:]}
}

// A bench is a fetcher on a database and a store.
type bench struct {
	*modelstest.DB
	*whatsApp
	fetcher *files.Fetcher
	keeper  *files.Keeper
	folder  string
	token   string
	log     bytes.Buffer
}

func newBench(t *testing.T) *bench {
	b := &bench{DB: modelstest.Open(t), whatsApp: newWhatsApp(t), folder: t.TempDir(), token: token}
	store := files.NewFolder(b.folder)
	roots := x509.NewCertPool()
	roots.AddCert(b.Certificate())
	client := outbound.New(outbound.Options{Trusted: []string{b.host()}, Roots: roots})
	t.Cleanup(client.Close)
	b.keeper = &files.Keeper{DB: b.DB.DB, Store: store}
	b.fetcher = &files.Fetcher{
		Keeper: b.keeper, Client: client, Log: slog.New(slog.NewTextHandler(&b.log, nil)),
		WhatsApp: files.WhatsApp{Graph: b.whatsApp.URL + "/graph", CDN: []string{b.host()}, MediaHosts: []string{b.host()}},
		Token:    func(context.Context) (string, error) { return b.token, nil },
	}
	return b
}

// fetched attaches a file in a visit of its own, lets it be fetched and returns what became of it.
func (b *bench) fetched(t *testing.T, attached models.InFile) models.File {
	t.Helper()
	b.attach(t, attached)
	must(t, b.fetcher.Settle(t.Context()))
	return b.only(t)
}

func (b *bench) attach(t *testing.T, attached ...models.InFile) {
	t.Helper()
	now := b.Time()
	must(t, b.RecordSteps(t.Context(), []models.StepRecord{{
		Visit: models.Visit{FlowID: 1, Token: "claim.1", Run: 1, Steps: 1, StartedAt: now, LastAt: now},
		Step:  models.Step{FlowID: 1, At: now, Action: "data_exchange"}, Files: attached,
	}}))
}

// only is the one file there is.
func (b *bench) only(t *testing.T) models.File {
	t.Helper()
	f, err := b.File(t.Context(), 1)
	must(t, err)
	return f
}

// again makes what waits due, and fetches.
func (b *bench) again(t *testing.T) models.File {
	t.Helper()
	_, err := modelstest.SQL(t, b.DB.URL).Exec("UPDATE files SET next_at = 0 WHERE state = 'pending'")
	must(t, err)
	must(t, b.fetcher.Settle(t.Context()))
	return b.only(t)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
