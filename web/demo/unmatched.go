package demo

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"switchyard/models"
)

// shopNumber is the second number of the sample business, never given to anybody either.
const shopNumber = "15550100141"

// unmatched plans responses of systems that make tokens of their own: some are mapped, some were assigned, the rest waits
// in the tray.
func (f *filling) unmatched(context.Context, *Filled) error {
	survey := f.flows[2].row
	f.plan(f.ago(20*day), func(ctx context.Context) error {
		_, err := f.db.AddMapping(ctx, models.Like{Kind: models.LikeToken, Value: "newsletter-*"}, survey.ID, f.staff[models.Operator])
		return err
	})
	for n := range 6 {
		f.foreign(19*day-time.Duration(n)*31*hour, phoneNumber, "newsletter-"+strconv.Itoa(2041+n), answersOf(f.rand))
	}
	for n := range 5 {
		f.foreign(8*day-time.Duration(n)*29*hour, phoneNumber, "crm-"+strconv.Itoa(7731+n*3), answersOf(f.rand))
	}
	for n := range 4 {
		f.foreign(6*day-time.Duration(n)*17*hour, phoneNumber, "", map[string]any{"policy_no": "AB-" + strconv.Itoa(410233+n*77), "kind": "water", "amount": strconv.Itoa(180 + 95*n)})
	}
	for n := range 3 {
		f.foreign(4*day-time.Duration(n)*13*hour, shopNumber, "shop-order-"+strconv.Itoa(90112+n), map[string]any{"size": "L", "topping": "olives", "pick_up": "18:30"})
	}
	f.foreign(15*day, phoneNumber, "till-4", answersOf(f.rand))
	f.plan(f.ago(14*day), func(ctx context.Context) error { return f.assignNewest(ctx, survey) })
	f.echoed(3*day, survey)
	return nil
}

// foreign plans a response with a token that another system made.
func (f *filling) foreign(ago time.Duration, number, token string, answers map[string]any) {
	who, when := f.regular(), f.ago(ago)
	if token != "" {
		answers["flow_token"] = token
	}
	body := replyTo(number, who, messageID(f.rand), "", string(encode(answers)), when)
	f.plan(when, func(ctx context.Context) error { return f.arrives(ctx, body, when) })
}

// echoed plans a flow message that was sent from a phone, and the response that names it.
func (f *filling) echoed(ago time.Duration, s models.Flow) {
	who, when, id := f.regular(), f.ago(ago), messageID(f.rand)
	value := object{"messaging_product": "whatsapp", "metadata": object{"display_phone_number": phoneNumber, "phone_number_id": phoneID},
		"message_echoes": []object{{"from": phoneNumber, "to": who.phone, "id": id, "timestamp": seconds(when), "type": "interactive",
			"interactive": object{"type": "flow", "body": object{"text": "How was your visit?"},
				"action": object{"name": "flow", "parameters": object{"flow_message_version": "3", "flow_id": s.MetaID, "flow_cta": "Tell us", "flow_token": "unused"}}}}}}
	answer := reply(who, messageID(f.rand), id, string(encode(answersOf(f.rand))), when.Add(6*minute))
	f.plan(when, func(ctx context.Context) error { return f.arrives(ctx, body("smb_message_echoes", when, value), when) })
	f.plan(when.Add(6*minute), func(ctx context.Context) error { return f.arrives(ctx, answer, when.Add(6*minute)) })
}

// arrives lets one body come in and be decoded.
func (f *filling) arrives(ctx context.Context, body []byte, when time.Time) error {
	var g gathering
	f.deliver(&g, body, when)
	return f.keep(ctx, g)
}

// assignNewest is somebody who assigns the response that came last.
func (f *filling) assignNewest(ctx context.Context, to models.Flow) error {
	rows, err := f.db.Tray(ctx, models.UnmatchedResponse, 0, 1)
	if err != nil || len(rows) == 0 {
		return fmt.Errorf("assign the newest of %d unmatched responses: %w", len(rows), err)
	}
	_, err = f.db.Assign(ctx, models.Assign{ResponseID: rows[0].ID, FlowID: to.ID}, f.staff[models.Support])
	return err
}
