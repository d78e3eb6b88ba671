package play

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Run plays the script once and writes each answer to out as text. The first answer that is not as expected ends it
// with an error that names the step.
func (p *Player) Run(ctx context.Context, s Script, out io.Writer) error {
	v := p.visit(p.FlowToken)
	for i, step := range s.Steps {
		from, start := v.screen, time.Now()
		answer, status, err := v.do(ctx, s, step)
		fmt.Fprintf(out, "%d  %s", i+1, step.action())
		if at := or(step.Screen, from); at != "" && step.action() != "INIT" && step.action() != "ping" {
			fmt.Fprintf(out, " on %s", printable(at))
		}
		fmt.Fprintf(out, " → %s  (%d ms)\n", summary(answer, status), time.Since(start).Milliseconds())
		writeData(out, answer)
		if err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	if s.Complete == nil {
		return nil
	}
	status, err := v.complete(ctx, s)
	if err != nil {
		return fmt.Errorf("complete: %w", err)
	}
	fmt.Fprintf(out, "complete → %d\n", status)
	if status != http.StatusOK {
		return fmt.Errorf("complete: the webhook answered %d; expected 200", status)
	}
	return nil
}

// summary is the screen that came, or what came instead.
func summary(answer map[string]any, status int) string {
	switch screen := text(answer, "screen"); {
	case status == 0:
		return "no answer"
	case screen != "":
		return printable(screen)
	case status == http.StatusOK && answer != nil:
		return "answered"
	}
	return fmt.Sprint(status)
}

// writeData writes one line for each key of the answer's data, long values cut.
func writeData(out io.Writer, answer map[string]any) {
	data := object(answer, "data")
	if data == nil {
		data = maps.Clone(answer)
		delete(data, "version")
	}
	for _, k := range slices.Sorted(maps.Keys(data)) {
		b, err := json.Marshal(data[k])
		if err != nil {
			continue
		}
		fmt.Fprintf(out, "     %s: %s\n", printable(k), cut(printable(string(b)), 160))
	}
}

// printable keeps an answer from steering the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '·'
	}, s)
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
