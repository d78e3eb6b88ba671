package session_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/web/session"
)

// A site is the smallest server with people: sign in, who am I, sign out.
type site struct {
	*session.Manager
	db   *modelstest.DB
	echo *echo.Echo
	ada  models.User
}

func newSite(t *testing.T) *site {
	t.Helper()
	db := modelstest.Open(t)
	u, err := db.CreateUser(t.Context(), models.User{Email: "ada@example.com", Name: "Ada", Role: models.Support}, "ruthless crimson kettle", models.By{})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{Manager: &session.Manager{DB: db.DB, Secure: true}, db: db, echo: echo.New(), ada: u}
	s.echo.IPExtractor = echo.ExtractIPDirect()
	s.echo.Use(s.Middleware())
	s.echo.POST("/sign-in", func(c echo.Context) error {
		return errors.Join(s.SignIn(c, s.ada), c.String(http.StatusOK, session.SessionID(c)))
	})
	s.echo.POST("/sign-out", func(c echo.Context) error {
		if err := s.SignOut(c); err != nil {
			return err
		}
		return c.String(http.StatusOK, session.SessionID(c))
	})
	s.echo.GET("/", func(c echo.Context) error {
		u, _ := session.From(c)
		return c.String(http.StatusOK, u.Name)
	})
	return s
}

// do sends a request with cookies.
func (s *site) do(method, path string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	s.echo.ServeHTTP(w, r)
	return w
}

// signIn returns the cookie of a new session and its id.
func (s *site) signIn(t *testing.T, cookies ...*http.Cookie) (*http.Cookie, string) {
	t.Helper()
	w := s.do("POST", "/sign-in", cookies...)
	for _, c := range w.Result().Cookies() {
		if c.Name == "__Host-sid" && c.Value != "" {
			return c, w.Body.String()
		}
	}
	t.Fatalf("POST /sign-in = %d, %v; want a cookie", w.Code, w.Header())
	return nil, ""
}

// who is the name of who asks with that cookie.
func (s *site) who(t *testing.T, cookie *http.Cookie) string {
	t.Helper()
	w := s.do("GET", "/", cookie)
	if w.Code != http.StatusOK {
		t.Fatalf("GET / = %d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// raw runs a statement as somebody with the file would.
func (s *site) raw(t *testing.T, statement string) {
	t.Helper()
	if _, err := modelstest.SQL(t, s.db.URL).Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// rows are the sessions that the database holds, dead or alive.
func (s *site) rows(t *testing.T) (ids []string) {
	t.Helper()
	rows, err := modelstest.SQL(t, s.db.URL).Query("SELECT id || data || user_agent || ip FROM sessions")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

func TestSignInGivesACookieThatOnlyThisHostCanSetAndNoScriptCanRead(t *testing.T) {
	s := newSite(t)
	c, _ := s.signIn(t)
	if len(c.Value) != 26 || c.Path != "/" || c.Domain != "" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 43200 {
		t.Errorf("cookie = %v", c)
	}
	if got := s.who(t, c); got != "Ada" {
		t.Errorf("GET / = %q; want Ada", got)
	}
	s.Secure = false
	w := s.do("POST", "/sign-in")
	if got := w.Header().Get("Set-Cookie"); !strings.HasPrefix(got, "sid=") || strings.Contains(got, "Secure") {
		t.Errorf("cookie over plain http = %q; want sid without Secure", got)
	}
}

func TestSignInEndsTheSessionThatTheBrowserHeld(t *testing.T) {
	s := newSite(t)
	planted, plantedID := s.signIn(t)
	c, id := s.signIn(t, planted)
	if c.Value == planted.Value || id == plantedID {
		t.Error("the token survived the sign-in")
	}
	if got := s.who(t, planted); got != "" {
		t.Errorf("GET / with the token from before = %q; want nobody", got)
	}
	if got := s.who(t, c); got != "Ada" {
		t.Errorf("GET / = %q; want Ada", got)
	}
	chosen := &http.Cookie{Name: "__Host-sid", Value: "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
	if c, _ := s.signIn(t, chosen); c.Value == chosen.Value {
		t.Error("a token that somebody chose became a session")
	}
}

func TestSessionEndedDuringARequestIsNotRevivedByIt(t *testing.T) {
	s := newSite(t)
	var flashed error
	s.echo.POST("/slow", func(c echo.Context) error {
		if err := s.DB.RevokeSession(c.Request().Context(), session.SessionID(c)); err != nil {
			return err
		}
		flashed = s.Flash(c, "success", "Saved.")
		return c.NoContent(http.StatusNoContent)
	})
	c, _ := s.signIn(t)
	w := s.do("POST", "/slow", c)
	if !errors.Is(flashed, session.ErrSignedOut) {
		t.Errorf("Flash in an ended session = %v; want ErrSignedOut", flashed)
	}
	if got := w.Header().Get("Set-Cookie"); !strings.Contains(got, "Max-Age=0") {
		t.Errorf("Set-Cookie = %q; want the cookie gone", got)
	}
	if got := s.who(t, c); got != "" {
		t.Errorf("GET / after it = %q; want nobody", got)
	}
}

func TestTokenIsNotInTheDatabase(t *testing.T) {
	s := newSite(t)
	c, id := s.signIn(t)
	for _, row := range s.rows(t) {
		if strings.Contains(row, c.Value) || !strings.HasPrefix(row, id) {
			t.Errorf("row = %q; want it under %q without %q", row, id, c.Value)
		}
	}
	if got := s.who(t, &http.Cookie{Name: "__Host-sid", Value: id}); got != "" {
		t.Errorf("GET / with the id of the row as token = %q; want nobody", got)
	}
}

func TestManyRequestsOfOneSessionAtOnce(t *testing.T) {
	s := newSite(t)
	s.echo.POST("/flash", func(c echo.Context) error {
		return errors.Join(s.Flash(c, "success", "Saved."), c.NoContent(http.StatusNoContent))
	})
	c, _ := s.signIn(t)
	s.db.Advance(2 * time.Minute) // so that each wants to write seen_at
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			method, path := "GET", "/"
			if i%4 == 0 {
				method, path = "POST", "/flash"
			}
			if w := s.do(method, path, c); w.Code >= 400 {
				t.Errorf("%s %s = %d %s", method, path, w.Code, w.Body)
			}
		})
	}
	wg.Wait()
	if got := s.who(t, c); got != "Ada" {
		t.Errorf("GET / after all = %q; want Ada", got)
	}
}
