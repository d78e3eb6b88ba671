package web_test

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A look is the window and the wishes of the person before it.
type look struct {
	width     int64 // of the window in pixels; 1400 when 0
	dark      bool
	noScripts bool
}

// A tab is a person before the browser: a window with cookies of its own. Every act waits until it can be done, and
// fails the test when that takes too long. What the console says is an error of the test, too.
type tab struct {
	*testing.T
	ctx     context.Context
	origin  string
	look    look
	console func() (chromedp.ConsoleMessage, error, bool)
	marks   int
	allowed []string // parts of console messages that the test causes on purpose
	shared  bool     // subtests use it and keep their own pictures
}

// patience is how long an act may take on a busy machine.
const patience = 15 * time.Second

func openTab(t *testing.T, origin string, l look) *tab {
	t.Helper()
	ctx, err := chromium.start()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(ctx, chromedp.WithNewBrowserContext())
	b := &tab{T: t, ctx: ctx, origin: origin}
	next, stop := iter.Pull2(chromedp.Console(ctx))
	b.console = next
	t.Cleanup(func() {
		b.end()
		stop()
		cancel()
	})
	b.wear(l)
	return b
}

// wear changes window size, colour scheme and scripts. Nothing moves, so that what is measured is final.
func (b *tab) wear(l look) {
	b.Helper()
	if l.width == 0 {
		l.width = 1400
	}
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	b.do("change the window", chromedp.EmulateViewport(l.width, 900), command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}),
		command(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}), // beside other tabs
		command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: l.noScripts}))
	b.look = l
}

// command is a call of the protocol that answers nothing.
func command[P any](cmd cdp.Command[P, cdp.Empty], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, cmd, params)
		return err
	})
}

// do acts, or fails the test saying what it was about.
func (b *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.Fatalf("%s: %v", what, err)
	}
}

// ask evaluates an expression in the page.
func ask[V any](b *tab, js string) V {
	b.Helper()
	v, err := tryAsk[V](b, js)
	if err != nil {
		b.Fatalf("%s: %v", js, err)
	}
	return v
}

func tryAsk[V any](b *tab, js string) (V, error) {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[V](js, chromedp.EvalAwaitPromise))
}

// until waits for an expression to be true; the page may change meanwhile.
func (b *tab) until(what, js string) {
	b.Helper()
	var err error
	var ok bool
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok, err = tryAsk[bool](b, js); ok && err == nil {
			return
		}
	}
	b.Fatalf("not so within %v: %s (error %v)", patience, what, err)
}

// allow lets console messages with that text pass: of an answer that the test wants to be a refusal.
func (b *tab) allow(part string) { b.allowed = append(b.allowed, part) }

// quiet fails the test for whatever the console said since it was last asked: errors, warnings, policy violations.
func (b *tab) quiet() {
	b.Helper()
	b.marks++
	mark := fmt.Sprintf("console read %d", b.marks)
	if _, err := tryAsk[any](b, fmt.Sprintf("console.debug(%q), 1", mark)); err != nil {
		b.Errorf("the console cannot be read: %v", err)
		return
	}
	for {
		m, err, ok := b.console()
		switch {
		case !ok || err != nil:
			b.Errorf("the console ended early: %v", err)
			return
		case m.Text == mark:
			return
		case slices.Contains([]chromedp.ConsoleType{chromedp.ConsoleWarning, chromedp.ConsoleError, chromedp.ConsoleException}, m.Type) &&
			!slices.ContainsFunc(b.allowed, func(part string) bool { return strings.Contains(m.Text, part) }):
			b.Errorf("console at %s: %s (%s:%d)", b.path(), m, m.URL, m.Line)
		}
	}
}

// end reads the console a last time, and keeps a picture of the page when the test failed.
func (b *tab) end() {
	b.quiet()
	if !b.Failed() || b.shared {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.Logf("no picture of the page: %v", err)
		return
	}
	path := filepath.Join(b.ArtifactDir(), fmt.Sprintf("page-%d.png", b.marks))
	if err := os.WriteFile(path, png, 0o644); err != nil {
		b.Logf("no picture of the page: %v", err)
		return
	}
	b.Logf("the page was %s; its picture is %s (go test -artifacts keeps it)", b.path(), path)
}
