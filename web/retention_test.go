package web_test

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/web"
)

// csvOf is the export of a flow, or of all, as the command writes it.
func csvOf(t *testing.T, s *site, flow string) string {
	t.Helper()
	var b bytes.Buffer
	must(t, web.Export(t.Context(), s.DB(), &b, web.ExportOptions{What: web.ExportedResponses, Flow: flow, Format: web.CSV}))
	return b.String()
}

func TestAFlowIsKeptForSoManyDays(t *testing.T) {
	var cfg web.Config
	s := openSite(t, func(c *web.Config) { cfg = *c }).addUsers(t)
	s.addSamples(t)
	var old []models.Delivery
	for i := range 3 {
		for _, slug := range []string{"appointment", "survey"} {
			body := reply(fmt.Sprintf("%s-%d", slug, i), fmt.Sprint(447700900100+i), "Ada Lovelace", map[string]any{"flow_token": fmt.Sprintf("%s.old-%d", slug, i), "notes": "old"})
			old = append(old, models.Delivery{Source: "meta", ReceivedAt: models.Time{Time: time.Now().AddDate(0, 0, -60)}, Body: body})
		}
	}
	must(t, s.DB().StoreDeliveries(t.Context(), old))
	s.decoded(t)
	const path = "/flows/appointment/retention"
	days := func(text string, more ...string) url.Values {
		v := url.Values{"days": {text}}
		for _, name := range more {
			v.Set(name, "1")
		}
		return v
	}
	s.run(t, []scenario{
		{name: "who may not see it", as: "support", path: path, status: 403},
		{name: "who may not change it", as: "operator", method: "POST", path: path, form: days("30", "sure"), status: 403},
		{name: "nobody has set it", as: "operator", path: path, status: 200, contains: []string{"all is kept for ever", "An administrator can change it", "Raw bodies", "They hold the same answers"}, absent: []string{"<form method=\"post\" action=\"" + path}},
		{name: "on the flow's page", as: "operator", path: "/flows/appointment", status: 200, contains: []string{`href="` + path + `"`, "Responses kept"}},
		{name: "for others without a link", as: "viewer", path: "/flows/appointment", status: 200, contains: []string{"Responses kept"}, absent: []string{`href="` + path + `"`}},
		{name: "no number", as: "admin", method: "POST", path: path, form: days("<b>soon"), status: 422, contains: []string{"Enter 1 to 36,500 days", "&lt;b&gt;soon"}, absent: []string{"<b>soon"}},
		{name: "nought", as: "admin", method: "POST", path: path, form: days("0", "sure"), status: 422, contains: []string{"Enter 1 to"}},
		{name: "asked first", as: "admin", method: "POST", path: path, form: days("30"), status: 200, contains: []string{"Keep only 30 days?", "Remove 3 responses and", "Not done", "Cancel"}},
		{name: "not sure", as: "admin", method: "POST", path: path, form: days("30", "asked"), status: 422, contains: []string{"Confirm that what is older"}},
		{name: "nothing is changed yet", as: "operator", path: path, status: 200, contains: []string{"all is kept for ever"}},
		{name: "sure", as: "admin", method: "POST", path: path, form: days("30", "sure"), status: 303, to: path},
		{name: "what the next run removes", as: "operator", path: path, status: 200, contains: []string{"30 days, set by", "it would remove", "go with their visits"}},
		{name: "longer without a question", as: "admin", method: "POST", path: path, form: days("45"), status: 303, to: path},
		{name: "no such flow", as: "admin", path: "/flows/nowhere/retention", status: 404},
	})
	others, all := csvOf(t, s, "survey"), csvOf(t, s, "")
	query(t, cfg, `UPDATE retentions SET next_at = 1 RETURNING flow_id`)
	must(t, s.DB().RemoveOld(t.Context(), func(context.Context, models.File) error { return nil }))
	if got := csvOf(t, s, "survey"); got != others {
		t.Errorf("the export of another flow changed:\n%s\nwant\n%s", got, others)
	}
	if got := csvOf(t, s, ""); strings.Count(all, "\n")-strings.Count(got, "\n") != 3 || strings.Contains(got, "appointment.old") {
		t.Errorf("the export of all has not lost 3 rows:\n%s\nbefore\n%s", got, all)
	}
	s.run(t, []scenario{
		{name: "the run", as: "operator", path: path, status: 200, contains: []string{"Done", `<td class="num">3</td>`}},
		{name: "for ever again", as: "admin", method: "POST", path: path, form: days(""), status: 303, to: path},
	})
}
