package web_test

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/rules"
	"switchyard/web"
	"switchyard/web/keys"
)

var tester = models.By{Name: "test"}

// fixture is a file of testdata.
func fixture(t *testing.T, path ...string) []byte {
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
func (s *site) addFlow(t *testing.T, slug, metaID string) models.Flow {
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
func (s *site) publish(t *testing.T, f models.Flow, raw []byte) {
	t.Helper()
	doc, problems := rules.Parse(raw, rand.Text)
	if rules.HasErrors(problems) {
		t.Fatalf("rules of %s: %v", f.Slug, problems)
	}
	set, err := s.DB().SaveDraft(t.Context(), f.ID, doc.Encode(), 0, tester)
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

func (s *site) addKey(t *testing.T) *rsa.PublicKey {
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
	return &key.PublicKey
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

// query reads rows of the database file as lines, beside the program.
func query(t *testing.T, cfg web.Config, q string) []string {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+strings.TrimPrefix(cfg.Database, "sqlite:")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), q)
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

// state is everything that the fixtures may cause, without ids and times of arrival.
func state(t *testing.T, cfg web.Config) string {
	t.Helper()
	var all []string
	for _, q := range []string{
		`SELECT 'delivery', source, state, reason, kinds, hex(sha256) FROM deliveries ORDER BY sha256`,
		`SELECT 'contact', phone, user_id, name, username FROM contacts ORDER BY phone, user_id`,
		`SELECT 'message', wamid, direction, type, context_id, sent_at, status, body FROM messages ORDER BY wamid`,
		`SELECT 'status', wamid, state, at, errors FROM statuses ORDER BY wamid, state`,
		`SELECT 'response', r.wamid, coalesce(f.slug, ''), r.attribution, r.state, r.token, r.answers, r.reason, r.sent_at FROM responses r LEFT JOIN flows f ON f.id = r.flow_id ORDER BY r.wamid`,
		`SELECT 'answer', r.wamid, a.key, a.n, a.text FROM answers a JOIN responses r ON r.id = a.response_id ORDER BY r.wamid, a.key, a.n`,
		`SELECT 'flow', slug, status FROM flows ORDER BY slug`,
		`SELECT 'flow event', key, meta_id, event, old_status, new_status, at FROM flow_events ORDER BY key`,
		`SELECT 'alert', key, meta_id, kind, status, severity, thresholds, since_at, resolved_at FROM alerts ORDER BY key`,
		`SELECT 'alert event', e.key, a.key, e.place, e.activated, e.threshold, e.error_rate, e.available FROM alert_events e LEFT JOIN alerts a ON a.id = e.alert_id ORDER BY e.key`,
		`SELECT 'account event', key, field FROM account_events ORDER BY key`,
	} {
		all = append(all, query(t, cfg, q)...)
	}
	return strings.Join(all, "\n")
}

// samples starts a site with the sample flows and delivers the fixtures in that order.
func samples(t *testing.T, names []string) (*site, web.Config) {
	t.Helper()
	var cfg web.Config
	s := openSite(t, func(c *web.Config) { cfg = *c })
	s.addSamples(t)
	for _, name := range names {
		if got := s.deliver(t, fixture(t, "webhooks", name)); got.status != http.StatusOK {
			t.Errorf("%s = %d %s; want 200", name, got.status, got.body)
		}
	}
	s.decoded(t)
	return s, cfg
}

func TestWebhooksEndInTheSameStateTwiceAndInReverse(t *testing.T) {
	names := webhooks(t)
	_, cfg := samples(t, names)
	want := state(t, cfg)
	reversed := slices.Clone(names)
	slices.Reverse(reversed)
	for what, order := range map[string][]string{"twice": append(slices.Clone(names), names...), "in reverse": reversed} {
		_, cfg := samples(t, order)
		if got := state(t, cfg); got != want {
			t.Errorf("delivered %s:\n%s\nwant, as delivered once:\n%s", what, difference(got, want), difference(want, got))
		}
	}
}

// difference is the lines of a that b lacks.
func difference(a, b string) string {
	other := strings.Split(b, "\n")
	return strings.Join(slices.DeleteFunc(strings.Split(a, "\n"), func(l string) bool { return slices.Contains(other, l) }), "\n")
}

// effects is what each webhook must do: rows of the database.
var effects = []struct{ name, query, want string }{
	{"responses of appointment", `SELECT r.wamid FROM responses r JOIN flows f ON f.id = r.flow_id WHERE f.slug = 'appointment' AND r.state = 'complete' AND r.attribution = 'token' ORDER BY r.wamid`,
		"wamid.BATCH1| wamid.BSUID00000000000000000000000000000000001| wamid.HBgLMTYzMTU1NTgxNTEVAgASGBQzQTAyRUY0QkQ1RkU1QzE2NDVFMgA=|"},
	{"response with media of claim", `SELECT f.slug, json_extract(r.answers, '$.photos[0].file_name') FROM responses r JOIN flows f ON f.id = r.flow_id WHERE r.wamid LIKE 'wamid.MEDIA%'`, "claim|IMG_5237.jpg|"},
	{"response without token", `SELECT r.state, r.flow_id, r.token, d.state FROM responses r JOIN deliveries d ON d.id = r.delivery_id WHERE r.wamid LIKE 'wamid.NOTOKEN%'`, "unmatched|0||unmatched|"},
	{"response with bad JSON", `SELECT r.state, r.flow_id, r.token, r.raw, d.state FROM responses r JOIN deliveries d ON d.id = r.delivery_id WHERE r.wamid LIKE 'wamid.BADJSON%'`,
		`unreadable|0||{"flow_token":"appointment.bad", "department":|unmatched|`},
	{"who has no number", `SELECT c.phone, c.user_id, c.name FROM responses r JOIN contacts c ON c.id = r.contact_id WHERE r.wamid LIKE 'wamid.BSUID%'`, "|IN.13491208655302741918|Priya|"},
	{"bodies that are unmatched", `SELECT count(*) FROM deliveries WHERE state = 'unmatched'`, "3|"},
	{"bodies that are done", `SELECT count(*) FROM deliveries WHERE state = 'done'`, "26|"},
	{"bodies that failed", `SELECT count(*) FROM deliveries WHERE state NOT IN ('done', 'unmatched')`, "0|"},
	{"messages that are text", `SELECT wamid FROM messages WHERE type = 'text' ORDER BY wamid`, "ABGGFlA5Fpa| wamid.BATCH2| wamid.TEXT0001|"},
	{"status of the message", `SELECT direction, status FROM messages WHERE wamid = 'wamid.HBgLMTYzMTU1NTgxNTEVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA'`, "out|read|"},
	{"statuses kept", `SELECT state FROM statuses ORDER BY state`, "delivered| failed| read| sent|"},
	{"account events", `SELECT field FROM account_events ORDER BY field`, "a_field_meta_adds_next_year| message_template_status_update| messages.errors|"},
	{"timeline of the flow", `SELECT count(*) FROM flow_events WHERE meta_id = '6627390910605886'`, "4|"},
	{"status of the flow", `SELECT status FROM flows WHERE meta_id = '6627390910605886'`, "PUBLISHED|"},
	{"alerts", `SELECT meta_id, kind, status, (SELECT count(*) FROM alert_events e WHERE e.alert_id = a.id) FROM alerts a ORDER BY meta_id, kind`,
		"12345678|ENDPOINT_AVAILABILITY|resolved|3| 691244242662581|CLIENT_ERROR_RATE|active|1| 691244242662581|ENDPOINT_ERROR_RATE|resolved|3| 691244242662581|ENDPOINT_LATENCY|resolved|2|"},
	{"thresholds of the error rate", `SELECT DISTINCT threshold FROM alert_events WHERE kind = 'ENDPOINT_ERROR_RATE' AND activated ORDER BY threshold`, "10| 50|"},
	{"a figure that Meta did not say", `SELECT count(*) FROM alert_events WHERE kind = 'ENDPOINT_AVAILABILITY' AND activated AND available IS NULL`, "1|"},
}

func TestEachWebhookHasItsEffect(t *testing.T) {
	s, cfg := samples(t, webhooks(t))
	for _, e := range effects {
		if got := strings.Join(query(t, cfg, e.query), " "); got != e.want {
			t.Errorf("%s = %q; want %q", e.name, got, e.want)
		}
	}
	s.addUsers(t)
	var client int64
	for _, a := range alertsOf(t, s, alert.Active) {
		client = a.ID
	}
	s.run(t, []scenario{
		{name: "errors with their fix", as: "viewer", path: fmt.Sprintf("/alerts/%d", client), status: 200, contains: []string{"INVALID_SCREEN_TRANSITION", "PUBLIC_KEY_MISSING", "Upload the public key from the Keys page"}},
		{name: "export of the unmatched", as: "support", path: "/responses/export?state=unmatched", status: 200, contains: []string{`'=HYPERLINK(`}, absent: []string{`,"=HYPERLINK(`}},
		{name: "the tray", as: "support", path: "/unmatched", status: 200, contains: []string{"alert_state: ", "response_json is not valid JSON", "Ada O&#39;Neil"}},
		{name: "the flow that Meta published", as: "viewer", path: "/flows/survey", status: 200, contains: []string{"Published", "Draft → Published", "Version expires", "freeze in 21 days"}},
	})
}

func alertsOf(t *testing.T, s *site, status alert.Status) []models.Alert {
	t.Helper()
	rows, _, err := s.DB().Alerts(t.Context(), models.AlertFilter{Status: status})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// exchange plays one endpoint request sealed as WhatsApp seals it.
func (s *site) exchange(t *testing.T, pub *rsa.PublicKey, slug string, plain []byte) (status int, got map[string]any) {
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
	answer, err := opener.Open([]byte(a.body))
	if err == nil {
		err = json.Unmarshal(answer, &got)
	}
	if err != nil {
		t.Fatalf("answer to %s: %v", plain, err)
	}
	return a.status, got
}

func TestEndpointFixturesAreAnsweredByTheRules(t *testing.T) {
	s := openSite(t)
	pub := s.addSamples(t)
	s.ready(t, pub)
	for _, c := range []struct{ file, screen, text string }{
		{"ping.json", "", `"status":"active"`},
		{"init.json", "APPOINTMENT", `"title":"Dental care"`},
		{"data-exchange.json", "APPOINTMENT", "Please choose a time."},
		{"back.json", "APPOINTMENT", `"show_times":true`},
		{"error-notification.json", "", `"acknowledged":true`},
		{"error-notification-error-key.json", "", `"acknowledged":true`},
	} {
		status, got := s.exchange(t, pub, "appointment", fixture(t, "endpoint", c.file))
		raw, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		screen, _ := got["screen"].(string)
		if status != http.StatusOK || screen != c.screen || !strings.Contains(string(raw), c.text) {
			t.Errorf("%s = %d %s; want screen %q with %s", c.file, status, raw, c.screen, c.text)
		}
	}
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
