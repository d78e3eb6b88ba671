package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"switchyard/models"
	"switchyard/web"
)

const dialogSecret = "0123456789abcdef-dialog"

// fixturesOf are the names of a folder of fixtures.
func fixturesOf(t *testing.T, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir("testdata/" + folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// withDialog sets the secret of 360dialog as an administrator does.
func (s *site) withDialog(t *testing.T) *site {
	t.Helper()
	s.run(t, []scenario{{as: "admin", method: "POST", path: "/setup/connect/360dialog", form: url.Values{"dialog360_secret": {dialogSecret}}, status: http.StatusSeeOther, to: "/setup/connect"}})
	got := answer{status: http.StatusServiceUnavailable}
	for end := time.Now().Add(10 * time.Second); got.status != http.StatusOK && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		got = s.dialog(t, []byte(`{"entry":[]}`)) // the secret is heard within 300 ms
	}
	if got.status != http.StatusOK {
		t.Fatalf("a delivery of 360dialog = %d %s; want 200", got.status, got.body)
	}
	return s
}

// dialog delivers a body as 360dialog does.
func (s *site) dialog(t *testing.T, body []byte) answer {
	t.Helper()
	return s.send(t, scenario{method: "POST", path: "/webhooks/360dialog", body: string(body), header: map[string]string{
		"X-Switchyard-Secret": dialogSecret, "Content-Type": "application/json", "Sec-Fetch-Site": "-", "Origin": "-"}})
}

// partners delivers the partner fixtures in that order, by 360dialog's route or by Meta's: the shape decides.
func partners(t *testing.T, names []string, route func(*site, []byte) answer) (*site, web.Config) {
	t.Helper()
	var cfg web.Config
	s := openSite(t, func(c *web.Config) { cfg = *c }).addUsers(t)
	s.addSamples(t)
	s.withDialog(t)
	for _, name := range names {
		if got := route(s, fixture(t, "partner", name)); got.status != http.StatusOK {
			t.Errorf("%s = %d %s; want 200", name, got.status, got.body)
		}
	}
	s.decoded(t)
	return s, cfg
}

func TestEveryPartnerEventHasItsRowAndItsWordsOnAPage(t *testing.T) {
	s, cfg := partners(t, fixturesOf(t, "partner"), func(s *site, body []byte) answer { return s.dialog(t, body) })
	flows := []string{"ENDPOINT_AVAILABILITY", "CLIENT_ERROR_RATE", "ENDPOINT_ERROR_RATE", "ENDPOINT_LATENCY", "FLOW_STATUS_CHANGE"}
	list := s.send(t, scenario{as: "viewer", path: "/account-events"})
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(list.body))
	if err != nil || list.status != http.StatusOK {
		t.Fatalf("/account-events = %d, %v", list.status, err)
	}
	if rows := doc.Find("tr.account-event-row").Length(); rows != 24 {
		t.Errorf("%d rows; want one of each of 24 partner events", rows)
	}
	fields := query(t, cfg, `SELECT field FROM account_events ORDER BY field`)
	if len(fields) != 24 || slices.ContainsFunc(fields, func(f string) bool { return slices.Contains(flows, strings.TrimSuffix(f, "|")) }) {
		t.Errorf("account events %q; want 24, none of a flow", fields)
	}
	for _, words := range []string{"Channel created: Clinic Berlin", "Client asked to cancel the channel", "Account banned", "Account restricted for a violation: adult", "Capabilities changed",
		"Template booking_confirm (en): approved", "Hosting changed to Cloud API", "Sharing of the chat history", "Quality of the number changed: flagged", "Xy12345CH"} {
		if !strings.Contains(list.body, words) {
			t.Errorf("the list does not say %q", words)
		}
	}
	for _, e := range []struct{ name, query, want string }{
		{"alerts", `SELECT meta_id, kind, status FROM alerts ORDER BY meta_id, kind`,
			"12345678|ENDPOINT_AVAILABILITY|active| 691244242662581|CLIENT_ERROR_RATE|active| 691244242662581|ENDPOINT_ERROR_RATE|active| 691244242662581|ENDPOINT_LATENCY|active|"},
		{"status of the flow", `SELECT status FROM flows WHERE meta_id = '6627390910605886'`, "THROTTLED|"},
		{"deliveries", `SELECT DISTINCT source, state FROM deliveries`, "360dialog|done|"},
		{"which say nothing of kind or channel", `SELECT field, kind, summary, channel FROM account_events WHERE summary = '' OR kind = 'other' OR channel = ''`,
			"business_capability_update|account|Capabilities changed: conversations a day up to 1000, numbers of the business up to 25.||"}, // it names no channel
	} {
		if got := strings.Join(query(t, cfg, e.query), " "); got != e.want {
			t.Errorf("%s = %q; want %q", e.name, got, e.want)
		}
	}
}

