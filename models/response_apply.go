package models

import "cmp"

// noFlow is why a response is unmatched, for people.
const noFlow = "no flow was found for a response: its token is of no visit and begins with no slug, neither the message that it answers nor an answer names a flow, and no mapping fits"

// response writes a completed flow; open is why it needs a person. The same message again changes nothing, unless
// it could not be read before and now can.
func (x *inboxTx) response(m InMessage, contact int64, s stored) (open string, err error) {
	var id, delivery, flow, dismissal int64
	var state ResponseState
	var was Response // what people did with it
	found, err := x.find(sqlResponseOf, []any{m.WAMID}, &id, &delivery, &state, &flow, &dismissal, &was.Status, &was.AssigneeID, &was.Unread)
	if err != nil {
		return "", err
	}
	if found && (state != Unreadable || m.Flow.Answers == nil) {
		x.touch("messages", flow)
		return openReason(state, m.Flow.Reason, delivery == s.id && dismissal == 0), nil
	}
	if found {
		if err := x.dropResponse(id); err != nil {
			return "", err
		}
	}
	r, err := x.compose(m, contact, s)
	if err != nil {
		return "", err
	}
	x.touch("messages", r.FlowID)
	r.ID, r.Contact.ID, r.Status, r.AssigneeID, r.Unread = id, contact, was.Status, was.AssigneeID, was.Unread
	if r.ID, err = x.saveResponse(r); err != nil {
		return "", err
	}
	o := fileOwner{flow: r.FlowID, visit: r.VisitID, response: r.ID, at: r.ReceivedAt, test: r.Test}
	return openReason(r.State, r.Reason, true), x.db.putFiles(x.tx, o, m.Flow.Files)
}

// openReason is what a delivery waits for because of a response; another delivery's is not its business, and one that was
// dismissed nobody's.
func openReason(state ResponseState, reason string, own bool) string {
	switch {
	case !own || state == Complete:
		return ""
	case state == UnmatchedResponse:
		return noFlow
	}
	return cmp.Or(reason, "the answers of a response could not be read")
}

// compose decides state and flow. What is unreadable is attributed to nothing: no token is guessed from broken text.
func (x *inboxTx) compose(m InMessage, contact int64, s stored) (Response, error) {
	r := Response{
		WAMID: m.WAMID, DeliveryID: s.id, State: Unreadable, ContextID: m.ContextID, PhoneNumber: m.PhoneNumber,
		SentAt: m.At, ReceivedAt: s.received, Raw: m.Flow.Raw, Reason: m.Flow.Reason, Test: s.test,
	}
	if m.Flow.Answers == nil {
		return r, nil
	}
	r.Answers, r.Token, r.State, r.Reason = m.Flow.Answers, m.Flow.Token, Complete, ""
	a, err := x.attribute(evidence{token: r.Token, contextID: r.ContextID, phoneID: m.PhoneID, phoneNumber: m.PhoneNumber, contact: contact, answers: r.Answers})
	if err != nil {
		return r, err
	}
	r.FlowID, r.VisitID, r.Attribution, r.attributedBy, r.Test = a.flowID, a.visitID, a.by, a.mappingID, r.Test || a.test
	if a.by == "" {
		r.State, r.Reason = UnmatchedResponse, noFlow
	}
	r.Outcome, err = x.finishVisit(a)
	return r, err
}

// finishVisit ends the visit that a response completes, unless SUCCESS ended it before, and tells where it was led. A step
// that is written later finds the response.
func (x *inboxTx) finishVisit(a attributed) (outcome string, err error) {
	if a.visitID == 0 {
		return "", nil
	}
	if _, err = x.exec(sqlFinishVisit, a.visitID); err == nil {
		_, err = x.findForUpdate(sqlRouted, []any{a.visitID}, &outcome)
	}
	return outcome, err
}

// dropResponse removes a response with its answers.
func (x *inboxTx) dropResponse(id int64) error {
	for _, text := range []string{sqlAnswersDrop, sqlResponseDrop} {
		if _, err := x.exec(text, id); err != nil {
			return err
		}
	}
	return nil
}

func (x *inboxTx) saveResponse(r Response) (id int64, err error) {
	answers := ""
	if r.Answers != nil {
		if answers, err = encodeJSON(r.Answers); err != nil {
			return 0, err
		}
	}
	c, err := x.contactByID(r.Contact.ID)
	if err != nil {
		return 0, err
	}
	hidden, err := x.sensitive()
	if err != nil {
		return 0, err
	}
	saved := r.ID
	row := []any{r.WAMID, r.DeliveryID, r.FlowID, r.Attribution, r.attributedBy, r.State, r.Token, r.ContextID, r.Contact.ID,
		r.PhoneNumber, r.SentAt, r.ReceivedAt, r.Reason, r.VisitID, r.Outcome, r.Test, answers, searchText(c, r.Token, r.Answers, hidden[r.FlowID]), r.Raw}
	if saved > 0 {
		_, err = x.exec(sqlResponseAgain, append(row, saved, r.Status, r.AssigneeID, r.Unread)...)
		if err == nil {
			_, err = x.exec(sqlTagsAgain, r.ReceivedAt, saved)
		}
	} else {
		saved, err = x.insert(sqlResponse, row...)
	}
	if err != nil {
		return 0, err
	}
	if x.batch != nil {
		return saved, x.writeAnswers(saved, r)
	}
	for _, a := range answerRows(r.Answers) {
		if _, err := x.exec(sqlAnswer, saved, r.FlowID, a.Key, a.N, a.Text, a.Number, r.ReceivedAt); err != nil {
			return 0, err
		}
	}
	return saved, nil
}
