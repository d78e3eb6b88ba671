// Package session is who is signed in, and what to tell them next.
//
// A session is a row of the database, found by the hash of the token that the browser holds. Visitors who are not
// signed in have none, so strangers make no rows.
package session

import (
	"cmp"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
)

// Errors of guards. The error page answers ErrSignedOut with the way to the sign-in page (401 for machines and
// htmx, else 303) and ErrForbidden with 403.
var (
	ErrSignedOut = errors.New("session: nobody is signed in")
	ErrForbidden = errors.New("session: the role is too low")
)

// touchEvery is how often seen_at is written.
const touchEvery = time.Minute

// LiveHeader marks what a page asks by itself, to keep up to date: it does not keep the session of somebody who left.
const LiveHeader = "X-Live"

// A Manager signs people in and out and knows who asks. Fill it once; it is safe for many goroutines.
type Manager struct {
	DB     *models.DB
	Secure bool             // https: cookie __Host-sid with Secure, else sid
	Now    func() time.Time // nil: DB.Now
}

// current is who asks, kept in the context of the request.
type current struct {
	user models.User
	id   string // of the session
}

const contextKey = "switchyard/session"

// Middleware finds out who asks, for every route of people: it reads session, role and disabled from the database
// on each request and writes seen_at at most once a minute. A visitor without a live session passes as nobody (the
// guard of the route decides); a database that does not answer is 503, never nobody.
func (m *Manager) Middleware() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := m.load(c); err != nil {
				return unavailable(err)
			}
			return next(c)
		}
	}
}

// load puts who asks into the context; nobody is no error.
func (m *Manager) load(c echo.Context) error {
	s, err := m.session(c)
	if err != nil || s.ID == "" {
		return err
	}
	row := rowOf(s)
	u, err := m.liveUser(c, row.UserID)
	if err == nil && m.now().Sub(row.SeenAt.Time) >= touchEvery && !asksByItself(c.Request().Header) {
		err = m.touch(c, row)
	}
	if errors.Is(err, models.ErrNotFound) {
		return nil // gone, disabled, or ended a moment ago
	}
	if err != nil {
		return err
	}
	c.Set(contextKey, current{user: u, id: s.ID})
	return nil
}

// asksByItself tells whether a page asks, not a person: to keep up to date, or for a stream of news.
func asksByItself(h http.Header) bool {
	return h.Get(LiveHeader) != "" || h.Get("Accept") == "text/event-stream"
}

// liveUser is ErrNotFound for a disabled one too.
func (m *Manager) liveUser(c echo.Context, id int64) (models.User, error) {
	u, err := m.DB.User(c.Request().Context(), id)
	if err == nil && !u.DisabledAt.IsZero() {
		return models.User{}, models.ErrNotFound
	}
	return u, err
}

func (m *Manager) touch(c echo.Context, row models.Session) error {
	ctx := c.Request().Context()
	idle, _, err := m.DB.SessionTimes(ctx)
	if err != nil {
		return err
	}
	row.SeenAt = models.Time{Time: m.now()}
	row.IdleAt = models.Time{Time: m.now().Add(idle)}
	return m.DB.TouchSession(ctx, row)
}

// From returns who is signed in. It reads what Middleware found and asks no database.
func From(c echo.Context) (models.User, bool) {
	cur, ok := c.Get(contextKey).(current)
	return cur.user, ok
}

// SessionID returns the id of the session (never the token), "" when nobody is signed in.
func SessionID(c echo.Context) string {
	cur, _ := c.Get(contextKey).(current)
	return cur.id
}

// By returns who acts, for the audit log: the signed-in user, or nobody with the address.
func By(c echo.Context) models.By {
	by := models.By{Name: "nobody", IP: models.ShortIP(c.RealIP())}
	if u, ok := From(c); ok {
		by.UserID, by.Name = u.ID, cmp.Or(u.Name, u.Email)
	}
	return by
}

// Alive tells whether the session of this request still lives: nil, or ErrSignedOut, or 503. (A change of role ends
// sessions, so one that lives may what it could at its start.) It touches nothing, so a live stream that asks at
// each heartbeat keeps nobody signed in.
func (m *Manager) Alive(c echo.Context) error {
	row, err := m.DB.LiveSession(c.Request().Context(), SessionID(c))
	if err == nil {
		_, err = m.liveUser(c, row.UserID)
	}
	if errors.Is(err, models.ErrNotFound) {
		return ErrSignedOut
	}
	if err != nil {
		return unavailable(err)
	}
	return nil
}

func (m *Manager) now() time.Time {
	if m.Now != nil {
		return m.Now()
	}
	return m.DB.Now()
}

// unavailable is 503 with its cause for the log.
func unavailable(err error) error {
	return echo.NewHTTPError(http.StatusServiceUnavailable).SetInternal(err)
}
