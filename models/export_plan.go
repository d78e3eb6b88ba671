package models

import (
	"fmt"
	"strings"
	"time"
)

// ExportFormat is how an export is written.
type ExportFormat string

// The formats.
const (
	CSV       ExportFormat = "csv"
	JSONLines ExportFormat = "jsonl"
	XLSX      ExportFormat = "xlsx"
)

// Type is the content type of a file.
func (f ExportFormat) Type() string {
	switch f {
	case JSONLines:
		return "application/jsonl; charset=utf-8"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// ExportSpan narrows an export by the clock to the day, week or month before it is made; "" is all.
type ExportSpan string

// The spans, each whole and in the plan's zone. Weeks begin on Monday.
const (
	SpanAll   ExportSpan = ""
	SpanDay   ExportSpan = "day"
	SpanWeek  ExportSpan = "week"
	SpanMonth ExportSpan = "month"
)

// An ExportPlan says which responses an export holds and how they are written.
type ExportPlan struct {
	Query     string       `json:"query,omitempty"` // filter, as the address of the list has it; "": all
	IDs       []int64      `json:"ids,omitempty"`   // these and no others
	Format    ExportFormat `json:"format"`
	Columns   []string     `json:"columns,omitempty"`   // in this order, by the names of their heads; none: all
	Labels    bool         `json:"labels,omitempty"`    // heads are labels, not keys
	Titles    bool         `json:"titles,omitempty"`    // titles of options, not their ids
	Split     bool         `json:"split,omitempty"`     // several choices: a column each
	Zone      string       `json:"zone,omitempty"`      // IANA, of the times; "": UTC
	Delimiter string       `json:"delimiter,omitempty"` // of CSV; "": a comma
	NoBOM     bool         `json:"no_bom,omitempty"`    // CSV begins without a byte order mark
	Reveal    string       `json:"reveal,omitempty"`    // why hidden answers are in it; "": they are not
}

// The bounds of a plan.
const (
	MaxExportIDs     = 1000
	maxExportColumns = 2000
	maxExportColumn  = 400 // bytes of a name
)

// Check is an Invalid when something in the plan cannot be.
func (p *ExportPlan) Check() error {
	switch p.Format {
	case CSV, JSONLines, XLSX:
	default:
		return &Invalid{"format", "Choose CSV, JSON Lines or Excel."}
	}
	if !strings.Contains(",;\t", p.Delimiter) || len(p.Delimiter) > 1 {
		return &Invalid{"delimiter", "Choose a comma, a semicolon or a tab."}
	}
	if _, err := time.LoadLocation(p.Zone); err != nil || strings.EqualFold(p.Zone, "local") {
		return &Invalid{"zone", "Enter a time zone such as Europe/Berlin or UTC."}
	}
	if len(p.Query) > maxViewQuery {
		return &Invalid{"format", "This filter is too long to be exported. Take fewer conditions."}
	}
	if len(p.IDs) > MaxExportIDs {
		return &Invalid{"scope", fmt.Sprintf("Select at most %d responses, or export all that a filter matches.", MaxExportIDs)}
	}
	if len(p.Columns) > maxExportColumns {
		return &Invalid{"columns", fmt.Sprintf("An export has at most %d columns of your choice.", maxExportColumns)}
	}
	if p.Reveal != "" {
		if err := CheckReason(p.Reveal); err != nil {
			return err
		}
	}
	for _, name := range p.Columns {
		if name == "" || len(name) > maxExportColumn {
			return &Invalid{"columns", "There is no column of that name."}
		}
	}
	return nil
}

// Location is the zone of its times, UTC when it is not known.
func (p *ExportPlan) Location() *time.Location {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Bounds are the half-open time of a span before now, in a zone; both zero for all.
func (s ExportSpan) Bounds(now time.Time, zone *time.Location) (from, to time.Time) {
	y, m, d := now.In(zone).Date()
	switch s {
	case SpanDay:
		return StartOfDay(y, m, d-1, zone), StartOfDay(y, m, d, zone)
	case SpanWeek:
		d -= (int(now.In(zone).Weekday()) + 6) % 7
		return StartOfDay(y, m, d-7, zone), StartOfDay(y, m, d, zone)
	case SpanMonth:
		return StartOfDay(y, m-1, 1, zone), StartOfDay(y, m, 1, zone)
	}
	return time.Time{}, time.Time{}
}
