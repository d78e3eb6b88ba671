package views_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/views"
)

// A file that is cleaned is, byte for byte, the export of the responses that are left, however it is written.
func TestACleanedExportIsThatOfTheOthers(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 9))
	texts := []string{"", "plain", "two\nlines", "\r\nfirst", `"quoted"`, "a,b;c\td", "=1+1", " blank", "\ufeff", `\.`, "é", "'", `x"y`, "\"\n\""}
	for round := range 200 {
		var all, others []models.Response
		for i := range 1 + random.IntN(6) {
			r := models.Response{WAMID: fmt.Sprint("wamid.", i), Contact: models.Contact{Phone: fmt.Sprint(447700900100 + i%3), Name: texts[random.IntN(len(texts))]},
				Token: texts[random.IntN(len(texts))], State: models.Complete, Answers: map[string]any{"note": texts[random.IntN(len(texts))]}}
			if all = append(all, r); i%3 != 0 {
				others = append(others, r)
			}
		}
		e := views.Export{BOM: round%2 == 0, CRLF: round%3 == 0, Delimiter: []string{"", ";", "\t"}[round%3]}
		o := views.TableOptions{Keys: []string{"note"}, Labels: round%5 == 0, Names: [][]string{nil, {"note", "contact"}, {"message_id", "note"}}[random.IntN(3)]}
		own := func(r models.ExportRow) bool {
			return r.Contact == "447700900100" || r.Message == "wamid.0" || r.Message == "wamid.3"
		}
		csv, want, got := exported(e, o, all, views.Export.TableCSV), exported(e, o, others, views.Export.TableCSV), new(bytes.Buffer)
		if n, err := views.CleanCSV(got, strings.NewReader(csv), own); err != nil || got.String() != want || int(n) != len(all)-len(others) {
			t.Fatalf("CleanCSV(%q) = %d, %v\n%q\nwant\n%q", csv, n, err, got, want)
		}
		lines, want, got := exported(e, o, all, views.Export.TableJSONL), exported(e, o, others, views.Export.TableJSONL), new(bytes.Buffer)
		if n, err := views.CleanJSONL(got, strings.NewReader(lines), own); err != nil || got.String() != want || int(n) != len(all)-len(others) {
			t.Fatalf("CleanJSONL(%q) = %d, %v\n%q\nwant\n%q", lines, n, err, got, want)
		}
	}
}

type tableWriter func(views.Export, iter.Seq2[models.Response, error], *views.ExportTable) (int, error)

func exported(e views.Export, o views.TableOptions, rows []models.Response, write tableWriter) string {
	var b bytes.Buffer
	e.W = &b
	_, err := write(e, func(yield func(models.Response, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}, views.NewExportTable(o))
	if err != nil {
		panic(err)
	}
	return b.String()
}

func TestAFileThatDoesNotTellWhoseItsRowsAreIsNotCleaned(t *testing.T) {
	for _, text := range []string{"", "received_at,name\n2026,Ana\n", "\x00\xff", "no head"} {
		if _, err := views.CleanCSV(new(bytes.Buffer), strings.NewReader(text), nil); text != "" && !errors.Is(err, views.ErrNameless) {
			t.Errorf("CleanCSV(%q) = %v; want ErrNameless", text, err)
		}
		if _, err := views.CleanJSONL(new(bytes.Buffer), strings.NewReader(text), nil); text != "" && !errors.Is(err, views.ErrNameless) {
			t.Errorf("CleanJSONL(%q) = %v; want ErrNameless", text, err)
		}
	}
}

// Whatever a file holds, a row that is nobody's stays as it is.
func FuzzCleanCSV(f *testing.F) {
	f.Add("contact,name\n1,\"a\nb\"\n")
	f.Add("\ufeffname;contact\r\n\"x\"\"y\";2\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		var b bytes.Buffer
		if n, err := views.CleanCSV(&b, strings.NewReader(text), func(models.ExportRow) bool { return false }); err == nil && (b.String() != text || n != 0) {
			t.Errorf("CleanCSV(%q) of nobody = %q, %d; want it unchanged", text, b.String(), n)
		}
	})
}
