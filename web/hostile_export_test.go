package web_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// harmless tells whether no spreadsheet takes a cell for a formula, behind what it may skip either.
func harmless(cell string) bool {
	rest := strings.TrimLeft(cell, " \t\r\n\u00a0")
	return cell == "" || cell[0] == '\'' || !strings.ContainsAny(cell[:1], "\t\r\n") && (rest == "" || !strings.ContainsAny(rest[:1], "=+-@"))
}

func TestHostileTextIsTextInEveryExport(t *testing.T) {
	s, flow := spoil(t)
	want := slices.Clone(evil)
	slices.Reverse(want)
	labels := url.Values{"heads": {"labels"}, "values": {"titles"}, "lists": {"split"}}
	t.Run("CSV", func(t *testing.T) {
		for _, form := range []url.Values{nil, labels} {
			rows := records(t, s.file(t, "support", "flow="+flow.Slug, form).body, ',')
			name := slices.IndexFunc(rows[0], func(h string) bool { return h == "name" || h == "Contact name" })
			for i, row := range rows {
				for _, cell := range row {
					if !harmless(cell) || strings.Contains(cell, "\x00") {
						t.Errorf("row %d has the cell %.60q; want it guarded", i, cell)
					}
				}
				if i > 0 && plainWords(strings.TrimPrefix(row[name], "'")) != plainWords(strings.TrimPrefix(want[i-1], "'")) {
					t.Errorf("row %d is of %.60q; want %.60q", i, row[name], want[i-1])
				}
			}
			if len(rows) != len(evil)+1 {
				t.Errorf("%d rows; want %d", len(rows), len(evil)+1)
			}
		}
	})
	t.Run("a workbook", func(t *testing.T) {
		labels.Set("format", "xlsx")
		book, err := excelize.OpenReader(bytes.NewReader([]byte(s.file(t, "support", "flow="+flow.Slug, labels).body)))
		must(t, err)
		defer book.Close()
		rows, err := book.GetRows("Responses")
		must(t, err)
		for y, row := range rows {
			for x, cell := range row {
				at, err := excelize.CoordinatesToCellName(x+1, y+1)
				must(t, err)
				formula, err := book.GetCellFormula("Responses", at)
				linked, _, linkErr := book.GetCellHyperLink("Responses", at)
				if err != nil || linkErr != nil || formula != "" || linked {
					t.Errorf("%s is %.60q: formula %q, a link: %v; want a text", at, cell, formula, linked)
				}
			}
			if name := slices.Index(rows[0], "Contact name"); y > 0 && plainWords(row[name]) != plainWords(want[y-1]) {
				t.Errorf("row %d is of %.60q; want %.60q", y, row[name], want[y-1])
			}
		}
	})
	t.Run("JSON Lines", func(t *testing.T) {
		lines := strings.Split(strings.TrimSuffix(s.file(t, "support", "flow="+flow.Slug, url.Values{"format": {"jsonl"}}).body, "\n"), "\n")
		if len(lines) != len(evil) {
			t.Fatalf("%d lines; want %d", len(lines), len(evil))
		}
		for i, line := range lines {
			var row struct {
				Name    string
				Answers map[string]any
			}
			if err := json.Unmarshal([]byte(line), &row); err != nil || row.Name != want[i] || row.Answers["f0"] != want[i] || row.Answers[want[i]] != want[i] {
				t.Errorf("line %d: %v, name %.60q, answer %.60q; want both %.60q", i, err, row.Name, row.Answers["f0"], want[i])
			}
		}
	})
}
