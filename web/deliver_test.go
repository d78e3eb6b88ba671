package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/web"
)

// oddBody is a body of no known shape, with what a page must not take for its own.
const oddBody = `{"name":"` + hostile + `","wa_id":"5511987654321","type":"text","=cmd":[1,"x"],"5511987654321":{}}`

func TestDeliveriesAreListedFilteredAndShown(t *testing.T) {
	s, _ := samples(t, webhooks(t))
	s.addUsers(t)
	s.deliver(t, []byte(oddBody))
	s.decoded(t)
	odd := s.deliveries(t, models.DeliveryFilter{State: models.Unmatched})[0]
	response := s.deliveries(t, models.DeliveryFilter{Kind: "response", State: models.Done})[0]
	status := s.deliveries(t, models.DeliveryFilter{Kind: "status"})[0]
	row := func(d models.Delivery) string { return fmt.Sprintf(`id="delivery-%d"`, d.ID) }
	page := fmt.Sprintf("/deliveries/%d", odd.ID)
	s.run(t, []scenario{
		{name: "signed out", path: "/deliveries", status: 303, to: "/sign-in?next=%2Fdeliveries"},
		{name: "all", as: "viewer", path: "/deliveries", status: 200, contains: []string{row(odd), row(response), "New deliveries appear"}, absent: []string{"Replay selected", "Replay all"}},
		{name: "as support", as: "support", path: "/deliveries", status: 200, contains: []string{"Replay selected"}, absent: []string{"Replay all"}},
		{name: "as operator", as: "operator", path: "/deliveries?state=unmatched", status: 200, contains: []string{"/deliveries/replay?state=unmatched", row(odd), `value="unmatched" selected`}, absent: []string{row(response)}},
		{name: "of a kind", as: "viewer", path: "/deliveries?kind=status", status: 200, contains: []string{row(status)}, absent: []string{row(odd)}},
		{name: "not signed", as: "viewer", path: "/deliveries?signed=unsigned", status: 200, contains: []string{"No deliveries match", "Clear filters"}},
		{name: "of a hostile kind", as: "viewer", path: "/deliveries?kind=" + url.QueryEscape(hostile), status: 200, contains: []string{"No deliveries match", "&lt;img src=x"}, absent: []string{hostile}},
		{name: "of another state", as: "viewer", path: "/deliveries?state=lost", status: 422, contains: []string{"There is no state “lost”"}},
		{name: "wrong date", as: "viewer", path: "/deliveries?from=soon", status: 422, contains: []string{"Enter a date such as"}},
		{name: "by a number", as: "support", path: "/deliveries?q=%2B55+11+98765-4321", status: 200, contains: []string{"Looked for in the bodies"}, absent: []string{row(odd), "data-poll"}},
		{name: "by a number as it stands there", as: "support", path: "/deliveries?q=5511987654321", status: 200, contains: []string{row(odd)}},
		{name: "viewers find no number", as: "viewer", path: "/deliveries?q=5511987654321", status: 200, contains: []string{"No deliveries match"}},
		{name: "by id", as: "viewer", path: fmt.Sprintf("/deliveries?q=%d", odd.ID), status: 200, contains: []string{row(odd)}, absent: []string{row(response)}},
		{name: "a page by key", as: "viewer", path: fmt.Sprintf("/deliveries?before=%d", odd.ID), status: 200, contains: []string{"Newer", row(response)}, absent: []string{row(odd), "data-poll"}},
		{name: "what came meanwhile", as: "viewer", path: fmt.Sprintf("/deliveries/new?after=%d", odd.ID-1), status: 200, contains: []string{"1 new"}},
		{name: "nothing meanwhile", as: "viewer", path: fmt.Sprintf("/deliveries/new?state=failed&after=%d", odd.ID-1), status: 200, contains: []string{"Nothing new"}},
		{name: "one", as: "support", path: page, status: 200, contains: []string{"5511987654321", "&lt;img src=x", "Right when it came", "Download body"}, absent: []string{hostile}},
		{name: "one as a viewer", as: "viewer", path: page, status: 200, contains: []string{"+55 •••• 21", "Only support and above"}, absent: []string{"5511987654321", "img src", "Download body", `action="` + page}},
		{name: "a response with its link", as: "viewer", path: fmt.Sprintf("/deliveries/%d", response.ID), status: 200, contains: []string{`href="/responses/`}},
		{name: "none", as: "viewer", path: "/deliveries/987654", status: 404, contains: []string{"Not found"}},
		{name: "the body", as: "support", path: page + "/body", status: 200, contains: []string{oddBody},
			want: map[string]string{"Content-Type": "application/octet-stream", "Content-Disposition": fmt.Sprintf(`attachment; filename="delivery-%d.json"`, odd.ID), "X-Content-Type-Options": "nosniff"}},
		{name: "the body for viewers", as: "viewer", path: page + "/body", status: 403},
		{name: "cross-site replay", as: "support", method: "POST", path: page + "/replay", form: url.Values{}, header: map[string]string{"Sec-Fetch-Site": "cross-site"}, status: 403},
		{name: "replay as a viewer", as: "viewer", method: "POST", path: page + "/replay", form: url.Values{}, status: 403},
	})
	rows, err := s.DB().AuditRows(t.Context(), 0, 10)
	must(t, err)
	if !slices.ContainsFunc(rows, func(r models.AuditRow) bool {
		return r.Action == "delivery.download" && r.Object == fmt.Sprintf("delivery %d", odd.ID)
	}) {
		t.Errorf("audit = %+v; want the download", rows)
	}
}

