package whatsapp

import (
	"encoding/json"
	"maps"
	"strings"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
)

// decoded says what a body holds in the words of models. A body that cannot be read, or not in all its parts, has the
// reason: it needs a person, not another try.
func decoded(d models.Delivery, e wire.Events, err error) models.Decoded {
	if err != nil {
		return models.Decoded{ID: d.ID, ReceivedAt: d.ReceivedAt, Reason: err.Error()}
	}
	return models.Decoded{
		ID: d.ID, ReceivedAt: d.ReceivedAt,
		Reason:   strings.Join(e.Unread, "; "),
		Messages: each(e.Messages, message),
		Statuses: each(e.Statuses, status),
		Flows:    each(e.Flows, flowEvent),
		People:   each(e.People, person),
		Others:   each(e.Others, other),
	}
}

func message(m wire.Message) models.InMessage {
	return models.InMessage{
		Out: m.Out, History: m.History, WAMID: m.ID, Account: m.Account, PhoneID: m.PhoneID, PhoneNumber: m.PhoneNumber,
		Contact: models.InContact{Phone: m.From, UserID: m.FromUser, Name: m.Name, Username: m.Username},
		Type:    m.Type, ContextID: m.ContextID, At: at(m.At), Body: m.Raw, Flow: response(m.Flow),
	}
}

// response leaves the token out of the answers: it is ours, not the customer's.
func response(r *wire.FlowReply) *models.InResponse {
	if r == nil {
		return nil
	}
	answers := maps.Clone(r.Answers)
	delete(answers, "flow_token")
	return &models.InResponse{Raw: r.Raw, Answers: answers, Reason: r.Reason, Token: r.Token, Files: responseFiles(answers)}
}

func status(s wire.Status) models.InStatus {
	return models.InStatus{
		WAMID: s.MessageID, Account: s.Account, PhoneID: s.PhoneID,
		Contact: models.InContact{Phone: s.Recipient, UserID: s.RecipientUser, Name: s.Name, Username: s.Username},
		State:   s.State, At: at(s.At), Errors: statusErrors(s), Pricing: s.Pricing, Conversation: s.Conversation,
	}
}

func person(p wire.Person) models.InPerson {
	return models.InPerson{
		Was: models.InContact{Phone: p.From, UserID: p.FromUser, Username: p.Username}, Is: models.InContact{Phone: p.To, UserID: p.ToUser},
		Saved: p.Saved, At: at(p.At),
	}
}

// statusErrors keeps the errors as the platform wrote them; nil without any.
func statusErrors(s wire.Status) []byte {
	if len(s.Errors) == 0 {
		return nil
	}
	var raw struct{ Errors json.RawMessage }
	if json.Unmarshal(s.Raw, &raw) != nil {
		return nil
	}
	return raw.Errors
}

func flowEvent(e wire.FlowEvent) models.InFlowEvent {
	return models.InFlowEvent{
		Key: e.Key, Account: e.Account, MetaID: e.FlowID, Event: e.Event, Message: e.Message, Warning: e.Warning,
		OldStatus: e.OldStatus, NewStatus: e.NewStatus, State: e.State, At: at(e.At),
		Threshold: e.Threshold, ErrorRate: e.ErrorRate, P50: e.P50, P90: e.P90, Requests: e.Requests,
		Available: e.Available, Errors: each(e.Errors, alertError), Body: e.Raw,
	}
}

func alertError(e wire.ErrorCount) models.AlertError {
	return models.AlertError{Type: e.Type, Count: e.Count, Rate: e.Rate}
}

func other(o wire.Other) models.InOther {
	return models.InOther{
		Key: o.Key, Account: o.Account, Field: o.Field, Kind: string(o.Kind), Subject: o.Subject, Channel: o.Channel, Summary: o.Summary,
		At: at(o.At), Body: o.Raw,
	}
}

func at(t time.Time) models.Time { return models.Time{Time: t} }

// each maps a slice; nil stays nil.
func each[A, B any](in []A, f func(A) B) []B {
	if in == nil {
		return nil
	}
	out := make([]B, len(in))
	for i, a := range in {
		out[i] = f(a)
	}
	return out
}
