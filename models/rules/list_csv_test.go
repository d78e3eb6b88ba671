package rules_test

import (
	"bytes"
	"encoding/csv"
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

func TestCellsMayBePartedAsSpreadsheetsOfOtherCountriesDo(t *testing.T) {
	want := rules.List{Name: "x", Columns: []rules.Column{{Name: "fee", Type: "number"}}, Rows: []rules.Row{{ID: "a", Title: "Rio, Leblon; Ipanema", Enabled: true, Cells: []string{"1.5"}}}}
	for _, in := range []string{
		"id,title,fee:number\na,\"Rio, Leblon; Ipanema\",1.5\n",
		"\ufeffid;title;fee:number\r\na;\"Rio, Leblon; Ipanema\";1.5\r\n",
		"id\ttitle\tfee:number\na\tRio, Leblon; Ipanema\t1.5\n",
	} {
		if got, err := rules.ReadList("x", strings.NewReader(in)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("ReadList(%q) = %+v, %v; want %+v", in, got, err, want)
		}
	}
}

func TestListCellsAreGuardedInTheFileAndNotInTheList(t *testing.T) {
	texts := []string{"=1+1", "+55", "-5", "@x", "＝1", "'=1", "''=1", "'", "''", "'plain", "it's", "1=1", "5"}
	l := rules.List{Name: "x", Columns: []rules.Column{{Name: "=price", Type: "number"}, {Name: "note", Type: "text"}}}
	for _, text := range texts {
		l.Rows = append(l.Rows, rules.Row{ID: text, Title: text, Description: text, Enabled: true, Cells: []string{"-5", text}})
	}
	var b bytes.Buffer
	if err := rules.WriteList(&b, l); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(b.Bytes())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records {
		for _, cell := range record {
			if strings.ContainsAny(cell[:1], "=+-@") || strings.HasPrefix(cell, "＝") {
				t.Errorf("WriteList writes the cell %q; want it guarded", cell)
			}
		}
	}
	if got, err := rules.ReadList("x", &b); err != nil || !reflect.DeepEqual(got, l) {
		t.Errorf("ReadList(WriteList(l)) = %+v, %v; want %+v", got, err, l)
	}
}

func FuzzGuardedCellReadsBack(f *testing.F) {
	for _, s := range []string{"=1", "'=1", "''", " +1", "\t", "＠"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		guarded := rules.GuardCell(s)
		if got, want := rules.UnguardCell(guarded), strings.ReplaceAll(s, "\x00", "␀"); got != want {
			t.Errorf("UnguardCell(%q) = %q; want %q", guarded, got, want)
		}
		if trimmed := strings.TrimSpace(guarded); trimmed != "" && strings.ContainsAny(trimmed[:1], "=+-@") {
			t.Errorf("GuardCell(%q) = %q; want it guarded", s, guarded)
		}
	})
}
