package models

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"
)

// What a load writes of a response and, behind the values that all its answers share, of an answer.
var (
	loadedResponse = []string{"id", "flow_id", "received_at", "wamid", "delivery_id", "attribution", "state", "token", "context_id", "contact_id", "phone_number",
		"sent_at", "reason", "visit_id", "outcome", "test", "answers", "search", "raw", "status", "assignee_id", "unread"}
	loadedAnswer = []string{"response_id", "flow_id", "received_at", "key", "n", "text", "number"}
)

// sharedValues is how many values an answer has from its response: the first ones of both.
const sharedValues = 3

// A loading is responses and their answers, as values one after the other, made while those before them are written.
type loading struct {
	responses []any
	answers   []any       // without what they share
	counts    []int       // of answers, by response
	times     []time.Time // one of each month
	err       error
}

// rows yields the values of each response, and those of its answers.
func (l *loading) rows(yield func(response, answers []any) bool) {
	answers, width := l.answers, len(loadedAnswer)-sharedValues
	for i, n := range l.counts {
		at := i * len(loadedResponse)
		if !yield(l.responses[at:at+len(loadedResponse)], answers[:n*width]) {
			return
		}
		answers = answers[n*width:]
	}
}

// loadsOf makes them until ctx ends; ids follow on first.
func loadsOf(ctx context.Context, first int64, rows iter.Seq[Response], hidden map[int64]Sensitive) <-chan *loading {
	some, all := make(chan []Response, 2), make(chan *loading, 1)
	go func() {
		defer close(some)
		var batch []Response
		for r := range rows {
			first++
			r.ID = first
			if batch = append(batch, r); len(batch) < loadAtOnce {
				continue
			}
			if !passOn(ctx, some, batch) {
				return
			}
			batch = make([]Response, 0, loadAtOnce)
		}
		passOn(ctx, some, batch)
	}()
	go func() {
		defer close(all)
		var l loading
		for batch := range some {
			l = loading{responses: make([]any, 0, len(batch)*len(loadedResponse)), answers: make([]any, 0, cap(l.answers))}
			for i := range batch {
				l.add(&batch[i], hidden)
			}
			if next := l; !passOn(ctx, all, &next) {
				return
			}
		}
	}()
	return all
}

// passOn tells whether somebody took v before ctx ended.
func passOn[T any](ctx context.Context, to chan<- T, v T) bool {
	select {
	case to <- v:
		return true
	case <-ctx.Done():
		return false
	}
}

func (l *loading) add(r *Response, hidden map[int64]Sensitive) {
	answers := ""
	if r.Answers != nil {
		text, err := encodeJSON(r.Answers)
		answers, l.err = text, errors.Join(l.err, err)
	}
	l.responses = append(l.responses, r.ID, r.FlowID, r.ReceivedAt.Micros(), r.WAMID, r.DeliveryID, string(r.Attribution), string(r.State), r.Token, r.ContextID, r.Contact.ID,
		r.PhoneNumber, r.SentAt.Micros(), r.Reason, r.VisitID, r.Outcome, r.Test, answers, searchText(r.Contact, r.Token, r.Answers, hidden[r.FlowID]), r.Raw,
		cmp.Or(r.Status, StatusNew), r.AssigneeID, r.Unread)
	n := 0
	rows := answerRows(r.Answers)
	for i, a := range rows {
		if strings.Contains(a.Key, ".") && slices.ContainsFunc(rows[:i], func(b answerRow) bool { return b.Key == a.Key && b.N == a.N }) {
			continue // {"a.b": 1, "a": {"b": 1}}
		}
		var number any
		if a.Number != nil {
			number = *a.Number
		}
		l.answers = append(l.answers, a.Key, int64(a.N), a.Text, number)
		n++
	}
	l.counts = append(l.counts, n)
	if len(l.times) == 0 || monthOf(l.times[len(l.times)-1]) != monthOf(r.ReceivedAt.Time) {
		l.times = append(l.times, r.ReceivedAt.Time)
	}
}
