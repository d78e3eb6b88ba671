package session_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/web/session"
)

func TestGuardLetsPassFromItsRoleUp(t *testing.T) {
	s := newSite(t)
	ladder := []models.Role{session.Viewer, session.Support, session.Operator, session.Admin}
	var got error
	for _, role := range ladder {
		s.echo.GET("/"+string(role), func(c echo.Context) error {
			got = nil
			return c.NoContent(http.StatusNoContent)
		}, session.Can(role).Middleware)
	}
	s.echo.GET("/none", func(c echo.Context) error { return c.NoContent(http.StatusNoContent) }, session.Guard{}.Middleware)
	s.echo.HTTPErrorHandler = func(err error, _ echo.Context) { got = err }
	c, _ := s.signIn(t)
	for i, has := range ladder {
		s.raw(t, "UPDATE users SET role = '"+string(has)+"'")
		for j, needed := range ladder {
			want := error(nil)
			if i < j {
				want = session.ErrForbidden
			}
			if s.do("GET", "/"+string(needed), c); !errors.Is(got, want) {
				t.Errorf("a %s where %s is needed = %v; want %v", has, needed, got, want)
			}
		}
		if s.do("GET", "/none", c); !errors.Is(got, session.ErrForbidden) {
			t.Errorf("a %s at the zero Guard = %v; want ErrForbidden", has, got)
		}
	}
	for _, path := range []string{"/viewer", "/none"} {
		if s.do("GET", path); !errors.Is(got, session.ErrSignedOut) {
			t.Errorf("nobody at %s = %v; want ErrSignedOut", path, got)
		}
	}
}

func TestByNamesWhoActs(t *testing.T) {
	s := newSite(t)
	var got models.By
	s.echo.GET("/by", func(c echo.Context) error { got = session.By(c); return nil })
	c, _ := s.signIn(t)
	s.do("GET", "/by", c)
	if want := (models.By{UserID: s.ada.ID, Name: "Ada", IP: "192.0.2.0/24"}); got != want {
		t.Errorf("By = %+v; want %+v", got, want)
	}
	s.do("GET", "/by")
	if want := (models.By{Name: "nobody", IP: "192.0.2.0/24"}); got != want {
		t.Errorf("By of nobody = %+v; want %+v", got, want)
	}
}
