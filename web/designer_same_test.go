package web_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"switchyard/models/rules"
)

// places are the rules of a document by the screen they stand on, with "otherwise" and, where it is said, "back".
func places(d rules.Document) map[string][]string {
	out := map[string][]string{"opening": {"otherwise"}}
	for id, s := range d.Screens {
		out[id] = []string{"otherwise"}
		if s.Back != nil {
			out[id] = append(out[id], "back")
		}
		for _, r := range s.Rules {
			out[id] = append(out[id], r.ID)
		}
	}
	return out
}

// keeps opens every rule of a flow in the form and posts back what the form shows: the document must be the same.
func (s *site) keeps(t *testing.T, slug string) {
	t.Helper()
	doc, _ := s.document(t, slug)
	before := string(doc.Encode())
	for place, ids := range places(doc) {
		for _, id := range ids {
			path := "/flows/" + slug + "/rules/" + place + "/" + id
			if a := s.send(t, scenario{as: "admin", method: "POST", path: path, form: s.shown(t, path)}); a.status != 303 {
				t.Fatalf("POST %s = %d; want 303\n%s", path, a.status, a.body)
			}
			after, _ := s.document(t, slug)
			if a := string(after.Encode()); a != before {
				t.Fatalf("posting %s back changes the document:\n%s\nwas\n%s", path, difference(a, before), difference(before, a))
			}
		}
	}
}

// TestEditingARuleChangesNothingElse does so with the rules of the samples, which have nested groups and formulas.
func TestEditingARuleChangesNothingElse(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	s.keeps(t, "appointment")
	s.keeps(t, "claim")
}

// odd is what a control cannot show, or shows like something else.
var odd = []string{`""`, `" "`, `" a  b "`, `"18"`, `18`, `"true"`, `true`, `false`, `"TRUE"`, `1e3`, `12.50`, `"12,5"`, `123456789012345678901`, `"null"`, `null`,
	`"a\nb"`, `"\nb"`, `"a\r\nb"`, `"a\u0000b"`, `"<b>&\"'"`, `"[1]"`, `"{\"a\":1}"`, `"{{ list('kinds') }}"`, `"{{list('kinds')}}"`, `"{{ today }}"`, `" 5 "`, `"0_pain"`,
	`[]`, `[""]`, `["",""]`, `[" a ","b"]`, `["b","a","b"]`, `["2_swelling","0_pain"]`, `["",1,true,"1"]`, `[null]`, `[["a"]]`, `[3]`, `[70,60]`, `[1,2,3]`, `{"field":"age"}`, `{"field":""}`, `{"field":1}`, `{"a":{"b":null}}`, `{}`}

// A bag deals oddities out.
type bag struct{ *rand.Rand }

func (b bag) of(texts ...string) string { return texts[b.IntN(len(texts))] }

func (b bag) condition(depth int) string {
	if depth > 0 && b.IntN(3) == 0 {
		parts := make([]string, b.IntN(3))
		for i := range parts {
			parts[i] = b.condition(depth - 1)
		}
		switch group := strings.Join(parts, ","); b.IntN(4) {
		case 0:
			return `{"not":` + b.condition(depth-1) + `}`
		case 1:
			return `{"formula":"data.age > 18 or true"}`
		case 2:
			return `{"any":[` + group + `]}`
		default:
			return `{"all":[` + group + `]}`
		}
	}
	ops := rules.Operators()
	field := b.of("age", "data.age", "symptoms", "terms", "name", "email", "today", "visit.test", "visit.steps", "answers.APPOINTMENT.department", "answers.APPOINTMENT.date", "answers.X.time", " odd ", "no\\nfield")
	c := fmt.Sprintf(`{"field":"%s","op":"%s"`, field, ops[b.IntN(len(ops))].Op)
	if b.IntN(8) > 0 {
		c += `,"value":` + b.of(odd...)
	}
	return c + `}`
}

