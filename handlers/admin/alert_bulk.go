package admin

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/views"
	"switchyard/web/session"
)

const (
	bulkAlerts = 200           // most alerts of one act
	bulkSnooze = 4 * time.Hour // for how long several are put aside
)

// ActOnAlerts does one act to the alerts that are ticked, or takes it back. Which of them it still concerns is decided
// here, one by one: what others did meanwhile stays.
func (a *Admin) ActOnAlerts(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	act := bulkActs[form.Get("do")]
	back, err := url.Parse(form.Get("back"))
	if act == nil || err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	to := alertQuery(back.Query())
	ids := alertIDs(form["ids"])
	if len(ids) == 0 {
		return a.toldAt(c, views.Failed, "Nothing was selected, so nothing was changed.", to.URL())
	}
	var did []int64
	for _, id := range ids {
		ok, err := act(a, c, id)
		if bad, ok := errors.AsType[*models.Invalid](err); ok {
			return a.toldAt(c, views.Failed, bad.Message, to.URL())
		}
		if err != nil {
			return err
		}
		if ok {
			did = append(did, id)
		}
	}
	text := fmt.Sprintf("%d of %d changed.", len(did), len(ids))
	if len(did) < len(ids) {
		text += " The others are so already, somebody else's, or over."
	}
	at := to.URL()
	if do := form.Get("do"); len(did) > 0 && !strings.HasPrefix(do, "undo-") {
		at += "&" + url.Values{"did": {do}, "of": {strings.Trim(fmt.Sprint(did), "[]")}}.Encode()
	}
	return a.toldAt(c, views.Done, text, at)
}

// toldAt says something on the next page.
func (a *Admin) toldAt(c echo.Context, kind views.FlashKind, text, to string) error {
	if err := a.Sessions.Flash(c, string(kind), text); err != nil {
		return err
	}
	return redirect(c, to)
}

// A bulkAct tells whether it changed the alert; what no longer is so is no error.
type bulkAct func(a *Admin, c echo.Context, id int64) (bool, error)

var bulkActs = map[string]bulkAct{
	"acknowledge": onAlert(func(a *Admin, c echo.Context, al models.Alert) error {
		if al.Status != alert.Active {
			return models.ErrConflict
		}
		_, err := a.DB.AcknowledgeAlert(c.Request().Context(), al.ID, "", session.By(c))
		return err
	}),
	"snooze": onAlert(func(a *Admin, c echo.Context, al models.Alert) error {
		if s := al.Standing(a.Now()); s == alert.Resolved || s == alert.Snoozed {
			return models.ErrConflict
		}
		_, err := a.DB.SnoozeAlert(c.Request().Context(), al.ID, a.Now().Add(bulkSnooze), "", session.By(c))
		return err
	}),
	"assign": onAlert(func(a *Admin, c echo.Context, al models.Alert) error {
		to, err := strconv.ParseInt(c.FormValue("to"), 10, 64)
		if err != nil {
			return &models.Invalid{Field: "to", Message: "Choose a person."}
		}
		if al.AssignedTo == to {
			return models.ErrConflict
		}
		_, err = a.DB.AssignAlert(c.Request().Context(), al.ID, to, session.By(c))
		return err
	}),
	"resolve": onAlert(func(a *Admin, c echo.Context, al models.Alert) error {
		_, err := a.DB.ResolveAlert(c.Request().Context(), al.ID, c.FormValue("note"), session.By(c))
		return err
	}),
	"undo-acknowledge": onAlert(func(a *Admin, c echo.Context, al models.Alert) error {
		if al.Status != alert.Acknowledged || al.AckBy != session.By(c).UserID {
			return models.ErrConflict
		}
		_, err := a.DB.UnacknowledgeAlert(c.Request().Context(), al.ID, session.By(c))
		return err
	}),
	"undo-snooze":  undoMine(alert.Snooze),
	"undo-assign":  undoMine(alert.Assign),
	"undo-resolve": undoMine(alert.Resolve),
}

// undoMine takes back the newest act of that kind which is the person's own.
func undoMine(verb alert.Verb) bulkAct {
	return onAlert(func(a *Admin, c echo.Context, al models.Alert) error {
		undone, me := alert.Undone(al.Acts), session.By(c).UserID
		for _, act := range slices.Backward(al.Acts) {
			if act.Verb == verb && act.By == me && !undone[act.ID] {
				_, err := a.DB.UndoAlertAct(c.Request().Context(), al.ID, act.ID, session.By(c))
				return err
			}
		}
		return models.ErrConflict
	})
}

// onAlert reads the alert before the act.
func onAlert(do func(*Admin, echo.Context, models.Alert) error) bulkAct {
	return func(a *Admin, c echo.Context, id int64) (bool, error) {
		al, err := a.DB.Alert(c.Request().Context(), id)
		if err == nil {
			err = do(a, c, al)
		}
		_, taken := errors.AsType[*alert.Conflict](err)
		if taken || errors.Is(err, models.ErrConflict) || errors.Is(err, models.ErrNotFound) {
			return false, nil
		}
		return err == nil, err
	}
}

// alertIDs are ids of alerts, each once; a text may hold several.
func alertIDs(texts []string) (ids []int64) {
	for text := range strings.FieldsSeq(strings.Join(texts, " ")) {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 && len(ids) < bulkAlerts && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// bulkDone is what was just done to several, from the address.
func bulkDone(v url.Values) (b views.AlertBulk) {
	if do := v.Get("did"); bulkActs["undo-"+do] != nil {
		if ids := alertIDs(v["of"]); len(ids) > 0 {
			b = views.AlertBulk{Act: do, IDs: ids}
		}
	}
	return b
}
