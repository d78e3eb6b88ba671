package play

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
)

// unmet returns nil when the answer is as expected, and one that a client takes as far as that can be told without the
// Flow JSON.
func (s Step) unmet(answer map[string]any, status int) error {
	e := s.Expect
	want := e.Status
	if want == 0 {
		want = http.StatusOK
	}
	screen, problem := text(answer, "screen"), problemOf(answer)
	switch {
	case status != want:
		return fmt.Errorf("answered %d%s; expected %d", status, meaning(status), want)
	case e.Screen != "" && screen != e.Screen:
		return fmt.Errorf("the screen is %q; expected %q", screen, e.Screen)
	case e.Error != nil && problem != *e.Error:
		return fmt.Errorf("the error is %q; expected %q", problem, *e.Error)
	case status == http.StatusOK && screen == "" && !complete(s, answer):
		return errors.New("the answer names no screen")
	case screen == "SUCCESS" && params(answer)["flow_token"] == nil:
		return errors.New("the flow is finished without a flow_token")
	}
	if key := null(answer); key != "" {
		return fmt.Errorf("%s is null, which no client takes", key)
	}
	return e.otherData(answer)
}

// otherData tells of the first key whose value is another.
func (e Expect) otherData(answer map[string]any) error {
	got := object(answer, "data")
	if p := params(answer); p != nil {
		got = p
	}
	for _, key := range slices.Sorted(maps.Keys(e.Data)) {
		want := e.Data[key]
		v, has := got[key]
		switch {
		case want == nil && has:
			return fmt.Errorf("%s is %s; expected it not to be there", key, written(v))
		case want != nil && !has:
			return fmt.Errorf("%s is missing; expected %s", key, written(want))
		case want != nil && !reflect.DeepEqual(plain(v), plain(want)):
			return fmt.Errorf("%s is %s; expected %s", key, written(v), written(want))
		}
	}
	return nil
}

// plain is a value of JSON whose numbers compare as numbers: 40 and 40.0 are one.
func plain(v any) (out any) {
	text, _ := json.Marshal(v) // it was decoded from JSON
	_ = json.Unmarshal(text, &out)
	return out
}

func written(v any) string {
	text, _ := json.Marshal(v) // it was decoded from JSON
	return cut(printable(string(text)), 80)
}

// null names the first key that is null, anywhere.
func null(v any) string {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if v[key] == nil {
				return key
			}
			if inner := null(v[key]); inner != "" {
				return inner
			}
		}
	case []any:
		for _, e := range v {
			if inner := null(e); inner != "" {
				return inner
			}
		}
	}
	return ""
}

// complete tells whether an answer without a screen is one: to a ping or to an error notification.
func complete(step Step, answer map[string]any) bool {
	data := object(answer, "data")
	if step.action() == "ping" {
		return data["status"] == "active"
	}
	return data["acknowledged"] == true
}

func problemOf(answer map[string]any) string {
	if msg := text(answer, "error_msg"); msg != "" {
		return msg
	}
	return text(object(answer, "data"), "error_message")
}

// meaning says what a client makes of a status (protocol.md §3.2).
func meaning(status int) string {
	switch status {
	case 401:
		return " (the secret is wrong)"
	case 404:
		return " (no such flow)"
	case 421:
		return " (it cannot decrypt: is the public key the server's?)"
	case 427:
		return " (the token has expired)"
	case 432:
		return " (the signature is wrong: is the app secret the server's?)"
	}
	return ""
}
