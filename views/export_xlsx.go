package views

import (
	"archive/zip"
	"encoding/json"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"switchyard/models"
)

const (
	// SheetRows is how many rows a sheet of a spreadsheet has, the heads among them.
	SheetRows = excelize.TotalRows
	// SheetColumns is how many columns it has.
	SheetColumns = excelize.MaxColumns
	// sheetBytes is about how much goes on one sheet: beyond 4 GB a workbook needs a form that not all programs read.
	sheetBytes = 2 << 30
	// exactDigits are as many as a spreadsheet keeps of a number.
	exactDigits = 15
)

// A workbook is one in the making, sheet after sheet.
type workbook struct {
	f          *excelize.File
	w          *excelize.StreamWriter
	head       []any
	sheets     int
	rows, size int   // of the sheet
	most       int   // rows on a sheet
	bold, time int   // styles
	row        []any // reused
}

// TableXLSX writes a workbook with one row per response, on more sheets when one is full, and says how many rows it wrote.
// The rows are set aside in a file of e.Folder first, so nothing reaches W before the last one was read. Cells are texts,
// numbers or times, never formulas.
func (e Export) TableXLSX(rows iter.Seq2[models.Response, error], t *ExportTable) (n int, err error) {
	return e.tableXLSX(rows, t, SheetRows)
}

func (e Export) tableXLSX(rows iter.Seq2[models.Response, error], t *ExportTable, most int) (n int, err error) {
	b, err := newWorkbook(e, t, most)
	if err != nil {
		return 0, err
	}
	defer b.f.Close() // removes what was set aside
	for r, err := range rows {
		if err == nil {
			err = b.write(e, t, &r)
		}
		if err != nil {
			return n, err
		}
		n++
	}
	if err := b.w.Flush(); err != nil {
		return n, err
	}
	b.f.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(e.W) }) // past the library's buffer
	if err := b.f.Write(e.W); err != nil {
		return n, err
	}
	if e.Flush != nil {
		err = e.Flush()
	}
	return n, err
}

func newWorkbook(e Export, t *ExportTable, most int) (*workbook, error) {
	b := &workbook{f: excelize.NewFile(excelize.Options{TmpDir: e.Folder}), most: most, row: make([]any, len(t.columns))}
	for _, h := range t.Head() {
		b.head = append(b.head, visibleText(h))
	}
	var err error
	if b.bold, err = b.f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return nil, err
	}
	format := "yyyy-mm-dd hh:mm:ss"
	if b.time, err = b.f.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
		return nil, err
	}
	return b, b.next()
}

// next begins a sheet with the heads, which stay in sight.
func (b *workbook) next() (err error) {
	name := "Responses"
	if b.sheets++; b.sheets == 1 {
		err = b.f.SetSheetName("Sheet1", name)
	} else {
		if err = b.w.Flush(); err != nil {
			return err
		}
		name += " " + strconv.Itoa(b.sheets)
		_, err = b.f.NewSheet(name)
	}
	if err != nil {
		return err
	}
	if b.w, err = b.f.NewStreamWriter(name); err != nil {
		return err
	}
	if err := b.w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if len(b.head) > 0 {
		if err := b.w.SetColWidth(1, len(b.head), 20); err != nil {
			return err
		}
	}
	b.rows, b.size = 1, 0
	return b.w.SetRow("A1", b.head, excelize.RowOpts{StyleID: b.bold})
}

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
	for i := range t.columns {
		b.row[i] = b.cell(e, t, &t.columns[i], reader, r)
	}
	b.rows++
	return b.w.SetRow("A"+strconv.Itoa(b.rows), b.row)
}

// cell is a value of a type that the sheet keeps.
func (b *workbook) cell(e Export, t *ExportTable, c *exportColumn, reader Answers, r *models.Response) any {
	b.size += 50 // what stands around it
	if c.fixed == 0 || c.fixed == 1 {
		at := []models.Time{r.ReceivedAt, r.SentAt}[c.fixed]
		if at.IsZero() {
			return nil
		}
		return excelize.Cell{StyleID: b.time, Value: at.In(e.zone())}
	}
	var text string
	if c.fixed > 0 {
		text = e.fixedText(c.fixed, r)
	} else {
		v := answerAt(r.Answers, c.key)
		if n, ok := v.(json.Number); ok && c.split == splitNone {
			if f, err := n.Float64(); err == nil && digits(n.String()) <= exactDigits && t.titled(reader, c.key, v) == v {
				return f
			}
		}
		text = t.text(c, reader, v)
	}
	if text == "" {
		return nil
	}
	b.size += len(text)
	return visibleText(text)
}

// visibleText is a text as a sheet can hold it.
func visibleText(s string) string {
	return shorten(strings.ReplaceAll(s, "\x00", "␀"), excelize.TotalCellChars)
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
