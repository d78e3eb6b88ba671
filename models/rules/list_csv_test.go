package rules_test

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"

	"switchyard/models/rules"
)

func TestListReadsBackAsItWasWritten(t *testing.T) {
	raw, err := os.ReadFile("testdata/claim_kinds.csv")
	if err != nil {
		t.Fatal(err)
	}
	l, err := rules.ReadList("claim_kinds", bytes.NewReader(raw))
	if err != nil || len(l.Rows) != 4 {
		t.Fatalf("ReadList = %d rows, %v; want 4", len(l.Rows), err)
	}
	if fire := l.Rows[3]; fire.Enabled || fire.Cells[0] != "5000" || l.Columns[0] != (rules.Column{Name: "limit", Type: "number"}) {
		t.Errorf("last row = %+v of %+v; want fire switched off with limit 5000", fire, l.Columns)
	}
	var b bytes.Buffer
	if err := rules.WriteList(&b, l); err != nil {
		t.Fatal(err)
	}
	again, err := rules.ReadList("claim_kinds", &b)
	if err != nil || !reflect.DeepEqual(again, l) {
		t.Errorf("ReadList(WriteList(l)) = %+v, %v; want %+v", again, err, l)
	}
}

func TestListFaultsNameTheLine(t *testing.T) {
	for in, want := range map[string]string{
		"":                                       "empty",
		"name,price\n":                           "id and title",
		"id,id,title\n":                          "twice",
		"id,title,x:colour\n":                    "name:number",
		"id,title\n,no id\n":                     "Line 2",
		"id,title,enabled\na,A,maybe\n":          "yes or no",
		"id,title,n:number\na,A,1\nb,B,twelve\n": "Line 3",
		"id,title\n\"a,A\n":                      "not valid CSV",
		"id,title,v:yesno\na,A,perhaps\n":        "Line 2",
	} {
		if _, err := rules.ReadList("x", strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ReadList(%q) = %v; want an error with %q", in, err, want)
		}
	}
}
