package main

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
)

func TestClusterDecidesByWhatOneProcessPublishedWithinASecond(t *testing.T) {
	const email, password = "ada@example.com", "correct horse battery"
	c := newCluster(t, 2)
	if got := call(t, c.vars, password+"\n", "user", "add", "--email", email, "--role", "operator"); got.code != done {
		t.Fatalf("user add = %+v", got)
	}
	browsers := []*http.Client{browser(t), browser(t)}
	for i, p := range c.procs {
		submit(t, browsers[i], p, "/sign-in", url.Values{"email": {email}, "password": {password}})
	}
	var took []time.Duration
	c.open(t, func(db *models.DB) {
		f, err := db.Flow(t.Context(), "talk")
		if err != nil {
			t.Fatal(err)
		}
		for i := range 50 {
			want := fmt.Sprintf("version %d", i+2)
			document := strings.Replace(string(readTestdata(t, "cluster/rules.json")), "version 1", want, 1)
			edit := c.draft(t, db, f, []byte(document), false)
			began := time.Now()
			submit(t, browsers[i%2], c.procs[i%2], "/flows/talk/rules/publish", url.Values{"edit": {fmt.Sprint(edit)}})
			other := c.procs[(i+1)%2]
			other.soon(t, "decides by "+want, func() bool { return other.says(t.Context()) == want })
			took = append(took, time.Since(began))
			if took[i] > time.Second {
				t.Errorf("publish %d came to %s after %v; want within 1 s", i+1, other.name, took[i])
			}
		}
	})
	c.stop(t)
	slices.Sort(took)
	t.Logf("what one process published decided in the other within 1 s in %d of 50: median %v, longest %v, the publishing itself included",
		within(took, time.Second), took[25].Round(time.Millisecond), took[49].Round(time.Millisecond))
}

func within(all []time.Duration, limit time.Duration) (n int) {
	for _, d := range all {
		if d <= limit {
			n++
		}
	}
	return n
}

// browser is one with cookies of its own.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: clusterClient.CheckRedirect}
}

// submit sends a form as a person does; it must lead on.
func submit(t *testing.T, b *http.Client, p *process, path string, form url.Values) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url(path), strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Origin": {p.url("")}, "Sec-Fetch-Site": {"same-origin"}}
	resp, err := b.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("POST %s of %s = %d; want 303\n%s", path, p.name, resp.StatusCode, p.tail())
	}
}
