package outbound

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// chatAddresses are one of each service, with the host that it calls and what of it is secret.
var chatAddresses = []struct{ text, call, secret string }{
	{"discord://sesame@12345", "discord.com/api/webhooks/12345/sesame", "sesame"},
	{"googlechat://chat.googleapis.com/v1/spaces/AAA/messages?key=sesame&token=t", "chat.googleapis.com/v1/spaces/AAA/messages?key=sesame&token=t", "sesame"},
	{"gotify://gotify.example/Asesame0000000.", "gotify.example/message?token=Asesame0000000.", "sesame"},
	{"mattermost://chat.example/sesame", "chat.example/hooks/sesame", "sesame"},
	{"ntfy://:sesame@ntfy.example/alerts", "ntfy.example/alerts", "sesame"},
	{"pushover://shoutrrr:sesame@user", "api.pushover.net/1/messages.json", "sesame"},
	{"rocketchat://rocket.example/sesame/other", "rocket.example/hooks/sesame/other", "sesame"},
	{"slack://hook:TAAAAAAAA-BAAAAAAAA-sesame000000000000000000@webhook", "hooks.slack.com/services/TAAAAAAAA/BAAAAAAAA/sesame000000000000000000", "sesame"},
	{"slack://xoxb:123456789012-1234567890123-sesame000000000000000000@C001CHANNEL", "slack.com/api/chat.postMessage", "sesame"},
	{"telegram://110201543:AAHdsesame0000000000000000000000000@telegram?chats=-100", "api.telegram.org/bot110201543:AAHdsesame0000000000000000000000000/sendMessage", "sesame"},
	{"https://hooks.slack.com/services/TAAAAAAAA/BAAAAAAAA/sesame000000000000000000", "hooks.slack.com/services/TAAAAAAAA/BAAAAAAAA/sesame000000000000000000", "sesame"},
	{"https://discord.com/api/webhooks/12345/sesame", "discord.com/api/webhooks/12345/sesame", "sesame"},
	{"https://chat.googleapis.com/v1/spaces/AAA/messages?key=sesame&token=t", "chat.googleapis.com/v1/spaces/AAA/messages?key=sesame&token=t", "sesame"},
}

// An elsewhere stands in for every host of the internet.
type elsewhere struct {
	mu     sync.Mutex
	calls  []string
	bodies []string
	status int
	body   string
}

func (e *elsewhere) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls, e.bodies = append(e.calls, r.Host+r.URL.String()), append(e.bodies, string(body))
	w.Header().Set("Retry-After", "60")
	w.WriteHeader(e.status)
	io.WriteString(w, e.body)
}

// clientTo is a client that takes every host for one server.
func clientTo(t *testing.T, h http.Handler) *Client {
	t.Helper()
	s := httptest.NewTLSServer(h)
	t.Cleanup(s.Close)
	c := New(Options{})
	t.Cleanup(c.Close)
	tr := c.open.Transport.(*http.Transport)
	tr.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	tr.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", s.Listener.Addr().String())
	}
	return c
}

func TestEachChatServiceGetsOneRequestThatGoesOurWay(t *testing.T) {
	e := &elsewhere{}
	c := clientTo(t, e)
	send := func(text string, status int, body string) (ChatAnswer, []string, []string, error) {
		e.mu.Lock()
		e.calls, e.bodies, e.status, e.body = nil, nil, status, body
		e.mu.Unlock()
		address, place, err := ParseChat(text)
		if err != nil || place == "" || strings.Contains(place, "sesame") || LongestChat(address) < 1000 {
			t.Fatalf("ParseChat(%s) = %q, %v", text, place, err)
		}
		answer, err := c.SendChat(t.Context(), address, ChatMessage{Title: "Active: a title", Text: "and the text\n"})
		return answer, e.calls, e.bodies, err
	}
	for _, one := range chatAddresses {
		answer, calls, bodies, err := send(one.text, 200, `{"ok":true,"id":1}`)
		if err != nil || answer.Status != 200 || len(calls) != 1 || calls[0] != one.call {
			t.Errorf("%s: %+v, %v; called %q; want %s once", one.text, answer, err, calls, one.call)
		} else if decoded := strings.NewReplacer("+", " ", "%0A", "\n").Replace(bodies[0]); !strings.Contains(decoded, "and the text") {
			t.Errorf("%s: body %s; want the text", one.text, bodies[0])
		}
		for _, status := range []int{302, 403, 429, 500} {
			if answer, calls, _, err = send(one.text, status, "no"); err != nil || answer.Status != status || answer.RetryAfter != "60" || len(calls) != 1 {
				t.Errorf("%s answered %d: %+v, %v, %d calls; want that, once", one.text, status, answer, err, len(calls))
			}
		}
	}
	if answer, _, _, err := send(chatAddresses[8].text, 200, `{"ok":false,"error":"channel_not_found"}`); err != nil || answer.Status < 400 {
		t.Errorf("a bot of Slack that is told no with 200: %+v, %v; want no success", answer, err)
	}
}

func TestNoChatServiceReachesAPrivateAddress(t *testing.T) {
	c := New(Options{})
	t.Cleanup(c.Close)
	c.open.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		_, port, _ := net.SplitHostPort(address)
		d := net.Dialer{Control: guarded(address)} // every name leads inside
		return d.DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
	}
	for _, one := range chatAddresses {
		address, _, _ := ParseChat(one.text)
		_, err := c.SendChat(t.Context(), address, ChatMessage{Title: "t", Text: "x"})
		if !errors.Is(err, ErrPrivate) || strings.Contains(err.Error(), "sesame") {
			t.Errorf("SendChat(%s) = %v; want %v without the secret", one.text, err, ErrPrivate)
		}
	}
	for _, text := range []string{"mattermost://10.0.0.5/token", "mattermost://chat.example/token?disabletls=yes", "ntfy://127.0.0.1:80/x?scheme=http", "gotify://169.254.169.254/Asesame0000000.?disabletls=yes"} {
		address, _, err := ParseChat(text)
		if err == nil {
			_, err = c.SendChat(t.Context(), address, ChatMessage{Title: "t", Text: "x"})
		}
		if !Refused(err) {
			t.Errorf("%s = %v; want a refusal", text, err)
		}
	}
}

func TestWhatIsNoChatIsRefusedWithoutItsText(t *testing.T) {
	for _, text := range []string{"", "sesame", "slack://sesame", "telegram://sesame@telegram?chats=1", "discord://sesame@1/raw", "teams://sesame", "generic://10.0.0.5/sesame", "smtp://u:sesame@h/?from=a@b&to=c@d",
		"https://evil.example/sesame", "https://hooks.slack.com/sesame", "googlechat://evil.example/v1?key=sesame&token=t", "logger://sesame", "matrix://u:sesame@h", "://sesame", "discord:///sesame", "pushover://sesame\x00"} {
		address, place, err := ParseChat(text)
		if e, ok := errors.AsType[*Error](err); !ok || address != "" || place != "" || strings.Contains(e.Error(), "sesame") {
			t.Errorf("ParseChat(%q) = %q, %q, %v; want a sentence without the text", text, address, place, err)
		}
	}
}
