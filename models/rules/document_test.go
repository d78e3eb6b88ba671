package rules_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"switchyard/models/rules"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func counter() func() string {
	n := 0
	return func() string { n++; return "id-" + strconv.Itoa(n) }
}

func parse(t testing.TB, raw []byte) rules.Document {
	t.Helper()
	d, ps := rules.Parse(raw, counter())
	if len(ps) > 0 {
		t.Fatalf("Parse = %v; want no problem", ps)
	}
	return d
}

func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(rules.Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", v); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFixturesSurviveParseAndEncode(t *testing.T) {
	for _, name := range []string{"rules/appointment.json", "rules/claim.json"} {
		d := parse(t, read(t, name))
		once := d.Encode()
		again := parse(t, once)
		if !reflect.DeepEqual(d, again) {
			t.Errorf("%s: Parse(Encode(d)) differs from d", name)
		}
		if twice := again.Encode(); !bytes.Equal(once, twice) {
			t.Errorf("%s: Encode gave other bytes the second time", name)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(once))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema(t).Validate(v); err != nil {
			t.Errorf("%s: does not follow the schema: %v", name, err)
		}
	}
}

func TestSchemaKnowsEveryOperator(t *testing.T) {
	s := schema(t)
	for _, op := range rules.Operators() {
		doc := `{"switchyard":1,"opening":{"otherwise":{"go":"A"}},"screens":{"A":{"rules":[{"when":{"field":"x","op":"` +
			string(op.Op) + `","value":[1]},"then":{"stay":{}}}],"otherwise":{"finish":{}}}}}`
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(doc))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Errorf("schema refuses operator %s: %v", op.Op, err)
		}
	}
	if n := len(rules.Operators()); n != 28 {
		t.Errorf("there are %d operators; want 28", n)
	}
}

func TestEncodeKeepsMarkupReadable(t *testing.T) {
	d := rules.Empty()
	d.Opening.Otherwise = &rules.Outcome{Go: "A", Data: map[string]any{"t": "<b> & \"é\""}}
	if got := string(d.Encode()); !strings.Contains(got, `<b> & \"é\"`) {
		t.Errorf("Encode = %s; want <b> & unescaped", got)
	}
}

func TestCloneSharesNothing(t *testing.T) {
	d := parse(t, read(t, "rules/appointment.json"))
	want := d.Encode()
	c := d.Clone()
	c.Opening.Otherwise.Data["departments"].([]any)[0].(map[string]any)["title"] = "X"
	(*c.Screens["APPOINTMENT"].Rules[2].When.All)[0].Field = "other"
	c.Screens["DETAILS"].Rules[0].Then.Stay.Error = "X"
	delete(c.Screens, "SUMMARY")
	if got := d.Encode(); !bytes.Equal(got, want) {
		t.Error("changing a clone changed the document")
	}
}

