package main

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// What a sender tells is numbered: every ten numbers are a group, every ten groups are about one flow of Meta's.
const (
	groupSize = 10
	roundSize = 10 * groupSize
	epoch     = 1_790_000_000 // seconds
)

type obj = map[string]any

// itemBody is the webhook body of a number: statuses, texts, completions, alerts, and one that holds three things.
func itemBody(n int) []byte {
	group := n / groupSize
	switch n % groupSize {
	case 0, 1, 2:
		return webhookBody(message(obj{"statuses": []obj{status(outbound(group), n, []string{"sent", "delivered", "read"}[n%groupSize])}}))
	case 3, 4:
		return webhookBody(inbound(n, text(n)))
	case 5, 6:
		return webhookBody(inbound(n, completion(n, completionWAMID(n), completionToken(n))))
	case 7:
		return alertBody(group, "ACTIVATED", 10, 0)
	case 8: // the last one of a flow becomes worse, the others end
		if group%10 == 9 {
			return alertBody(group, "ACTIVATED", 50, 30)
		}
		return alertBody(group, "DEACTIVATED", 10, 30)
	}
	return webhookBody(inbound(n, text(n)), inbound(n, completion(n, completionWAMID(n), completionToken(n))),
		message(obj{"statuses": []obj{status(outboundBeside(n), n, "sent")}}))
}

func outbound(group int) string        { return fmt.Sprintf("wamid.out.%d", group) }
func outboundBeside(n int) string      { return fmt.Sprintf("wamid.beside.%d", n) }
func textWAMID(n int) string           { return fmt.Sprintf("wamid.text.%d", n) }
func completionWAMID(n int) string     { return fmt.Sprintf("wamid.response.%d", n) }
func completionToken(n int) string     { return fmt.Sprintf("talk.response.%d", n) }
func talkWAMID(token string) string    { return "wamid." + token }
func customer(n int) string            { return fmt.Sprintf("1555%07d", n/groupSize%40) }
func at(n int) string                  { return strconv.Itoa(epoch + n) }
func alertFlow(group int) string       { return fmt.Sprintf("77%08d", group/10) }
func alertTime(group, after int) int64 { return int64(epoch + 100*group + after) }

func webhookBody(changes ...obj) []byte { return entryBody(epoch, changes...) }

func entryBody(time int64, changes ...obj) []byte {
	entry := obj{"id": "102290129340398", "time": time, "changes": changes}
	return mustJSON(obj{"object": "whatsapp_business_account", "entry": []obj{entry}})
}

func alertBody(group int, state string, threshold, after int) []byte {
	return entryBody(alertTime(group, after), obj{"field": "flows", "value": obj{"event": "ENDPOINT_ERROR_RATE", "flow_id": alertFlow(group),
		"error_rate": threshold + 4, "threshold": threshold, "alert_state": state, "message": "The error rate has changed."}})
}

func message(value obj) obj {
	value["messaging_product"] = "whatsapp"
	value["metadata"] = obj{"display_phone_number": "15550783881", "phone_number_id": "106540352242922"}
	return obj{"field": "messages", "value": value}
}

func inbound(n int, m obj) obj {
	return message(obj{"contacts": []obj{{"profile": obj{"name": "Customer " + customer(n)}, "wa_id": customer(n)}}, "messages": []obj{m}})
}

func status(wamid string, n int, state string) obj {
	return obj{"id": wamid, "status": state, "timestamp": at(n), "recipient_id": customer(n)}
}

func text(n int) obj {
	return obj{"from": customer(n), "id": textWAMID(n), "timestamp": at(n), "type": "text", "text": obj{"body": fmt.Sprintf("text %d", n)}}
}

// completion ends a flow with four values: n, period.from, and two tags.
func completion(n int, wamid, token string) obj {
	answers := mustJSON(obj{"flow_token": token, "n": n, "period": obj{"from": "2026-12-01"}, "tags": []string{"a", "b"}})
	return obj{"from": customer(n), "id": wamid, "timestamp": at(n), "type": "interactive", "interactive": obj{"type": "nfm_reply",
		"nfm_reply": obj{"name": "flow", "body": "Sent", "response_json": string(answers)}}}
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
