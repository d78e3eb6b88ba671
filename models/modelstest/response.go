package modelstest

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"switchyard/models"
)

// A ResponseBuilder makes a response the way a real one comes: as a delivery that is decoded and applied.
type ResponseBuilder struct {
	db       *DB
	message  models.InMessage
	received models.Time
	test     bool
}

// NewResponse begins a response of no flow, from Ada Lovelace, received now.
func (db *DB) NewResponse() *ResponseBuilder {
	now := db.Time()
	return &ResponseBuilder{db: db, received: now, message: models.InMessage{
		WAMID: fmt.Sprintf("wamid.TEST%d", db.next()), PhoneID: "106540352242922", PhoneNumber: "15550783881", Type: "interactive", At: now,
		Contact: models.InContact{Phone: "447700900123", Name: "Ada Lovelace"},
		Body:    []byte(`{}`), Flow: &models.InResponse{Answers: map[string]any{}},
	}}
}

// Token sets the flow_token: "slug.rest" attributes the response to the flow of that slug.
func (b *ResponseBuilder) Token(token string) *ResponseBuilder {
	b.message.Flow.Token = token
	return b
}

// Flow attributes the response by a token of its own.
func (b *ResponseBuilder) Flow(f models.Flow) *ResponseBuilder {
	return b.Token(fmt.Sprintf("%s.t%d", f.Slug, b.db.next()))
}

// Answer adds an answer; a number is stored as the JSON number that it is.
func (b *ResponseBuilder) Answer(key string, value any) *ResponseBuilder {
	b.message.Flow.Answers[key] = asJSON(value)
	return b
}

// File attaches a file that the Graph API has, in a field of its own list.
func (b *ResponseBuilder) File(f models.InFile) *ResponseBuilder {
	b.message.Flow.Files = append(b.message.Flow.Files, f)
	return b
}

// Contact sets who answered.
func (b *ResponseBuilder) Contact(phone, name string) *ResponseBuilder {
	b.message.Contact = models.InContact{Phone: phone, Name: name}
	return b
}

// Answering sets the message of ours that the response answers.
func (b *ResponseBuilder) Answering(wamid string) *ResponseBuilder {
	b.message.ContextID = wamid
	return b
}

// To sets the number of ours that the response came to, as displayed, and Meta's id of it.
func (b *ResponseBuilder) To(number, id string) *ResponseBuilder {
	b.message.PhoneNumber, b.message.PhoneID = number, id
	return b
}

// ReceivedAt sets when it was received and sent.
func (b *ResponseBuilder) ReceivedAt(at models.Time) *ResponseBuilder {
	b.received, b.message.At = at, at
	return b
}

// Unreadable makes it one whose response_json could not be read.
func (b *ResponseBuilder) Unreadable(raw string) *ResponseBuilder {
	b.message.Flow = &models.InResponse{Raw: raw, Reason: "response_json is no JSON"}
	return b
}

// Test marks it as one of a test button.
func (b *ResponseBuilder) Test() *ResponseBuilder {
	b.test = true
	return b
}

// Save stores, applies and returns the response.
func (b *ResponseBuilder) Save() models.Response {
	b.db.t.Helper()
	if b.message.Flow.Answers != nil {
		raw, err := json.Marshal(b.message.Flow.Answers)
		b.db.must("encode answers", err)
		b.message.Flow.Raw = string(raw)
	}
	d := models.Delivery{Source: "meta", ReceivedAt: b.received, Body: []byte(b.message.WAMID), Test: b.test}
	b.db.Deliver(d, models.Decoded{Messages: []models.InMessage{b.message}})
	ctx := context.Background()
	for r, err := range b.db.EachResponse(ctx, models.ResponseFilter{From: d.ReceivedAt.Time, To: d.ReceivedAt.Add(time.Microsecond), Tests: true}) {
		b.db.must("EachResponse", err)
		if r.WAMID == b.message.WAMID {
			r, err = b.db.Response(ctx, r.ID)
			b.db.must("Response", err)
			return r
		}
	}
	b.db.t.Fatalf("response %s was not saved", b.message.WAMID)
	return models.Response{}
}

// asJSON is a value as it is decoded from JSON.
func asJSON(v any) any {
	switch v.(type) {
	case int, int64, float64:
		return json.Number(fmt.Sprint(v))
	}
	return v
}
