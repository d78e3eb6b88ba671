package whatsapp_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"switchyard/handlers/whatsapp"
	"switchyard/models"
	"switchyard/models/ingest"
	"switchyard/models/modelstest"
	"switchyard/models/rules"
)

// A desk is an Endpoint on a real database and a real key, behind Echo.
type desk struct {
	*modelstest.DB
	http.Handler
	live *whatsapp.Live
	ep   *whatsapp.Endpoint
	key  *rsa.PrivateKey

	queue       *ingest.Queue[models.StepRecord]
	decryptions atomic.Int64
	gate        atomic.Pointer[chan struct{}] // RSA waits until it is closed
	mu          sync.Mutex
	marks       map[string]int
	results     []string
}

var testKey = sync.OnceValue(newKey)

func newKey() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
}

// A watchedKey counts its decryptions and may be held up.
type watchedKey struct {
	crypto.Decrypter
	d *desk
}

func (k watchedKey) Decrypt(r io.Reader, b []byte, o crypto.DecrypterOpts) ([]byte, error) {
	k.d.decryptions.Add(1)
	if gate := k.d.gate.Load(); gate != nil {
		<-*gate
	}
	return k.Decrypter.Decrypt(r, b, o)
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	d := &desk{DB: modelstest.Open(t), key: testKey(), marks: map[string]int{}}
	d.addKey(t, d.key)
	d.queue = ingest.New(d.RecordSteps, 1024, 256, 0, nil)
	d.restart()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := d.ep.Drain(ctx); err != nil {
			t.Errorf("Drain = %v", err)
		}
		if err := d.queue.Close(ctx); err != nil {
			t.Errorf("Close of the steps queue = %v", err)
		}
	})
	e := echo.New()
	limit := middleware.BodyLimit("1MiB")
	exchange := func(c echo.Context) error { return d.ep.Exchange(c) }
	e.POST("/flow-endpoint/:flow", exchange, limit)
	e.POST("/flow-endpoint/:flow/:secret", exchange, limit)
	e.GET("/flow-endpoint/:flow", func(c echo.Context) error { return d.ep.Browser(c) })
	d.Handler = e
	return d
}

// restart makes another Endpoint, which remembers nothing, on the same database.
func (d *desk) restart() {
	d.live = whatsapp.NewLive(d.DB.DB, whatsapp.LiveOptions{Log: slog.New(slog.DiscardHandler), ParseKey: d.parseKey})
	d.ep = &whatsapp.Endpoint{Live: d.live, Record: d.queue.Submit, Visits: d.NewestVisit, Shared: d.Shared(), Now: d.Now, Note: d.note,
		Observe: d.observe, Log: slog.New(slog.DiscardHandler)}
	if err := d.live.Refresh(context.Background()); err != nil {
		panic(err)
	}
}

func (d *desk) parseKey(der []byte) (crypto.Decrypter, error) {
	k, err := x509.ParsePKCS8PrivateKey(der)
	return watchedKey{k.(crypto.Decrypter), d}, err
}

func (d *desk) note(mark, _ string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.marks[mark]++
}

func (d *desk) noted(mark string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.marks[mark]
}

func (d *desk) observe(flow, result string, _ time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.results = append(d.results, strings.TrimSpace(flow+" "+result))
}

func (d *desk) addKey(t testing.TB, k *rsa.PrivateKey) models.Key {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(k)
	must(t, "MarshalPKCS8PrivateKey", err)
	spki, err := x509.MarshalPKIXPublicKey(&k.PublicKey)
	must(t, "MarshalPKIXPublicKey", err)
	public := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}))
	row, err := d.AddKey(t.Context(), fmt.Sprintf("%x", spki[len(spki)-37:len(spki)-5]), public, der, models.By{})
	must(t, "AddKey", err)
	return row
}

// flow adds a flow with the Flow JSON and, unless rules is empty, the published rules of the fixtures of that name.
func (d *desk) flow(t testing.TB, name, ruleSet string, change ...func(*models.Flow)) models.Flow {
	t.Helper()
	f := models.Flow{Slug: name, Name: name, Mode: models.Encrypted, CheckSignature: true}
	for _, c := range change {
		c(&f)
	}
	json := f.JSONVersion >= 0
	f.JSONVersion = 0
	want := f
	f, err := d.CreateFlow(t.Context(), f, models.By{})
	must(t, "CreateFlow "+name, err)
	want.ID = f.ID
	f, err = d.UpdateFlow(t.Context(), want, models.By{})
	must(t, "UpdateFlow "+name, err)
	if json {
		_, err = d.SaveFlowJSON(t.Context(), f.ID, read(t, "flows", name+".json"), models.By{})
		must(t, "SaveFlowJSON "+name, err)
	}
	if ruleSet != "" {
		d.publish(t, f.ID, read(t, "rules", ruleSet+".json"))
	}
	d.refresh(t)
	return f
}

func withoutJSON(f *models.Flow) { f.JSONVersion = -1 }

func (d *desk) publish(t testing.TB, flowID int64, document []byte) {
	t.Helper()
	was, _ := d.DraftRules(t.Context(), flowID)
	draft, err := d.SaveDraft(t.Context(), flowID, document, was.Edit, models.By{})
	must(t, "SaveDraft", err)
	_, err = d.PublishDraft(t.Context(), flowID, draft.Edit, "", models.By{}, func(_, _ []byte) error { return nil })
	must(t, "PublishDraft", err)
}

func (d *desk) refresh(t testing.TB) {
	t.Helper()
	must(t, "Refresh", d.live.Refresh(t.Context()))
}

func (d *desk) claimKinds(t testing.TB) {
	t.Helper()
	l := rules.List{Name: "claim_kinds", Columns: []rules.Column{{Name: "limit", Type: "number"}}, Rows: []rules.Row{
		{ID: "theft", Title: "Theft", Description: "Something was stolen", Enabled: true, Cells: []string{"500"}},
		{ID: "damage", Title: "Damage", Description: "Something broke", Enabled: true, Cells: []string{"250"}},
		{ID: "water", Title: "Water", Description: "Leaks, floods", Enabled: true, Cells: []string{"1000"}},
		{ID: "fire", Title: "Fire", Cells: []string{"5000"}},
	}}
	must(t, "SaveList", d.SaveList(t.Context(), l, models.By{}))
}
