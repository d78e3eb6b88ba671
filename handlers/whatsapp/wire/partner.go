package wire

import (
	"encoding/json"
	"strings"
)

// partnerFlowEvents are those of a partner webhook that are Meta's flow events under 360dialog's envelope.
var partnerFlowEvents = map[string]bool{
	"ENDPOINT_AVAILABILITY": true, "CLIENT_ERROR_RATE": true, "ENDPOINT_ERROR_RATE": true, "ENDPOINT_LATENCY": true,
	"FLOW_STATUS_CHANGE": true, "FLOW_VERSION_EXPIRY_WARNING": true,
}

// isPartner tells 360dialog's partner envelope: an event with its data (protocol.md §8).
func isPartner(root object) bool { return root.text("event") != "" && root.has("data") }

// partner decodes a partner event. It has no time of its own, and its id alone is not trusted to be one event's: the
// key is of the whole body.
func (d *decoder) partner(root object, body []byte) {
	d.source = Dialog360 // by whatever route it came, it is 360dialog's
	data := objectOf(root["data"])
	account := objectOf(data["waba_account"])
	c := change{account: or(account.text("external_id"), account.text("id")), value: body}
	event := root.text("event")
	if data == nil {
		d.unread("data of a partner event is not an object")
	}
	if partnerFlowEvents[constant(event)] && data != nil {
		d.partnerFlow(c, constant(event), data, root["data"])
		return
	}
	d.keepPartner(event, c, body, data)
}

// keepPartner adds the account event of a partner event, and what it says of chats and address book as Meta's own do.
func (d *decoder) keepPartner(event string, c change, body []byte, data object) {
	raw, said := json.RawMessage(body), partnerSaid(event, data, c.account)
	inner := c
	if inner.value = holding("state_sync", data); inner.value != nil {
		d.stateSync(inner)
		said.Summary = stateSync(objectOf(inner.value)).Summary
	}
	if inner.value = holding("history", data); inner.value != nil {
		d.chats(inner)
		value := objectOf(inner.value)
		said.Summary, raw = history(value).Summary, withoutChats(value)
	}
	d.keep(event, c, raw, said)
}

// holding finds the object that has a list of that name, whose place is not documented: data itself, or an object in it.
func holding(name string, data object) json.RawMessage {
	if isArray(data[name]) {
		return encode(data)
	}
	for _, inner := range []string{"value", "payload", "history", "sync"} {
		if isArray(objectOf(data[inner])[name]) {
			return data[inner]
		}
	}
	return nil
}

// partnerFlow finds the flow's figures, whose place is not documented: data itself, or an object inside it.
func (d *decoder) partnerFlow(c change, event string, data object, raw json.RawMessage) {
	c.keyed, c.value = c.value, raw
	for _, inner := range []string{"value", "flow", "payload"} {
		if data.text("flow_id") == "" && objectOf(data[inner]).text("flow_id") != "" {
			c.value = data[inner]
		}
	}
	d.flowNamed(c, event)
}

// partnerWords say the events of the life of a channel, a client, an account.
var partnerWords = map[string]struct {
	kind  Kind
	words string
}{
	"client_created":             {OfChannel, "Client account created"},
	"channel_created":            {OfChannel, "Channel created"},
	"channel_ready":              {OfChannel, "Number is ready to be registered"},
	"channel_running":            {OfChannel, "Channel is running"},
	"channel_live":               {OfChannel, "Channel is live"},
	"channel_permission_granted": {OfChannel, "Client granted permission for the number"},
	"channel_permission_revoked": {OfChannel, "Client revoked the permission for the number"},
	"channel_subscription_set":   {OfChannel, "Subscription set, billing begins"},
	"cancellation_request":       {OfChannel, "Client asked to cancel the channel"},
	"cancellation_revoke":        {OfChannel, "Client took the cancellation back"},
	"cancellation_processed":     {OfChannel, "Cancellation done, the number is deleted"},
	"template_messaging_enabled": {OfChannel, "Template messages are enabled"},
	"migrated_to_cloud_api":      {OfChannel, "Hosting changed to Cloud API"},
	"migrated_to_on_premise":     {OfChannel, "Hosting changed to On-Premise API"},
	"account_violation":          {OfAccount, "Account restricted for a violation"},
	"disabled_update":            {OfAccount, "Account banned"},
	"account_restriction":        {OfAccount, "Account restricted"},
	"history":                    {OfHistory, "Sharing of the chat history approved or declined"},
	"smb_app_state_sync":         {OfContacts, "Contacts of the WhatsApp Business app changed"},
}

// partnerSaid says a partner event, by its channel.
func partnerSaid(event string, data object, account string) Said {
	setup := objectOf(data["setup_info"])
	number := or(setup.text("phone_number"), data.text("phone_number"))
	name := or(setup.text("phone_name"), objectOf(data["client"]).text("name"))
	s := Said{}
	switch event = strings.ToLower(constant(event)); {
	case strings.HasPrefix(event, "waba_template_"):
		s = partnerTemplate(event, objectOf(data["template"]))
	case event == "business_capability_update":
		s = capabilities(data)
	case event == "phone_number_quality_changed":
		s = Said{Kind: OfNumber, Summary: sentence("Quality of the number changed", plain(data.text("current_quality_update_event")),
			with("rating", plain(data.text("current_quality_rating"))), name, number)}
	case partnerWords[event].words != "":
		w := partnerWords[event]
		violation := or(data.text("violation_type"), objectOf(data["violation_info"]).text("violation_type"))
		s = Said{Kind: w.kind, Summary: sentence(w.words, plain(violation), name, number)}
	default:
		s.Summary = sentence("A partner event that is not known here", plain(event), name, number)
	}
	s.Subject = or(s.Subject, or(name, number))
	s.Channel = or(data.text("id"), or(number, account))
	return s
}

func partnerTemplate(event string, t object) Said {
	name, language := or(t.text("name"), t.text("id")), t.text("language")
	if language == "" {
		language = objectOf(t["language"]).text("code")
	}
	switch event {
	case "waba_template_category_changed":
		return sayTemplate(name, language, turned("category", t.text("previous_category"), or(t.text("new_category"), t.text("category"))))
	case "waba_template_quality_score_changed":
		score := or(t.text("new_quality_score"), or(t.text("quality_score"), objectOf(t["quality_score"]).text("score")))
		return sayTemplate(name, language, or(turned("quality score", t.text("previous_quality_score"), score), "its quality score changed"))
	}
	return sayTemplate(name, language, plain(or(t.text("status"), t.text("event"))), reason(or(t.text("rejected_reason"), t.text("reason"))))
}