// object has some of the keys, and keys that nothing declares.
func (b bag) object(keys ...string) string {
	var entries []string
	for _, k := range append(keys, "stranger", "", " x ", "a\\nb") {
		if b.IntN(2) == 0 {
			entries = append(entries, fmt.Sprintf(`"%s":%s`, k, b.of(odd...)))
		}
	}
	return "{" + strings.Join(entries, ",") + "}"
}

func (b bag) outcome() string {
	text := func() string { return b.of(`""`, `"No"`, `" No "`, `"Two\nlines"`, `"\n"`, `"<b>"`) }
	switch b.IntN(5) {
	case 0:
		return `{"finish":{"params":` + b.object("a", "b", "c") + `}}`
	case 1:
		return `{"expire":{"message":` + text() + `}}`
	case 2:
		return `{"stay":{"error":` + text() + `,"errors":{"age":` + text() + `,"name":` + text() + `,"nobody":` + text() + `},"data":` + b.object("min_date") + `}}`
	}
	return `{"go":"` + b.of("APPOINTMENT", "SUMMARY", "WAITLIST", "NOWHERE", "NO\\nWHERE") + `","data":` + b.object("departments", "show_times", "summary", "fee", "message") + `}`
}

// many joins n numbered texts by commas.
func many(n int, format string) string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf(format, i)
	}
	return strings.Join(out, ",")
}

// rules are all that a document may hold: groups of one and of none, as many parts as can be, and what is odd.
func (b bag) rules() []string {
	all := []string{`{"when":{"any":[]},"then":{"expire":{}}}`, `{"when":{"all":[]},"then":{"expire":{}},"name":" two\nlines "}`,
		`{"when":{"any":[{"field":"age","op":"lt","value":18}]},"then":{"expire":{}},"off":true}`, `{"when":{"all":[{"field":"age","op":"lt","value":18}]},"then":{"expire":{}}}`,
		`{"when":{"any":[` + many(60, `{"field":"age","op":"equals","value":"%d"}`) + `]},"then":{"finish":{"params":{` + many(60, `"p%d":"5"`) + `}}}}`,
		`{"when":{"all":[` + many(499, `{"formula":"data.age > %d"}`) + `]},"then":{"go":"SUMMARY","data":{` + many(250, `"k%d":[1]`) + `}}}`}
	deep := func(group, end string) string {
		return `{"when":` + strings.Repeat(group, 31) + `{"formula":"data.age > 1"}` + strings.Repeat(end, 31) + `,"then":{"expire":{}}}`
	}
	for _, field := range []string{"age", "symptoms", "answers.X.time", "visit.test"} {
		var rows []string
		for _, value := range odd {
			rows = append(rows, `{"field":"`+field+`","op":"`+b.of("equals", "one_of", "between", "is_empty")+`","value":`+value+`}`)
		}
		all = append(all, `{"when":{"all":[`+strings.Join(rows, ",")+`]},"then":`+b.outcome()+`}`)
	}
	for range 17 { // few enough that nobody is told to slow down
		all = append(all, `{"when":`+b.condition(3)+`,"then":`+b.outcome()+`}`)
	}
	all = append(all, deep(`{"any":[`, `]}`), deep(`{"not":`, `}`), `{"when":{"all":[{"field":"age","op":"is_unheard_of","value":{"a":[null]}},{"not":{"all":[{"formula":"data.age > 1\nor true"}]}}]},"then":{"expire":{}}}`)
	return all
}

func TestARuleThatIsSavedUnchangedStaysAsItWas(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	b := bag{rand.New(rand.NewPCG(20, 26))}
	const part = `{"rules":[%s],"otherwise":%s,"back":%s}`
	raw := fmt.Sprintf(`{"switchyard":1,"opening":{"rules":[],"otherwise":{"go":"APPOINTMENT"}},"screens":{"DETAILS":`+part+`,"NOWHERE":`+part+`}}`,
		strings.Join(b.rules(), ","), b.outcome(), b.outcome(), `{"when":`+b.condition(1)+`,"then":{"expire":{}}}`, b.outcome(), b.outcome())
	f, err := s.DB().Flow(t.Context(), "appointment")
	must(t, err)
	s.publish(t, f, []byte(raw))
	s.keeps(t, "appointment")
}

