package views

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

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
)

// A workbook is one in the making. Its sheets go into the archive as their rows come; what stands around them the library
// makes, in memory, at the end: it would set the rows aside first.
type workbook struct {
	around     *excelize.File
	archive    *zip.Writer
	sheet      *bufio.Writer // into the archive
	head       []string
	sheets     int
	rows, size int      // of the sheet
	most       int      // rows on a sheet
	bold, time int      // styles
	letters    []string // of the columns
	line       []byte   // reused
}

// TableXLSX writes a workbook with one row per response, on more sheets when one is full, and says how many rows it wrote.
// Cells are texts, numbers or times, never formulas.
func (e Export) TableXLSX(rows iter.Seq2[models.Response, error], t *ExportTable) (n int, err error) {
	return e.tableXLSX(rows, t, SheetRows)
}

func (e Export) tableXLSX(rows iter.Seq2[models.Response, error], t *ExportTable, most int) (n int, err error) {
	b, err := newWorkbook(e, t, most)
	if err != nil {
		return 0, err
	}
	defer b.around.Close()
	n, err = each(rows, func() error { return b.flush(e) }, func(r models.Response) error { return b.write(e, t, &r) })
	if err != nil {
		return n, err
	}
	if err := b.end(); err != nil {
		return n, err
	}
	return n, b.flush(e)
}

func newWorkbook(e Export, t *ExportTable, most int) (*workbook, error) {
	b := &workbook{around: excelize.NewFile(), archive: zip.NewWriter(e.W), most: most}
	b.archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for i, h := range t.Head() {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return nil, err
		}
		b.letters, b.head = append(b.letters, name), append(b.head, visibleText(h))
	}
	if err := b.describe(e.Made); err != nil {
		return nil, err
	}
	var err error
	if b.bold, err = b.around.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return nil, err
	}
	format := "yyyy-mm-dd hh:mm:ss"
	if b.time, err = b.around.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
		return nil, err
	}
	return b, b.next()
}

// describe says what made the workbook, and when, in the place of the library.
func (b *workbook) describe(made time.Time) error {
	about := excelize.DocProperties{Creator: "Switchyard"}
	if !made.IsZero() {
		about.Created = made.UTC().Format(time.RFC3339)
		about.Modified = about.Created
	}
	return errors.Join(b.around.SetDocProps(&about), b.around.SetAppProps(&excelize.AppProperties{Application: "Switchyard"}))
}

// sheetPath is where the library puts the sheet of a number, from 1.
func sheetPath(n int) string { return "xl/worksheets/sheet" + strconv.Itoa(n) + ".xml" }

const (
	sheetBegin = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<sheetViews><sheetView workbookViewId="0"%s><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
		`<cols><col min="1" max="%d" width="20" customWidth="1"/></cols><sheetData>`
	sheetEnd = `</sheetData></worksheet>`
)

// next begins a sheet with the heads, which stay in sight.
func (b *workbook) next() error {
	selected := ` tabSelected="1"`
	if b.sheets++; b.sheets > 1 {
		selected = ""
		if err := b.endSheet(); err != nil {
			return err
		}
	}
	w, err := b.archive.Create(sheetPath(b.sheets))
	if err != nil {
		return err
	}
	b.sheet = bufio.NewWriterSize(w, 64<<10)
	fmt.Fprintf(b.sheet, sheetBegin, selected, len(b.head))
	b.rows, b.size = 0, 0
	b.beginRow()
	for i, h := range b.head {
		b.text(i, b.bold, h)
	}
	return b.endRow()
}

func (b *workbook) endSheet() error {
	b.sheet.WriteString(sheetEnd)
	return b.sheet.Flush()
}

// flush passes on what was written.
func (b *workbook) flush(e Export) error {
	if err := b.archive.Flush(); err != nil || e.Flush == nil {
		return err
	}
	return e.Flush()
}

// end writes what stands around the sheets.
func (b *workbook) end() error {
	if err := b.endSheet(); err != nil {
		return err
	}
	for n := range b.sheets {
		name, err := "Responses", error(nil)
		if n == 0 {
			err = b.around.SetSheetName("Sheet1", name)
		} else {
			_, err = b.around.NewSheet(name + " " + strconv.Itoa(n+1))
		}
		if err != nil {
			return err
		}
	}
	var made bytes.Buffer
	if err := b.around.Write(&made); err != nil {
		return err
	}
	parts, err := zip.NewReader(bytes.NewReader(made.Bytes()), int64(made.Len()))
	if err != nil {
		return err
	}
	for _, part := range parts.File {
		if strings.HasPrefix(part.Name, "xl/worksheets/") {
			continue
		}
		if err := b.archive.Copy(part); err != nil {
			return err
		}
	}
	return b.archive.Close()
}
