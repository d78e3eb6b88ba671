// Package session is who is signed in, and what to tell them next.
package session

import (
	"errors"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
)

// The roles, by the names that routes use: can(session.Support).
const (
	Viewer   = models.Viewer
	Support  = models.Support
	Operator = models.Operator
	Admin    = models.Admin
)

// Errors of guards. The error page answers ErrSignedOut with the way to the sign-in page (401 for machines and
// htmx, else 303) and ErrForbidden with 403.
var (
	ErrSignedOut = errors.New("session: nobody is signed in")
	ErrForbidden = errors.New("session: the role is too low")
)

// A Manager signs people in and out and knows who asks. Fill it once; it is safe for many goroutines.
type Manager struct {
	DB     *models.DB
	Secure bool             // https: cookie __Host-sid with Secure, else sid
	Now    func() time.Time // nil: DB.Now
}

// Middleware finds out who asks, for every route of people: it reads session, role and disabled from the database
// on each request and writes seen_at at most once a minute. A visitor without a live session passes as nobody (the
// guard of the route decides); a database that does not answer is 503, never nobody.
func (m *Manager) Middleware() echo.MiddlewareFunc { panic("contract") }

// From returns who is signed in. It reads what Middleware found and asks no database.
func From(c echo.Context) (models.User, bool) { panic("contract") }

// SessionID returns the id of the session (never the token), "" when nobody is signed in.
func SessionID(c echo.Context) string { panic("contract") }

// By returns who acts, for the audit log: the signed-in user, or nobody with the address.
func By(c echo.Context) models.By { panic("contract") }

// SignIn ends any session that the browser holds and starts a new one with a new token. The password has been
// checked by the caller (models.DB.Authenticate), which also wrote the audit row.
func (m *Manager) SignIn(c echo.Context, u models.User) error { panic("contract") }

// SignOut ends the session, writes the audit row, drops the cookie and asks the browser to clear what it kept.
// Without a session it only drops the cookie.
func (m *Manager) SignOut(c echo.Context) error { panic("contract") }

// Alive tells whether the session of this request still lives and may what it could at its start: nil, or
// ErrSignedOut, or 503. It touches nothing, so a live stream that asks at each heartbeat keeps nobody signed in.
func (m *Manager) Alive(c echo.Context) error { panic("contract") }

// A Flash is one message to show on the next page.
type Flash struct {
	Kind string `json:"kind"` // "success", "error"
	Text string `json:"text"` // plain text, not HTML
}

// Flash keeps a message for the next page that this browser asks for. For a visitor who is not signed in it lies
// in a short-lived cookie, so that strangers make no rows.
func (m *Manager) Flash(c echo.Context, kind, text string) error { panic("contract") }

// Flashes takes the messages out, oldest first, those of this request too. Call it before the response is written.
// A message whose removal could not be stored comes again.
func (m *Manager) Flashes(c echo.Context) []Flash { panic("contract") }

// A Guard says who may use a route. The zero Guard lets nobody pass.
type Guard struct{ Role models.Role }

// Can makes the guard of a route: at least that role.
func Can(role models.Role) Guard { panic("contract") }

// Check returns nil, ErrSignedOut or ErrForbidden.
func (g Guard) Check(c echo.Context) error { panic("contract") }

// Middleware checks before the handler runs.
func (g Guard) Middleware(next echo.HandlerFunc) echo.HandlerFunc { panic("contract") }

// ReturnPath is where to go after a sign-in: the path (with its query) when it can only mean a page of this
// server, else "/". Text from a link may be given as it came.
func ReturnPath(next string) string { panic("contract") }
