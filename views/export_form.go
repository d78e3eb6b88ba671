package views

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"switchyard/models"
)

// The scopes of an export.
const (
	ScopeAll      = "all"
	ScopeFiltered = "filtered"
	ScopeSelected = "selected"
)

// An ExportForm is what the form of an export holds, as it was typed.
type ExportForm struct {
	Scope  string
	IDs    []int64 // selected
	Some   bool    // only the columns of the plan
	BOM    bool
	Reveal bool // hidden answers are written as they are
	Plan   models.ExportPlan
	Do     string // the button of a form that was refused: "link", "schedule" or ""

	Name                     string // of a link or schedule
	Span, Every, Weekday, To string // of a schedule; To is a target's id, "" the folder
	Time, Keep               string
}

// ExportPage is where an export is put together.
type ExportPage struct {
	Page
	Query         ResponseQuery // of the list
	Flow          string        // its name, "" for all flows
	Form          ExportForm
	All, Filtered models.Tally
	Narrowed      bool     // the list is filtered by more than a flow
	Columns       []Option // to choose from; of all flows only those before the answers
	Targets       []Option // for schedules
	Folder        string   // where schedules put files
	Hides         bool     // something is hidden that an administrator may export
	Errors        []FieldError
}

// Narrowed tells whether the list is filtered by more than a flow.
func (q ResponseQuery) Narrowed() bool {
	q.Flow, q.Sort = "", ""
	return len(q.Values()) > 0
}

// errorFor is the error of a control of the named section: the same names stand in the forms of links and schedules.
func (p ExportPage) errorFor(do, id string) string {
	if p.Form.Do != do {
		return ""
	}
	return errorOf(p.Errors, id)
}

// shownErrors leads the errors about a name to the section that was sent.
func (p ExportPage) shownErrors() []FieldError {
	errs := make([]FieldError, len(p.Errors))
	for i, e := range p.Errors {
		if e.ID == "name" && p.Form.Do != "" {
			e.ID = p.Form.Do + "-name"
		}
		errs[i] = e
	}
	return errs
}

// nameOf is what was typed as a name in one of the sections.
func (p ExportPage) nameOf(do string) string {
	if p.Form.Do != do {
		return ""
	}
	return p.Form.Name
}

// chosen tells whether a column is ticked.
func (p ExportPage) chosen(name string) bool {
	if !p.Form.Some {
		return true
	}
	for _, c := range p.Form.Plan.Columns {
		if c == name {
			return true
		}
	}
	return false
}

// tallyWords is "4,210", or "more than 10,000".
func tallyWords(t models.Tally) string {
	switch {
	case t.More && t.N == 0:
		return "many"
	case t.More:
		return "more than " + Number(t.N)
	}
	return Number(t.N)
}

// scopeWords are the three scopes with their counts.
func (p ExportPage) scopes() []Option {
	all := "All"
	if p.Flow != "" {
		all = "All of “" + p.Flow + "”"
	}
	options := []Option{{ScopeAll, all + " (" + tallyWords(p.All) + ")"}}
	if p.Narrowed {
		options = append(options, Option{ScopeFiltered, "Filtered as the list was (" + tallyWords(p.Filtered) + ")"})
	}
	if len(p.Form.IDs) > 0 {
		options = append(options, Option{ScopeSelected, "Selected (" + Number(len(p.Form.IDs)) + ")"})
	}
	return options
}

// tooManyForASheet tells that a scope does not fit on one sheet.
func (p ExportPage) tooManyForASheet() bool {
	return p.All.N >= SheetRows || p.Filtered.N >= SheetRows
}

