package play

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// nobody is a number that is never given to anybody (555-01xx).
const nobody = "15555550100"

// complete tells the webhook that the customer has completed the flow: the script's answers, then those with which the
// endpoint finished it. Anything but 200 is an error.
func (v *visit) complete(ctx context.Context, s Script) (status int, err error) {
	answers := maps.Clone(s.Complete)
	maps.Copy(answers, v.params)
	if v.token != "" {
		answers["flow_token"] = v.token
	}
	body, err := nfmReply(s.Contact, answers, time.Now())
	if err != nil {
		return 0, s.fault("complete", err)
	}
	to, err := v.webhookURL()
	if err != nil {
		return 0, s.fault("complete", err)
	}
	if status, err = v.Webhook(ctx, to, body); err == nil && status != http.StatusOK {
		err = fmt.Errorf("the webhook answered %d; expected 200", status)
	}
	return status, s.fault("complete", err)
}

func (p *Player) webhookURL() (string, error) {
	if p.WebhookURL != "" {
		return p.WebhookURL, nil
	}
	u, err := url.Parse(p.URL)
	if err != nil {
		return "", errors.New("the address cannot be used")
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/webhooks/meta"}).String(), nil
}

type fields = map[string]any

// nfmReply is the webhook of a completed flow (protocol.md §2.4).
func nfmReply(c Contact, answers map[string]any, at time.Time) ([]byte, error) {
	response, err := json.Marshal(answers)
	if err != nil {
		return nil, fmt.Errorf("write the answers: %w", err)
	}
	from := or(c.ID, nobody)
	message := fields{
		"from": from, "id": "wamid.PLAY" + rand.Text(), "timestamp": strconv.FormatInt(at.Unix(), 10), "type": "interactive",
		"interactive": fields{"type": "nfm_reply", "nfm_reply": fields{"name": "flow", "body": "Sent", "response_json": string(response)}},
	}
	value := fields{
		"messaging_product": "whatsapp",
		"metadata":          fields{"display_phone_number": nobody, "phone_number_id": "0"},
		"contacts":          []fields{{"wa_id": from, "profile": fields{"name": or(c.Name, "Play")}}},
		"messages":          []fields{message},
	}
	return json.Marshal(fields{
		"object": "whatsapp_business_account",
		"entry":  []fields{{"id": "0", "changes": []fields{{"field": "messages", "value": value}}}},
	})
}
