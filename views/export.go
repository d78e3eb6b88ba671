package views

import (
	"bufio"
	"encoding/json"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
)

// An Export writes rows as they are read; memory stays constant. The zero Zone is UTC.
type Export struct {
	W     io.Writer
	BOM   bool           // UTF-8 byte order mark, for spreadsheets
	CRLF  bool           // line ends as RFC 4180 and spreadsheets want them
	Zone  *time.Location // of the times, which are RFC 3339
	Flush func() error   // called every flushRows rows, after what was written has reached W; may be nil

	Delimiter string    // of CSV, one byte; "": a comma
	Made      time.Time // what a workbook says of itself; zero: nothing
}

const flushRows = 1000

// responseColumns stand before the answers in every export of responses (product.md §2).
var responseColumns = []string{"received_at", "sent_at", "flow", "message_id", "context_id", "flow_token", "contact", "name", "state"}

// AnswerColumns puts answer keys in the order of an export: those of known (the Flow JSON's order) that occur or
// not, the parts of an object (period.start-date) in its place, then the others by name; flow_token has its own column
// and is not repeated.
func AnswerColumns(known, occurring []string) []string {
	byName := slices.Sorted(slices.Values(occurring))
	var keys []string
	there := map[string]bool{"flow_token": true}
	add := func(k string) {
		if !there[k] {
			there[k] = true
			keys = append(keys, k)
		}
	}
	for _, k := range known {
		parts := partsOf(k, byName)
		if _, occurs := slices.BinarySearch(byName, k); occurs || len(parts) == 0 {
			add(k)
		}
		for _, part := range parts {
			add(part)
		}
	}
	for _, k := range byName {
		add(k)
	}
	return keys
}

// partsOf are the keys into which an object of that key was flattened: they stand together in the order by name.
func partsOf(key string, byName []string) []string {
	from, _ := slices.BinarySearch(byName, key+".")
	to := from
	for to < len(byName) && strings.HasPrefix(byName[to], key+".") {
		to++
	}
	return byName[from:to]
}

// ResponsesCSV writes one row per response, a column per key of answers, and says how many rows it wrote.
func (e Export) ResponsesCSV(rows iter.Seq2[models.Response, error], keys []string) (int, error) {
	return e.TableCSV(rows, NewExportTable(TableOptions{Keys: keys}))
}

// ResponsesJSONL writes one JSON object per line, answers under "answers" with their JSON types, verbatim.
func (e Export) ResponsesJSONL(rows iter.Seq2[models.Response, error]) (int, error) {
	type line struct {
		ReceivedAt string         `json:"received_at"`
		SentAt     string         `json:"sent_at"`
		Flow       string         `json:"flow"`
		MessageID  string         `json:"message_id"`
		ContextID  string         `json:"context_id"`
		FlowToken  string         `json:"flow_token"`
		Contact    string         `json:"contact"`
		Name       string         `json:"name"`
		State      string         `json:"state"`
		Answers    map[string]any `json:"answers"`
		Raw        string         `json:"raw,omitempty"` // of an unreadable one
	}
	return writeJSONL(e, rows, func(r models.Response) (any, error) {
		l := line{e.time(r.ReceivedAt), e.time(r.SentAt), r.FlowSlug, r.WAMID, r.ContextID, r.Token, contactID(r.Contact), r.Contact.Name, string(r.State), r.Answers, ""}
		if r.State == models.Unreadable {
			l.Raw = r.Raw
		}
		return l, nil
	})
}

var alertColumns = []string{"since", "resolved_at", "flow_id", "flow", "kind", "status", "severity", "threshold", "figure", "acknowledged_by", "acknowledged_at", "note", "events"}

// AlertsCSV writes one row per alert.
func (e Export) AlertsCSV(rows iter.Seq2[models.Alert, error]) (int, error) {
	return writeCSV(e, alertColumns, rows, func(a models.Alert) []string {
		return []string{e.time(a.SinceAt), e.time(a.ResolvedAt), a.MetaID, a.FlowSlug, string(a.Kind), string(a.Status), a.Severity.Word(),
			plainFigure(a.Last.Threshold), plainFigure(AlertFigure(a.Kind, a.Last)), a.AckName, e.time(a.AckAt), a.AckNote, strconv.Itoa(len(a.Events))}
	})
}