func TestParseTellsEveryFaultWithItsPlace(t *testing.T) {
	const ok = `"opening":{"otherwise":{"go":"A"}}`
	rule := func(when, then string) string {
		return `{"switchyard":1,` + ok + `,"screens":{"A":{"rules":[{"when":` + when + `,"then":` + then + `}],"otherwise":{"finish":{}}}}}`
	}
	deep := strings.Repeat(`{"not":`, 33) + `{"all":[]}` + strings.Repeat(`}`, 33)
	wide := `{"all":[` + strings.Repeat(`{"all":[]},`, 500) + `{"all":[]}]}`
	for _, c := range []struct{ name, doc, code, path string }{
		{"no JSON", `nope`, "json", ""},
		{"empty", ``, "json", ""},
		{"cut off", `{"switchyard":1`, "json", ""},
		{"null", `null`, "type", ""},
		{"text after the end", `{"switchyard":1,` + ok + `} x`, "json", ""},
		{"nested without end", strings.Repeat(`[`, 200000), "json", ""},
		{"too large", `"` + strings.Repeat("x", 4<<20) + `"`, "limit", ""},
		{"no version", `{` + ok + `}`, "version", "/switchyard"},
		{"another version", `{"switchyard":2,` + ok + `}`, "version", "/switchyard"},
		{"no opening", `{"switchyard":1}`, "no-opening", ""},
		{"opening is null", `{"switchyard":1,"opening":null}`, "type", "/opening"},
		{"no otherwise", `{"switchyard":1,"opening":{"rules":[]}}`, "no-otherwise", "/opening"},
		{"unknown key", `{"switchyard":1,` + ok + `,"color":1}`, "unknown-key", "/color"},
		{"key in another case", `{"Switchyard":1,` + ok + `}`, "unknown-key", "/Switchyard"},
		{"unknown key with a slash", `{"switchyard":1,` + ok + `,"screens":{"A/B":{"x~y":1}}}`, "unknown-key", "/screens/A~1B/x~0y"},
		{"duplicate key", `{"switchyard":1,` + ok + `,"screens":{"A":{"otherwise":{"go":"B"}},"A":{}}}`, "duplicate-key", "/screens/A"},
		{"duplicate data key", `{"switchyard":1,"opening":{"otherwise":{"go":"A","data":{"x":1,"x":2}}}}`, "duplicate-key", "/opening/otherwise/data/x"},
		{"stay in the opening", `{"switchyard":1,"opening":{"otherwise":{"stay":{}}}}`, "stay-in-opening", "/opening/otherwise/stay"},
		{"back in the opening", `{"switchyard":1,"opening":{"otherwise":{"go":"A"},"back":{"go":"A"}}}`, "unknown-key", "/opening/back"},
		{"two outcomes", rule(`{"all":[]}`, `{"go":"A","finish":{}}`), "outcome", "/screens/A/rules/0/then"},
		{"no outcome", rule(`{"all":[]}`, `{}`), "outcome", "/screens/A/rules/0/then"},
		{"data beside stay", rule(`{"all":[]}`, `{"stay":{},"data":{}}`), "outcome", "/screens/A/rules/0/then/data"},
		{"two conditions", rule(`{"all":[],"any":[]}`, `{"stay":{}}`), "condition", "/screens/A/rules/0/when"},
		{"empty condition", rule(`{"all":[{}]}`, `{"stay":{}}`), "condition", "/screens/A/rules/0/when/all/0"},
		{"leaf without operator", rule(`{"field":"x"}`, `{"stay":{}}`), "condition", "/screens/A/rules/0/when"},
		{"leaf without field", rule(`{"op":"equals","value":1}`, `{"stay":{}}`), "condition", "/screens/A/rules/0/when"},
		{"too deep", rule(deep, `{"stay":{}}`), "limit", "/screens/A/rules/0/when" + strings.Repeat("/not", 32)},
		{"too many parts", rule(wide, `{"stay":{}}`), "limit", "/screens/A/rules/0/when"},
		{"text for a number", rule(`{"all":[]}`, `{"stay":{"error":1}}`), "type", "/screens/A/rules/0/then/stay/error"},
	} {
		_, ps := rules.Parse([]byte(c.doc), counter())
		found := false
		for _, p := range ps {
			found = found || (p.Code == c.code && p.Path == c.path && p.Severity == rules.Error && p.Message != "")
		}
		if !found {
			t.Errorf("%s: Parse = %+v; want %s at %q", c.name, ps, c.code, c.path)
		}
	}
}

func TestProblemsNameScreenAndRule(t *testing.T) {
	doc := `{"switchyard":1,"opening":{"otherwise":{"go":"A"}},"screens":{"A":{"rules":[
		{"id":"x","name":"One","when":{"all":[]},"then":{"stay":{}}},
		{"id":"x","name":"Two","when":{"all":[]},"then":{"stay":{}}}],"otherwise":{"finish":{}}}}}`
	_, ps := rules.Parse([]byte(doc), nil)
	if len(ps) != 1 || ps[0].Code != "duplicate-id" || ps[0].Screen != "A" || ps[0].RuleID != "x" || ps[0].Rule != "Two" {
		t.Errorf("Parse = %+v; want duplicate-id in rule Two of screen A", ps)
	}
}

