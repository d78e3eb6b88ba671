package web_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// quiet keeps the browser from starting what no test asked for.
var quiet = []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-extensions",
	"disable-default-apps", "disable-dev-shm-usage", "disable-background-timer-throttling", "disable-renderer-backgrounding",
	"disable-backgrounding-occluded-windows", "disable-popup-blocking"}

// A browser is one process for all browser tests of the package, started by the first that needs it.
type browser struct {
	once sync.Once
	ctx  context.Context
	stop func()
	err  error
}

var chromium browser

func TestMain(m *testing.M) {
	code := m.Run()
	if chromium.stop != nil {
		chromium.stop()
	}
	os.Exit(code)
}

// start runs the browser; a machine without one is told how to get it.
func (b *browser) start() (context.Context, error) {
	b.once.Do(func() {
		path, err := exec.LookPath("chromium")
		if err != nil {
			b.err = errors.New("the browser tests need Chromium, and there is no chromium in the PATH: " +
				"install it with “apt-get install --no-install-recommends chromium” on Debian, then run the tests again")
			return
		}
		opts := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
			chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Flag("force-color-profile", "srgb")}
		for _, name := range quiet {
			opts = append(opts, chromedp.Flag(name, true))
		}
		alloc, end := chromedp.NewExecAllocator(context.Background(), opts...) // with a profile of its own, removed at the end
		ctx, leave := chromedp.NewContext(alloc)
		b.ctx, b.stop = ctx, func() { leave(); end() }
		late := time.AfterFunc(time.Minute, b.stop)
		defer late.Stop()
		if err := chromedp.Do(ctx); err != nil {
			b.err = fmt.Errorf("start %s: %w", path, err)
		}
	})
	return b.ctx, b.err
}