// AlertsJSONL writes one JSON object per line, with the events of each.
func (e Export) AlertsJSONL(rows iter.Seq2[models.Alert, error]) (int, error) {
	return writeJSONL(e, rows, func(a models.Alert) (any, error) {
		events := make([]map[string]any, len(a.Events))
		for i, v := range a.Events {
			events[i] = map[string]any{"at": e.time(v.At), "activated": v.Activated, "threshold": v.Threshold, "figure": AlertFigure(a.Kind, v), "errors": v.Errors, "message": v.Message}
		}
		return map[string]any{"since": e.time(a.SinceAt), "resolved_at": e.time(a.ResolvedAt), "flow_id": a.MetaID, "flow": a.FlowSlug, "kind": a.Kind, "status": a.Status,
			"severity": a.Severity.Word(), "acknowledged_by": a.AckName, "acknowledged_at": e.time(a.AckAt), "note": a.AckNote, "events": events}, nil
	})
}

// AlertFigure is the figure that a notice of that kind is about: percent, or milliseconds of latency; nil when Meta
// did not say it, which is unknown and never zero.
func AlertFigure(k alert.Kind, v models.AlertEvent) *float64 {
	switch k {
	case alert.EndpointLatency:
		return v.P90
	case alert.EndpointAvailability:
		return v.Available
	}
	return v.ErrorRate
}

func plainFigure(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}

// contactID is how an export names a customer: the number as bare digits, so that no guard is put before it, else
// the business-scoped id.
func contactID(c models.Contact) string {
	if c.Phone != "" {
		return c.Phone
	}
	return c.UserID
}

func (e Export) time(t models.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(e.zone()).Format(time.RFC3339)
}

func (e Export) zone() *time.Location {
	if e.Zone == nil {
		return time.UTC
	}
	return e.Zone
}

// Table writes a table in a format, and says how many rows it wrote.
func (e Export) Table(format models.ExportFormat, rows iter.Seq2[models.Response, error], t *ExportTable) (int, error) {
	switch format {
	case models.JSONLines:
		return e.TableJSONL(rows, t)
	case models.XLSX:
		return e.TableXLSX(rows, t)
	}
	return e.TableCSV(rows, t)
}

func writeCSV[T any](e Export, head []string, rows iter.Seq2[T, error], record func(T) []string) (int, error) {
	b := bufio.NewWriterSize(e.W, 64<<10)
	w := e.csv(b)
	w.write(head)
	return each(rows, func() error { return e.flush(b, nil) }, func(v T) error {
		w.write(record(v))
		return nil
	})
}

func writeJSONL[T any](e Export, rows iter.Seq2[T, error], object func(T) (any, error)) (int, error) {
	b := bufio.NewWriterSize(e.W, 64<<10)
	w := json.NewEncoder(b)
	w.SetEscapeHTML(false)
	return each(rows, func() error { return e.flush(b, nil) }, func(v T) error {
		line, err := object(v)
		if err != nil {
			return err
		}
		return w.Encode(line)
	})
}

// each writes all rows, flushing as it goes and at the end; the first flush comes with the first row, so that the
// reader sees that it works.
func each[T any](rows iter.Seq2[T, error], flush func() error, write func(T) error) (n int, err error) {
	for v, err := range rows {
		if err == nil {
			err = write(v)
		}
		if err != nil {
			return n, err
		}
		if n++; n == 1 || n%flushRows == 0 {
			if err := flush(); err != nil {
				return n, err
			}
		}
	}
	return n, flush()
}

func (e Export) flush(b *bufio.Writer, err error) error {
	if err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return err
	}
	if e.Flush != nil {
		return e.Flush()
	}
	return nil
}
