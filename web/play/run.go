package play

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
)

// runEach plays every script once, each visit with a token of its own, also after one went wrong.
func runEach(ctx context.Context, players []*Player, scripts []Script, out io.Writer) error {
	if len(scripts) == 1 {
		return players[0].Run(ctx, scripts[0], out)
	}
	var faults []error
	for i, s := range scripts {
		fmt.Fprintln(out, s.name)
		if err := players[i].visit(fmt.Sprintf("%s-%d", players[i].FlowToken, i+1)).run(ctx, s, out); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

// Run plays the script once and writes each answer to out as text. The first answer that is not as expected ends it
// with an error that names the step.
func (p *Player) Run(ctx context.Context, s Script, out io.Writer) error {
	return p.visit(p.FlowToken).run(ctx, s, out)
}

func (v *visit) run(ctx context.Context, s Script, out io.Writer) error {
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
			return s.fault(fmt.Sprintf("step %d", i+1), err)
		}
	}
	if s.Complete == nil {
		return nil
	}
	status, err := v.complete(ctx, s)
	fmt.Fprintf(out, "complete → %s\n", summary(nil, status))
	return err
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