func TestRulesWithoutIdGetFreshOnes(t *testing.T) {
	doc := []byte(`{"switchyard":1,"opening":{"otherwise":{"go":"A"}},"screens":{"A":{"rules":[
		{"id":"id-1","when":{"all":[]},"then":{"stay":{}}},
		{"when":{"all":[]},"then":{"stay":{}}}],"otherwise":{"finish":{}}}}}`)
	d := parse(t, doc)
	if got := d.Screens["A"].Rules[1].ID; got != "id-2" {
		t.Errorf("new id = %q; want id-2, since id-1 is taken", got)
	}
	same, _ := rules.Parse(doc, func() string { return "id-1" })
	if a, b := same.Screens["A"].Rules[0].ID, same.Screens["A"].Rules[1].ID; a == b || b == "" {
		t.Errorf("ids %q and %q; want two different ones even from a broken source", a, b)
	}
}

func TestIdsThatNamePagesAreReplacedForEver(t *testing.T) {
	doc := []byte(`{"switchyard":1,"opening":{"rules":[{"id":"back","when":{"any":[]},"then":{"go":"A"}}],"otherwise":{"go":"A"}},"screens":{"A":{"rules":[
		{"id":"new","when":{"all":[]},"then":{"stay":{}}},{"id":"new-1","when":{"all":[]},"then":{"stay":{}}},
		{"id":"otherwise","when":{"all":[]},"then":{"stay":{}}}],"otherwise":{"finish":{}}}}}`)
	for range 2 {
		d, ps := rules.Parse(doc, func() string { return "new" })
		ids := []string{d.Opening.Rules[0].ID}
		for _, r := range d.Screens["A"].Rules {
			ids = append(ids, r.ID)
		}
		if want := []string{"back-1", "new-2", "new-1", "otherwise-1"}; !slices.Equal(ids, want) {
			t.Errorf("ids = %q; want %q each time", ids, want)
		}
		if len(ps) != 3 || ps[1].Code != "reserved-id" || ps[1].Severity != rules.Warning || ps[1].Path != "/screens/A/rules/0/id" || ps[1].RuleID != "new-2" || !strings.Contains(ps[1].Message, "new-2") {
			t.Errorf("Parse = %+v; want a warning for each id that was replaced", ps)
		}
		parse(t, d.Encode())
	}
	d, _ := rules.Parse([]byte(`{"switchyard":1,"opening":{"rules":[{"when":{"any":[]},"then":{"go":"A"}}],"otherwise":{"go":"A"}}}`), func() string { return "new" })
	if got := d.Opening.Rules[0].ID; got != "r1" {
		t.Errorf("id from a source that gives a page's name = %q; want r1", got)
	}
}

func TestNumbersInValuesStayAsWritten(t *testing.T) {
	d := parse(t, []byte(`{"switchyard":1,"opening":{"otherwise":{"go":"A","data":{"n":12345678901234567890}}}}`))
	if got := d.Opening.Otherwise.Data["n"]; got != json.Number("12345678901234567890") {
		t.Errorf("n = %#v; want the json.Number as written", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(read(f, "rules/appointment.json"))
	f.Add(read(f, "rules/claim.json"))
	f.Add([]byte(`{"switchyard":1,"opening":{"otherwise":{"expire":{}}},"screens":{"":{}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, ps := rules.Parse(raw, counter())
		if len(ps) > 0 {
			return
		}
		again, ps := rules.Parse(d.Encode(), counter())
		if len(ps) > 0 {
			t.Fatalf("what Encode wrote is refused: %v", ps)
		}
		if !bytes.Equal(again.Encode(), d.Encode()) {
			t.Fatal("Encode is not stable")
		}
	})
}
