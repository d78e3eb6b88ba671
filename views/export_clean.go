package views

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"switchyard/models"
)

// ErrNameless is that an export has no column that tells whose its rows are.
var ErrNameless = errors.New("the file does not tell whose its rows are")

// places are where an export says whose a row is; -1: it does not.
type places struct{ contact, message, token int }

// placesIn finds the columns by their heads, keys or labels.
func placesIn(head []string) (p places, found bool) {
	at := func(name string) int {
		i := slices.Index(fixedColumns, name)
		return slices.IndexFunc(head, func(h string) bool { return h == name || h == fixedLabels[i] })
	}
	p = places{at("contact"), at("message_id"), at("flow_token")}
	return p, p.contact >= 0 || p.message >= 0 || p.token >= 0
}

func (p places) row(cells []string) models.ExportRow {
	cell := func(i int) string {
		if i < 0 || i >= len(cells) {
			return ""
		}
		return strings.TrimPrefix(cells[i], "'") // which Cell puts in front
	}
	return models.ExportRow{Contact: cell(p.contact), Message: cell(p.message), Token: cell(p.token)}
}

// CleanCSV copies an export without the rows that are somebody's, all others byte for byte, and tells how many it left out.
// ErrNameless: nothing tells.
func CleanCSV(w io.Writer, r io.Reader, of func(models.ExportRow) bool) (rows int64, err error) {
	b := bufio.NewReader(r)
	comma, err := commaOf(b)
	if err != nil {
		return 0, err
	}
	var read bytes.Buffer
	c := csv.NewReader(io.TeeReader(b, &read))
	c.Comma, c.FieldsPerRecord, c.ReuseRecord, c.LazyQuotes = comma, -1, true, true
	var p places
	for n, done := 0, int64(0); ; n++ {
		cells, err := c.Read()
		if err == io.EOF {
			_, err = w.Write(read.Bytes()) // empty lines
			return rows, err
		}
		if err != nil {
			return rows, err
		}
		text := read.Next(int(c.InputOffset() - done))
		done = c.InputOffset()
		if n == 0 {
			var found bool
			if p, found = placesIn(headOf(cells)); !found {
				return 0, ErrNameless
			}
		} else if of(p.row(cells)) {
			rows++
			continue
		}
		if _, err := w.Write(text); err != nil {
			return rows, err
		}
	}
}

// headOf is a first row without the byte order mark.
func headOf(cells []string) []string {
	head := slices.Clone(cells)
	if len(head) > 0 {
		head[0] = strings.Trim(strings.TrimPrefix(head[0], "\ufeff"), `"`)
	}
	return head
}

// commaOf is what separates the columns: with what a head is found.
func commaOf(b *bufio.Reader) (rune, error) {
	start, err := b.Peek(b.Size())
	if err != nil && err != io.EOF {
		return 0, err
	}
	for _, comma := range ",;\t" {
		c := csv.NewReader(bytes.NewReader(start))
		c.Comma, c.LazyQuotes = comma, true
		if cells, err := c.Read(); err == nil {
			if _, found := placesIn(headOf(cells)); found {
				return comma, nil
			}
		}
	}
	return ',', nil
}

// CleanJSONL is CleanCSV of JSON Lines.
func CleanJSONL(w io.Writer, r io.Reader, of func(models.ExportRow) bool) (rows int64, err error) {
	b := bufio.NewReader(r)
	for {
		line, err := b.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return rows, err
		}
		if len(bytes.TrimSpace(line)) > 0 {
			var said struct {
				Contact *string `json:"contact"`
				Message *string `json:"message_id"`
				Token   *string `json:"flow_token"`
			}
			if bad := json.Unmarshal(line, &said); bad != nil || said.Contact == nil && said.Message == nil && said.Token == nil {
				return 0, ErrNameless
			}
			word := func(s *string) string {
				if s == nil {
					return ""
				}
				return *s
			}
			if of(models.ExportRow{Contact: word(said.Contact), Message: word(said.Message), Token: word(said.Token)}) {
				rows++
				line = nil
			}
		}
		if _, bad := w.Write(line); bad != nil {
			return rows, bad
		}
		if err == io.EOF {
			return rows, nil
		}
	}
}

// CountXLSX counts the rows of a workbook that are somebody's. ErrNameless: nothing tells.
func CountXLSX(file string, of func(models.ExportRow) bool) (rows int64, err error) {
	f, err := excelize.OpenFile(file, excelize.Options{UnzipXMLSizeLimit: 16 << 20, UnzipSizeLimit: 16 << 30})
	if err != nil {
		return 0, ErrNameless
	}
	defer f.Close() // removes what was set aside
	for _, sheet := range f.GetSheetList() {
		all, err := f.Rows(sheet)
		if err != nil {
			return rows, err
		}
		var p places
		for n := 0; all.Next(); n++ {
			cells, err := all.Columns(excelize.Options{RawCellValue: true})
			if err != nil {
				return rows, err
			}
			if n == 0 {
				var found bool
				if p, found = placesIn(cells); !found {
					return 0, ErrNameless
				}
			} else if of(p.row(cells)) {
				rows++
			}
		}
		if err := errors.Join(all.Error(), all.Close()); err != nil {
			return rows, err
		}
	}
	return rows, nil
}