func (s *site) deliveries(t *testing.T, f models.DeliveryFilter) []models.Delivery {
	t.Helper()
	p, err := s.DB().Deliveries(t.Context(), f)
	must(t, err)
	if len(p.Rows) == 0 {
		t.Fatalf("no delivery matches %+v", f)
	}
	return p.Rows
}

func TestReplaysChangeNothingThatWasUnderstoodAndTellWhoDidThem(t *testing.T) {
	s, cfg := samples(t, webhooks(t))
	s.addUsers(t)
	want := state(t, cfg)
	one := s.deliveries(t, models.DeliveryFilter{State: models.Unmatched})[0]
	two := s.deliveries(t, models.DeliveryFilter{Kind: "response"})[:2]
	path := fmt.Sprintf("/deliveries/%d", one.ID)
	s.run(t, []scenario{
		{name: "one", as: "support", method: "POST", path: path + "/replay", form: url.Values{}, status: 303, to: path},
		{name: "told", as: "support", path: path, status: 200, contains: []string{"decoded again", "Last replay", `href="/replays/1"`}},
		{name: "nothing selected", as: "support", method: "POST", path: "/deliveries/replay", form: url.Values{"filter_state": {"done"}}, status: 303, to: "/deliveries?state=done"},
		{name: "selected", as: "support", method: "POST", path: "/deliveries/replay", status: 303, to: "/deliveries?kind=response",
			form: url.Values{"ids": {fmt.Sprint(two[0].ID), fmt.Sprint(two[1].ID), "x", "-1"}, "filter_kind": {"response"}}},
		{name: "told of two", as: "support", path: "/deliveries", status: 200, contains: []string{"2 deliveries are decoded again"}},
		{name: "not for support", as: "support", path: "/deliveries/replay", status: 403},
		{name: "counted first", as: "operator", path: "/deliveries/replay", status: 200, contains: []string{"Replay 29 deliveries?", "All deliveries that are kept"}},
		{name: "none match", as: "operator", path: "/deliveries/replay?state=failed", status: 200, contains: []string{"Replay 0 deliveries?", "There is nothing to replay"}},
		{name: "none to begin with", as: "operator", method: "POST", path: "/deliveries/replay-all", form: url.Values{"state": {"failed"}}, status: 422, contains: []string{"No delivery matches any more"}},
		{name: "a filter that is wrong", as: "operator", method: "POST", path: "/deliveries/replay-all", form: url.Values{"state": {"lost"}}, status: 422, contains: []string{"There is no state"}},
		{name: "all", as: "operator", method: "POST", path: "/deliveries/replay-all", form: url.Values{}, status: 303, to: "/replays/3"},
	})
	eventually(t, "the replay has ended", func() bool {
		r, err := s.DB().Replay(t.Context(), 3)
		return err == nil && r.State == models.ReplayDone && r.Done == 29
	})
	s.decoded(t)
	if got := state(t, cfg); got != want {
		t.Errorf("after the replays:\n%s\nwant, as before:\n%s", difference(got, want), difference(want, got))
	}
	s.run(t, []scenario{
		{name: "who replayed what", as: "viewer", path: "/replays", status: 200, contains: []string{"support", "operator", "all deliveries", "chosen one by one", "29"}},
		{name: "its end", as: "viewer", path: "/replays/3", status: 200, contains: []string{"29 deliveries put back"}, absent: []string{"data-poll", "Cancel"}},
		{name: "cancelled too late", as: "operator", method: "POST", path: "/replays/3/cancel", form: url.Values{}, status: 303, to: "/replays/3"},
		{name: "told", as: "operator", path: "/replays/3", status: 200, contains: []string{"had ended already"}},
		{name: "not cancelled by support", as: "support", method: "POST", path: "/replays/3/cancel", form: url.Values{}, status: 403},
		{name: "none", as: "viewer", path: "/replays/99", status: 404},
	})
}

