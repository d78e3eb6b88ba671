package rules_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"switchyard/models/rules"
)

var update = flag.Bool("update", false, "rewrite what the conversations in testdata/cases expect")

// A conversation is a case file: a rule set and requests in the order in which a customer makes them. The
// visit is remembered from step to step, unless a step forgets it.
type conversation struct {
	About    string `json:"about"`
	Document string `json:"document"`
	Steps    []step `json:"steps"`
}

type step struct {
	Action rules.Action   `json:"action"`
	Screen string         `json:"screen,omitempty"`
	Data   map[string]any `json:"data,omitempty"`
	Forget bool           `json:"forget,omitempty"` // no visit: the token is missing
	Want   want           `json:"want"`
}

type want struct {
	Kind    rules.Kind     `json:"kind"`
	Screen  string         `json:"screen,omitempty"`
	Rule    string         `json:"rule"`
	Message string         `json:"message,omitempty"`
	Data    map[string]any `json:"data,omitempty"`
	Params  map[string]any `json:"params,omitempty"`
	Faults  []string       `json:"faults,omitempty"`
}

// remember does to a visit what an endpoint does after an answer.
func remember(v *rules.Visit, in rules.Request, d rules.Decision) {
	switch in.Action {
	case rules.Init:
		*v = rules.Visit{Known: true, Started: in.Now, Answers: map[string]map[string]any{}, Sent: map[string]map[string]any{}}
	case rules.Exchange:
		v.Answers[in.Screen] = in.Data
	case rules.Back:
		if n := len(v.Trail); n > 0 {
			v.Trail = v.Trail[:n-1]
		}
	}
	v.Steps++
	if d.Screen == "" || d.Kind == rules.Finishes {
		return
	}
	v.Sent[d.Screen] = d.Data
	if n := len(v.Trail); n == 0 || v.Trail[n-1] != d.Screen {
		v.Trail = append(v.Trail, d.Screen)
	}
}

func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { converse(t, file) })
	}
}

func converse(t *testing.T, file string) {
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var c conversation
	if err := json.Unmarshal(raw, &c); err != nil {
		t.Fatal(err)
	}
	set := fixture(t, c.Document)
	fb := rules.Fallback{Message: "Something went wrong."}
	var visit rules.Visit
	for i := range c.Steps {
		s := &c.Steps[i]
		v := visit
		if s.Forget {
			v = rules.Visit{}
		}
		in := rules.Request{Action: s.Action, Screen: s.Screen, Data: s.Data, Now: noon.Add(time.Duration(i) * time.Minute)}
		d := set.Next(in, v, fb)
		got := want{d.Kind, d.Screen, d.Rule, d.Message, d.Data, d.Params, d.Faults}
		if *update {
			s.Want = got
		} else if a, b := pretty(t, got), pretty(t, s.Want); a != b {
			t.Errorf("step %d: %s %s %v\n got %s\nwant %s", i, s.Action, s.Screen, s.Data, a, b)
		}
		if e := set.Explain(in, v, fb); e.Screen != d.Screen || e.RuleID != d.RuleID {
			t.Errorf("step %d: Explain = %s by %s; Next = %s by %s", i, e.Screen, e.Rule, d.Screen, d.Rule)
		}
		if !s.Forget {
			remember(&visit, in, d)
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(pretty(t, c)+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func pretty(t testing.TB, v any) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSpace(b.Bytes()))
}
