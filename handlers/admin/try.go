package admin

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/rules"
	"switchyard/views"
)

// mostMoves is how many requests one try may have.
const mostMoves = 60

// Try shows a flow's rules, ready to be tried: nothing is asked yet.
func (a *Admin) Try(c echo.Context) error {
	t, err := a.try(c)
	if err != nil {
		return err
	}
	return a.showTry(c, http.StatusOK, t)
}

// PlayTry makes one move of a try: do=open, send-N, back, go-N or cut-N. The form carries all moves before, so
// nothing is kept here, and nothing is counted in figures.
func (a *Admin) PlayTry(c echo.Context) error {
	t, err := a.try(c)
	if err != nil {
		return err
	}
	if t.moves, err = readMoves(c.FormValue("moves")); err != nil {
		t.page.Errors = formErrorsOf(err)
		return a.showTry(c, http.StatusUnprocessableEntity, t)
	}
	if t.set == nil {
		return a.showTry(c, http.StatusOK, t)
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	t.play(len(t.moves))
	errs := t.move(c.FormValue("do"), form)
	if len(errs) > 0 {
		t.page.Errors = errs
		return a.showTry(c, http.StatusUnprocessableEntity, t)
	}
	return a.showTry(c, http.StatusOK, t)
}

// A tryRun is a try as far as it has come.
type tryRun struct {
	draft
	set    *rules.Set // nil when there is nothing to try
	now    time.Time
	moves  []tryMove
	run    *rules.Play
	given  map[string]map[string]any // by screen: the data that the phone has for it
	filled map[string]map[string]any // by screen: what was entered there, by the name of the control
	typed  map[string][]string       // a form that was refused; nil: none
	page   views.TryPage
}

// try reads what is to be tried: the draft where there is one, else or when the form says so what is published.
func (a *Admin) try(c echo.Context) (t *tryRun, err error) {
	t = &tryRun{}
	if t.draft, err = a.draft(c); err != nil {
		return nil, err
	}
	published, err := a.DB.PublishedRules(c.Request().Context(), t.flow.ID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return nil, err
	}
	t.page = views.TryPage{Page: a.page(c, "Try "+t.flow.Name), Flow: t.flow, JSON: t.json, Draft: t.draft.set.Version > 0, Published: published.Version}
	if c.FormValue("rules") == "published" && published.Version > 0 || !t.page.Draft && published.Version > 0 {
		t.page.Tries = "published"
		t.doc, _ = rules.Parse(published.Document, newRuleID)
	} else {
		t.page.Tries = "draft"
	}
	t.page.Day = strings.TrimSpace(c.FormValue("day"))
	if t.json == nil {
		return t, nil
	}
	zone := a.instanceZone(c)
	if own, err := time.LoadLocation(t.doc.Timezone); t.doc.Timezone != "" && err == nil {
		zone = own
	}
	t.now = a.Now().In(zone)
	if day, err := time.ParseInLocation(time.DateOnly, t.page.Day, zone); err == nil {
		t.now = day.Add(12 * time.Hour)
	} else {
		t.page.Day = ""
	}
	var problems []rules.Problem
	t.set, problems = rules.Salvage(t.doc, t.json, t.lists, zone)
	t.page.Broken = len(slices.DeleteFunc(problems, func(p rules.Problem) bool { return p.Severity != rules.Error }))
	return t, nil
}

// play decides the first n moves anew.
func (t *tryRun) play(n int) {
	fb := rules.Fallback{Screen: t.flow.FallbackScreen, Message: cmp.Or(t.flow.FallbackMessage, fallbackWords)}
	t.run, t.moves, t.page.Steps = rules.NewPlay(t.set, fb), t.moves[:n], nil
	t.given, t.filled = map[string]map[string]any{}, map[string]map[string]any{}
	for i, m := range t.moves {
		t.page.Steps = append(t.page.Steps, t.step(i, m))
	}
}

// fallbackWords stand for the message of a flow that has none of its own.
const fallbackWords = "Something went wrong. Please try again."

// step decides one move, and tells how.
func (t *tryRun) step(i int, m tryMove) views.TryStep {
	s := views.TryStep{Number: i + 1, Place: m.Screen, Data: m.Data}
	if m.Entered != nil {
		t.filled[t.run.Screen] = m.Entered
	}
	switch {
	case m.Do == moveOpen && m.Screen != "", m.Do == moveGo:
		t.run.Show(m.Screen)
		t.given[m.Screen] = m.Data
		s.Phone = true
		return s
	case m.Do == moveReturn:
		t.run.Return()
		s.Place, s.Back, s.Phone = t.run.Screen, true, true
		return s
	case m.Do == moveOpen:
		s.Place = "opening"
		s.Decision = t.run.Ask(rules.Request{Action: rules.Init, Data: map[string]any{}, Now: t.now})
	case m.Do == moveBack:
		s.Back = true
		s.Decision = t.run.Ask(rules.Request{Action: rules.Back, Screen: m.Screen, Data: map[string]any{}, Now: t.now})
	default:
		s.Decision = t.run.Ask(rules.Request{Action: rules.Exchange, Screen: m.Screen, Data: m.Data, Now: t.now})
	}
	if !t.run.Ended {
		t.given[s.Decision.Screen] = s.Decision.Data
	}
	return s
}

// showTry adds what comes next.
func (a *Admin) showTry(c echo.Context, status int, t *tryRun) error {
	p := &t.page
	p.Doc = t.doc
	if t.set != nil {
		if t.run == nil {
			t.play(len(t.moves))
		}
		p.Moves, p.Ended, p.Screen = jsonText(t.moves), t.run.Ended, t.run.Screen
		p.Full = len(t.moves) >= mostMoves
		t.next()
	}
	return render(c, status, views.Try(*p))
}

// cut is the number of moves that a button leaves; ok is false for other buttons.
func cut(do string, most int) (n int, ok bool) {
	rest, is := strings.CutPrefix(do, "cut-")
	n, err := strconv.Atoi(rest)
	return n, is && err == nil && n >= 0 && n <= most
}
