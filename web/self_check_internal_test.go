package web

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"switchyard/handlers/whatsapp"
	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/views"
)

const checkedJSON = `{"version":"7.0","data_api_version":"3.0","routing_model":{"FIRST":["LAST"],"LAST":[]},"screens":[
	{"id":"FIRST","title":"Begin","data":{"age":{"type":"number","__example__":1}},"layout":{"type":"SingleColumnLayout","children":[
		{"type":"Footer","label":"Go","on-click-action":{"name":"data_exchange","payload":{}}}]}},
	{"id":"LAST","title":"End","terminal":true,"layout":{"type":"SingleColumnLayout","children":[{"type":"Footer","label":"Done","on-click-action":{"name":"complete","payload":{}}}]}}]}`

// checked runs the self-test of a plain flow whose endpoint answers a ping and an INIT with these statuses and bodies.
func checked(t *testing.T, ping, opening string, change func(*selfCheck)) []views.Stage {
	t.Helper()
	db := modelstest.Open(t)
	f := db.NewFlow("booking", func(f *models.Flow) { f.Mode = models.Plain })
	if _, err := db.SaveFlowJSON(t.Context(), f.ID, []byte(checkedJSON), models.By{Name: "test"}); err != nil {
		t.Fatal(err)
	}
	c := &selfCheck{db: db.DB, now: db.Now, flow: f, token: models.MintTestToken("booking"), door: whatsapp.Door{Secret: "0123456789abcdef"}}
	c.client = selfClient{path: "/flow-endpoint/booking", handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		answer := opening
		switch {
		case r.Header.Get("X-Switchyard-Secret") != c.door.Secret:
			answer = "401 no"
		case strings.Contains(string(body), `"ping"`):
			answer = ping
		default:
			db.NewVisit(f, c.token, func(v *models.Visit) { v.Test = true })
		}
		status, text, _ := strings.Cut(answer, " ")
		var code int
		fmt.Sscan(status, &code)
		w.WriteHeader(code)
		io.WriteString(w, text)
	})}
	if change != nil {
		change(c)
	}
	stages, err := c.run(t.Context(), c.door != whatsapp.Door{})
	if err != nil {
		t.Fatalf("run = %v", err)
	}
	return stages
}

func TestASelfTestFailsAtTheStageThatIsWrong(t *testing.T) {
	const ping, opening = `200 {"data":{"status":"active"}}`, `200 {"version":"3.0","screen":"FIRST","data":{"age":18}}`
	for _, c := range []struct {
		name, ping, opening string
		change              func(*selfCheck)
		at                  string // the last stage
		state               views.StageState
		said                string
	}{
		{"nothing", ping, opening, nil, "Time", views.StageDone, "within a second"},
		{"not served yet", ping, opening, func(c *selfCheck) { c.door = whatsapp.Door{} }, "Flow", views.StageFailed, "does not serve"},
		{"a door that lets anybody in", ping, opening, func(c *selfCheck) {
			c.client.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(200) })
		}, "Secret", views.StageFailed, "status 200"},
		{"the own secret refused", "401 no", opening, nil, "Ping", views.StageFailed, "401"},
		{"unknown to the endpoint", "404 no", opening, nil, "Ping", views.StageFailed, "404"},
		{"not opened", "421 ", opening, nil, "Ping", views.StageFailed, "private keys"},
		{"a bad signature", "432 ", opening, nil, "Ping", views.StageFailed, "432"},
		{"a proxy's page", "200 <html>", opening, nil, "Ping", views.StageFailed, "cannot be opened"},
		{"another word", `200 {"data":{"status":"ok"}}`, opening, nil, "Ping", views.StageFailed, "active"},
		{"no rules", ping, "503 no", nil, "Opening", views.StageFailed, "503"},
		{"a fault", ping, "500 no", nil, "Opening", views.StageFailed, "status 500"},
		{"no data", ping, `200 {"screen":"FIRST"}`, nil, "Opening", views.StageFailed, "cannot be opened"},
		{"an expired token", ping, `427 {"error_msg":"late"}`, nil, "Opening", views.StageFailed, "expired"},
		{"finished at once", ping, `200 {"screen":"SUCCESS","data":{}}`, nil, "First screen", views.StageFailed, "finish"},
		{"a screen of nowhere", ping, `200 {"screen":"<b>","data":{}}`, nil, "First screen", views.StageFailed, "<b>"},
		{"a later screen", ping, `200 {"screen":"LAST","data":{}}`, nil, "First screen", views.StageFailed, "End is not an entry"},
		{"a key too few", ping, `200 {"screen":"FIRST","data":{}}`, nil, "Data", views.StageFailed, "age is missing."},
		{"a key of another type", ping, `200 {"screen":"FIRST","data":{"age":"18","b":1}}`, nil, "Data", views.StageFailed, "age is not of the declared type, number. b is not declared."},
	} {
		stages := checked(t, c.ping, c.opening, c.change)
		last := stages[len(stages)-1]
		if last.Name != c.at || last.State != c.state || !strings.Contains(last.Said, c.said) || (last.State == views.StageFailed) != (last.Fix != "") {
			t.Errorf("%s: ends at %+v; want %s %s, saying %q, with a fix when it failed", c.name, last, c.at, c.state, c.said)
		}
		for _, s := range stages[:len(stages)-1] {
			if s.State != views.StageDone {
				t.Errorf("%s: %+v before the end; want it done", c.name, s)
			}
		}
	}
}

func TestASlowOpeningIsWorthALook(t *testing.T) {
	c := &selfCheck{opening: selfAnswer{took: 1200 * time.Millisecond}}
	if s, err := c.timed(t.Context()); err != nil || s.State != views.StageWarned || !strings.Contains(s.Said, "longer than a second") {
		t.Errorf("timed = %+v, %v; want a warning", s, err)
	}
}
