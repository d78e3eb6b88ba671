package web_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"switchyard/models"
)

// records are the lines of a CSV, without the byte order mark.
func records(t *testing.T, text string, comma rune) [][]string {
	t.Helper()
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.Comma = comma
	all, err := r.ReadAll()
	if err != nil || len(all) == 0 {
		t.Fatalf("read CSV: %v\n%s", err, text)
	}
	return all
}

// spoiled are texts that a spreadsheet, a CSV reader or XML might take for something else.
var spoiled = []string{"=1+1", "@SUM(A1)", "-2", "\t=1", "＝1", `"; DROP`, "a\r\nb", "a,b;c", "]]>&<x", "_x0041_", " lead", "é — 日本"}

func TestAnExportHoldsWhatItsFormSaysAndReadsBackAsItWas(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	for i, text := range spoiled {
		s.response(t, fmt.Sprint(5511987651000+i), text, map[string]any{"flow_token": "appointment." + strconv.Itoa(i), "notes": text, "symptoms": []string{"0_pain", "2_swelling", "odd"}[:i%4], "department": "cardiology"})
	}
	selected := s.newest(t).ID
	list := "flow=appointment"
	t.Run("chosen columns with labels and titles, an option each", func(t *testing.T) {
		got := s.file(t, "support", list, url.Values{"columns": {"some"}, "column": {"name", "answers.name", "department", "symptoms", "none"}, "heads": {"labels"},
			"values": {"titles"}, "lists": {"split"}, "delimiter": {"semicolon"}, "bom": {""}})
		if strings.HasPrefix(got.body, "\ufeff") {
			t.Error("a CSV without the mark has it")
		}
		all := records(t, got.body, ';')
		head := strings.Join(all[0], "|")
		if !strings.HasPrefix(head, "Contact name|") || !strings.Contains(head, "Swelling") || !strings.Contains(head, ": other") || strings.Contains(head, "Received") {
			t.Errorf("heads = %s", head)
		}
		row := strings.Join(all[1], "|") // the newest: 11 % 4 = 3 symptoms
		if !strings.Contains(row, "Cardiology") || !strings.Contains(row, "Yes|") || !strings.HasSuffix(row, "odd") {
			t.Errorf("row = %s; want titles, yes and no for each option, and what is none of them", row)
		}
	})
	t.Run("selected", func(t *testing.T) {
		all := records(t, s.file(t, "support", list, url.Values{"scope": {"selected"}, "ids": {fmt.Sprint(selected), fmt.Sprint(selected - 2)}}).body, ',')
		if len(all) != 3 {
			t.Errorf("%d records; want a head and the two that were selected", len(all))
		}
		s.send(t, scenario{as: "support", path: fmt.Sprintf("/responses/export?list=%s&ids=%d", url.QueryEscape(list), selected)}).
			check(t, scenario{path: "/responses/export", status: 200, contains: []string{"Selected (1)", fmt.Sprintf("(%d)", len(spoiled))}})
	})
	t.Run("JSON Lines are verbatim", func(t *testing.T) {
		got := s.file(t, "support", list, url.Values{"format": {"jsonl"}, "columns": {"some"}, "column": {"name", "notes", "symptoms"}})
		var names []string
		for line := range strings.Lines(got.body) {
			var row struct {
				Name    string
				Answers struct {
					Notes    string
					Symptoms []string
				}
			}
			must(t, json.Unmarshal([]byte(line), &row))
			if row.Name != row.Answers.Notes {
				t.Errorf("line %s; want name and notes alike", line)
			}
			names = append(names, row.Name)
		}
		slices.Reverse(names)
		if !slices.Equal(names, spoiled) {
			t.Errorf("names = %q; want %q", names, spoiled)
		}
	})
	t.Run("a workbook has texts, times and no formula", func(t *testing.T) {
		got := s.file(t, "support", list, url.Values{"format": {"xlsx"}, "zone": {"Europe/Berlin"}})
		checkWorkbook(t, got)
	})
	t.Run("guarded CSV reads back", func(t *testing.T) {
		all := records(t, s.file(t, "support", list, nil).body, ',')
		at := slices.Index(all[0], "notes")
		for i, row := range all[1:] {
			want := strings.ReplaceAll(spoiled[len(spoiled)-1-i], "\r\n", "\n")
			if cell := strings.TrimPrefix(row[at], "'"); cell != want || strings.ContainsAny(row[at][:1], "=@-\t") {
				t.Errorf("cell = %q; want %q, guarded", row[at], want)
			}
		}
	})
}

