package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"switchyard/models/rules"
)

// A live is one customer on the way through a flow.
type live struct {
	c     *Customer
	phone Phone
	rand  *rand.Rand
	who   contact
	slug  string
}

func (v live) run(ctx context.Context) error {
	invitation := messageID(v.rand)
	for _, states := range [][]string{{"sent", "delivered"}, {"read"}} {
		if err := v.post(ctx, statuses(v.who, invitation, time.Now(), states...)); err != nil {
			return err
		}
	}
	token := v.slug + "." + randomText(v.rand, 20)
	answers, err := v.answers(ctx, token)
	if err != nil || answers == nil {
		return err
	}
	answers["flow_token"] = token
	return v.post(ctx, reply(v.who, messageID(v.rand), invitation, string(encode(answers)), time.Now()))
}

func (v live) post(ctx context.Context, body []byte) error {
	code, err := v.phone.Webhook(ctx, v.c.Webhook, body)
	return answered(code, err)
}

// answers goes through the screens; nil is somebody who left.
func (v live) answers(ctx context.Context, token string) (map[string]any, error) {
	think := v.c.Think.or(time.Second, 5*time.Second)
	makeHabit := habits[v.slug]
	if makeHabit == nil {
		pause(ctx, think.some(v.rand))
		return answersOf(v.rand), ctx.Err()
	}
	customer := makeHabit(v.rand, v.who, time.Now())
	request := map[string]any{"version": dataVersion, "action": string(rules.Init), "flow_token": token, "data": map[string]any{}}
	for range longest {
		answer, code, err := v.phone.Exchange(ctx, request)
		if err := answered(code, err); err != nil {
			return nil, err
		}
		screen, _ := answer["screen"].(string)
		shown, _ := answer["data"].(map[string]any)
		if screen == "SUCCESS" {
			return params(shown), nil
		}
		problem, _ := shown["error_message"].(string)
		m := customer.next(view{screen, problem})
		if !pause(ctx, think.some(v.rand)) || m.complete != nil || m.action == "" {
			return m.complete, ctx.Err()
		}
		request["action"], request["screen"], request["data"] = string(m.action), screen, m.data
	}
	return nil, nil
}

// params are what the endpoint finished the flow with.
func params(shown map[string]any) map[string]any {
	extension, _ := shown["extension_message_response"].(map[string]any)
	p, _ := extension["params"].(map[string]any)
	if p == nil {
		p = map[string]any{}
	}
	return p
}

// answered tells whether the server answered as it should.
func answered(status int, err error) error {
	switch {
	case err != nil:
		return err
	case status != 200:
		return fmt.Errorf("the server answered %d", status)
	}
	return nil
}