var (
	exportFormatOptions    = []Option{{string(models.CSV), "CSV"}, {string(models.XLSX), "Excel workbook (XLSX)"}, {string(models.JSONLines), "JSON Lines"}}
	exportDelimiterOptions = []Option{{"", "Comma"}, {"semicolon", "Semicolon"}, {"tab", "Tab"}}
	exportHeadOptions      = []Option{{"keys", "Keys, for programs"}, {"labels", "Labels, for people"}}
	exportValueOptions     = []Option{{"ids", "Ids, as they were sent"}, {"titles", "Titles of the options"}}
	exportListOptions      = []Option{{"joined", "In one cell, joined by “; ”"}, {"split", "A column for each option"}}
	exportEveryOptions     = []Option{{string(models.SpanDay), "Every day"}, {string(models.SpanWeek), "Every week"}, {string(models.SpanMonth), "On the 1st of each month"}}
	exportSpanOptions      = []Option{{string(models.SpanAll), "All of them, each time"}, {string(models.SpanDay), "Those of the day before"}, {string(models.SpanWeek), "Those of the week before"}, {string(models.SpanMonth), "Those of the month before"}}
	exportWeekdayOptions   = []Option{{"1", "Monday"}, {"2", "Tuesday"}, {"3", "Wednesday"}, {"4", "Thursday"}, {"5", "Friday"}, {"6", "Saturday"}, {"0", "Sunday"}}
)

// pick is the value of a choice between two.
func pick(second bool, options []Option) string {
	if second {
		return options[1].Value
	}
	return options[0].Value
}

func delimiterName(d string) string {
	return map[string]string{";": "semicolon", "\t": "tab"}[d]
}

// TargetOption is a target to choose.
func TargetOption(t models.Target) Option {
	label := "Target “" + t.Name + "”"
	if t.Off {
		label += " (switched off)"
	}
	return Option{strconv.FormatInt(t.ID, 10), label}
}

// EveryWords is "every day at 06:00 (Europe/Lisbon)".
func EveryWords(s models.ExportSchedule) string {
	words := "every day"
	switch s.Every {
	case models.SpanWeek:
		words = "every " + s.Weekday.String()
	case models.SpanMonth:
		words = "on the 1st of each month"
	}
	return words + " at " + time.Date(2000, 1, 1, 0, s.Minute, 0, 0, time.UTC).Format("15:04") + " (" + s.Plan.Location().String() + ")"
}

// planWords says what a plan holds, without what may be a customer's.
func planWords(plan models.ExportPlan) string {
	words := []string{map[models.ExportFormat]string{models.CSV: "CSV", models.XLSX: "Excel", models.JSONLines: "JSON Lines"}[plan.Format]}
	switch n := len(plan.IDs); {
	case n == 1:
		words = append(words, "1 selected response")
	case n > 1:
		words = append(words, Number(n)+" selected responses")
	default:
		words = append(words, queryWords(plan.Query))
	}
	if len(plan.Columns) > 0 {
		words = append(words, plural(len(plan.Columns), "column", "columns"))
	}
	return strings.Join(words, ", ")
}

// queryWords says which responses a filter asks for, but for what it asks.
func queryWords(query string) string {
	v, err := url.ParseQuery(query)
	words := "all responses"
	if flow := v.Get("flow"); flow != "" {
		words = "responses of " + flow
		v.Del("flow")
	}
	v.Del("sort")
	if err != nil || len(v) > 0 {
		words += ", filtered"
	}
	return words
}

// ExportURL is one export; ExportFileURL its file, which can be fetched once.
func ExportURL(id int64) string     { return ExportsURL + "/" + strconv.FormatInt(id, 10) }
func ExportFileURL(id int64) string { return ExportURL(id) + "/file" }

// ExportLinkURL is where a script fetches the export of a link.
func ExportLinkURL(id int64) string { return "/export-links/" + strconv.FormatInt(id, 10) }

// AskExportURL is where an export of a list is put together.
func AskExportURL(q ResponseQuery) string {
	if query := q.Query(); query != "" {
		return "/responses/export?" + query
	}
	return "/responses/export"
}

// ExportsURL is the list of exports.
const ExportsURL = "/exports"
