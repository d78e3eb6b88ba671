package web_test

import (
	"fmt"
	"strings"
	"testing"

	"switchyard/models"
)

// TestBrowserLongWordsFit has words that nothing can break: a slug and a name of the longest kind, items of a list.
func TestBrowserLongWordsFit(t *testing.T) {
	t.Parallel()
	s := openSite(t).addUsers(t)
	pub := s.addSamples(t)
	ctx, db := t.Context(), s.DB()
	slug := strings.Repeat("s", 63)
	f, err := db.CreateFlow(ctx, models.Flow{Slug: slug, Name: strings.Repeat("N", 100), MetaID: "4455", Mode: models.Encrypted}, tester)
	must(t, err)
	wide := strings.NewReplacer(`"Book an appointment"`, `"`+strings.Repeat("T", 300)+`"`, `"Department"`, `"`+strings.Repeat("L", 300)+`"`)
	_, err = db.SaveFlowJSON(ctx, f.ID, []byte(wide.Replace(string(fixture(t, "flows", "appointment.json")))), tester)
	must(t, err)
	s.publish(t, f, fixture(t, "rules", "appointment.json"))
	s.ready(t, pub)
	for _, body := range []string{`{"version":"3.0","action":"INIT","flow_token":"unused"}`, `{"version":"3.0","action":"data_exchange","screen":"DETAILS","flow_token":"` + slug + `.1","data":{"error":"bad","error_message":"` + longWord + `"}}`} {
		eventually(t, "answered", func() bool { status, _ := s.exchange(t, pub, slug, []byte(body)); return status == 200 })
	}
	s.deliver(t, reply("1", "5511999887766", strings.Repeat("n", 5000), map[string]any{"flow_token": slug + ".1", "symptoms": []string{strings.Repeat("w", 300), "0_pain"}, "notes": strings.Repeat("w", 300)}))
	s.deliver(t, reply("2", "5511999887767", strings.Repeat("n", 5000), map[string]any{"topping": "olives"}))
	s.decoded(t)
	at := "/flows/" + slug
	all := []shown{
		{name: "flows", as: "admin", path: "/flows", sees: slug},
		{name: "flow", as: "admin", path: at, sees: "Flow tokens that begin with"},
		{name: "its settings", as: "admin", path: at + "/settings", sees: "Check"},
		{name: "its rules", as: "admin", path: at + "/rules", sees: "Otherwise"},
		{name: "its rules tried", as: "admin", path: at + "/try", sees: "TTTTTTTT", fill: func(b *tab) { b.click("Open the form"); b.seesIn("#try-last", "Shows") }},
		{name: "its visits", as: "admin", path: at + "/visits", sees: "Visits"},
		{name: "its responses", as: "admin", path: "/responses?flow=" + slug, sees: "www"},
		{name: "overview", as: "admin", path: "/", sees: "Recent responses"},
		{name: "unmatched", as: "admin", path: "/unmatched", sees: "May belong to"},
	}
	for r, err := range db.EachResponse(ctx, models.ResponseFilter{}) {
		must(t, err)
		all = append(all, shown{name: "response", as: "admin", path: fmt.Sprintf("/responses/%d", r.ID), sees: "Answers"})
	}
	s.look(t, "long words", all)
	t.Run("rows of the tray are low", func(t *testing.T) {
		b := openTab(t, s.server.URL, look{width: 320})
		b.signIn("admin")
		b.open("/unmatched")
		if h := ask[float64](b, `Math.max(...[...document.querySelectorAll("table tbody tr")].map(e => e.offsetHeight))`); h > 120 {
			t.Errorf("the highest row of /unmatched in a window of 320 px has %v px; want 120 at most", h)
		}
	})
}
