package play

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// A visit is a script on its way.
type visit struct {
	*Player
	token  string
	screen string         // shown last
	params map[string]any // of the answer that finished the flow
}

func (p *Player) visit(token string) *visit { return &visit{Player: p, token: token} }

// do sends one step; err says that there was no answer, or another than the step expects.
func (v *visit) do(ctx context.Context, s Script, step Step) (answer map[string]any, status int, err error) {
	answer, status, err = v.Exchange(ctx, v.request(s, step))
	if err != nil {
		return answer, status, err
	}
	if screen := text(answer, "screen"); screen != "" {
		v.screen = screen
		v.params = object(object(object(answer, "data"), "extension_message_response"), "params")
	}
	return answer, status, step.Expect.unmet(step, answer, status)
}

// request writes what a client would send.
func (v *visit) request(s Script, step Step) map[string]any {
	version := s.Version
	if version == "" {
		version = "3.0"
	}
	r := map[string]any{"version": version, "action": step.action()}
	if r["action"] == "ping" {
		return r
	}
	r["screen"], r["data"] = step.Screen, step.Data
	if step.Screen == "" && r["action"] != "INIT" {
		r["screen"] = v.screen
	}
	if step.Data == nil {
		r["data"] = map[string]any{}
	}
	if v.token != "" {
		r["flow_token"] = v.token
	}
	return r
}

func (s Step) action() string {
	if s.Action == "" {
		return "data_exchange"
	}
	return s.Action
}

// unmet returns nil when the answer is as expected.
func (e Expect) unmet(step Step, answer map[string]any, status int) error {
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
	case status == http.StatusOK && screen == "" && !complete(step, answer):
		return errors.New("the answer names no screen")
	}
	return nil
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

func object(o map[string]any, key string) map[string]any {
	v, _ := o[key].(map[string]any)
	return v
}

func text(o map[string]any, key string) string {
	v, _ := o[key].(string)
	return v
}
