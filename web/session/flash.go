package session

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"
)

// A Flash is one message to show on the next page.
type Flash struct {
	Kind string `json:"kind"` // "success", "error"
	Text string `json:"text"` // plain text, not HTML
}

const (
	flashValue  = "flashes"
	flashKey    = "switchyard/flash" // messages in this request's cookie, for nobody
	flashLife   = 60                 // seconds that the cookie of nobody lives
	flashCookie = 3000               // bytes of it; browsers keep 4096
)

// Flash keeps a message for the next page that this browser asks for. For a visitor who is not signed in it lies
// in a short-lived cookie, so that strangers make no rows.
func (m *Manager) Flash(c echo.Context, kind, text string) error {
	f := Flash{Kind: kind, Text: text}
	if SessionID(c) == "" {
		return m.flashNobody(c, f)
	}
	s, err := m.session(c)
	if err != nil {
		return unavailable(err)
	}
	s.Values[flashValue] = append(flashesOf(s), f)
	return m.save(c, s)
}

// save is ErrSignedOut for a session that has ended meanwhile.
func (m *Manager) save(c echo.Context, s *sessions.Session) error {
	err := s.Save(c.Request(), c.Response())
	if err != nil && !errors.Is(err, ErrSignedOut) {
		return unavailable(err)
	}
	return err
}

// Flashes takes the messages out, oldest first, those of this request too. Call it before the response is written.
// A message whose removal could not be stored comes again.
func (m *Manager) Flashes(c echo.Context) []Flash {
	flashes := m.takeNobodys(c)
	if SessionID(c) == "" {
		return flashes
	}
	s, err := m.session(c)
	if err != nil {
		return flashes
	}
	kept := flashesOf(s)
	if len(kept) == 0 {
		return flashes
	}
	delete(s.Values, flashValue)
	_ = m.save(c, s) // the message is shown all the same
	return append(flashes, kept...)
}

// flashesOf are the messages in a session; read back they are JSON's own types.
func flashesOf(s *sessions.Session) []Flash {
	if f, ok := s.Values[flashValue].([]Flash); ok {
		return f
	}
	var flashes []Flash
	if raw, err := json.Marshal(s.Values[flashValue]); err != nil || json.Unmarshal(raw, &flashes) != nil {
		return nil
	}
	return flashes
}

func (m *Manager) flashNobody(c echo.Context, f Flash) error {
	flashes := append(slices.Clone(m.nobodys(c)), f)
	raw, err := json.Marshal(flashes)
	if err != nil {
		return err
	}
	value := base64.RawURLEncoding.EncodeToString(raw)
	if len(value) > flashCookie {
		return errors.New("session: too many messages for a cookie")
	}
	c.Set(flashKey, flashes)
	m.setFlashCookie(c, value, flashLife)
	return nil
}

// takeNobodys are the messages of the cookie, which goes.
func (m *Manager) takeNobodys(c echo.Context) []Flash {
	flashes := m.nobodys(c)
	if len(flashes) > 0 {
		c.Set(flashKey, []Flash{})
		m.setFlashCookie(c, "", -1)
	}
	return flashes
}

// nobodys are the messages of this request, else of the cookie. A cookie is what a browser says: text to escape.
func (m *Manager) nobodys(c echo.Context) []Flash {
	if flashes, ok := c.Get(flashKey).([]Flash); ok {
		return flashes
	}
	cookie, err := c.Cookie(m.cookie("flash"))
	if err != nil {
		return nil
	}
	var flashes []Flash
	raw, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil || json.Unmarshal(raw, &flashes) != nil {
		return nil
	}
	return flashes
}

func (m *Manager) setFlashCookie(c echo.Context, value string, maxAge int) {
	o := m.cookieOptions()
	o.MaxAge = maxAge
	http.SetCookie(c.Response(), sessions.NewCookie(m.cookie("flash"), value, o))
}
