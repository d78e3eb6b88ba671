package whatsapp_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/models/rules"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata/conversations")

// A conversation is what one phone asks and what it must get, as plaintext, byte by byte.
type conversation struct {
	About     string `json:"about"`
	Flow      string `json:"flow"` // of the fixtures, with its rules when it has any
	Exchanges []turn `json:"exchanges"`
}

type turn struct {
	Ask    json.RawMessage `json:"ask"`
	Status int             `json:"status"`
	Answer json.RawMessage `json:"answer"`
	Step   string          `json:"step,omitempty"` // as it is recorded: what decided; "" for none

	at int64 // when it was asked, epoch microseconds
}

// TestConversations plays every file sealed and in plain JSON, each on a flow of its own: the answers are the same.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/conversations/*.json")
	must(t, "Glob", err)
	d := newDesk(t)
	d.claimKinds(t)
	came := map[string][]turn{} // by slug
	for _, file := range files {
		c := conversationOf(t, file)
		for _, mode := range []models.Mode{models.Encrypted, models.Plain} {
			slug := slugOf(file, mode)
			d.converseFlow(t, c.Flow, slug, mode)
			for _, x := range c.Exchanges {
				status, answer := d.say(t, slug, mode, x.Ask)
				came[slug] = append(came[slug], turn{x.Ask, status, answer, "", d.Time().Micros()})
				d.Advance(time.Second)
			}
		}
	}
	met := d.recorded(t, came)
	for _, file := range files {
		c := conversationOf(t, file)
		if *update {
			c.Exchanges = came[slugOf(file, models.Encrypted)]
			must(t, "WriteFile", os.WriteFile(file, indented(t, c), 0o644))
		}
		for _, mode := range []models.Mode{models.Encrypted, models.Plain} {
			for i, want := range c.Exchanges {
				if got := came[slugOf(file, mode)][i].line(t); got != want.line(t) {
					t.Errorf("%s, %s, request %d %s\n got %s\nwant %s", file, mode, i+1, want.Ask, got, want.line(t))
				}
			}
		}
	}
	for _, part := range append(partsOf(t, "appointment"), partsOf(t, "claim")...) {
		if !met[part] {
			t.Errorf("no conversation meets %s", part)
		}
	}
}

func conversationOf(t *testing.T, file string) (c conversation) {
	t.Helper()
	raw, err := os.ReadFile(file)
	must(t, "ReadFile", err)
	must(t, "Unmarshal of "+file, json.Unmarshal(raw, &c))
	return c
}

func slugOf(file string, mode models.Mode) string {
	return strings.TrimSuffix(filepath.Base(file), ".json") + "-" + string(mode)
}

// converseFlow adds the flow of a conversation, with its rules when it has any.
func (d *desk) converseFlow(t *testing.T, name, slug string, mode models.Mode) {
	t.Helper()
	ruleSet := name
	if name == "survey" {
		ruleSet = ""
	}
	d.flow(t, name, ruleSet, func(f *models.Flow) { f.Slug, f.Name, f.Mode = slug, name, mode })
}

// say sends plaintext as it is written and returns the plaintext that came back.
func (d *desk) say(t *testing.T, slug string, mode models.Mode, plain []byte) (int, []byte) {
	t.Helper()
	if mode == models.Plain {
		w := d.post("/flow-endpoint/"+slug, plain)
		return w.Code, w.Body.Bytes()
	}
	body, opener := d.seal(t, plain)
	w := d.post("/flow-endpoint/"+slug, body)
	answer, err := opener.Open(w.Body.Bytes())
	must(t, "Open", err)
	return w.Code, answer
}

// recorded fills in what was recorded of each request, found by its time, and names the screens and rules that were met.
func (d *desk) recorded(t *testing.T, came map[string][]turn) (met map[string]bool) {
	t.Helper()
	must(t, "Drain", d.ep.Drain(t.Context()))
	rows, err := modelstest.SQL(t, d.URL).Query(`SELECT f.slug, f.name, s.at, s.action, s.screen, s.next_screen, s.kind, s.rule, s.faults
		FROM steps s JOIN flows f ON f.id = s.flow_id`)
	must(t, "Query", err)
	defer rows.Close()
	met = map[string]bool{}
	for rows.Next() {
		var at int64
		var slug, flow, action, place, next, kind, rule, faults string
		must(t, "Scan", rows.Scan(&slug, &flow, &at, &action, &place, &next, &kind, &rule, &faults))
		if action == "INIT" {
			place = "opening"
		}
		met[flow+" "+place+": "+rule], met[flow+" shows "+next] = true, true
		i := slices.IndexFunc(came[slug], func(x turn) bool { return x.at == at })
		x := &came[slug][i]
		if x.Step = strings.TrimSpace(kind + " " + rule); faults != "" && faults != "null" && faults != "[]" {
			x.Step += " " + faults
		}
	}
	must(t, "rows", rows.Err())
	return met
}

// line is all that must be as expected.
func (x turn) line(t *testing.T) string {
	t.Helper()
	var answer bytes.Buffer
	must(t, "Compact of "+string(x.Answer), json.Compact(&answer, x.Answer))
	return fmt.Sprintf("%d %s, recorded: %s", x.Status, &answer, x.Step)
}

// partsOf names every screen of a flow and every rule, otherwise and back of its rules.
func partsOf(t *testing.T, name string) (parts []string) {
	doc, problems := rules.Parse(read(t, "rules", name+".json"), func() string { return "" })
	if rules.HasErrors(problems) {
		t.Fatalf("rules of %s: %+v", name, problems)
	}
	add := func(place string, s *rules.ScreenRules) {
		for _, r := range s.Rules {
			parts = append(parts, name+" "+place+": "+r.Name)
		}
		parts = append(parts, name+" "+place+": Otherwise")
		if s.Back != nil {
			parts = append(parts, name+" "+place+": Back")
		}
	}
	add("opening", doc.Opening)
	for place, s := range doc.Screens {
		add(place, s)
	}
	var flow struct{ Screens []struct{ ID string } }
	must(t, "Unmarshal", json.Unmarshal(read(t, "flows", name+".json"), &flow))
	for _, s := range flow.Screens {
		parts = append(parts, name+" shows "+s.ID)
	}
	slices.Sort(parts)
	return append(parts, name+" shows SUCCESS")
}

func indented(t *testing.T, c conversation) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	must(t, "Encode", e.Encode(c))
	return b.Bytes()
}
