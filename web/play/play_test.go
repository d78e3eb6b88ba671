package play_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"switchyard/web/play"
)

func sealed(s *server) play.Options {
	return play.Options{Script: "testdata/booking.json", URL: s.URL + "/flow-endpoint/booking", PublicKey: "testdata/public.pem", AppSecret: appSecret}
}

// run calls Main and returns what it wrote, times taken out.
func run(t *testing.T, o play.Options) (string, error) {
	t.Helper()
	var out strings.Builder
	err := play.Main(t.Context(), o, &out)
	return regexp.MustCompile(`\(\d+ ms\)`).ReplaceAllString(out.String(), "(N ms)"), err
}

// write puts a script into a file.
func write(t *testing.T, script string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "script.json")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const played = `1  ping → answered  (N ms)
     status: "active"
2  INIT → FORM  (N ms)
     from: ""
     title: "Hello\u001b[2J·"
3  data_exchange on FORM → FORM  (N ms)
     error_message: "Please ask a parent."
4  data_exchange on FORM → DONE  (N ms)
5  BACK on DONE → FORM  (N ms)
     from: "DONE"
     title: "Hello\u001b[2J·"
6  data_exchange on DONE → SUCCESS  (N ms)
     extension_message_response: {"params":{"age":34,"flow_token":"TOKEN"}}
7  data_exchange on SUCCESS → answered  (N ms)
     acknowledged: true
complete → 200
`

func TestAScriptIsPlayedSealedOrPlainAndTold(t *testing.T) {
	for _, plain := range []bool{false, true} {
		s := start(t, plain)
		o := sealed(s)
		o.Token = "booking.1"
		if plain {
			o.PublicKey, o.Secret = "", "plain secret"
		}
		out, err := run(t, o)
		if want := strings.ReplaceAll(played, "TOKEN", "booking.1"); err != nil || out != want {
			t.Errorf("plain %t: Main() = %v, wrote\n%s\nwant\n%s", plain, err, out, want)
		}
		if got := s.seen(); len(got) != 2 || got[0] != "" || got[1] != "booking.1" { // a ping has no token
			t.Errorf("plain %t: tokens = %q; want one beside the ping's", plain, got)
		}
		if len(s.events) != 1 {
			t.Fatalf("plain %t: %d messages at the webhook; want 1", plain, len(s.events))
		}
		m := s.events[0]
		if m.From != "15555550123" || m.Name != "Ada" || time.Since(m.At) > time.Minute || m.Flow == nil {
			t.Fatalf("plain %t: message = %+v; want a completed flow of Ada, now", plain, m)
		}
		if want := `{"age":34,"flow_token":"booking.1","rating":5}`; m.Flow.Raw != want {
			t.Errorf("plain %t: response_json = %s; want %s", plain, m.Flow.Raw, want)
		}
	}
}

func TestATestVisitIsMarkedByItsToken(t *testing.T) {
	for token, want := range map[string]string{"": `^test\.[A-Z2-7]{26}$`, "a.1": `^test\.a\.1$`, "test.a": `^test\.a$`} {
		s := start(t, false)
		o := sealed(s)
		o.Token, o.Test = token, true
		if _, err := run(t, o); err != nil {
			t.Fatal(err)
		}
		if got := s.seen()[1]; !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("token %q with the mark = %q; want %s", token, got, want)
		}
	}
}

func TestAnUnmetExpectationEndsTheScript(t *testing.T) {
	cases := []struct {
		name, script string
		change       func(*play.Options)
		want         string
	}{
		{"another screen", `{"steps":[{"action":"INIT","expect":{"screen":"OTHER"}},{"action":"BACK"}]}`, nil, `step 1: the screen is "FORM"; expected "OTHER"`},
		{"an error where none may be", `{"steps":[{"screen":"FORM","data":{"age":"12"},"expect":{"error":""}}]}`, nil,
			`step 1: the error is "Please ask a parent."; expected ""`},
		{"no error where one must be", `{"steps":[{"action":"INIT"},{"data":{"age":"34"},"expect":{"error":"No."}}]}`, nil, `step 2: the error is ""; expected "No."`},
		{"another status", `{"steps":[{"action":"INIT","expect":{"status":427}}]}`, nil, `step 1: answered 200; expected 427`},
		{"no screen", `{"steps":[{"screen":"X"}]}`, nil, `step 1: the answer names no screen`},
		{"a ping that is not active", `{"steps":[{"action":"ping","expect":{"screen":"A"}}]}`, nil, `step 1: the screen is ""; expected "A"`},
		{"wrong app secret", `{"steps":[{"action":"INIT"}]}`, func(o *play.Options) { o.AppSecret = "other" }, "step 1: answered 432 (the signature is wrong: is the app secret the server's?); expected 200"},
		{"unsigned", `{"steps":[{"action":"INIT"}]}`, func(o *play.Options) { o.AppSecret = "" }, "step 1: answered 432 (the signature is wrong: is the app secret the server's?); expected 200"},
		{"plain to a sealed flow", `{"steps":[{"action":"INIT"}]}`, func(o *play.Options) { o.PublicKey = "" }, "step 1: answered 421 (it cannot decrypt: is the public key the server's?); expected 200"},
		{"unknown flow", `{"steps":[{"action":"INIT"}]}`, func(o *play.Options) { o.URL += "x" }, "step 1: answered 404 (no such flow); expected 200"},
		{"expired", `{"steps":[{"action":"INIT"}]}`, func(o *play.Options) { o.Token = "expired" }, "step 1: answered 427 (the token has expired); expected 200"},
		{"webhook refuses", `{"complete":{}}`, func(o *play.Options) { o.AppSecret = "other" }, "complete: the webhook answered 401; expected 200"},
		{"webhook redirects", `{"complete":{}}`, func(o *play.Options) {
			o.WebhookURL = strings.TrimSuffix(o.URL, "/flow-endpoint/booking") + "/elsewhere"
		}, "complete: the webhook answered 307; expected 200"},
	}
	s := start(t, false)
	for _, c := range cases {
		o := sealed(s)
		o.Script = write(t, c.script)
		if c.change != nil {
			c.change(&o)
		}
		if _, err := run(t, o); err == nil || err.Error() != c.want {
			t.Errorf("%s: Main() = %v; want %s", c.name, err, c.want)
		}
	}
	o := sealed(s)
	o.Token, o.Script = "expired", write(t, `{"steps":[{"action":"INIT","expect":{"status":427,"error":"This link is used."}}]}`)
	if out, err := run(t, o); err != nil || !strings.Contains(out, "INIT → 427") || !strings.Contains(out, "This link is used.") {
		t.Errorf("an expected 427: Main() = %v, wrote %s", err, out)
	}
}

