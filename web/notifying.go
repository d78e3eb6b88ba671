package web

import (
	"cmp"
	"context"
	"errors"
	"net/mail"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/views"
	"switchyard/web/outbound"
)

// newHerald carries notifications.
func (a *App) newHerald() *herald {
	return &herald{client: a.outbound, server: a.db.MailServer, origin: a.publicURL, now: a.cfg.now}
}

// tryReceiver sends an invented alert to a receiver, whatever its rule says, and tells what came of it. Nothing is kept.
func (a *App) tryReceiver(ctx context.Context, r models.Receiver) (views.ReceiverTry, error) {
	address, secrets, err := a.db.ReceiverAddress(ctx, r.ID)
	if err != nil {
		return views.ReceiverTry{}, err
	}
	now, threshold, figure := models.Time{Time: a.cfg.now()}, 7000.0, 8000.0
	c := models.PostClaim{Receiver: r, Address: address, Secrets: secrets, Post: models.Post{ID: -now.UnixMilli(), MadeAt: now}}
	c.Tells = []models.Notification{{Severity: 3, Fact: models.Fact{Moment: models.Began, Kind: alert.EndpointLatency, Flow: "no flow: this is a test",
		Since: now, At: now, Own: true, Threshold: &threshold, Figure: &figure}}}
	t := views.TellingOf(r, c.Tells, a.publicURL())
	t.Title = "Test of notifications: this is no alert"
	ctx, cancel := context.WithTimeout(ctx, longestTest)
	defer cancel()
	begin := time.Now()
	result := a.newHerald().carry(ctx, c, t)
	return views.ReceiverTry{Taken: result.End == models.PostTaken, Status: result.Status, Reason: result.Reason, Took: time.Since(begin), Title: t.Title, Text: t.Text()}, nil
}

// tryMailServer sends a test to an address through the mail server that is set. The answer is "" when it was taken, else
// a sentence.
func (a *App) tryMailServer(ctx context.Context, to string) (string, error) {
	s, err := a.db.MailServer(ctx)
	if err != nil {
		return "", err
	}
	from, err := mail.ParseAddress(s.From)
	if err != nil {
		return "No mail server is set.", nil
	}
	const title, text = "Test of the mail server", "The mail server takes mail from Switchyard. Nothing else happened.\n"
	m := outbound.Message{ID: "test_" + models.Time{Time: a.cfg.now()}.Format("20060102150405.000"), From: s.From, To: []string{to}, Subject: title, Text: text, HTML: "<p>" + text + "</p>", At: a.cfg.now()}
	body, err := m.Bytes()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, longestTest)
	defer cancel()
	_, err = a.outbound.SendMail(ctx, outbound.MailServer{Host: s.Host, Port: s.Port, Security: s.Security, User: s.User, Password: s.Password}, from.Address, []string{to}, body)
	if err == nil {
		return "", nil
	}
	if said, ok := errors.AsType[*outbound.MailError](err); ok {
		return said.Error(), nil
	}
	return cmp.Or(because(err).Reason, "It was not taken."), nil
}

// checkMailServer tells, in a sentence for people, why mail may not go to a server.
func (a *App) checkMailServer(ctx context.Context, m models.MailServer) error {
	return a.outbound.CheckMail(ctx, outbound.MailServer{Host: m.Host, Port: m.Port, Security: m.Security})
}
