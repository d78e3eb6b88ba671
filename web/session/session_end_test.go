package session_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/web/session"
)

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
