package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"switchyard/models"
)

// How often a meter writes: a terminal's line is written over, other lines stay.
const (
	meterOften  = 100 * time.Millisecond
	meterSeldom = 5 * time.Second
)

// A meter shows how far a copy came.
type meter struct {
	w        io.Writer
	terminal bool
	shown    time.Time // when it wrote last
	last     models.CopyProgress
	open     bool // the terminal's line is not ended
}

func newMeter(w io.Writer) *meter { return &meter{w: w, terminal: isTerminal(w), shown: time.Now()} }

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// show takes one report. A terminal keeps the last line of each table.
func (m *meter) show(p models.CopyProgress) {
	other := p.Table != m.last.Table || p.Comparing != m.last.Comparing
	if m.terminal && other {
		m.end()
	}
	ended := p.Rows >= p.Total
	m.last = p
	pause := meterSeldom
	if m.terminal {
		pause = meterOften
	}
	if time.Since(m.shown) < pause && !(m.terminal && (other || ended)) {
		return
	}
	m.shown = time.Now()
	if m.terminal {
		fmt.Fprintf(m.w, "\r%s\x1b[K", line(p))
		m.open = true
		return
	}
	fmt.Fprintln(m.w, line(p))
}

// end ends the terminal's line.
func (m *meter) end() {
	if m.open {
		fmt.Fprintln(m.w)
		m.open = false
	}
}

func line(p models.CopyProgress) string {
	verb := "Copying"
	if p.Comparing {
		verb = "Comparing"
	}
	return fmt.Sprintf("%s %s: %d of %d rows (%d %%)", verb, p.Table, p.Rows, p.Total, 100*p.Rows/max(p.Total, 1))
}
