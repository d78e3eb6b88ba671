package views

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"switchyard/models"
)

func TestWorkbookHoldsEveryTextOnAsManySheetsAsItNeeds(t *testing.T) {
	texts := []string{"plain", " blank in front", "<b>&amp;\"'", "_x0041_x0042_ and _x005F_", "line\nfeed\ttab", "\x00NUL", "=1+1", "😀 família 👩\u200d👩\u200d👧", "\u202eright to left", "_x00zz_", "007"}
	received := models.Time{Time: time.Date(2026, 11, 20, 23, 59, 30, 0, time.UTC)}
	rows := func(yield func(models.Response, error) bool) {
		for i, text := range texts {
			answers := map[string]any{"text": text, "n": json.Number(strconv.Itoa(i) + ".5"), "long": json.Number("12345678901234567890")}
			if !yield(models.Response{ReceivedAt: received, Answers: answers}, nil) {
				return
			}
		}
	}
	table := NewExportTable(TableOptions{Keys: []string{"text", "n", "long"}, Names: []string{"received_at", "text", "n", "long"}})
	var b bytes.Buffer
	const most = 4 // rows, the heads among them
	n, err := Export{W: &b, Zone: time.FixedZone("", 3600), Made: received.Time}.tableXLSX(rows, table, most)
	if n != len(texts) || err != nil {
		t.Fatalf("tableXLSX = %d, %v; want %d rows", n, err, len(texts))
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if sheets := f.GetSheetList(); fmt.Sprint(sheets) != "[Responses Responses 2 Responses 3 Responses 4]" {
		t.Fatalf("sheets = %q; want four", sheets)
	}
	for i, text := range texts {
		sheet, err := f.GetRows(f.GetSheetList()[i/(most-1)])
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"2026-11-21 00:59:30", visibleText(text), strconv.Itoa(i) + ".5", "12345678901234567890"}
		if got := sheet[1+i%(most-1)]; fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) || sheet[0][1] != "text" {
			t.Errorf("row %d = %q; want %q", i, got, want)
		}
	}
	if about, err := f.GetDocProps(); err != nil || about.Creator != "Switchyard" || about.Created != "2026-11-20T23:59:30Z" || about.Modified != about.Created {
		t.Errorf("GetDocProps = %+v, %v; want what made it, and when", about, err)
	}
	if kind, err := f.GetCellType("Responses 3", "B2"); err != nil || kind != excelize.CellTypeInlineString {
		t.Errorf("a text that begins with = is a %v, %v; want a text", kind, err)
	}
}

func TestACellHoldsNoMoreThanASheetCounts(t *testing.T) {
	for _, c := range []struct {
		text  string
		units int
		whole bool
	}{
		{strings.Repeat("é", excelize.TotalCellChars), excelize.TotalCellChars, true},
		{strings.Repeat("é", excelize.TotalCellChars+1), excelize.TotalCellChars, false},
		{strings.Repeat("😀", excelize.TotalCellChars/2), excelize.TotalCellChars - 1, true},
		{strings.Repeat("😀", excelize.TotalCellChars), excelize.TotalCellChars, false},
		{"a" + strings.Repeat("😀", excelize.TotalCellChars), excelize.TotalCellChars - 1, false},
	} {
		got := visibleText(c.text)
		if n := len(utf16.Encode([]rune(got))); n != c.units || (got == c.text) != c.whole || !c.whole && !strings.HasSuffix(got, "…") {
			t.Errorf("visibleText(%d of %.4q) has %d units, ends with %q; want %d", len(c.text), c.text, n, got[len(got)-4:], c.units)
		}
	}
}
