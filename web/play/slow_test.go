package play_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"switchyard/web/play"
)

func TestAShareOfTheRequestsComesLate(t *testing.T) {
	const late = 400 * time.Millisecond
	var mu sync.Mutex
	slow, all := 0, 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		_, err := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if all++; err == nil && time.Since(began) > late*3/4 {
			slow++
		}
		_, _ = io.WriteString(w, `{"screen":"FORM","data":{}}`)
	}))
	t.Cleanup(s.Close)
	o := play.Options{Script: write(t, `{"steps":[{"action":"INIT"}]}`), URL: s.URL, Rate: 200, For: 100 * time.Millisecond, Slow: .3, SlowBy: late}
	if out, err := run(t, o); err != nil || slow != 6 || all != 20 {
		t.Errorf("Main() = %v: %d of %d requests came late; want 6 of 20\n%s", err, slow, all, out)
	}
	for _, o := range []play.Options{{Slow: 1.1}, {Slow: -.1}, {Slow: .1, SlowBy: -1}} {
		o.Script, o.URL = "x", s.URL
		if _, err := run(t, o); err == nil {
			t.Errorf("Main(%v, %v) = nil; want that it is no share", o.Slow, o.SlowBy)
		}
	}
}
