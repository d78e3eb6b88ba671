package play

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"time"
)

// Mix is the n-th body of what a busy number hears: of a hundred bodies 90 tell a status, 9 bring a text and one completes
// a flow. Bodies of another run, and others of the same, are about other messages; customers are 5,000.
func Mix(run string, n int) []byte {
	const envelope = `{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":{"messaging_product":"whatsapp",` +
		`"metadata":{"display_phone_number":"15550783881","phone_number_id":"106540352242922"},%s},"field":"messages"}]}]}`
	const contact = `"contacts":[{"profile":{"name":"Customer %[2]d"},"wa_id":"1631%07[2]d"}],`
	const message = contact + `"messages":[{"from":"1631%07[2]d","id":"wamid.PLAY%[1]s.%[3]d","timestamp":"%[4]d",%[5]s}]`
	const status = `"statuses":[{"id":"wamid.PLAY%[1]s.out%[3]d","status":"%[5]s","timestamp":"%[4]d","recipient_id":"1631%07[2]d",` +
		`"conversation":{"id":"4b1f5c4d2a1c3e5f","origin":{"type":"utility"}},"pricing":{"billable":true,"pricing_model":"PMP","type":"regular","category":"utility"}}]`
	const text = `"type":"text","text":{"body":"Is there a table for two on Friday evening, please? We would come at eight."}`
	const completion = `"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent",` +
		`"response_json":"{\"flow_token\":\"play.%s-%d\",\"department\":\"dental\",\"date\":\"2026-12-01\",\"time\":\"10:30\",\"name\":\"Ada\",\"terms\":true}"}}`
	who, at := n%5000, 1_760_000_000+n/50
	switch {
	case n%100 == 0:
		return fmt.Appendf(nil, envelope, fmt.Sprintf(message, run, who, n, at, fmt.Sprintf(completion, run, n)))
	case n%10 == 0:
		return fmt.Appendf(nil, envelope, fmt.Sprintf(message, run, who, n, at, text))
	}
	return fmt.Appendf(nil, envelope, fmt.Sprintf(status, run, n/3%5000, n/3, at, []string{"sent", "delivered", "read"}[n%3]))
}

// mix posts a mix of bodies as load.
func (o Options) mix(ctx context.Context, p *Player, out io.Writer) error {
	run := rand.Text()[:8]
	return o.load(ctx, out, 1, func(ctx context.Context, n int, due time.Time, r *Recorder) {
		status, err := p.Webhook(ctx, o.URL, Mix(run, n))
		if ctx.Err() != nil { // cut off by us
			return
		}
		r.add(time.Since(due), status, accepted("a body of the mix", status, err))
	})
}
