package rules

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// ReadList reads a list from CSV in UTF-8, with or without a byte order mark: the header has id and title;
// description, enabled and further columns are optional; "limit:number" and "vip:yesno" give a column its type
// (design/decisions.md 20). Spreadsheets of some countries part cells by semicolons or tabs: the header tells. Cells that
// WriteList guarded lose their guard. The error is a ListFault that names the line.
func ReadList(name string, r io.Reader) (List, error) {
	l, _, err := readList(name, r)
	return l, err
}

// readList tells too where the fixed columns stand, as header does.
func readList(name string, r io.Reader) (l List, at map[string]int, err error) {
	l.Name = name
	text := bufio.NewReader(r)
	c := csv.NewReader(text)
	c.FieldsPerRecord, c.Comma = -1, partedBy(text)
	head, err := c.Read()
	if errors.Is(err, io.EOF) {
		return l, nil, listFault("The file is empty. Its first line names the columns: id,title")
	}
	if err != nil {
		return l, nil, csvSentence(err)
	}
	if at, err = l.header(head); err != nil {
		return l, nil, err
	}
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			return l, at, nil
		}
		if err != nil {
			return l, nil, csvSentence(err)
		}
		line, _ := c.FieldPos(0)
		row, err := l.row(at, record, line)
		if err != nil {
			return l, nil, err
		}
		l.Rows = append(l.Rows, row)
	}
}

// partedBy is what stands between the cells of the first line.
func partedBy(r *bufio.Reader) rune {
	start, _ := r.Peek(r.Size())
	line, _, _ := bytes.Cut(start, []byte("\n"))
	comma, most := ',', bytes.Count(line, []byte(","))
	for _, other := range []rune{';', '\t'} {
		if n := bytes.Count(line, []byte(string(other))); n > most {
			comma, most = other, n
		}
	}
	return comma
}

// header finds the fixed columns and declares the others; it returns the index of each fixed one, -1 when absent.
func (l *List) header(head []string) (map[string]int, error) {
	at := map[string]int{"id": -1, "title": -1, "description": -1, "enabled": -1}
	for i, h := range head {
		h = cellText(strings.TrimPrefix(h, "\ufeff"))
		name, kind, typed := strings.Cut(h, ":")
		if j, fixed := at[h]; fixed {
			if j >= 0 {
				return nil, listFault("The column %q is there twice.", h)
			}
			at[h] = i
			continue
		}
		if !typed {
			kind = "text"
		}
		if name == "" || !slices.Contains([]string{"text", "number", "yesno"}, kind) {
			return nil, listFault("The header %q is not a column name. Write a name, name:number or name:yesno.", h)
		}
		if slices.ContainsFunc(l.Columns, func(c Column) bool { return c.Name == name }) {
			return nil, listFault("The column %q is there twice.", name)
		}
		l.Columns = append(l.Columns, Column{Name: name, Type: kind})
		at[":"+strconv.Itoa(len(l.Columns)-1)] = i
	}
	if at["id"] < 0 || at["title"] < 0 {
		return nil, listFault("The first line must name the columns id and title.")
	}
	return at, nil
}

func (l *List) row(at map[string]int, record []string, line int) (Row, error) {
	cell := func(column string) string {
		if i := at[column]; i >= 0 && i < len(record) {
			return cellText(record[i])
		}
		return ""
	}
	r := Row{ID: cell("id"), Title: cell("title"), Description: cell("description"), Enabled: true}
	if r.ID == "" || r.Title == "" {
		return r, listFault("Line %d has no id or no title.", line)
	}
	if e := cell("enabled"); e != "" {
		on, ok := yesNo(e)
		if !ok {
			return r, listFault("Line %d: enabled is %q. Write yes or no.", line, e)
		}
		r.Enabled = on
	}
	for i, c := range l.Columns {
		text := cell(":" + strconv.Itoa(i))
		if err := c.check(text, line); err != nil {
			return r, err
		}
		if on, ok := yesNo(text); ok && c.Type == "yesno" {
			text = yesWord(on)
		}
		r.Cells = append(r.Cells, text)
	}
	return r, nil
}

// cellText is what a cell says: without blanks around it, and without a guard.
func cellText(s string) string { return strings.TrimSpace(UnguardCell(strings.TrimSpace(s))) }

func (c Column) check(text string, line int) error {
	if text == "" {
		return nil
	}
	switch c.Type {
	case "number":
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return listFault("Line %d: %s is %q. Write a number with a point for decimals.", line, c.Name, text)
		}
	case "yesno":
		if _, ok := yesNo(text); !ok {
			return listFault("Line %d: %s is %q. Write yes or no.", line, c.Name, text)
		}
	}
	return nil
}

func yesNo(s string) (on, ok bool) {
	switch strings.ToLower(s) {
	case "yes", "true", "1", "on":
		return true, true
	case "no", "false", "0", "off":
		return false, true
	}
	return false, false
}

// A ListFault is what is wrong with a CSV, in one sentence for the person who uploads it.
type ListFault string

// Error is the sentence, for the person who uploads.
func (f ListFault) Error() string { return string(f) }

func listFault(format string, args ...any) error { return ListFault(fmt.Sprintf(format, args...)) }

func csvSentence(err error) error {
	if bad, ok := errors.AsType[*csv.ParseError](err); ok {
		return listFault("Line %d is not valid CSV: %v.", bad.Line, bad.Err)
	}
	return listFault("The file cannot be read: %v.", err)
}

// WriteList writes a list as ReadList reads it, safe to open in a spreadsheet.
func WriteList(w io.Writer, l List) error {
	c := csv.NewWriter(w)
	head := []string{"id", "title", "description", "enabled"}
	for _, col := range l.Columns {
		name := col.Name
		if col.Type != "text" && col.Type != "" {
			name += ":" + col.Type
		}
		head = append(head, name)
	}
	write := func(cells []string) {
		for i, cell := range cells {
			cells[i] = GuardCell(cell)
		}
		c.Write(cells)
	}
	write(head)
	for _, r := range l.Rows {
		enabled := "no"
		if r.Enabled {
			enabled = "yes"
		}
		write(append([]string{r.ID, r.Title, r.Description, enabled}, r.Cells...))
	}
	c.Flush()
	return c.Error()
}
