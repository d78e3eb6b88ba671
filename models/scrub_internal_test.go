package models

import "testing"

func TestScrubbingTakesOnePersonOutOfABody(t *testing.T) {
	s := scrubber{phones: []string{"5511987650017"}, ids: []string{"BR.77"}}
	for _, c := range []struct{ name, body, want string }{
		{"somebody else", `{"a":"5511987650018"}`, `{"a":"5511987650018"}`},
		{"of several customers the one", `{"entry":[{"id":"1","changes":[{"field":"messages","value":{"contacts":[{"wa_id":"5511987650017","profile":{"name":"Ana"}},{"wa_id":"44"}],
			"messages":[{"from":"5511987650017","id":"w1","text":{"body":"Hi"}},{"from":"44","id":"w2"}]}}]}]}`,
			`{"entry":[{"changes":[{"field":"messages","value":{"contacts":[{"wa_id":"44"}],"messages":[{"from":"44","id":"w2"}]}}],"id":"1"}]}`},
		{"by the business-scoped id", `{"statuses":[{"id":"w1","recipient_user_id":"BR.77"},{"id":"w2"}]}`, `{"statuses":[{"id":"w2"}]}`},
		{"a whole thread", `{"threads":[{"id":"5511987650017","messages":[{"from":"44","text":"secret"}]},{"id":"44"}]}`, `{"threads":[{"id":"44"}]}`},
		{"in what others wrote", `{"messages":[{"from":"44","text":{"body":"ask +55 11 98765-0017 <soon>"}}]}`, `{"messages":[{"from":"44","text":{"body":"ask ••• <soon>"}}]}`},
		{"as it is dialled from abroad", `{"messages":[{"text":{"body":"005511987650017, 7+5511987650017"}}]}`, `{"messages":[{"text":{"body":"00•••, 7•••"}}]}`},
		{"behind an escape", `{"messages":[{"text":{"body":"caf\u00e95511987650017, q=%225511987650017%22"}}]}`, `{"messages":[{"text":{"body":"café•••, q=%22•••%22"}}]}`},
		{"in longer numbers of others", `{"messages":[{"from":"865511987650017","timestamp":55119876500170}]}`, `{"messages":[{"from":"865511987650017","timestamp":55119876500170}]}`},
		{"a card that others sent", `{"messages":[{"from":"44","contacts":[{"name":{"first_name":"Ana"},"phones":[{"phone":"+55 11 98765-0017"}]},{"name":"B"}]}]}`,
			`{"messages":[{"contacts":[{"name":"B"}],"from":"44"}]}`},
		{"as a key", `{"list":[{"5511987650017":1},{"b":12345678901234567890}]}`, `{"list":[{"b":12345678901234567890}]}`},
		{"as a number", `{"list":[{"a":5511987650017},{"b":1}]}`, `{"list":[{"b":1}]}`},
		{"no list around", `{"from":"5511987650017","name":"Ana"}`, `{}`},
		{"not JSON", `{"from":"5511987650017"`, `{}`},
		{"two documents", `{"from":"5511987650017"}{}`, `{}`},
	} {
		got, changed := s.body([]byte(c.body))
		if string(got) != c.want || changed != (c.body != c.want) {
			t.Errorf("%s: body = %s, %v; want %s", c.name, got, changed, c.want)
		}
	}
	short := scrubber{phones: []string{"44"}}
	if got, changed := short.body([]byte(`{"from":"44"}`)); changed {
		t.Errorf("body of a number of two digits = %s; want it as it was", got)
	}
}

func FuzzScrubbingLeavesNoNumber(f *testing.F) {
	f.Add(`{"a":["5511987650017",{"b":"+55 11 98765-0017"}]}`)
	f.Add(`5511987650017`)
	f.Fuzz(func(t *testing.T, body string) {
		s := scrubber{phones: []string{"5511987650017"}, ids: []string{"BR.77"}}
		if got, _ := s.body([]byte(body)); s.names(string(got)) {
			t.Errorf("body(%q) = %q; want the number gone", body, got)
		}
	})
}
