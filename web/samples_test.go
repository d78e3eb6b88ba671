package web_test

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/models/rules"
	"switchyard/web"
	"switchyard/web/keys"
)

var tester = models.By{Name: "test"}

// fixture is a file of testdata.
func fixture(t testing.TB, path ...string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(append([]string{"testdata"}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// webhooks are the names of all webhook fixtures, in order.
func webhooks(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir("testdata/webhooks")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// addFlow adds a flow with its Flow JSON and, when there are some, its published rules.
func (s *site) addFlow(t testing.TB, slug, metaID string) models.Flow {
	t.Helper()
	ctx, db := t.Context(), s.DB()
	f, err := db.CreateFlow(ctx, models.Flow{Slug: slug, Name: "Flow " + slug, MetaID: metaID, Mode: models.Encrypted, CheckSignature: true}, tester)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.SaveFlowJSON(ctx, f.ID, fixture(t, "flows", slug+".json"), tester); err != nil {
		t.Fatal(err)
	}
	if raw, err := os.ReadFile("testdata/rules/" + slug + ".json"); err == nil {
		s.publish(t, f, raw)
	}
	return f
}

// publish makes raw what customers of the flow get.
func (s *site) publish(t testing.TB, f models.Flow, raw []byte) {
	t.Helper()
	doc, problems := rules.Parse(raw, rand.Text)
	if rules.HasErrors(problems) {
		t.Fatalf("rules of %s: %v", f.Slug, problems)
	}
	was, _ := s.DB().DraftRules(t.Context(), f.ID)
	set, err := s.DB().SaveDraft(t.Context(), f.ID, doc.Encode(), was.Edit, tester)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB().PublishDraft(t.Context(), f.ID, set.Edit, "", tester, func([]byte, []byte) error { return nil }); err != nil {
		t.Fatal(err)
	}
}

// addSamples adds the flows of the fixtures, the list that claim reads, and a key.
func (s *site) addSamples(t *testing.T) *rsa.PublicKey {
	t.Helper()
	l, err := rules.ReadList("claim_kinds", bytes.NewReader(fixture(t, "lists", "claim_kinds.csv")))
	if err == nil {
		err = s.DB().SaveList(t.Context(), l, tester)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.addFlow(t, "appointment", "691244242662581")
	s.addFlow(t, "claim", "12345678")
	s.addFlow(t, "survey", "6627390910605886")
	return s.addKey(t)
}

func (s *site) addKey(t testing.TB) *rsa.PublicKey { return &s.addPrivateKey(t).PublicKey }

func (s *site) addPrivateKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := keys.Generate()
	if err != nil {
		t.Fatal(err)
	}
	der, err := keys.MarshalPrivate(key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB().AddKey(t.Context(), keys.Fingerprint(&key.PublicKey), keys.PublicPEM(&key.PublicKey), der, tester); err != nil {
		t.Fatal(err)
	}
	return key
}

// deliver posts a body as Meta does.
func (s *site) deliver(t *testing.T, body []byte) answer {
	t.Helper()
	return s.send(t, scenario{method: "POST", path: "/webhooks/meta", body: string(body), header: map[string]string{
		wire.SignatureHeader: wire.Sign(cmp.Or(s.secret, "app-secret"), body), "Content-Type": "application/json", "Sec-Fetch-Site": "-", "Origin": "-"}})
}

// decoded waits until the worker has read everything.
func (s *site) decoded(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		counts, _, err := s.DB().DeliveryCounts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if counts[models.Pending] == 0 {
			return
		}
	}
	t.Fatal("deliveries are still pending after 10 s")
}

// query reads rows of the database as lines, beside the program.
func query(t *testing.T, cfg web.Config, q string) []string {
	t.Helper()
	rows, err := modelstest.SQL(t, string(cfg.Database)).QueryContext(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for rows.Next() {
		cells, at := make([]any, len(columns)), make([]any, len(columns))
		for i := range cells {
			at[i] = &cells[i]
		}
		if err := rows.Scan(at...); err != nil {
			t.Fatal(err)
		}
		line := ""
		for _, c := range cells {
			if b, ok := c.([]byte); ok {
				c = string(b)
			}
			line += fmt.Sprint(c) + "|"
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

// exchange plays one endpoint request sealed as WhatsApp seals it.
func (s *site) exchange(t *testing.T, pub *rsa.PublicKey, slug string, plain []byte) (status int, got map[string]any) {
	t.Helper()
	status, answer := s.sealed(t, pub, slug, plain)
	if status != http.StatusOK {
		return status, nil
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatalf("answer to %s: %v", plain, err)
	}
	return status, got
}

// sealed is exchange with the plaintext of the answer as it came; nothing when it is no 200.
func (s *site) sealed(t *testing.T, pub *rsa.PublicKey, slug string, plain []byte) (status int, answer []byte) {
	t.Helper()
	body, opener, err := wire.SealRequest(rand.Reader, pub, plain)
	if err != nil {
		t.Fatal(err)
	}
	a := s.send(t, scenario{method: "POST", path: "/flow-endpoint/" + slug, body: string(body), header: map[string]string{
		wire.SignatureHeader: wire.Sign(cmp.Or(s.secret, "app-secret"), body), "Content-Type": "application/json", "Sec-Fetch-Site": "-", "Origin": "-"}})
	if a.status != http.StatusOK {
		return a.status, nil
	}
	if ct := a.header.Get("Content-Type"); !strings.HasPrefix(ct, "text/plain") {
		t.Errorf("Content-Type = %q; want text/plain", ct)
	}
	if answer, err = opener.Open([]byte(a.body)); err != nil {
		t.Fatalf("answer to %s: %v", plain, err)
	}
	return a.status, answer
}

// ready waits until the running endpoint has heard of the newest flows and keys.
func (s *site) ready(t *testing.T, pub *rsa.PublicKey) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if status, _ := s.exchange(t, pub, "appointment", []byte(`{"version":"3.0","action":"ping"}`)); status == http.StatusOK {
			return
		}
	}
	t.Fatal("the endpoint does not answer a ping within 5 s")
}
