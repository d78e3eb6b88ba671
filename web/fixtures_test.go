package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/web"
)

// state is everything that the fixtures may cause, without ids and times of arrival.
func state(t *testing.T, cfg web.Config) string {
	t.Helper()
	var all []string
	for _, q := range []string{
		`SELECT 'delivery', source, state, reason, kinds, sha256 FROM deliveries ORDER BY sha256`,
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
	s.deliverAll(t, names)
	return s, cfg
}

// deliverAll delivers fixtures and waits until they are decoded.
func (s *site) deliverAll(t *testing.T, names []string) {
	t.Helper()
	for _, name := range names {
		if got := s.deliver(t, fixture(t, "webhooks", name)); got.status != http.StatusOK {
			t.Errorf("%s = %d %s; want 200", name, got.status, got.body)
		}
	}
	s.decoded(t)
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
	{"response with media of claim", `SELECT f.slug, CASE WHEN r.answers LIKE '%"file_name":"IMG_5237.jpg"%' THEN 'IMG_5237.jpg' END FROM responses r JOIN flows f ON f.id = r.flow_id WHERE r.wamid LIKE 'wamid.MEDIA%'`, "claim|IMG_5237.jpg|"},
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
		{name: "the tray", as: "support", path: "/unmatched", status: 200, contains: []string{"Ada O&#39;Neil", "No flow", "Unreadable"}, absent: []string{"alert_state: "}},
		{name: "the unreadable ones", as: "support", path: "/unmatched?show=unreadable", status: 200, contains: []string{"response_json is not valid JSON"}},
		{name: "the bodies", as: "support", path: "/unmatched?show=bodies", status: 200, contains: []string{"the body is not JSON", "Hidden: it may hold sensitive answers", "Dismiss…"}, absent: []string{"alert_state: "}},
		{name: "the bodies as a viewer", as: "viewer", path: "/unmatched?show=bodies", status: 200, absent: []string{"alert_state: ", "Dismiss"}},
		{name: "the flow that Meta published", as: "viewer", path: "/flows/survey", status: 200, contains: []string{"Published", "Draft → Published", "Version expires", "freeze in 21 days"}},
	})
	s.file(t, "support", "state=unmatched", nil).check(t, scenario{path: "/exports", as: "support", status: 200, contains: []string{`'=HYPERLINK(`}, absent: []string{`,"=HYPERLINK(`}})
}

func alertsOf(t *testing.T, s *site, status alert.Status) []models.Alert {
	t.Helper()
	rows, _, err := s.DB().Alerts(t.Context(), models.AlertFilter{Status: status})
	if err != nil {
		t.Fatal(err)
	}
	return rows
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
