package views_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/views"
)

func TestCellNeverStartsAFormula(t *testing.T) {
	for in, want := range map[string]string{
		"":                  "",
		"plain":             "plain",
		"=1+1":              "'=1+1",
		"'=1+1":             "''=1+1",
		"it's":              "it's",
		"+55":               "'+55",
		"-1":                "'-1",
		"@SUM(A1)":          "'@SUM(A1)",
		"  =1":              "'  =1",
		"\u00a0=1":          "'\u00a0=1",
		"\tx":               "'\tx",
		"\rx":               "'\rx",
		"\nx":               "'\nx",
		"＝1":                "'＝1",
		"＋1":                "'＋1",
		"a\x00b":            "a␀b", // not dropped: who reads it sees that there was something
		"\x00=1":            "␀=1", // starts no formula: what stands first is seen
		"5511999990017":     "5511999990017",
		"1=1":               "1=1",
		`"quoted", with ;;`: `"quoted", with ;;`,
	} {
		if got := views.Cell(in); got != want {
			t.Errorf("Cell(%q) = %q; want %q", in, got, want)
		}
	}
}

func TestAnswerTextOfEveryShape(t *testing.T) {
	for in, want := range map[string]string{
		`"x"`:                            "x",
		`null`:                           "",
		`true`:                           "true",
		`12.50`:                          "12.50",
		`["a","b"]`:                      "a; b",
		`[]`:                             "",
		`[{"file_name":"a.jpg","id":1}]`: "a.jpg",
		`[{"x":1}]`:                      `[{"x":1}]`,
		`[["a"],["b"]]`:                  `[["a"],["b"]]`,
		`{}`:                             "{}",
	} {
		if got := views.AnswerText(decode(t, in)); got != want {
			t.Errorf("AnswerText(%s) = %q; want %q", in, got, want)
		}
	}
}

func decode(t *testing.T, s string) any {
	t.Helper()
	var v any
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func sample(t *testing.T) models.Response {
	return models.Response{
		WAMID: "wamid.1", FlowSlug: "claim", Token: "claim.1", State: models.Complete, Contact: models.Contact{Phone: "447700900123", Name: `=cmd|"x"`},
		ReceivedAt: models.Time{Time: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)},
		Answers:    decode(t, `{"name":"Ada","period":{"start-date":"2026-01-01","end-date":"2026-01-02"},"tags":["night","abroad"],"=evil":"x","n":3}`).(map[string]any),
	}
}

func rows[T any](vs ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range vs {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func TestResponsesCSVReadsBackAsWhatWasWritten(t *testing.T) {
	keys := views.AnswerColumns([]string{"period", "tags", "photos"}, []string{"name", "period.start-date", "period.end-date", "tags", "=evil", "n", "flow_token"})
	var b bytes.Buffer
	zone := time.FixedZone("", 3600)
	n, err := views.Export{W: &b, BOM: true, CRLF: true, Zone: zone}.ResponsesCSV(rows(sample(t)), keys)
	if n != 1 || err != nil {
		t.Fatalf("ResponsesCSV = %d, %v; want 1, nil", n, err)
	}
	text, ok := strings.CutPrefix(b.String(), "\ufeff")
	if !ok || !strings.Contains(text, "\r\n") {
		t.Errorf("CSV starts %q; want a BOM and CRLF", b.String()[:20])
	}
	got, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(got) != 2 {
		t.Fatalf("ReadAll = %d records, %v; want 2", len(got), err)
	}
	wantHead := "received_at|sent_at|flow|message_id|context_id|flow_token|contact|name|state|period.end-date|period.start-date|tags|photos|'=evil|n|answers.name"
	if head := strings.Join(got[0], "|"); head != wantHead {
		t.Errorf("header = %s; want %s", head, wantHead)
	}
	wantRow := `2026-11-20T09:00:00+01:00||claim|wamid.1||claim.1|447700900123|'=cmd|"x"|complete|2026-01-02|2026-01-01|night; abroad||x|3|Ada`
	if row := strings.Join(got[1], "|"); row != wantRow {
		t.Errorf("row = %s; want %s", row, wantRow)
	}
}

func TestResponsesJSONLKeepsTypesVerbatim(t *testing.T) {
	var b bytes.Buffer
	if _, err := (views.Export{W: &b}).ResponsesJSONL(rows(sample(t))); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Name    string `json:"name"`
		Answers map[string]any
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Name != `=cmd|"x"` || got.Answers["n"] != 3.0 {
		t.Errorf("JSONL = %+v; want the name verbatim and n as a number", got)
	}
}

func TestExportStopsAtTheFirstError(t *testing.T) {
	broken := errors.New("disk gone")
	failing := func(yield func(models.Response, error) bool) {
		if yield(models.Response{}, nil) {
			yield(models.Response{}, broken)
		}
	}
	n, err := views.Export{W: &bytes.Buffer{}}.ResponsesCSV(failing, nil)
	if n != 1 || !errors.Is(err, broken) {
		t.Errorf("ResponsesCSV = %d, %v; want 1 row and the error", n, err)
	}
}

func BenchmarkResponsesCSV(b *testing.B) {
	r := models.Response{WAMID: "wamid.1", FlowSlug: "claim", Token: "claim.1", State: models.Complete, Answers: map[string]any{}}
	keys := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}
	for _, k := range keys {
		r.Answers[k] = "some answer " + k
	}
	n := 0
	for b.Loop() {
		many := func(yield func(models.Response, error) bool) {
			for range 1000 {
				if !yield(r, nil) {
					return
				}
			}
		}
		m, err := views.Export{W: discard{}}.ResponsesCSV(many, keys)
		if err != nil {
			b.Fatal(err)
		}
		n += m
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