func TestPartnerEventsEndInTheSameStateByEitherRouteAndTwice(t *testing.T) {
	names := fixturesOf(t, "partner")
	dialog := func(s *site, body []byte) answer { return s.dialog(t, body) }
	of := func(names []string, route func(*site, []byte) answer) string {
		_, cfg := partners(t, names, route)
		var all []string
		for _, q := range []string{`SELECT key, field, kind, subject, channel, summary, body FROM account_events ORDER BY key`,
			`SELECT key, meta_id, event, old_status, new_status FROM flow_events ORDER BY key`, `SELECT key, meta_id, kind, status, thresholds FROM alerts ORDER BY key`, `SELECT slug, status FROM flows ORDER BY slug`} {
			all = append(all, query(t, cfg, q)...)
		}
		return strings.Join(all, "\n")
	}
	want := of(names, dialog)
	if got := of(append(slices.Clone(names), names...), dialog); got != want {
		t.Errorf("delivered twice:\n%s", difference(got, want))
	}
	slices.Reverse(names)
	if got := of(names, func(s *site, body []byte) answer { return s.deliver(t, body) }); got != want {
		t.Errorf("by Meta's route in reverse:\n%s\nwant\n%s", difference(got, want), difference(want, got))
	}
}

func TestAccountEventsAreFilteredAndTheirPayloadIsForSupport(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	for _, name := range fixturesOf(t, "more") {
		s.deliver(t, fixture(t, "more", name))
	}
	s.decoded(t)
	page := s.accountEvent(t, "user_preferences")
	const phone = "16315551234"
	s.run(t, []scenario{
		{name: "signed out", path: "/account-events", status: 303, to: "/sign-in?next=%2Faccount-events"},
		{name: "all", as: "viewer", path: "/account-events", status: 200, contains: []string{"Template promo (en): quality from green to yellow.", "A customer stopped marketing messages."}, absent: []string{phone}},
		{name: "kind", as: "viewer", path: "/account-events?kind=template", status: 200, contains: []string{"Template promo"}, absent: []string{"A customer stopped"}},
		{name: "words", as: "viewer", path: "/account-events?q=GREEN+yellow", status: 200, contains: []string{"quality from green"}, absent: []string{"category from"}},
		{name: "channel", as: "viewer", path: "/account-events?channel=15550783881", status: 200, contains: []string{"pin changed"}, absent: []string{"Template promo"}},
		{name: "time", as: "viewer", path: "/account-events?to=2001-01-01", status: 200, contains: []string{"No account events match"}},
		{name: "wrong date", as: "viewer", path: "/account-events?from=soon", status: 422, contains: []string{"Enter a date"}},
		{name: "wrong kind", as: "viewer", path: "/account-events?kind=%3Cb%3E", status: 422, contains: []string{"There is no kind “&lt;b&gt;”"}},
		{name: "hostile channel", as: "viewer", path: "/account-events?channel=%3Cb%3E", status: 200, absent: []string{"<b>"}},
		{name: "a viewer sees no payload", as: "viewer", path: page, status: 200, contains: []string{"user_preferences", "Only support and above"}, absent: []string{phone}},
		{name: "support sees it", as: "support", path: page, status: 200, contains: []string{phone, "/deliveries/"}},
		{name: "none", as: "viewer", path: "/account-events/99999", status: 404},
	})
}

