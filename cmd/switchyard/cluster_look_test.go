package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"switchyard/models"
)

// look holds the database against what was acknowledged: nothing lost, nothing twice.
func (l *load) look(t *testing.T, items int) {
	t.Helper()
	l.lookDeliveries(t)
	want := l.wanted(items)
	for _, q := range []struct{ what, sql string }{
		{"messages", `SELECT wamid, direction, type, status FROM messages`},
		{"statuses", `SELECT wamid, state, at / 1000000 FROM statuses`},
		{"responses", `SELECT r.wamid, r.token, r.state, f.slug FROM responses r JOIN flows f ON f.id = r.flow_id`},
		{"answers", `SELECT r.wamid, a.key, a.n, a.text FROM answers a JOIN responses r ON r.id = a.response_id`},
		{"alert events", `SELECT meta_id, activated, threshold, at / 1000000, CASE WHEN alert_id > 0 THEN 'joined' ELSE 'alone' END FROM alert_events`},
		{"alerts", `SELECT meta_id, status, replace(thresholds, 'null', '[]'), since_at / 1000000, resolved_at / 1000000,
			(SELECT count(*) FROM alert_events e WHERE e.alert_id = alerts.id) FROM alerts`},
		{"contacts", `SELECT phone FROM contacts`},
	} {
		same(t, q.what, l.c.rows(t, q.sql), want[q.what])
	}
	same(t, "answers of no response", l.c.rows(t, `SELECT response_id FROM answers WHERE response_id NOT IN (SELECT id FROM responses)`), nil)
	l.c.open(t, func(db *models.DB) {
		if n, _, err := db.VerifyAudit(t.Context()); err != nil || n == 0 {
			t.Errorf("VerifyAudit() = %d, %v; want an unbroken chain", n, err)
		}
	})
}

// lookDeliveries: each body is stored once and done, and was counted at least as often as acknowledged.
func (l *load) lookDeliveries(t *testing.T) {
	t.Helper()
	stored := map[string]bool{}
	for _, line := range l.c.rows(t, `SELECT encode(sha256, 'hex'), state, seen, attempts FROM deliveries`) {
		f := strings.Split(line, "|")
		s := l.bodies[f[0]]
		if seen, _ := strconv.Atoi(f[2]); s == nil || stored[f[0]] || f[1] != "done" || f[3] != "0" || seen < s.acks || seen > s.tries {
			t.Errorf("a stored body is %s, seen %s, after %s faults, again %t, sent %+v; want one that was sent, done without a fault, stored once", f[1], f[2], f[3], stored[f[0]], s)
		}
		stored[f[0]] = true
	}
	for sum, s := range l.bodies {
		if !stored[sum] && s.acks > 0 {
			t.Errorf("a body that was acknowledged %d times is lost", s.acks)
		}
	}
}

// wanted is what the database must hold of so many items and of the conversations that ended.
func (l *load) wanted(items int) map[string][]string {
	want := map[string][]string{}
	add := func(what, format string, args ...any) { want[what] = append(want[what], fmt.Sprintf(format, args...)) }
	response := func(n int, wamid, token string) {
		add("messages", "%s|in|interactive|", wamid)
		add("responses", "%s|%s|complete|talk", wamid, token)
		for _, a := range []string{fmt.Sprint("n|0|", n), "period.from|0|2026-12-01", "tags|0|a", "tags|1|b"} {
			add("answers", "%s|%s", wamid, a)
		}
	}
	for n := range items {
		group := n / groupSize
		switch n % groupSize {
		case 0, 1, 2:
			add("statuses", "%s|%s|%d", outbound(group), []string{"sent", "delivered", "read"}[n%groupSize], epoch+n)
		case 3, 4:
			add("messages", "%s|in|text|", textWAMID(n))
		case 5, 6:
			response(n, completionWAMID(n), completionToken(n))
		case 9:
			add("messages", "%s|in|text|", textWAMID(n))
			add("messages", "%s|out||sent", outboundBeside(n))
			add("statuses", "%s|sent|%d", outboundBeside(n), epoch+n)
			response(n, completionWAMID(n), completionToken(n))
			add("messages", "%s|out||read", outbound(group))
			wantAlert(group, add)
		}
		if n%groupSize == 0 && n < 40*groupSize {
			add("contacts", "%s", customer(n))
		}
	}
	for _, token := range l.talks {
		n, _ := strconv.Atoi(token[strings.LastIndex(token, "-")+1:])
		response(n, talkWAMID(token), token)
	}
	return want
}

func wantAlert(group int, add func(what, format string, args ...any)) {
	flow, since, then := alertFlow(group), alertTime(group, 0), alertTime(group, 30)
	add("alert events", "%s|true|10|%d|joined", flow, since)
	if group%10 == 9 {
		add("alert events", "%s|true|50|%d|joined", flow, then)
		add("alerts", "%s|active|[10,50]|%d|0|2", flow, since)
		return
	}
	add("alert events", "%s|false|10|%d|joined", flow, then)
	add("alerts", "%s|resolved|[]|%d|%d|2", flow, since, then)
}

// same tells what is missing and what is too much.
func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	count := map[string]int{}
	for _, line := range want {
		count[line]++
	}
	for _, line := range got {
		count[line]--
	}
	var wrong []string
	for line, n := range count {
		if n != 0 {
			wrong = append(wrong, fmt.Sprintf("%+d × %s", -n, line))
		}
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		t.Errorf("%s: %d of %d rows differ (- is missing, + is too much):\n%s", what, len(wrong), len(want), strings.Join(wrong[:min(20, len(wrong))], "\n"))
	}
}