// only publishes a rule of DETAILS alone, and returns the address of its form.
func (s *site) only(t *testing.T, rule string) string {
	t.Helper()
	f, err := s.DB().Flow(t.Context(), "appointment")
	must(t, err)
	s.publish(t, f, []byte(`{"switchyard":1,"opening":{"rules":[],"otherwise":{"go":"APPOINTMENT"}},"screens":{"DETAILS":{"rules":[`+rule+`],"otherwise":{"stay":{}}}}}`))
	doc, _ := s.document(t, "appointment")
	return "/flows/appointment/rules/DETAILS/" + doc.Screens["DETAILS"].Rules[0].ID
}

func TestAChangeInTheFormChangesOnlyThat(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	path := s.only(t, `{"name":" two  blanks ","when":{"any":[{"field":"age","op":"equals","value":"18"},{"field":"age","op":"equals","value":"19"},{"field":"name","op":"one_of","value":["","x "]}]},
		"then":{"stay":{"error":"a\nb","errors":{"nobody":"stays"},"data":{"list":[1],"number":7,"text":"7"}}}}`)
	form := s.shown(t, path)
	form.Set("value.1", "20")
	form.Set("lines.2", "\r\nx \r\ny")
	for i := 0; form.Has(fmt.Sprint("key.", i)); i++ {
		switch at := fmt.Sprint("data.", i); form.Get(fmt.Sprint("key.", i)) {
		case "list":
			form.Set(at, "1\r\n2")
		case "number":
			form.Set(at, "8")
		}
	}
	saved := scenario{as: "operator", method: "POST", path: path, form: form, status: 303, to: strings.Replace(path, "/DETAILS/", "#rule-", 1)}
	s.send(t, saved).check(t, saved)
	doc, _ := s.document(t, "appointment")
	r := doc.Screens["DETAILS"].Rules[0]
	r.ID = ""
	got, err := json.Marshal(r)
	must(t, err)
	const want = `{"name":" two  blanks ","when":{"any":[{"field":"age","op":"equals","value":"18"},{"field":"age","op":"equals","value":20},{"field":"name","op":"one_of","value":["x","y"]}]},` +
		`"then":{"stay":{"error":"a\nb","errors":{"nobody":"stays"},"data":{"list":[1,2],"number":8,"text":"7"}}}}`
	if string(got) != want {
		t.Errorf("saved rule = %s; want %s", got, want)
	}
}

func TestMoreThanTheFormTakesIsRefusedNotDropped(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	params := func(n int) string {
		return `{"when":{"all":[]},"then":{"finish":{"params":{` + many(n, `"p%d":"x"`) + `}}}}`
	}
	path := s.only(t, params(501))
	post := func(form url.Values, told string) {
		t.Helper()
		before, _ := s.document(t, "appointment")
		sc := scenario{as: "operator", method: "POST", path: path, form: form, status: 422, contains: []string{told}}
		s.send(t, sc).check(t, sc)
		if after, _ := s.document(t, "appointment"); string(after.Encode()) != string(before.Encode()) {
			t.Errorf("POST of what is refused (%s) changes the document", told)
		}
	}
	post(s.shown(t, path), "at most 500 conditions")
	path = s.only(t, params(500))
	form := s.shown(t, path)
	for i := range 500 {
		form.Set(fmt.Sprint("field.", i), "age")
		form.Set(fmt.Sprint("op.", i), "is_empty")
	}
	post(form, "more than 500 parts")
	form = s.shown(t, path)
	form.Set("pvalue.0", strings.Repeat("[", 200)+strings.Repeat("]", 200))
	post(form, "nested more than 128 deep")
	form.Set("pvalue.0", "x")
	form.Set("param.0", "p1")
	post(form, "Another answer has the name")
	form.Set("param.0", "")
	post(form, "Name this answer")
}