func checkWorkbook(t *testing.T, got answer) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader([]byte(got.body)))
	if err != nil {
		t.Fatalf("open the workbook: %v", err)
	}
	defer f.Close()
	rows, err := f.GetRows("Responses", excelize.Options{RawCellValue: true})
	if err != nil || len(rows) != len(spoiled)+1 {
		t.Fatalf("GetRows = %d, %v; want %d", len(rows), err, len(spoiled)+1)
	}
	at := slices.Index(rows[0], "name")
	for i, row := range rows[1:] {
		want := strings.ReplaceAll(spoiled[len(spoiled)-1-i], "\r\n", "\n")
		cell, err := excelize.CoordinatesToCellName(at+1, i+2)
		must(t, err)
		if formula, err := f.GetCellFormula("Responses", cell); err != nil || formula != "" {
			t.Errorf("%s is the formula %q, %v", cell, formula, err)
		}
		if got := strings.ReplaceAll(row[at], "\r\n", "\n"); got != want {
			t.Errorf("%s = %q; want %q", cell, got, want)
		}
	}
	if n, err := strconv.ParseFloat(rows[1][0], 64); err != nil || n < 46_000 {
		t.Errorf("received_at = %q; want a time as spreadsheets count it", rows[1][0])
	}
}

func TestAnExportIsOnesOwnIsFetchedOnceAndToldWithItsRows(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	s.response(t, "5511987650001", "Ana", map[string]any{"flow_token": "appointment.1"})
	begun := s.send(t, scenario{as: "support", method: "POST", path: "/exports", form: url.Values{"scope": {"all"}, "format": {"csv"}, "do": {"export"}}})
	to := begun.header.Get("Location")
	s.run(t, []scenario{
		{name: "somebody else", as: "admin", path: to, status: 404},
		{name: "their file", as: "admin", path: to + "/file", status: 404},
		{name: "a viewer", as: "viewer", path: to + "/file", status: 403},
		{name: "its page", as: "support", path: to, status: 200, contains: []string{"Waiting", "every 1s", "Cancel the export"}},
		{name: "its file", as: "support", path: to + "/file", status: 200, contains: []string{"Ana"}, want: map[string]string{"X-Content-Type-Options": "nosniff"}},
		{name: "once more", as: "support", path: to + "/file", status: 409},
		{name: "its end", as: "support", path: to, status: 200, contains: []string{"Done: 1 response in responses-", ".csv."}, absent: []string{"every 1s"}, want: map[string]string{"Refresh": ""}},
		{name: "the list", as: "support", path: "/exports", status: 200, contains: []string{to, "Done"}},
		{name: "the list of everybody", as: "admin", path: "/exports", status: 200, contains: []string{"support", "Done"}},
		{name: "what cannot be", as: "support", method: "POST", path: "/exports", form: url.Values{"format": {"pdf"}, "zone": {"Mars"}}, status: 422, contains: []string{"Choose CSV"}},
		{name: "nothing selected", as: "support", method: "POST", path: "/exports", form: url.Values{"scope": {"selected"}, "format": {"csv"}}, status: 422, contains: []string{"Nothing is selected"}},
		{name: "no column", as: "support", method: "POST", path: "/exports", form: url.Values{"columns": {"some"}, "format": {"csv"}}, status: 422, contains: []string{"Choose at least one column"}},
		{name: "a schedule of support", as: "support", method: "POST", path: "/exports", form: url.Values{"do": {"schedule"}, "format": {"csv"}, "scope": {"all"}, "schedule": {"x"}}, status: 303, to: "/exports/2"},
	})
	rows, err := s.DB().AuditRows(t.Context(), 0, 10)
	must(t, err)
	i := slices.IndexFunc(rows, func(r models.AuditRow) bool { return r.Action == "export.responses.end" })
	if i < 0 || !strings.Contains(rows[i].Detail, `"rows":1`) || rows[i+1].Action != "export.responses" || !strings.Contains(rows[i+1].Detail, `"counted":1`) {
		t.Errorf("AuditRows = %+v; want start with the count and end with the rows", rows)
	}
}
