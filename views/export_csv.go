package views

import (
	"bufio"
	"iter"
	"strings"

	"switchyard/models"
)

// A csvWriter writes records as encoding/csv does, without looking at each cell as often.
type csvWriter struct {
	b     *bufio.Writer
	comma byte
	crlf  bool
}

func (e Export) csv(b *bufio.Writer) csvWriter {
	w := csvWriter{b, ',', e.CRLF}
	if e.Delimiter != "" {
		w.comma = e.Delimiter[0]
	}
	if e.BOM {
		b.WriteString("\ufeff")
	}
	return w
}

// write writes a record with its cells guarded. What the buffer could not pass on, its Flush says.
func (w csvWriter) write(cells []string) {
	if len(cells) == 1 && cells[0] == "" { // an empty line is no row to whoever reads it
		w.quote("")
	}
	for i, c := range cells {
		if i > 0 {
			w.b.WriteByte(w.comma)
		}
		if c = Cell(c); w.plain(c) {
			w.b.WriteString(c)
		} else {
			w.quote(c)
		}
	}
	w.end()
}

func (w csvWriter) end() {
	if w.crlf {
		w.b.WriteByte('\r')
	}
	w.b.WriteByte('\n')
}

// plain tells whether a cell needs no quotes; some programs drop a blank in front without them.
func (w csvWriter) plain(c string) bool {
	if c == "" {
		return true
	}
	if c[0] == ' ' || c[0] >= 0x80 && strings.TrimSpace(c) != c || c == `\.` {
		return false
	}
	for i := range len(c) {
		switch c[i] {
		case '"', '\r', '\n', w.comma:
			return false
		}
	}
	return true
}

// quote writes a cell in quotes; its line ends are those of the file.
func (w csvWriter) quote(c string) {
	w.b.WriteByte('"')
	for i := range len(c) {
		switch {
		case c[i] == '"':
			w.b.WriteString(`""`)
		case c[i] == '\n':
			w.end()
		case c[i] == '\r' && w.crlf: // comes with its line feed, or stood alone
			if i+1 == len(c) || c[i+1] != '\n' {
				w.end()
			}
		default:
			w.b.WriteByte(c[i])
		}
	}
	w.b.WriteByte('"')
}

// TableCSV writes one row per response, and says how many rows it wrote.
func (e Export) TableCSV(rows iter.Seq2[models.Response, error], t *ExportTable) (int, error) {
	b := bufio.NewWriterSize(e.W, 64<<10)
	w := e.csv(b)
	w.write(t.Head())
	return each(rows, func() error { return e.flush(b, nil) }, func(r models.Response) error {
		cells, err := t.record(e, &r)
		if err == nil {
			w.write(cells)
		}
		return err
	})
}
