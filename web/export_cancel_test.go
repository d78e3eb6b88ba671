package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"switchyard/models"
)

func TestACancelledDownloadIsCutAndSaysHowFarItCame(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	flow, err := s.DB().Flow(t.Context(), "appointment")
	must(t, err)
	const n = 2000
	notes := strings.Repeat("much to tell ", 1000)
	must(t, s.DB().LoadResponses(t.Context(), n, func(yield func(models.Response) bool) {
		for i := range n {
			if !yield(models.Response{WAMID: fmt.Sprint(i), FlowID: flow.ID, State: models.Complete, ReceivedAt: models.Time{Time: s.DB().Now()}, Answers: map[string]any{"notes": notes}}) {
				return
			}
		}
	}))
	begun := s.send(t, scenario{as: "support", method: "POST", path: "/exports", form: url.Values{"scope": {"all"}, "format": {"csv"}, "do": {"export"}}})
	to := begun.header.Get("Location")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.server.URL+to+"/file", nil)
	must(t, err)
	resp, err := s.client(t, "support").Do(req)
	must(t, err)
	defer resp.Body.Close()
	s.send(t, scenario{as: "support", method: "POST", path: to + "/cancel", form: url.Values{}}).check(t, scenario{path: to + "/cancel", status: 303, to: to})
	got := int64(0)
	for err == nil { // not as fast as the server, so that not all has left before it hears of it
		var k int64
		k, err = io.CopyN(io.Discard, resp.Body, 64<<10)
		got += k
		time.Sleep(5 * time.Millisecond)
	}
	if err == io.EOF || got >= int64(n*len(notes)) {
		t.Errorf("the download ended after %d bytes with %v; want it cut off", got, err)
	}
	eventually(t, "its end is told", func() bool {
		e, err := s.DB().Export(t.Context(), 1, 0)
		return err == nil && e.State == models.ExportCancelled && e.Written > 0 && e.Written < n
	})
	s.send(t, scenario{as: "support", path: to}).check(t, scenario{path: to, status: 200, contains: []string{"Cancelled"}})
	if log := s.log.String(); strings.Contains(log, "ERROR") {
		t.Errorf("the log says\n%s\nwant no error: somebody asked for it", log)
	}
}
