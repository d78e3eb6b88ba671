package admin

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// addExportSchedule makes an export by the clock.
func (a *Admin) addExportSchedule(c echo.Context, f found, typed views.ExportForm) error {
	s, errs := scheduleOf(typed)
	if len(errs) == 0 {
		made, err := a.DB.AddExportSchedule(c.Request().Context(), s, session.By(c))
		if errs = formErrorsOf(err); errs == nil {
			return a.settled(c, err, nil, "“"+made.Name+"” is exported "+views.EveryWords(made)+".", views.ExportsURL)
		}
	}
	return a.showExport(c, http.StatusUnprocessableEntity, f, typed, errs)
}

// scheduleOf reads what was typed.
func scheduleOf(typed views.ExportForm) (s models.ExportSchedule, errs formErrors) {
	s = models.ExportSchedule{Name: typed.Name, Plan: typed.Plan, Span: models.ExportSpan(typed.Span), Every: models.ExportSpan(typed.Every)}
	if day, err := strconv.Atoi(typed.Weekday); err == nil {
		s.Weekday = time.Weekday(day)
	}
	at, err := time.Parse("15:04", typed.Time)
	if err != nil {
		errs = append(errs, views.FieldError{ID: "time", Message: "Enter a time such as 06:30."})
	}
	s.Minute = at.Hour()*60 + at.Minute()
	if s.Keep, err = strconv.Atoi(strings.TrimSpace(typed.Keep)); err != nil {
		errs = append(errs, views.FieldError{ID: "keep", Message: "Enter how many files are kept, such as 30; 0 keeps all."})
	}
	if typed.To != "" {
		if s.TargetID, err = strconv.ParseInt(typed.To, 10, 64); err != nil {
			errs = append(errs, views.FieldError{ID: "to", Message: "Choose the folder or a target."})
		}
	}
	return s, errs
}

// SwitchExportSchedule switches one on or off.
func (a *Admin) SwitchExportSchedule(c echo.Context) error {
	off := c.FormValue("off") == "1"
	said := "The schedule is on."
	if off {
		said = "The schedule is off."
	}
	return a.onSchedule(c, said, func(id int64) error { return a.DB.SwitchExportSchedule(c.Request().Context(), id, off, session.By(c)) })
}

// RunExportSchedule lets one run now.
func (a *Admin) RunExportSchedule(c echo.Context) error {
	return a.onSchedule(c, "It runs within a few seconds.", func(id int64) error { return a.DB.RunExportSchedule(c.Request().Context(), id, session.By(c)) })
}

// DeleteExportSchedule deletes one; what it made stays.
func (a *Admin) DeleteExportSchedule(c echo.Context) error {
	return a.onSchedule(c, "The schedule is deleted. Its files stay.", func(id int64) error { return a.DB.DeleteExportSchedule(c.Request().Context(), id, session.By(c)) })
}

func (a *Admin) onSchedule(c echo.Context, said string, do func(id int64) error) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	err = do(id)
	if errors.Is(err, models.ErrConflict) {
		if err := a.Sessions.Flash(c, string(views.Failed), "The schedule is off. Switch it on first."); err != nil {
			return err
		}
		return redirect(c, views.ExportsURL)
	}
	return a.settled(c, err, nil, said, views.ExportsURL)
}
