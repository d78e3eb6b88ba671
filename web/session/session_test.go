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

func TestSessionEndsByIdlenessAndAtItsEnd(t *testing.T) {
	s := newSite(t)
	c, _ := s.signIn(t)
	for range 6 {
		s.db.Advance(119 * time.Minute)
		if got := s.who(t, c); got != "Ada" {
			t.Fatalf("GET / within the idle time = %q; want Ada", got)
		}
	}
	s.db.Advance(7 * time.Minute) // 12 h after the sign-in
	if got := s.who(t, c); got != "" {
		t.Errorf("GET / after the longest time = %q; want nobody", got)
	}
	c, _ = s.signIn(t)
	s.db.Advance(2 * time.Hour)
	if got := s.who(t, c); got != "" {
		t.Errorf("GET / after 2 h idle = %q; want nobody", got)
	}
}

func TestSeenIsWrittenAtMostOnceAMinute(t *testing.T) {
	s := newSite(t)
	c, id := s.signIn(t)
	seen := func() time.Time {
		row, err := s.DB.LiveSession(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return row.SeenAt.Time
	}
	begin := seen()
	s.db.Advance(59 * time.Second)
	s.who(t, c)
	if got := seen(); !got.Equal(begin) {
		t.Errorf("seen after 59 s = %v; want %v", got, begin)
	}
	s.db.Advance(time.Second)
	s.who(t, c)
	if got := seen(); !got.Equal(begin.Add(time.Minute)) {
		t.Errorf("seen after a minute = %v; want %v", got, begin.Add(time.Minute))
	}
}

func TestSixthSignInEndsTheFirst(t *testing.T) {
	s := newSite(t)
	var cookies []*http.Cookie
	for range 6 {
		c, _ := s.signIn(t)
		cookies = append(cookies, c)
		s.db.Advance(time.Second)
	}
	for i, c := range cookies {
		if got := s.who(t, c); (got == "Ada") != (i > 0) {
			t.Errorf("GET / with sign-in %d = %q", i+1, got)
		}
	}
}

func TestSignOutEndsTheSession(t *testing.T) {
	s := newSite(t)
	c, _ := s.signIn(t)
	w := s.do("POST", "/sign-out", c)
	if w.Code != http.StatusOK || w.Body.String() != "" || w.Header().Get("Clear-Site-Data") != `"cache", "storage"` ||
		len(w.Result().Cookies()) != 1 || w.Result().Cookies()[0].Name != "__Host-sid" || w.Result().Cookies()[0].MaxAge != -1 {
		t.Errorf("POST /sign-out = %d, %v", w.Code, w.Header())
	}
	if got := s.who(t, c); got != "" {
		t.Errorf("GET / after it = %q; want nobody", got)
	}
	rows, err := s.DB.AuditRows(t.Context(), 0, 1)
	if err != nil || rows[0].Action != "user.sign_out" || rows[0].Actor != "Ada" || rows[0].IP != "192.0.2.0/24" {
		t.Errorf("AuditRows = %+v, %v; want the sign-out of Ada", rows, err)
	}
	if w := s.do("POST", "/sign-out"); w.Code != http.StatusOK {
		t.Errorf("POST /sign-out of nobody = %d", w.Code)
	}
}

func TestRoleAndBarAreReadFromTheDatabaseEachTime(t *testing.T) {
	s := newSite(t)
	s.echo.GET("/role", func(c echo.Context) error {
		u, _ := session.From(c)
		return c.String(http.StatusOK, string(u.Role))
	})
	c, _ := s.signIn(t)
	for role, want := range map[string]string{"viewer": "viewer", "admin": "admin"} {
		s.raw(t, "UPDATE users SET role = '"+role+"'")
		if w := s.do("GET", "/role", c); w.Body.String() != want {
			t.Errorf("GET /role = %q; want %q", w.Body, want)
		}
	}
	s.raw(t, "UPDATE users SET disabled_at = 1")
	if got := s.who(t, c); got != "" {
		t.Errorf("GET / of a disabled user = %q; want nobody", got)
	}
}

func TestDatabaseThatDoesNotAnswerIs503AndNotNobody(t *testing.T) {
	s := newSite(t)
	c, _ := s.signIn(t)
	for _, table := range []string{"users", "sessions"} {
		s.raw(t, "ALTER TABLE "+table+" RENAME TO gone")
		if w := s.do("GET", "/", c); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "table") {
			t.Errorf("GET / without %s = %d %s; want 503 without the cause", table, w.Code, w.Body)
		}
		if w := s.do("GET", "/"); w.Code != http.StatusOK {
			t.Errorf("GET / of nobody without %s = %d; want 200: it asks no database", table, w.Code)
		}
		s.raw(t, "ALTER TABLE gone RENAME TO "+table)
	}
}

func TestStrangersMakeNoRows(t *testing.T) {
	s := newSite(t)
	s.echo.GET("/flash", func(c echo.Context) error {
		return errors.Join(s.Flash(c, "error", "Sign in first."), c.NoContent(http.StatusNoContent))
	})
	for _, value := range []string{"", "short", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"} {
		c := &http.Cookie{Name: "__Host-sid", Value: value}
		if got := s.who(t, c); got != "" {
			t.Errorf("GET / with cookie %q = %q; want nobody", value, got)
		}
		s.do("GET", "/flash", c)
	}
	if rows := s.rows(t); len(rows) != 0 {
		t.Errorf("sessions = %q; want none", rows)
	}
}

func TestAliveAsksWithoutTouching(t *testing.T) {
	s := newSite(t)
	var end func()
	s.echo.GET("/live", func(c echo.Context) error {
		if err := s.Alive(c); err != nil {
			t.Errorf("Alive = %v; want nil", err)
		}
		s.db.Advance(5 * time.Minute)
		before, _ := s.DB.LiveSession(c.Request().Context(), session.SessionID(c))
		_ = s.Alive(c)
		if after, _ := s.DB.LiveSession(c.Request().Context(), session.SessionID(c)); after != before || after.ID == "" {
			t.Errorf("Alive changed the session from %+v to %+v", before, after)
		}
		end()
		return s.Alive(c)
	})
	s.echo.HTTPErrorHandler = func(err error, c echo.Context) { _ = c.String(http.StatusTeapot, err.Error()) }
	for name, end2 := range map[string]func(){
		"revoked":  func() { _ = s.DB.RevokeSessions(t.Context(), s.ada.ID, "", models.By{}) },
		"disabled": func() { s.raw(t, "UPDATE users SET disabled_at = 1") },
		"idle":     func() { s.db.Advance(3 * time.Hour) },
	} {
		s.raw(t, "UPDATE users SET disabled_at = 0")
		c, _ := s.signIn(t)
		end = end2
		if w := s.do("GET", "/live", c); w.Body.String() != session.ErrSignedOut.Error() {
			t.Errorf("Alive when %s = %q; want ErrSignedOut", name, w.Body)
		}
	}
}
