package web_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// mute stands in for a stream of news: it says what the test says, and the patience of the page is short.
const mute = `window.opened = 0;
const later = window.setTimeout;
window.setTimeout = (f, ms, ...rest) => later(f, ms === 40000 ? 100 : ms, ...rest);
window.EventSource = class { constructor() { window.opened++; window.stream = this; } close() {} };
window.news = (mark, active) => window.stream.onmessage({ data: JSON.stringify({ mark, active, event: 0, said: "" }) });`

// TestAPageListensAnewAndBelievesTheNewestNews: a connection that died without a word is made anew, and news that waited for
// an answer do not overwrite newer ones.
func TestAPageListensAnewAndBelievesTheNewestNews(t *testing.T) {
	t.Parallel()
	b := signedIn(t, openSite(t).addUsers(t), "viewer")
	b.do("mute the stream", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: mute})
		return err
	}))
	b.open("/alerts")
	b.until("it listens anew", `window.opened > 2`)
	ask[any](b, `(document.body.insertAdjacentHTML("beforeend", '<i id="busy" class="htmx-request"></i>'), news("older", 7),
		document.querySelector("#busy").remove(), news("newer", 3), new Promise((done) => later(() => done(1), 400)))`)
	if title := ask[string](b, `document.title`); !strings.HasPrefix(title, "(3) ") {
		b.Errorf("after news of 7 that waited and newer ones of 3 the title is %q; want (3)", title)
	}
}
