package session_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"switchyard/web/session"
)

// withFlashes adds routes that keep two messages, and that show them.
func withFlashes(t *testing.T, s *site) *site {
	s.echo.POST("/two", func(c echo.Context) error {
		for _, text := range []string{"First, ünïcode.", "<b>second</b>"} {
			if err := s.Flash(c, "success", text); err != nil {
				return err
			}
		}
		return c.NoContent(http.StatusNoContent)
	})
	s.echo.GET("/show", func(c echo.Context) error { return c.JSON(http.StatusOK, s.Flashes(c)) })
	s.echo.GET("/both", func(c echo.Context) error {
		if err := s.Flash(c, "error", "At once."); err != nil {
			return err
		}
		return c.JSON(http.StatusOK, s.Flashes(c))
	})
	return s
}

func (s *site) shown(t *testing.T, path string, cookies ...*http.Cookie) (flashes []session.Flash, set []*http.Cookie) {
	t.Helper()
	w := s.do("GET", path, cookies...)
	if err := json.Unmarshal(w.Body.Bytes(), &flashes); err != nil {
		t.Fatalf("GET %s = %d %s", path, w.Code, w.Body)
	}
	return flashes, w.Result().Cookies()
}

var two = []session.Flash{{Kind: "success", Text: "First, ünïcode."}, {Kind: "success", Text: "<b>second</b>"}}

func TestMessagesOfASessionAreShownOnce(t *testing.T) {
	s := withFlashes(t, newSite(t))
	c, _ := s.signIn(t)
	if w := s.do("POST", "/two", c); w.Code != http.StatusNoContent || w.Header().Get("Set-Cookie") != "" {
		t.Fatalf("POST /two = %d, %v; want no cookie", w.Code, w.Header())
	}
	if got, _ := s.shown(t, "/show", c); !reflect.DeepEqual(got, two) {
		t.Errorf("Flashes = %+v; want %+v", got, two)
	}
	if got, _ := s.shown(t, "/show", c); len(got) != 0 {
		t.Errorf("Flashes once more = %+v; want none", got)
	}
	if got, _ := s.shown(t, "/both", c); len(got) != 1 || got[0].Text != "At once." {
		t.Errorf("Flashes of the same request = %+v; want it", got)
	}
}

func TestMessagesOfNobodyLieInACookieAndAreShownOnce(t *testing.T) {
	s := withFlashes(t, newSite(t))
	w := s.do("POST", "/two")
	cookies := w.Result().Cookies()
	last := cookies[len(cookies)-1] // what a browser keeps
	if last.Name != "__Host-flash" || !last.HttpOnly || !last.Secure || last.MaxAge != 60 {
		t.Errorf("cookie = %v", last)
	}
	got, set := s.shown(t, "/show", last)
	if !reflect.DeepEqual(got, two) || len(set) != 1 || set[0].MaxAge != -1 {
		t.Errorf("Flashes = %+v, cookies %v; want %+v and the cookie gone", got, set, two)
	}
	if got, _ := s.shown(t, "/both"); len(got) != 1 || got[0].Text != "At once." {
		t.Errorf("Flashes of the same request = %+v; want it", got)
	}
}

func TestMessageOfTheSignInPageIsShownAfterTheSignIn(t *testing.T) {
	s := withFlashes(t, newSite(t))
	cookies := s.do("POST", "/two").Result().Cookies()
	flash := cookies[len(cookies)-1]
	c, _ := s.signIn(t, flash)
	if got, _ := s.shown(t, "/show", c, flash); !reflect.DeepEqual(got, two) {
		t.Errorf("Flashes = %+v; want %+v", got, two)
	}
}

func TestCookieThatIsNoMessageShowsNothing(t *testing.T) {
	s := withFlashes(t, newSite(t))
	for _, value := range []string{"?", "bnVsbA", "e30", strings.Repeat("A", 4000)} {
		if got, _ := s.shown(t, "/show", &http.Cookie{Name: "__Host-flash", Value: value}); len(got) != 0 {
			t.Errorf("Flashes of cookie %.10q = %+v; want none", value, got)
		}
	}
}
