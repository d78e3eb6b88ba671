package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/web"
	rsakeys "switchyard/web/keys"
)

// stagesOf are the heads of a self-test's stages.
func stagesOf(body string) string {
	var heads []string
	for _, m := range regexp.MustCompile(`<strong>([A-Z][a-z ]+: [a-z ]+)</strong>`).FindAllStringSubmatch(body, -1) {
		heads = append(heads, m[1])
	}
	return strings.Join(heads, ", ")
}

func (s *site) test(t *testing.T, slug string) (stages string, a answer) {
	t.Helper()
	a = s.send(t, scenario{as: "operator", method: "POST", path: "/flows/" + slug + "/test", form: url.Values{}})
	if a.status != http.StatusOK {
		t.Fatalf("self-test of %s = %d %s", slug, a.status, a.body)
	}
	return stagesOf(a.body), a
}

// tested waits until the server has what was changed, and the self-test these stages.
func (s *site) tested(t *testing.T, slug, want, said string) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		got, a := s.test(t, slug)
		if got == want && strings.Contains(a.body, said) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("self-test of %s: %s\nwant %s, saying %q", slug, got, want, said)
		}
	}
}

func TestTheSelfTestShowsThatAFlowWorksAndLeavesNoTrace(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.ready(t, s.addSamples(t))
	ctx, db := t.Context(), s.DB()
	plain, err := db.CreateFlow(ctx, models.Flow{Slug: "odd", Mode: models.Plain}, tester)
	must(t, err)
	_, err = db.SaveFlowJSON(ctx, plain.ID, fixture(t, "flows", "appointment.json"), tester)
	must(t, err)
	must(t, db.SetFlowSecret(ctx, plain.ID, "0123456789abcdef", tester))
	s.tested(t, "odd", "Flow: ok, Secret: ok, Ping: ok, Opening: ok, First screen: ok, Data: ok, Record: look at it, Time: ok", "")
	marks := func() (pings, opened int64) {
		time.Sleep(1200 * time.Millisecond) // marks are written once a second
		all, err := db.Marks(ctx)
		must(t, err)
		return all[models.MarkPing].Count, all[models.MarkOpened].Count
	}
	pings, opened := marks()
	for slug, want := range map[string]string{
		"appointment": "Flow: ok, Key: ok, Signature: ok, Ping: ok, Opening: ok, First screen: ok, Data: ok, Record: ok, Time: ok",
		"claim":       "Flow: ok, Key: ok, Signature: ok, Ping: ok, Opening: ok, First screen: ok, Data: ok, Record: ok, Time: ok",
		"odd":         "Flow: ok, Secret: ok, Ping: ok, Opening: ok, First screen: ok, Data: ok, Record: look at it, Time: ok",
	} {
		stages, _ := s.test(t, slug)
		if stages != want {
			t.Errorf("self-test of %s: %s\nwant %s", slug, stages, want)
		}
	}
	if p, o := marks(); p != pings || o != opened {
		t.Errorf("after self-tests %d pings and %d opened requests are known; want %d and %d, those from outside", p, o, pings, opened)
	}
	keys, err := db.Keys(ctx)
	must(t, err)
	if keys[0].Uses > opened {
		t.Errorf("the key was used %d times; want the %d from outside at most", keys[0].Uses, opened)
	}
	for _, f := range []models.VisitFilter{{}, {Tests: true}} {
		page, err := db.Visits(ctx, f)
		must(t, err)
		if (len(page.Rows) > 0) != f.Tests {
			t.Errorf("Visits(%+v) = %d; want some only where tests are asked for", f, len(page.Rows))
		}
	}
	s.run(t, []scenario{
		{name: "not for support", as: "support", method: "POST", path: "/flows/appointment/test", form: url.Values{}, status: 403},
		{name: "no such flow", as: "operator", method: "POST", path: "/flows/none/test", form: url.Values{}, status: 404},
		{name: "a token", as: "support", method: "POST", path: "/flows/claim/token", form: url.Values{}, status: 200, contains: []string{`value="claim.`, "&#34;flow_token&#34;: &#34;claim.", "12345678"}},
		{name: "a token of a test", as: "support", method: "POST", path: "/flows/claim/token", form: url.Values{"test": {"1"}}, status: 200, contains: []string{`value="test.claim.`}},
		{name: "a token is not for viewers", as: "viewer", method: "POST", path: "/flows/claim/token", form: url.Values{}, status: 403},
	})
}

func TestTheSelfTestNamesWhatIsWrong(t *testing.T) {
	var cfg web.Config
	s := openSite(t, func(c *web.Config) { cfg = *c }).addUsers(t)
	ctx, db := t.Context(), s.DB()
	want := func(slug, stages, said string) { t.Helper(); s.tested(t, slug, stages, said) }
	_, err := db.CreateFlow(ctx, models.Flow{Slug: "bare", Mode: models.Encrypted}, tester)
	must(t, err)
	want("bare", "Flow: failed", "no Flow JSON")
	f, err := db.CreateFlow(ctx, models.Flow{Slug: "booking", Mode: models.Encrypted}, tester)
	must(t, err)
	_, err = db.SaveFlowJSON(ctx, f.ID, fixture(t, "flows", "appointment.json"), tester)
	must(t, err)
	want("booking", "Flow: ok, Key: failed", "no live key pair")

	s.addKey(t)
	const rest = "Ping: ok, Opening: ok, First screen: ok, Data: ok, Record: look at it, Time: ok" // it has no rules
	want("booking", "Flow: ok, Key: ok, Signature: ok, "+rest, "something is worth a look")

	f.CheckSignature = false
	_, err = db.UpdateFlow(ctx, f, tester)
	must(t, err)
	want("booking", "Flow: ok, Key: ok, Signature: look at it, "+rest, "switched off")

	all, err := db.Keys(ctx)
	must(t, err)
	p := modelstest.SQL(t, string(cfg.Database)) // the newest public key does not belong to its private key
	pair, err := rsakeys.Generate()
	must(t, err)
	_, err = p.Exec(`UPDATE keys SET public_pem = ? WHERE id = ?`, rsakeys.PublicPEM(&pair.PublicKey), all[0].ID)
	must(t, err)
	want("booking", "Flow: ok, Key: ok, Signature: look at it, Ping: failed", "could not be opened with the private keys")
}
