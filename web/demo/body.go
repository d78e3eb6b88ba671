package demo

import (
	"encoding/json"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// Of the sample business: its account, and its number, which is one that is never given to anybody.
const (
	account     = "102290129340398"
	phoneID     = "106540352242922"
	phoneNumber = "15550100140"
)

type object = map[string]any

// encode writes what holds only texts, numbers, lists and objects.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("demo: a body that is no JSON: " + err.Error())
	}
	return b
}

// body is a webhook's body with one change. Meta gives the time of the entry for all fields but messages.
func body(field string, when time.Time, value object) []byte {
	entry := object{"id": account, "changes": []object{{"field": field, "value": value}}}
	if field != "messages" {
		entry["time"] = when.Unix()
	}
	return encode(object{"object": "whatsapp_business_account", "entry": []object{entry}})
}

// messages is a body of field messages; key is messages or statuses.
func messages(key string, who *contact, all ...object) []byte {
	return messagesTo(phoneNumber, key, who, all...)
}

// messagesTo is messages of a number of the business.
func messagesTo(number, key string, who *contact, all ...object) []byte {
	value := object{"messaging_product": "whatsapp", "metadata": object{"display_phone_number": number, "phone_number_id": phoneID}, key: all}
	if who != nil {
		value["contacts"] = []object{{"wa_id": who.phone, "profile": object{"name": who.name}}}
	}
	return body("messages", time.Time{}, value)
}

// reply is the body that tells of a completed flow; answers is response_json as text.
func reply(who contact, id, context, answers string, when time.Time) []byte {
	return replyTo(phoneNumber, who, id, context, answers, when)
}

// replyTo is reply to a number of the business.
func replyTo(number string, who contact, id, context, answers string, when time.Time) []byte {
	m := object{
		"from": who.phone, "id": id, "timestamp": seconds(when), "type": "interactive",
		"interactive": object{"type": "nfm_reply", "nfm_reply": object{"name": "flow", "body": "Sent", "response_json": answers}},
	}
	if context != "" {
		m["context"] = object{"from": phoneNumber, "id": context}
	}
	return messagesTo(number, "messages", &who, m)
}

func textMessage(who contact, id, text string, when time.Time) []byte {
	return messages("messages", &who, object{"from": who.phone, "id": id, "timestamp": seconds(when), "type": "text", "text": object{"body": text}})
}

// statuses are notices about a message that the business sent, a second apart, in one body as Meta often gathers them.
func statuses(who contact, id string, when time.Time, states ...string) []byte {
	all := make([]object, len(states))
	for i, state := range states {
		all[i] = object{"id": id, "status": state, "timestamp": seconds(when.Add(time.Duration(i) * time.Second)), "recipient_id": who.phone}
	}
	return messages("statuses", nil, all...)
}

// undelivered is the notice about a message that did not arrive.
func undelivered(who contact, id string, when time.Time) []byte {
	return messages("statuses", nil, object{"id": id, "status": "failed", "timestamp": seconds(when), "recipient_id": who.phone,
		"errors": []object{{"code": 131026, "title": "Message undeliverable"}}})
}

func seconds(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// messageID looks like Meta's.
func messageID(r *rand.Rand) string { return "wamid.HBgL" + strings.ToUpper(randomText(r, 28)) }
