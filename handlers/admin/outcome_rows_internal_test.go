package admin

import (
	"testing"

	"switchyard/models/flowjson"
	"switchyard/views"
)

func TestARemovedRowLeavesTheOthersWhatTheyWere(t *testing.T) {
	const was = `[{"id":"a","n":1},{"id":"b","n":2,"on":true},{"id":"c","n":"3","note":""}]`
	for do, want := range map[string]string{
		"unrow-0-0": `[{"id":"b","n":2,"on":true},{"id":"new","n":"3","note":""}]`,
		"unrow-0-1": `[{"id":"a","n":1},{"id":"new","n":"3","note":""}]`,
		"unrow-0-3": `[{"id":"a","n":1},{"id":"b","n":2,"on":true},{"id":"new","n":"3","note":""}]`,
	} {
		p := &views.RuleFormPage{}
		p.Form.Outcome.Data = []views.DataInput{inputOf("rows", decodeJSON(was), nil)}
		change(p, "row-0")
		change(p, do)
		in := &p.Form.Outcome.Data[0]
		for i := range in.Cells {
			if in.Cells[i][0] == "c" {
				in.Cells[i][0] = "new"
			}
		}
		data, errs := dataFrom(p.Form.Outcome.Data)
		if got := jsonText(data["rows"]); len(errs) > 0 || got != want {
			t.Errorf("%s gives %s, %v; want %s", do, got, errs, want)
		}
	}
}

func TestLinesKeepTheirTypes(t *testing.T) {
	declared := func(of string) *flowjson.DataKey {
		return &flowjson.DataKey{Name: "list", Type: "array", Items: &flowjson.Schema{Type: of}}
	}
	for _, c := range []struct {
		schema            *flowjson.DataKey
		was, posted, want string
	}{
		{declared("boolean"), `[true,false]`, "true\nfalse\ntrue", `[true,false,true]`},
		{declared("boolean"), `[true]`, "true\nmaybe", `[true,"maybe"]`},
		{declared("number"), `[1]`, "1\r\n2.50", `[1,2.50]`},
		{declared("string"), `["1"]`, "1\n2", `["1","2"]`},
		{nil, `[1,"a",true]`, "1\na\ntrue\nb", `[1,"a",true,"b"]`},
		{nil, `[1,2]`, "1\n3", `[1,3]`},
	} {
		in := inputOf("list", decodeJSON(c.was), c.schema)
		in.Value = c.posted
		data, errs := dataFrom([]views.DataInput{in})
		if got := jsonText(data["list"]); len(errs) > 0 || got != c.want {
			t.Errorf("%s with the lines %q becomes %s, %v; want %s", c.was, c.posted, got, errs, c.want)
		}
	}
}
