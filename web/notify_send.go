package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/outbound"
)

// longestTitle is where the title of a notification ends, in runes.
const longestTitle = 160

// A herald carries posts to people, each through its channel.
type herald struct {
	client *outbound.Client
	server func(context.Context) (models.MailServer, error) // the zero value: none is set
	origin func() string                                    // of this server, for links
	now    func() time.Time
}

// send tries a post once.
func (h *herald) send(ctx context.Context, c models.PostClaim) models.PostResult {
	t := views.TellingOf(c.Receiver, c.Tells, h.origin())
	t.Title = outbound.OneLine(t.Title, longestTitle)
	return h.carry(ctx, c, t)
}

func (h *herald) carry(ctx context.Context, c models.PostClaim, t views.Telling) models.PostResult {
	switch c.Receiver.Channel {
	case models.Email:
		return h.mail(ctx, c, t)
	case models.Chat:
		return h.chat(ctx, c, t)
	}
	return h.hook(ctx, c, t)
}

// failed is a try that brought no answer.
func failed(reason string) models.PostResult {
	return models.PostResult{End: models.PostFailed, Reason: reason}
}

// because puts an error of the client into a result; of any other the text is not for people.
func because(err error) models.PostResult {
	if e, ok := errors.AsType[*outbound.Error](err); ok {
		return failed(e.Error())
	}
	return failed("It could not be made ready for sending.")
}

// answered is what an answer by HTTP means.
func answered(status int, after string, now time.Time) models.PostResult {
	end, reason := endOf(status)
	r := models.PostResult{End: models.PostEnd(end), Status: status, Reason: reason}
	switch {
	case r.End == models.PostGone:
		r.Reason = "It answered 410 Gone: it wants no more notifications."
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable:
		r.RetryAfter = retryAfter(after, now)
	}
	return r
}

func (h *herald) mail(ctx context.Context, c models.PostClaim, t views.Telling) models.PostResult {
	s, err := h.server(ctx)
	if err != nil {
		return because(err)
	}
	if s.Host == "" {
		return failed("No mail server is set. Set one on the page Notifications.")
	}
	from, err := mail.ParseAddress(s.From)
	if err != nil {
		return failed("The sender of the mail server is no address.")
	}
	var html bytes.Buffer
	if err := views.NotificationMail(t).Render(ctx, &html); err != nil {
		return because(err)
	}
	to := strings.Split(c.Address, ",")
	text := t.Text() + "\n--\nThis goes to the receiver “" + outbound.OneLine(t.Receiver, longestTitle) + "”. Change what it hears: " + t.SettingsURL + "\n"
	body, err := outbound.Message{ID: c.Receiver.PostID(c.Post.ID), From: s.From, To: to, Subject: t.Title, Text: text, HTML: html.String(), At: h.now()}.Bytes()
	if err != nil {
		return because(err)
	}
	refused, err := h.client.SendMail(ctx, outbound.MailServer{Host: s.Host, Port: s.Port, Security: s.Security, User: s.User, Password: s.Password}, from.Address, to, body)
	if said, ok := errors.AsType[*outbound.MailError](err); ok {
		r := models.PostResult{End: models.PostFailed, Status: said.Code, Reason: said.Error()}
		if said.Lasting() {
			r.End = models.PostRefused
		}
		return r
	}
	if err != nil {
		return because(err)
	}
	r := models.PostResult{End: models.PostTaken, Status: 250}
	if refused > 0 {
		r.Reason = "The mail server refused " + strconv.Itoa(refused) + " of " + strconv.Itoa(len(to)) + " addresses and took the others."
	}
	return r
}

func (h *herald) chat(ctx context.Context, c models.PostClaim, t views.Telling) models.PostResult {
	m := outbound.ChatMessage{Title: harmless.Replace(t.Title), Text: harmless.Replace(t.Text())}
	for longest := outbound.LongestChat(c.Address); len(m.Title)+len(m.Text) > longest && len(t.Items) > 1; {
		t = t.Fewer()
		m.Text = harmless.Replace(t.Text())
	}
	a, err := h.client.SendChat(ctx, c.Address, m)
	if err != nil {
		return because(err)
	}
	return answered(a.Status, a.RetryAfter, h.now())
}

// harmless takes the meaning from what calls people or hides links in a chat; names of flows are any text.
var harmless = strings.NewReplacer("@", "＠", "<", "‹", ">", "›", "[", "(", "]", ")", "`", "'")

// A hookBody is what a web hook gets, in the form that Standard Webhooks suggests.
type hookBody struct {
	Type      string   `json:"type"`
	Timestamp string   `json:"timestamp"`
	Data      hookData `json:"data"`
}

type hookData struct {
	Title  string      `json:"title"`
	URL    string      `json:"url"`
	Alerts []hookAlert `json:"alerts"`
}

// A hookAlert is one thing that happened to an alert, in order; an alert may be there more than once.
type hookAlert struct {
	ID       int64  `json:"id"`
	URL      string `json:"url"`
	Severity int    `json:"severity"`
	models.Fact
}

// hook posts a signed body. Its time is that of the post, so that each try has the same bytes.
func (h *herald) hook(ctx context.Context, c models.PostClaim, t views.Telling) models.PostResult {
	body := hookBody{Type: "alerts.notification", Timestamp: c.Post.MadeAt.UTC().Format(time.RFC3339), Data: hookData{Title: t.Title, URL: t.AlertsURL, Alerts: []hookAlert{}}}
	for _, n := range c.Tells {
		body.Data.Alerts = append(body.Data.Alerts, hookAlert{n.AlertID, h.origin() + views.ToldURL(n), int(n.Severity), n.Fact})
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return because(err)
	}
	secrets, err := parseSecrets(c.Secrets)
	if err != nil {
		return because(err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Address, bytes.NewReader(raw))
	if err != nil {
		return failed("Its address is none.")
	}
	req.Header.Set("Content-Type", "application/json")
	outbound.SetSignature(req.Header, c.Receiver.PostID(c.Post.ID), h.now(), raw, secrets...)
	resp, err := h.client.Do(req, outbound.Policy{Limit: restOfAnswer + 1})
	if err != nil {
		return because(err)
	}
	io.Copy(io.Discard, io.LimitReader(resp.Body, restOfAnswer)) // the status says it all
	resp.Body.Close()
	return answered(resp.StatusCode, resp.Header.Get("Retry-After"), h.now())
}