// accountEvent is the page of the newest of that field.
func (s *site) accountEvent(t *testing.T, field string) string {
	t.Helper()
	rows, _, err := s.DB().AccountEvents(t.Context(), models.AccountEventFilter{Text: field})
	if err != nil || len(rows) == 0 {
		t.Fatalf("AccountEvents(%q) = %d rows, %v; want one", field, len(rows), err)
	}
	return fmt.Sprintf("/account-events/%d", rows[0].ID)
}

func TestAResponseShowsTheFlowMessageThatItAnswersWithItsStatuses(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	const envelope = `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":%q,"value":{"metadata":{"display_phone_number":"15550783881"},%s}}]}]}`
	for _, body := range []string{
		fmt.Sprintf(envelope, "messages", `"messages":[{"from":"16315551234","id":"wamid.ANSWER","timestamp":"1700470999","type":"interactive","context":{"from":"15550783881","id":"wamid.ASKED"},
			"interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"flow_token\":\"appointment.q\"}"}}}]`),
		fmt.Sprintf(envelope, "messages", `"statuses":[{"id":"wamid.ASKED","status":"read","timestamp":"1700470950","recipient_id":"16315551234"},
			{"id":"wamid.ASKED","status":"sent","timestamp":"1700470900","recipient_id":"16315551234","pricing":{"billable":true,"category":"authentication-international"},"conversation":{"id":"c","origin":{"type":"service"}}}]`),
	} {
		if got := s.deliver(t, []byte(body)); got.status != http.StatusOK {
			t.Fatalf("deliver = %d %s", got.status, got.body)
		}
	}
	s.decoded(t)
	s.run(t, []scenario{{as: "viewer", path: fmt.Sprintf("/responses/%d", s.newest(t).ID), status: 200,
		contains: []string{"Timeline", "Sent", "Read", "Priced as authentication international, billable, service conversation"}, absent: []string{"16315551234", "wamid.ASKED"}}})
}

func TestTheSecretOf360dialogIsMadeOrWritten(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.run(t, []scenario{
		{name: "none yet", as: "admin", path: "/setup/connect", status: 200, contains: []string{"/webhooks/360dialog"}, absent: []string{"Value of the header"}},
		{name: "nobody knows it", method: "POST", path: "/webhooks/360dialog", body: "{}", header: map[string]string{"Sec-Fetch-Site": "-", "Origin": "-"}, status: 503},
		{name: "too short", as: "admin", method: "POST", path: "/setup/connect/360dialog", form: url.Values{"dialog360_secret": {"short"}}, status: 422, contains: []string{"16 to 200 characters"}},
		{name: "not by an operator", as: "operator", method: "POST", path: "/setup/connect/360dialog", form: url.Values{}, status: 403},
		{name: "made", as: "admin", method: "POST", path: "/setup/connect/360dialog", form: url.Values{}, status: 303, to: "/setup/connect"},
		{name: "shown", as: "admin", path: "/setup/connect", status: 200, contains: []string{"Value of the header", "X-Switchyard-Secret"}},
	})
	secret, err := s.DB().Setting(t.Context(), models.Dialog360Secret)
	if err != nil || len(secret) < 20 {
		t.Errorf("Setting(Dialog360Secret) has %d characters, %v; want a long one", len(secret), err)
	}
	s.withDialog(t)
	s.run(t, []scenario{{name: "without it", method: "POST", path: "/webhooks/360dialog", body: "{}", header: map[string]string{"Sec-Fetch-Site": "-", "Origin": "-"}, status: 401}})
}
