package outbound

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/discord"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/googlechat"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/mattermost"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/rocketchat"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/slack"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/telegram"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/push/gotify"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/push/ntfy"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/push/pushover"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"
)

// A sending sends one message through a relay.
type sending func(*relay, ChatMessage) error

// A chat is a service of the library whose requests can go our way: either it lets its client be changed, or we send
// what it makes. The others of the library call out by themselves and are not supported.
type chat struct {
	name, example string
	hosted        bool // anybody can run one: its host tells them apart
	longest       int  // bytes of a title with its text, below what the service takes
	open          func(*url.URL) (sending, error)
}

var chats = map[string]chat{
	"discord":    {"Discord", "discord://TOKEN@WEBHOOK_ID", false, 3800, openDiscord},
	"googlechat": {"Google Chat", "googlechat://chat.googleapis.com/v1/spaces/SPACE/messages?key=KEY&token=TOKEN", false, 3800, openGoogleChat},
	"gotify":     {"Gotify", "gotify://HOST/TOKEN", true, 3800, openGotify},
	"mattermost": {"Mattermost", "mattermost://HOST/TOKEN", true, 3800, openMattermost},
	"ntfy":       {"ntfy", "ntfy://HOST/TOPIC", true, 3800, openNtfy},
	"pushover":   {"Pushover", "pushover://shoutrrr:API_TOKEN@USER_KEY", false, 1000, openPushover},
	"rocketchat": {"Rocket.Chat", "rocketchat://HOST/TOKEN_A/TOKEN_B", true, 3800, openRocketChat},
	"slack":      {"Slack", "slack://hook:T00000000-B00000000-XXXXXXXXXXXXXXXXXXXXXXXX@webhook", false, 3800, openSlack},
	"telegram":   {"Telegram", "telegram://TOKEN@telegram?chats=CHAT_ID", false, 3800, openTelegram},
}

func chatNames() []string {
	var names []string
	for _, c := range chats {
		names = append(names, c.name)
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return names
}

// quietly keeps the library from logging: its lines may hold tokens.
var quietly types.StdLogger

func openDiscord(u *url.URL) (sending, error) {
	s := &discord.Service{}
	return func(r *relay, m ChatMessage) error {
		s.HTTPClient, s.Sleeper = r, sleepless{}
		return s.Send(m.Text, m.params())
	}, s.Initialize(u, quietly)
}

// sleepless has nothing to wait for: what fails is tried again by us.
type sleepless struct{}

// Sleep implements discord.Sleeper.
func (sleepless) Sleep(time.Duration) {}

func openMattermost(u *url.URL) (sending, error) {
	s := &mattermost.Service{}
	return func(r *relay, m ChatMessage) error {
		s.GetHTTPClient().Transport = r
		return s.Send(m.titled(), nil)
	}, s.Initialize(u, quietly)
}

func openRocketChat(u *url.URL) (sending, error) {
	s := &rocketchat.Service{}
	return func(r *relay, m ChatMessage) error {
		s.Client = &http.Client{Transport: r}
		return s.Send(m.titled(), nil)
	}, s.Initialize(u, quietly)
}

func openGotify(u *url.URL) (sending, error) {
	s := &gotify.Service{}
	return func(r *relay, m ChatMessage) error {
		s.GetHTTPClient().Transport = r
		return s.Send(m.Text, m.params())
	}, s.Initialize(u, quietly)
}

func openNtfy(u *url.URL) (sending, error) {
	s := &ntfy.Service{}
	return func(r *relay, m ChatMessage) error {
		s.SetHTTPClient(&http.Client{Transport: r})
		return s.Send(m.Text, m.params())
	}, s.Initialize(u, quietly)
}

func openPushover(u *url.URL) (sending, error) {
	s := &pushover.Service{}
	return func(r *relay, m ChatMessage) error {
		s.Client = &http.Client{Transport: r}
		return s.Send(m.Text, m.params())
	}, s.Initialize(u, quietly)
}

func openGoogleChat(u *url.URL) (sending, error) {
	var config googlechat.Config
	if err := config.SetURL(u); err != nil {
		return nil, err
	}
	if config.Host != "chat.googleapis.com" || config.Path == "" || config.Key == "" || config.Token == "" {
		return nil, errChat
	}
	at := url.URL{Scheme: "https", Host: config.Host, Path: config.Path, RawQuery: url.Values{"key": {config.Key}, "token": {config.Token}}.Encode()}
	return func(r *relay, m ChatMessage) error {
		_, err := r.postJSON(at.String(), "", googlechat.JSON{Text: m.titled()})
		return err
	}, nil
}

// slackAPI takes what a bot says; the hooks of Slack have addresses of their own.
const slackAPI = "https://slack.com/api/chat.postMessage"

func openSlack(u *url.URL) (sending, error) {
	config, err := slack.CreateConfigFromURL(u)
	if err != nil {
		return nil, err
	}
	return func(r *relay, m ChatMessage) error {
		config.Title = m.Title
		payload := slack.CreateJSONPayload(config, m.Text)
		if !config.Token.IsAPIToken() {
			_, err := r.postJSON(config.Token.WebhookURL(), "", payload)
			return err
		}
		body, err := r.postJSON(slackAPI, config.Token.Authorization(), payload)
		var said slack.APIResponse
		if err == nil && (json.Unmarshal(body, &said) != nil || !said.Ok) {
			err = errNotTaken
		}
		return err
	}, nil
}

func openTelegram(u *url.URL) (sending, error) {
	var config telegram.Config
	if err := config.SetURL(u); err != nil {
		return nil, err
	}
	return func(r *relay, m ChatMessage) error {
		for _, id := range config.Chats {
			payload := telegram.SendMessagePayload{Text: m.titled(), ID: id, DisablePreview: true, DisableNotification: !config.Notification}
			if _, err := r.postJSON("https://api.telegram.org/bot"+config.Token+"/sendMessage", "", payload); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func (r *relay) postJSON(url, authorization string, payload any) ([]byte, error) {
	body, err := json.Marshal(payload)
	if err != nil {
		return nil, errChat
	}
	h := http.Header{"Content-Type": {"application/json"}}
	if authorization != "" {
		h.Set("Authorization", authorization)
	}
	return r.post(url, h, bytes.NewReader(body))
}
