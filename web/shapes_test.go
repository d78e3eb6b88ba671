package web_test

import (
	"net/http"
	"strings"
	"testing"

	"switchyard/web"
)

// TestEveryShapeIsUnderstoodByEitherRoute delivers Meta's, On-Premise, flattened and YCloud's bodies by both addresses.
func TestEveryShapeIsUnderstoodByEitherRoute(t *testing.T) {
	for route, send := range map[string]func(*site, []byte) answer{
		"meta":      func(s *site, body []byte) answer { return s.deliver(t, body) },
		"360dialog": func(s *site, body []byte) answer { return s.dialog(t, body) },
	} {
		var cfg web.Config
		s := openSite(t, func(c *web.Config) { cfg = *c }).addUsers(t)
		s.addSamples(t)
		s.withDialog(t)
		for _, file := range []string{"webhooks/flow-response.json", "webhooks/on-premise-text.json", "more/flattened-status.json", "more/flattened-alert.json", "more/ycloud-status.json", "more/echoes.json"} {
			if got := send(s, fixture(t, file)); got.status != http.StatusOK {
				t.Errorf("%s by %s = %d %s; want 200", file, route, got.status, got.body)
			}
		}
		s.decoded(t)
		for _, e := range []struct{ name, query, want string }{
			{"responses", `SELECT f.slug, r.state FROM responses r JOIN flows f ON f.id = r.flow_id`, "appointment|complete|"},
			{"messages", `SELECT m.direction, m.type, c.phone, c.user_id FROM messages m JOIN contacts c ON c.id = m.contact_id WHERE m.type <> 'interactive' OR m.direction = 'out' ORDER BY m.wamid`,
				"in|text|16315551234|| out|text|16315551234|| out|interactive||US.1|"},
			{"flow events", `SELECT meta_id, old_status, new_status, at FROM flow_events ORDER BY at`,
				"6627390910605886|DRAFT|PUBLISHED|1760000000000000| 6627390910605886|DRAFT|PUBLISHED|1771761600000000|"},
			{"alerts", `SELECT meta_id, kind, status, since_at FROM alerts`, "12345678|ENDPOINT_AVAILABILITY|active|1760000000000000|"},
			{"what needs a person", `SELECT reason FROM deliveries WHERE state <> 'done'`, ""},
		} {
			if got := strings.Join(query(t, cfg, e.query), " "); got != e.want {
				t.Errorf("by %s, %s = %q; want %q", route, e.name, got, e.want)
			}
		}
	}
}
