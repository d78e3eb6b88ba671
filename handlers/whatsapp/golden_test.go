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
}

func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/conversations/*.json")
	must(t, "Glob", err)
	hit := map[string]bool{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) { converse(t, file, hit) })
	}
	for _, name := range []string{"appointment", "claim"} {
		for _, part := range partsOf(t, name) {
			if !hit[part] {
				t.Errorf("no conversation meets %s", part)
			}
		}
	}
}

// converse plays a file sealed and then in plain JSON: the answers are the same.
func converse(t *testing.T, file string, hit map[string]bool) {
	var c conversation
	raw, err := os.ReadFile(file)
	must(t, "ReadFile", err)
	must(t, "Unmarshal of "+file, json.Unmarshal(raw, &c))
	for _, mode := range []models.Mode{models.Encrypted, models.Plain} {
		d := newDesk(t)
		d.claimKinds(t)
		ruleSet := c.Flow
		if c.Flow == "survey" {
			ruleSet = ""
		}
		d.flow(t, c.Flow, ruleSet, func(f *models.Flow) { f.Mode = mode })
		var came []turn
		for _, x := range c.Exchanges {
			status, answer := d.say(t, c.Flow, mode, x.Ask)
			came = append(came, turn{x.Ask, status, answer, ""})
			d.Advance(time.Second)
		}
		d.recorded(t, c.Flow, came, hit)
		if *update && mode == models.Encrypted {
			c.Exchanges = came
		}
		for i, want := range c.Exchanges {
			if got := came[i].line(t); got != want.line(t) {
				t.Errorf("%s, request %d %s\n got %s\nwant %s", mode, i+1, want.Ask, got, want.line(t))
			}
		}
	}
	if *update {
		must(t, "WriteFile", os.WriteFile(file, indented(t, c), 0o644))
	}
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

// recorded fills in what was recorded of each request, a second apart, and notes the screens and rules that they met.
func (d *desk) recorded(t *testing.T, slug string, came []turn, hit map[string]bool) {
	t.Helper()
	must(t, "Drain", d.ep.Drain(t.Context()))
	end := d.Now()
	rows, err := modelstest.SQL(t, d.URL).Query("SELECT at, action, screen, next_screen, kind, rule, faults FROM steps")
	must(t, "Query", err)
	defer rows.Close()
	for rows.Next() {
		var at int64
		var action, place, next, kind, rule, faults string
		must(t, "Scan", rows.Scan(&at, &action, &place, &next, &kind, &rule, &faults))
		if action == "INIT" {
			place = "opening"
		}
		hit[slug+" "+place+": "+rule], hit[slug+" shows "+next] = true, true
		x := &came[len(came)-int(end.Sub(time.UnixMicro(at)).Seconds())]
		if x.Step = strings.TrimSpace(kind + " " + rule); faults != "" && faults != "null" && faults != "[]" {
			x.Step += " " + faults
		}
	}
	must(t, "rows", rows.Err())
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
