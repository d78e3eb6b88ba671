package outbound

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/nicholas-fedor/shoutrrr/pkg/types"
)

// A ChatMessage is what a chat is told.
type ChatMessage struct{ Title, Text string }

// LongestChat is how many bytes title and text of a message to an address of ParseChat may have together: a service
// refuses what is longer.
func LongestChat(address string) int {
	scheme, _, _ := strings.Cut(address, ":")
	return chats[scheme].longest
}

// A ChatAnswer is what a chat service answered.
type ChatAnswer struct {
	Status     int    // of HTTP; 0: there was no answer
	RetryAfter string // the header of that name
}

// errChat is a message that a service's code could not make.
var errChat = errors.New("the message could not be made for this chat service")

// ParseChat reads the address of a chat as the library shoutrrr writes it, or as Slack, Discord and Google Chat give it
// out. address is the first of these forms; place is the service, and where it may differ its host, for people. Its error
// is a sentence for people, which never holds the text.
func ParseChat(text string) (address, place string, err error) {
	bad := func(text string) (string, string, error) { return "", "", &Error{kind: ErrAddress, text: text} }
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Scheme == "" {
		return bad("Write an address such as slack://hook:… or paste the web hook of Slack, Discord or Google Chat.")
	}
	if u.Scheme == "https" {
		if u = pasted(u); u == nil {
			return bad("Only the web hooks of Slack, Discord and Google Chat can be pasted. For others write the address as shoutrrr does.")
		}
	}
	s, known := chats[u.Scheme]
	if !known {
		return bad("This service is not supported. Supported are " + list(chatNames()) + ".")
	}
	if _, err := s.open(u); err != nil || u.Scheme == "discord" && u.Path != "" {
		return bad(fmt.Sprintf("This is no address of %s. It looks like %s.", s.name, s.example))
	}
	if place = s.name; s.hosted {
		place += ", " + u.Host
	}
	return u.String(), place, nil
}

// pasted turns the address that a service gives out into that of the library; nil for any other.
func pasted(u *url.URL) *url.URL {
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	switch {
	case u.Host == "hooks.slack.com" && len(parts) == 4 && parts[0] == "services":
		return &url.URL{Scheme: "slack", User: url.UserPassword("hook", strings.Join(parts[1:], "-")), Host: "webhook"}
	case (u.Host == "discord.com" || u.Host == "discordapp.com") && len(parts) == 4 && parts[1] == "webhooks":
		return &url.URL{Scheme: "discord", User: url.User(parts[3]), Host: parts[2]}
	case u.Host == "chat.googleapis.com":
		return &url.URL{Scheme: "googlechat", Host: u.Host, Path: u.Path, RawQuery: u.RawQuery}
	}
	return nil
}

// SendChat sends a message to a chat at an address of ParseChat. Every request goes the way of Do. An error is an *Error,
// or a sentence; an answer that is no success is no error.
func (c *Client) SendChat(ctx context.Context, address string, m ChatMessage) (ChatAnswer, error) {
	u, err := url.Parse(address)
	if err != nil {
		return ChatAnswer{}, errChat
	}
	service, known := chats[u.Scheme]
	if !known {
		return ChatAnswer{}, errChat
	}
	send, err := service.open(u)
	if err != nil {
		return ChatAnswer{}, errChat
	}
	r := &relay{client: c, ctx: ctx}
	err = send(r, m)
	switch {
	case r.err != nil:
		return r.answer, r.err
	case err != nil && r.answer.Status == 0:
		return r.answer, errChat // the library's own text may hold a token
	case err != nil && r.answer.Status < 300: // it says no in the body of its answer
		r.answer.Status = http.StatusUnprocessableEntity
	}
	return r.answer, nil
}

// errNotTaken ends what a library does after an answer, so that it tries nothing again by itself.
var errNotTaken = errors.New("not taken")

// A relay gives a library our client in the place of its own, and keeps what came of it.
type relay struct {
	client *Client
	ctx    context.Context
	answer ChatAnswer
	err    error
}

// RoundTrip implements http.RoundTripper.
func (r *relay) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.client.Do(req.WithContext(r.ctx), Policy{Limit: 64 << 10})
	if err != nil {
		r.err = err
		return nil, errNotTaken
	}
	r.answer = ChatAnswer{resp.StatusCode, resp.Header.Get("Retry-After")}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		resp.Body.Close()
		return nil, errNotTaken
	}
	return resp, nil
}

// Do is RoundTrip for those who want a client.
func (r *relay) Do(req *http.Request) (*http.Response, error) { return r.RoundTrip(req) }

// post sends a body of ours.
func (r *relay) post(url string, header http.Header, body io.Reader) ([]byte, error) {
	req, err := http.NewRequestWithContext(r.ctx, http.MethodPost, url, body)
	if err != nil {
		return nil, errChat
	}
	req.Header = header
	resp, err := r.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

// titled is a message for services without a title of their own.
func (m ChatMessage) titled() string { return m.Title + "\n" + m.Text }

func (m ChatMessage) params() *types.Params { return &types.Params{"title": m.Title} }
