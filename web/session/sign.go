package session

import (
	"fmt"

	"github.com/labstack/echo/v4"

	"switchyard/models"
)

// agentSize is how much of a browser's name for itself is kept, in bytes.
const agentSize = 200

// SignIn ends any session that the browser holds and starts a new one with a new token. The password has been
// checked by the caller (models.DB.Authenticate), which also wrote the audit row.
func (m *Manager) SignIn(c echo.Context, u models.User) error {
	s, err := m.session(c)
	if err != nil {
		return unavailable(err)
	}
	if s.ID != "" {
		if err := m.DB.RevokeSession(c.Request().Context(), s.ID); err != nil {
			return unavailable(err)
		}
	}
	s.ID = ""
	clear(s.Values)
	s.Options = m.cookieOptions()
	s.Values[rowKey{}] = models.Session{UserID: u.ID, IP: models.ShortIP(c.RealIP()), UserAgent: agentOf(c)}
	if err := s.Save(c.Request(), c.Response()); err != nil {
		return unavailable(err)
	}
	c.Set(contextKey, current{user: u, id: s.ID})
	return nil
}

func agentOf(c echo.Context) string {
	agent := c.Request().UserAgent()
	return agent[:min(len(agent), agentSize)]
}

// SignOut ends the session, writes the audit row, drops the cookie and asks the browser to clear what it kept.
// Without a session it only drops the cookie.
func (m *Manager) SignOut(c echo.Context) error {
	s, err := m.session(c)
	if err != nil {
		return unavailable(err)
	}
	s.Options.MaxAge = -1
	if err := s.Save(c.Request(), c.Response()); err != nil {
		return unavailable(err)
	}
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	u, ok := From(c)
	if !ok {
		return nil
	}
	by := By(c)
	c.Set(contextKey, nil)
	if err := m.DB.Audit(c.Request().Context(), by, "user.sign_out", fmt.Sprintf("user %d", u.ID), nil); err != nil {
		return unavailable(err)
	}
	return nil
}
