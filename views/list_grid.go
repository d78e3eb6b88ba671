package views

import (
	"hash/fnv"
	"net/url"
	"strconv"
	"strings"

	"switchyard/models"
	"switchyard/models/rules"
)

// ListPage is one list: its rows as a table to edit, who uses it, its columns.
type ListPage struct {
	Page
	List    models.ListRow
	Uses    []RuleUse
	Grid    ListGrid
	Columns []ColumnInput
	Note    string
	Errors  []FieldError
	At      string // the part of the page that was refused: "rows", "columns", "upload" or "rename"; "" for none
	Renamed string // as entered
	Ticked  bool   // the columns' warning was shown, so that saving again does it
}

// A ListGrid is one page of a list's rows as they are edited.
type ListGrid struct {
	Rows     []GridRow
	New      GridRow
	Query    string // what the rows were searched for
	Page     int    // from 1
	Pages    int
	From, To int // positions of the first and the last row, from 1
	Found    int // rows that match the query
}

// A GridRow is one row as it stands in the form.
type GridRow struct {
	Was      string // its id as it is kept; "" for a new row
	Position string // as entered
	Place    int    // from 1
	Row      rules.Row
}

// Anchor is the id of the row's element.
func (r GridRow) Anchor() string {
	if r.Was == "" {
		return "new"
	}
	return ListRowAnchor(r.Was)
}

// A ColumnInput is one column as it is edited.
type ColumnInput struct {
	Was, Name, Type string // Was is "" for a new one
	Remove          bool
}

// ListRowAnchor is the id of a row's element on its list's page: row ids may hold anything.
func ListRowAnchor(id string) string {
	h := fnv.New64a()
	h.Write([]byte(id))
	return "row-" + strconv.FormatUint(h.Sum64(), 36)
}

// ListPageURL is a page of a list's rows, searched for a text.
func ListPageURL(name, query string, page int) string {
	q := url.Values{}
	if query != "" {
		q.Set("q", query)
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	return withQuery(ListURL(name), q)
}

// ListVersionsURL is the versions of a list.
func ListVersionsURL(name string) string { return ListURL(name) + "/versions" }

// ListVersionURL is one version of a list.
func ListVersionURL(name string, version int) string {
	return ListVersionsURL(name) + "/" + strconv.Itoa(version)
}

// CompareListURL is what changed from one version of a list to another.
func CompareListURL(name string, from, to int) string {
	return withQuery(ListURL(name)+"/compare", url.Values{"from": {strconv.Itoa(from)}, "to": {strconv.Itoa(to)}})
}

// columnTypes are the types of a column, in words.
var columnTypes = []Option{{"text", "Text"}, {"number", "Number"}, {"yesno", "Yes or no"}}

func columnTypeWords(kind string) string {
	for _, o := range columnTypes {
		if o.Value == kind {
			return strings.ToLower(o.Label)
		}
	}
	return kind
}

// gridWords says which rows are shown: "Rows 51 to 100 of 5,000".
func gridWords(g ListGrid, all int) string {
	switch {
	case all == 0:
		return "No row yet"
	case g.Query != "" && g.Found == 0:
		return "No row matches"
	case g.Query != "":
		return Number(g.Found) + " of " + plural(all, "row", "rows") + " match"
	case g.Pages > 1:
		return "Rows " + Number(g.From) + " to " + Number(g.To) + " of " + Number(all)
	}
	return plural(all, "row", "rows")
}

// listActs are the acts that make versions, in words.
var listActs = map[models.ListAct]string{
	models.ListEdited: "Edited", models.ListUploaded: "Uploaded", models.ListRestored: "Restored", models.ListRenamed: "Renamed",
	models.ListDeleted: "Deleted", models.ListAside: "Set aside",
}

func listActWords(act models.ListAct) string {
	if w, ok := listActs[act]; ok {
		return w
	}
	return string(act)
}
