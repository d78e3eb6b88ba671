package play_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/web/play"
)

// folder puts scripts into files of one folder.
func folder(t *testing.T, scripts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, script := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestScriptsOfSeveralFlowsArePlayedSealedAndPlain(t *testing.T) {
	s := start(t, false)
	o := sealed(s)
	o.URL, o.Secret, o.Token = s.URL, "plain secret", "x"
	o.Script = folder(t, map[string]string{
		"1.json": `{"flow":"booking","steps":[{"action":"INIT","expect":{"screen":"FORM"}}]}`,
		"2.json": `{"flow":"open","plain":true,"steps":[{"action":"INIT","expect":{"screen":"FORM"}},{"data":{"age":"34"},"expect":{"screen":"DONE"}}],"complete":{"a":1}}`,
		"3.json": `{"flow":"booking","steps":[{"action":"INIT","expect":{"screen":"OTHER"}}]}`,
	})
	out, err := run(t, o)
	if err == nil || err.Error() != `3.json, step 1: the screen is "FORM"; expected "OTHER"` {
		t.Errorf("Main() = %v; want what is wrong in the third", err)
	}
	if strings.Count(out, "→ FORM") != 3 || !strings.Contains(out, "2.json\n1  INIT → FORM") || !strings.Contains(out, "complete → 200\n3.json\n") {
		t.Errorf("Main() wrote\n%s\nwant all three, by name", out)
	}
	if got := s.seen(); !slices.Equal(got, []string{"x-1", "x-2", "x-3"}) {
		t.Errorf("tokens = %q; want one for each script", got)
	}
	o.Rate, o.For = 200, 300*time.Millisecond // 60 requests, in visits of 1, 3 and 1
	out, err = run(t, o)
	if err == nil || !strings.HasPrefix(err.Error(), "12 of 60 answers were wrong; the first: 3.json, step 1") || !strings.Contains(out, "status    200: 60\n") {
		t.Errorf("as load: Main() = %v, wrote\n%s\nwant 60 answers, of which those of the third are wrong", err, out)
	}
	o.Script = folder(t, map[string]string{"1.json": `{"flow":"a/b","steps":[{"action":"INIT"}]}`})
	if _, err = run(t, o); err == nil || !strings.Contains(err.Error(), "the address of its flow") {
		t.Errorf("a flow that is no slug: Main() = %v; want an error", err)
	}
}

func TestAnswersHoldWhatTheScriptExpects(t *testing.T) {
	s := start(t, true)
	for name, c := range map[string]struct{ step, want string }{
		"as expected":          {`{"action":"INIT","expect":{"data":{"from":"","error_message":null}}}`, ""},
		"another value":        {`{"action":"INIT","expect":{"data":{"from":"X"}}}`, `step 1: from is ""; expected "X"`},
		"a missing key":        {`{"action":"INIT","expect":{"data":{"times":[]}}}`, `step 1: times is missing; expected []`},
		"a key too many":       {`{"action":"INIT","expect":{"data":{"from":null}}}`, `step 1: from is ""; expected it not to be there`},
		"params":               {`{"screen":"DONE","expect":{"screen":"SUCCESS","data":{"age":34.0}}}`, ""},
		"other params":         {`{"screen":"DONE","expect":{"data":{"age":35}}}`, `step 1: age is 34; expected 35`},
		"null anywhere":        {`{"screen":"FORM","data":{"age":"null"}}`, `step 1: id is null, which no client takes`},
		"an end with no token": {`{"screen":"FORM","data":{"age":"lost"}}`, `step 1: the flow is finished without a flow_token`},
	} {
		o := play.Options{Script: write(t, `{"steps":[`+c.step+`]}`), URL: s.URL + "/flow-endpoint/booking", Secret: "plain secret"}
		_, err := run(t, o)
		if got := message(err); got != c.want {
			t.Errorf("%s: Main() = %q; want %q", name, got, c.want)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
