package views

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"switchyard/models"
)

// exactDigits are as many as a spreadsheet keeps of a number.
const exactDigits = 15

// write writes the row of a response.
func (b *workbook) write(e Export, t *ExportTable, r *models.Response) error {
	if b.rows == b.most || b.size > sheetBytes {
		if err := b.next(); err != nil {
			return err
		}
	}
	reader, err := t.reader(r)
	if err != nil {
		return err
	}
	b.beginRow()
	for i := range t.columns {
		b.cell(i, e, t, &t.columns[i], reader, r)
	}
	return b.endRow()
}

func (b *workbook) beginRow() {
	b.rows++
	b.line = append(strconv.AppendInt(append(b.line[:0], `<row r="`...), int64(b.rows), 10), `">`...)
}

func (b *workbook) endRow() error {
	b.line = append(b.line, `</row>`...)
	b.size += len(b.line)
	_, err := b.sheet.Write(b.line)
	return err
}

// cell writes a value of a type that the sheet keeps.
func (b *workbook) cell(i int, e Export, t *ExportTable, c *exportColumn, reader Answers, r *models.Response) {
	if c.fixed == 0 || c.fixed == 1 {
		if at := []models.Time{r.ReceivedAt, r.SentAt}[c.fixed]; !at.IsZero() {
			b.number(i, b.time, serial(at.In(e.zone())))
		}
		return
	}
	if c.fixed > 0 {
		b.text(i, 0, visibleText(t.fixedText(e, c.fixed, r)))
		return
	}
	v := answerAt(r.Answers, c.key)
	if n, ok := v.(json.Number); ok && c.split == splitNone {
		if f, err := n.Float64(); err == nil && digits(n.String()) <= exactDigits && t.titled(reader, c.key, v) == v {
			b.number(i, 0, f)
			return
		}
	}
	b.text(i, 0, visibleText(t.text(c, reader, v)))
}

// begin begins the cell of a column in a style; style 0 is none.
func (b *workbook) begin(i, style int) {
	b.line = append(append(b.line, `<c r="`...), b.letters[i]...)
	b.line = append(strconv.AppendInt(b.line, int64(b.rows), 10), '"')
	if style != 0 {
		b.line = append(strconv.AppendInt(append(b.line, ` s="`...), int64(style), 10), '"')
	}
}

func (b *workbook) number(i, style int, f float64) {
	b.begin(i, style)
	b.line = append(strconv.AppendFloat(append(b.line, `><v>`...), f, 'g', -1, 64), `</v></c>`...)
}

// text writes a text as it is; an empty one has no cell.
func (b *workbook) text(i, style int, s string) {
	if s == "" {
		return
	}
	b.begin(i, style)
	b.line = append(b.line, ` t="inlineStr"><is><t`...)
	if strings.TrimSpace(s) != s {
		b.line = append(b.line, ` xml:space="preserve"`...)
	}
	b.line = append(appendSheetText(append(b.line, '>'), s), `</t></is></c>`...)
}

// appendSheetText writes a text into XML. A sheet would read _x0041_ as "A", so the first _ of such is written as _x005F_.
func appendSheetText(b []byte, s string) []byte {
	if plainSheetText(s) {
		return append(b, s...)
	}
	var escaped bytes.Buffer
	xml.EscapeText(&escaped, []byte(s)) // into memory: it cannot fail
	s = escaped.String()
	for i := range len(s) {
		if b = append(b, s[i]); s[i] == '_' && escape(s[i:]) {
			b = append(b, "x005F_"...)
		}
	}
	return b
}

// escape tells whether a text begins as _x0041_ does.
func escape(s string) bool {
	if len(s) < 7 || s[1] != 'x' || s[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(s[2:6], 16, 16)
	return err == nil
}

func plainSheetText(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c >= 0x7f, c == '<', c == '>', c == '&', c == '"', c == '\'', c == '_':
			return false
		}
	}
	return true
}

// serial is a time as sheets count: days of the clock on the wall since the end of 1899.
func serial(t time.Time) float64 {
	_, offset := t.Zone()
	const unix = 25569 // days until 1970
	return unix + float64(t.UnixMicro()+int64(offset)*1e6)/(24*60*60*1e6)
}

// visibleText is a text as a sheet can hold it, which counts the halves of UTF-16: more in a cell, and the workbook is damaged.
func visibleText(s string) string {
	s = strings.ReplaceAll(s, "\x00", "␀")
	if len(s) <= excelize.TotalCellChars {
		return s
	}
	n, end := 0, 0 // end: behind what leaves room for the sign that something is missing
	for i, r := range s {
		if n < excelize.TotalCellChars {
			end = i
		}
		if n += max(1, utf16.RuneLen(r)); n > excelize.TotalCellChars {
			return s[:end] + "…"
		}
	}
	return s
}

// digits counts those of a number.
func digits(number string) (n int) {
	for i := range len(number) {
		if number[i] >= '0' && number[i] <= '9' {
			n++
		}
	}
	return n
}