func TestAPlainFlowsSecretIsInNoMessage(t *testing.T) {
	s := start(t, true)
	s.Close()
	o := play.Options{Script: "testdata/booking.json", URL: s.URL + "/flow-endpoint/booking/hush-hush"}
	out, err := run(t, o)
	if err == nil || strings.Contains(err.Error()+out, "hush") || !strings.Contains(err.Error(), "no answer") {
		t.Errorf("Main() = %v, wrote %s; want \"no answer\" without the address", err, out)
	}
}

func TestAnAnswerThatTheClientCannotReadIsAFault(t *testing.T) {
	s := start(t, true) // it answers plain JSON, unopened
	p := play.Player{URL: s.URL + "/flow-endpoint/booking", Secret: "plain secret", Client: s.Client()}
	answer, status, err := p.Exchange(t.Context(), map[string]any{"action": "ping"})
	if err != nil || status != 200 || answer["data"].(map[string]any)["status"] != "active" {
		t.Errorf("Exchange(ping) = %v, %d, %v; want active", answer, status, err)
	}
	s.plain = false
	p.AppSecret = appSecret
	if answer, status, err = p.Exchange(t.Context(), map[string]any{"action": "ping"}); err != nil || status != 421 || answer != nil {
		t.Errorf("Exchange() of plain JSON with a sealed flow = %v, %d, %v; want 421 and nothing", answer, status, err)
	}
}

func TestWrongUseIsToldApart(t *testing.T) {
	good := play.Options{Script: "testdata/booking.json", URL: "http://127.0.0.1:1/x"}
	for name, change := range map[string]func(*play.Options){
		"no script":             func(o *play.Options) { o.Script = "" },
		"no address":            func(o *play.Options) { o.URL = "" },
		"another scheme":        func(o *play.Options) { o.URL = "ftp://127.0.0.1/x" },
		"no scheme":             func(o *play.Options) { o.URL = "127.0.0.1/x" },
		"rate without time":     func(o *play.Options) { o.Rate = 1 },
		"time without rate":     func(o *play.Options) { o.For = 1 },
		"negative rate":         func(o *play.Options) { o.Rate, o.For = -1, 1 },
		"rate beyond all":       func(o *play.Options) { o.Rate, o.For = 1e9, 1 },
		"mark on a webhook":     func(o *play.Options) { o.Webhook, o.Test = true, true },
		"token with a webhook":  func(o *play.Options) { o.Webhook, o.Token = true, "x" },
		"key with a webhook":    func(o *play.Options) { o.Webhook, o.PublicKey = true, "x" },
		"negative time":         func(o *play.Options) { o.For = -1 },
		"negative time at rate": func(o *play.Options) { o.Rate, o.For = 1, -1 },
	} {
		o := good
		change(&o)
		if _, err := run(t, o); !errors.Is(err, play.ErrUse) {
			t.Errorf("%s: Main() = %v; want %v", name, err, play.ErrUse)
		}
	}
	for name, change := range map[string]func(*play.Options){
		"no such file":      func(o *play.Options) { o.Script = "testdata/none.json" },
		"no such bodies":    func(o *play.Options) { o.Script, o.Webhook = "testdata/none", true },
		"empty folder":      func(o *play.Options) { o.Script, o.Webhook = t.TempDir(), true },
		"no such key":       func(o *play.Options) { o.PublicKey = "testdata/none.pem" },
		"key that is none":  func(o *play.Options) { o.PublicKey = "testdata/booking.json" },
		"key not public":    func(o *play.Options) { o.PublicKey = "testdata/not-public.pem" },
		"script is no JSON": func(o *play.Options) { o.Script = write(t, "hello") },
		"unknown key":       func(o *play.Options) { o.Script = write(t, `{"steps":[{"action":"INIT","expects":{}}]}`) },
		"empty script":      func(o *play.Options) { o.Script = write(t, `{}`) },
		"two scripts":       func(o *play.Options) { o.Script = write(t, `{"steps":[{}]}{}`) },
	} {
		o := good
		change(&o)
		if _, err := run(t, o); err == nil || errors.Is(err, play.ErrUse) {
			t.Errorf("%s: Main() = %v; want an error that is not wrong use", name, err)
		}
	}
}

func TestAScriptEndsWithItsContext(t *testing.T) {
	s := start(t, false)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := play.Main(ctx, sealed(s), &strings.Builder{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Main() = %v; want %v", err, context.Canceled)
	}
}
