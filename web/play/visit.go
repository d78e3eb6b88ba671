package play

import (
	"context"
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
		v.params = params(answer)
	}
	return answer, status, step.unmet(answer, status)
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

// params are those with which an answer finishes the flow.
func params(answer map[string]any) map[string]any {
	return object(object(object(answer, "data"), "extension_message_response"), "params")
}

func object(o map[string]any, key string) map[string]any {
	v, _ := o[key].(map[string]any)
	return v
}

func text(o map[string]any, key string) string {
	v, _ := o[key].(string)
	return v
}
