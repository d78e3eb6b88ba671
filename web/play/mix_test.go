package play_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/web/play"
)

func TestTheMixIsWhatItSays(t *testing.T) {
	kinds := map[string]int{}
	ids := map[string]bool{}
	for n := range 1000 {
		body := play.Mix("RUN", n)
		events, err := wire.ParseWebhook(body, wire.Meta)
		if err != nil || !json.Valid(body) || len(events.Unread)+len(events.Others) > 0 {
			t.Fatalf("Mix(%d) = %s: %v, %v", n, body, events.Unread, err)
		}
		for _, m := range events.Messages {
			kind := "message"
			if m.Flow != nil && m.Flow.Token != "" {
				kind = "response"
			}
			kinds[kind]++
			ids[m.ID] = true
			if m.From == "" || m.Name == "" || m.At.IsZero() {
				t.Errorf("Mix(%d): a message of nobody or no time: %+v", n, m)
			}
		}
		for _, s := range events.Statuses {
			kinds["status"]++
			ids[s.MessageID+s.State] = true
		}
	}
	if kinds["status"] != 900 || kinds["message"] != 90 || kinds["response"] != 10 || len(ids) != 1000 {
		t.Errorf("1,000 bodies tell %v, %d different things; want 900 statuses, 90 messages, 10 responses, all different", kinds, len(ids))
	}
}

func TestTheMixIsPostedAtTheRate(t *testing.T) {
	s := start(t, true)
	out, err := run(t, play.Options{Mix: true, URL: s.URL + "/webhooks/meta", AppSecret: appSecret, Rate: 200, For: 300 * time.Millisecond})
	if err != nil || !strings.Contains(out, "status    200: 60\nwrong     0\nnot sent  0\n") {
		t.Errorf("Main(mix) = %v, wrote\n%s", err, out)
	}
	for _, o := range []play.Options{{Mix: true}, {Mix: true, Script: "x", Rate: 1, For: 1}, {Mix: true, Webhook: true, Rate: 1, For: 1}, {Mix: true, Token: "x", Rate: 1, For: 1}} {
		o.URL = s.URL
		if _, err := run(t, o); err == nil || !strings.Contains(err.Error(), "--mix") && !strings.Contains(err.Error(), "--webhook") {
			t.Errorf("Main(%+v) = %v; want wrong use", o, err)
		}
	}
}
