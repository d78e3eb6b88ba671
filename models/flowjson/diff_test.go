package flowjson_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"switchyard/models/flowjson"
)

func TestAFlowIsNoDifferentFromItself(t *testing.T) {
	for _, name := range []string{"appointment", "claim", "survey", "invalid", "invalid-components"} {
		a, _ := fixture(t, name)
		b, _ := fixture(t, name)
		if got := flowjson.Diff(a, b); len(got) > 0 {
			t.Errorf("Diff(%s, %s) = %+v; want nothing", name, name, got)
		}
	}
}

func TestEachChangeIsOneSentence(t *testing.T) {
	const base = `{"version":"7.2","data_api_version":"3.0","routing_model":{"A":["B"],"B":[]},"screens":[
	{"id":"A","title":"Ask","data":{"k":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"title":{"type":"string"}}},"__example__":[]}},
	 "layout":{"type":"SingleColumnLayout","children":[
	 {"type":"Dropdown","name":"plan","label":"Plan","required":true,"data-source":[{"id":"g","title":"Gold"},{"id":"s","title":"Silver"}]},
	 {"type":"TextInput","name":"age","label":"Age","input-type":"number"},
	 {"type":"Footer","label":"Go","on-click-action":{"name":"data_exchange","payload":{"plan":"${form.plan}","age":"${form.age}","trigger":"go"}}}]}},
	{"id":"B","title":"Bye","terminal":true,"layout":{"type":"SingleColumnLayout","children":[{"type":"Footer","label":"Go","on-click-action":{"name":"complete","payload":{"ok":"${data.k}"}}}]}}]}`
	const plan, age = "The field “Plan” (plan) on “Ask” (A)", "The field “Age” (age) on “Ask” (A)"
	for _, c := range []struct {
		old, new string // in the text of base
		want     []string
	}{
		{`"7.2"`, `"7.3"`, []string{"changed flow: The version of Flow JSON changed from “7.2” to “7.3”."}},
		{`"title":"Ask"`, `"title":"Tell"`, []string{"changed screen: The screen “Tell” (A): its title changed from “Ask” to “Tell”."}},
		{`"title":"Bye","terminal":true`, `"title":"Bye","refresh_on_back":true`, []string{"changed screen: The screen “Bye” (B) is no longer the last one.", "changed screen: The screen “Bye” (B) now asks the endpoint when the customer comes back."}},
		{`"terminal":true`, `"terminal":true,"success":false`, []string{"changed screen: The screen “Bye” (B) is no longer a success."}},
		{`"name":"age","label"`, `"name":"years","label"`, []string{"added field: The field “Age” (years) on “Ask” (A) is new: TextInput.", "removed field: " + age + " is gone."}},
		{`"label":"Age"`, `"label":"Your age"`, []string{"changed field: The field “Your age” (age) on “Ask” (A): its label changed from “Age” to “Your age”."}},
		{`"input-type":"number"`, `"input-type":"phone","required":true`, []string{"changed field: " + age + ": its input type changed from “number” to “phone”.", "changed field: " + age + " is now required."}},
		{`{"id":"g","title":"Gold"},`, ``, []string{"removed option: " + plan + ": the option “Gold” (g) is gone."}},
		{`{"id":"g","title":"Gold"}`, `{"id":"g","title":"Golden"},{"id":"b","title":"Bronze"}`, []string{"changed option: " + plan + ": the title of option “g” changed from “Gold” to “Golden”.", "added option: " + plan + ": the option “Bronze” (b) is new."}},
		{`"data":{"k":{`, `"data":{"n":{"type":"number","__example__":1},"k":{`, []string{"added data key: The data key “n” on “Ask” (A) is new: number."}},
		{`"title":{"type":"string"}}}`, `"title":{"type":"string"},"price":{"type":"number"}}}`, []string{"changed data key: The data key “k” on “Ask” (A): its type changed from “list of {id text, title text}” to “list of {id text, title text, price number}”."}},
		{`"__example__":[]`, `"__example__":[{}]`, []string{"changed data key: The data key “k” on “Ask” (A): its example changed from “[]” to “[{}]”."}},
		{`,"trigger":"go"`, ``, []string{"removed payload: The screen “Ask” (A) no longer sends “trigger”."}},
		{`"trigger":"go"`, `"trigger":"stop","x":"${data.k}"`, []string{"changed payload: The screen “Ask” (A) sends “trigger”: where it comes from changed from “always \"go\"” to “always \"stop\"”.", "added payload: The screen “Ask” (A) now sends “x”: data key k."}},
		{`{"ok":"${data.k}"}`, `{}`, []string{"removed payload: The screen “Bye” (B) no longer ends with “ok”."}},
		{`{"A":["B"],"B":[]}`, `{"A":[],"B":["A"]}`, []string{"removed route: “Ask” (A) may no longer lead to “Bye” (B).", "added route: “Bye” (B) may now lead to “Ask” (A)."}},
		{`"id":"B","title":"Bye"`, `"id":"C","title":"Ciao"`, []string{"added screen: The screen “Ciao” (C) is new.", "removed screen: The screen “Bye” (B) is gone."}},
	} {
		if !strings.Contains(base, c.old) {
			t.Fatalf("the document has no %s", c.old)
		}
		before, _ := flowjson.Parse([]byte(base))
		after, _ := flowjson.Parse([]byte(strings.Replace(base, c.old, c.new, 1)))
		if got := said(flowjson.Diff(before, after)); !slices.Equal(got, c.want) {
			t.Errorf("Diff with %s for %s =\n%q; want\n%q", c.new, c.old, got, c.want)
		}
		if back := flowjson.Diff(after, before); len(back) != len(c.want) {
			t.Errorf("Diff back from %s = %q; want %d changes", c.new, said(back), len(c.want))
		}
	}
}

func said(changes []flowjson.Change) []string {
	var all []string
	for _, c := range changes {
		all = append(all, string(c.Kind)+" "+c.Part+": "+c.Text)
	}
	return all
}

func FuzzDiff(f *testing.F) {
	for _, name := range []string{"appointment", "invalid-components"} {
		raw, err := os.ReadFile("testdata/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, []byte(`{"screens":[{"id":"A"},{"id":"A"}]}`))
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		from, _ := flowjson.Parse(a)
		to, _ := flowjson.Parse(b)
		if from == nil || to == nil {
			return
		}
		flowjson.Diff(from, to)
		if got := flowjson.Diff(from, from); len(got) > 0 {
			t.Errorf("Diff(a, a) = %+v; want nothing", got)
		}
	})
}