func TestAReplayThatRunsIsShownAndOnlyOneRuns(t *testing.T) {
	s := stillSite(t).addUsers(t)
	must(t, s.DB().StoreDeliveries(t.Context(), []models.Delivery{{Source: "meta", Body: []byte("due")}}))
	r, err := s.DB().StartReplay(t.Context(), models.DeliveryFilter{Text: "due", Source: "meta"}, models.By{Name: hostile})
	must(t, err)
	path := fmt.Sprintf("/replays/%d", r.ID)
	s.run(t, []scenario{
		{name: "on the list", as: "viewer", path: "/deliveries?state=done", status: 200, contains: []string{"A replay is running", `href="` + path + `"`}},
		{name: "with progress", as: "viewer", path: path, status: 200, contains: []string{"data-poll", "<progress", "&lt;img src=x", "“…”"}, absent: []string{hostile, "“due”", "Cancel the rest"}},
		{name: "for operators", as: "operator", path: path, status: 200, contains: []string{"Cancel the rest", "“due”"}},
		{name: "no second one", as: "operator", path: "/deliveries/replay", status: 200, contains: []string{"Another replay is running"}},
		{name: "refused", as: "operator", method: "POST", path: "/deliveries/replay-all", form: url.Values{}, status: 409, contains: []string{"Another replay is running"}},
		{name: "cancelled", as: "operator", method: "POST", path: path + "/cancel", form: url.Values{}, status: 303, to: path},
		{name: "told", as: "operator", path: path, status: 200, contains: []string{"The replay is cancelled", "Cancelled after"}},
		{name: "of one that waits", as: "viewer", path: "/deliveries/1", status: 200, contains: []string{"Waits to be decoded", "it waits to be decoded", "None: its source does not sign"}},
	})
}

// stillSite is a site in which nothing runs beside requests: no worker, no replay.
func stillSite(t *testing.T, change ...func(*web.Config)) *site {
	t.Helper()
	s := &site{log: &syncBuffer{}, clients: map[string]*http.Client{}}
	cfg := testConfig(t, s.log)
	for _, c := range change {
		c(&cfg)
	}
	var err error
	s.App, err = web.New(cfg)
	must(t, err)
	s.server = httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		s.server.Close()
		must(t, s.Close())
	})
	return s
}

func TestBodiesThatComeTwentyTimesAtOnceAreDeliveriesOnce(t *testing.T) {
	const bodies, times = 200, 20
	s := openSite(t)
	s.addSamples(t)
	var sent [bodies][]byte
	for n := range sent {
		sent[n] = reply(fmt.Sprint("C5.", n), fmt.Sprintf("55119876%05d", n), "Ana", map[string]any{"flow_token": fmt.Sprint("appointment.", n)})
	}
	s.client(t, "") // one for all
	var all sync.WaitGroup
	for w := range times {
		all.Go(func() {
			for i := range bodies {
				if got := s.deliver(t, sent[(i+7*w)%bodies]); got.status != http.StatusOK {
					t.Errorf("delivery = %d; want 200", got.status)
				}
			}
		})
	}
	all.Wait()
	s.decoded(t)
	n, err := s.DB().CountResponses(t.Context(), models.ResponseFilter{})
	must(t, err)
	deliveries, whole, err := s.DB().CountDeliveries(t.Context(), models.DeliveryFilter{})
	must(t, err)
	if n != bodies || deliveries != bodies || !whole {
		t.Errorf("%d bodies, %d times each: %d deliveries, %d responses; want one each", bodies, times, deliveries, n)
	}
	r, err := s.DB().StartReplay(t.Context(), models.DeliveryFilter{}, tester)
	must(t, err)
	eventually(t, "all are replayed", func() bool {
		got, err := s.DB().Replay(t.Context(), r.ID)
		return err == nil && got.State == models.ReplayDone && got.Done == bodies
	})
	s.decoded(t)
	if again, err := s.DB().CountResponses(t.Context(), models.ResponseFilter{}); err != nil || again != bodies {
		t.Errorf("after a replay: %d responses, %v; want %d", again, err, bodies)
	}
}

func TestALiveListDoesNotKeepASession(t *testing.T) {
	var off atomic.Int64
	var cfg web.Config
	s := stillSite(t, func(c *web.Config) {
		c.Now = func() time.Time { return time.Now().Add(time.Duration(off.Load())) }
		cfg = *c
	}).addUsers(t)
	s.send(t, scenario{as: "viewer", path: "/deliveries"})
	seen := func() string { return strings.Join(query(t, cfg, "SELECT max(seen_at) FROM sessions"), " ") }
	off.Store(int64(10 * time.Minute))
	before := seen()
	s.send(t, scenario{as: "viewer", path: "/deliveries", header: map[string]string{"X-Live": "1", "HX-Request": "true"}}).check(t, scenario{path: "/deliveries", status: 200})
	if got := seen(); got != before {
		t.Errorf("a page that asks by itself was seen: %s; want %s", got, before)
	}
	s.send(t, scenario{as: "viewer", path: "/deliveries"})
	if got := seen(); got == before {
		t.Error("a person who asks was not seen")
	}
}
