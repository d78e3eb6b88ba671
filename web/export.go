package web

import (
	"context"
	"errors"
	"io"
	"time"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/views"
)

// Exported names what an export writes.
type Exported string

// What can be exported.
const (
	ExportedResponses Exported = "responses"
	ExportedAlerts    Exported = "alerts"
)

// ExportFormat is how an export is written.
type ExportFormat string

// The formats.
const (
	CSV       ExportFormat = "csv"
	JSONLines ExportFormat = "jsonl"
)

// ExportOptions say what Export writes.
type ExportOptions struct {
	What     Exported
	Flow     string    // slug, old slug or Meta's id; empty: all, those without a flow too
	From, To time.Time // responses: received; alerts: since; half-open; zero: open
	Format   ExportFormat
	Zone     *time.Location // of the times; nil is UTC
	BOM      bool           // of CSV
}

// Export writes responses or alerts to w as they are read, oldest first, tests left out, and notes it in the audit log
// (design/decisions.md 47). ErrNotFound: no such flow.
func Export(ctx context.Context, db *models.DB, w io.Writer, o ExportOptions) error {
	var flow models.Flow
	if o.Flow != "" {
		var err error
		if flow, err = db.Flow(ctx, o.Flow); err != nil {
			return err
		}
	}
	detail := map[string]any{"flow": flow.Slug, "from": models.Time{Time: o.From}, "to": models.Time{Time: o.To}, "format": o.Format}
	if err := db.Audit(ctx, models.By{Name: "switchyard export"}, "export."+string(o.What), string(o.What), detail); err != nil {
		return err
	}
	e := views.Export{W: w, Zone: o.Zone, BOM: o.BOM}
	if o.What == ExportedAlerts {
		return exportAlerts(ctx, db, e, o, flow)
	}
	return exportResponses(ctx, db, e, o, flow)
}

func exportResponses(ctx context.Context, db *models.DB, e views.Export, o ExportOptions, flow models.Flow) error {
	rows := db.EachResponse(ctx, models.ResponseFilter{FlowID: flow.ID, From: o.From, To: o.To, Ascending: true})
	if o.Format == JSONLines {
		_, err := e.ResponsesJSONL(rows)
		return err
	}
	occurring, err := db.AnswerKeys(ctx, flow.ID)
	if err != nil {
		return err
	}
	known, err := answerKeys(ctx, db, flow.ID)
	if err != nil {
		return err
	}
	_, err = e.ResponsesCSV(rows, views.AnswerColumns(known, occurring))
	return err
}

// answerKeys are the keys that a flow can answer, in the order of its Flow JSON; none without a flow.
func answerKeys(ctx context.Context, db *models.DB, flowID int64) (known []string, err error) {
	kept, err := db.NewestFlowJSON(ctx, flowID)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	flow, _ := flowjson.Parse(kept.Raw)
	if flow == nil {
		return nil, nil
	}
	for _, a := range flow.Answers() {
		known = append(known, a.Key)
	}
	return known, nil
}

func exportAlerts(ctx context.Context, db *models.DB, e views.Export, o ExportOptions, flow models.Flow) error {
	f := models.AlertFilter{From: o.From, To: o.To}
	if flow.ID != 0 {
		f.MetaID = flow.AlertID()
	}
	rows := db.EachAlert(ctx, f)
	if o.Format == JSONLines {
		_, err := e.AlertsJSONL(rows)
		return err
	}
	_, err := e.AlertsCSV(rows)
	return err
}
