package admin

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/views"
)

const visitsShown = 50

// Visits lists a flow's visits, the newest first: ?before=ID pages.
func (a *Admin) Visits(c echo.Context) error {
	ctx := c.Request().Context()
	f, err := a.DB.Flow(ctx, c.Param("flow"))
	if err != nil {
		return err
	}
	json, err := a.flowJSON(ctx, f.ID)
	if err != nil {
		return err
	}
	before, _ := strconv.ParseInt(c.QueryParam("before"), 10, 64)
	visits, err := a.DB.Visits(ctx, f.ID, max(0, before), visitsShown+1)
	if err != nil {
		return err
	}
	p := views.VisitsPage{Page: a.page(c, "Visits of "+f.Name), Flow: f, Visits: visits[:min(visitsShown, len(visits))],
		Names: func(screen string) string { return views.ScreenName(json, screen) }}
	if len(visits) > visitsShown {
		p.Older = fmt.Sprintf("%s?before=%d", views.VisitsURL(f.Slug), visits[visitsShown-1].ID)
	}
	if before > 0 {
		p.Newer = views.VisitsURL(f.Slug)
	}
	return render(c, http.StatusOK, views.Visits(p))
}

// Visit shows one with its steps; what the customer entered is for support and above.
func (a *Admin) Visit(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	v, err := a.DB.Visit(ctx, id)
	if err != nil {
		return err
	}
	f, err := a.DB.FlowByID(ctx, v.FlowID)
	if err != nil {
		return err
	}
	json, err := a.flowJSON(ctx, f.ID)
	if err != nil {
		return err
	}
	steps, err := a.DB.VisitSteps(ctx, v.ID)
	if err != nil {
		return err
	}
	p := views.VisitPage{Page: a.page(c, "Visit"), Flow: f, Visit: v, Screen: views.ScreenName(json, v.Screen), Moments: views.StepMoments(steps)}
	p.Section = views.SectionFlows
	p.Token = views.MaskToken(v.Token, !p.Can.Support)
	reader := views.ReadAnswers(json, nil)
	reader.Mask, reader.Token = !p.Can.Support, v.Token
	if reader.Files, err = a.DB.ResponseFiles(ctx, 0, v.ID); err != nil {
		return err
	}
	var shown []views.AnswerView
	if p.Can.Support {
		p.Answers = screenAnswers(json, v.Answers, views.SentTitles(v.Sent), reader.Files)
		for _, s := range p.Answers {
			shown = append(shown, s.Answers...)
		}
	}
	p.Files = reader.OtherFiles(shown)
	return render(c, http.StatusOK, views.Visit(p))
}

// screenAnswers are the answers by screen, in the order of the flow.
func screenAnswers(flow *flowjson.Flow, all map[string]map[string]any, titles func(*flowjson.Field, string) string, files []models.File) []views.ScreenAnswers {
	ids := slices.Sorted(maps.Keys(all))
	if flow != nil {
		at := func(id string) int {
			return slices.IndexFunc(flow.Screens, func(s *flowjson.Screen) bool { return s.ID == id })
		}
		slices.SortStableFunc(ids, func(a, b string) int { return at(a) - at(b) })
	}
	var out []views.ScreenAnswers
	for _, id := range ids {
		reader := views.ReadAnswers(flow, nil)
		reader.Titles, reader.Files = titles, files
		s := views.ScreenAnswers{Screen: views.ScreenName(flow, id)}
		for _, col := range reader.Columns(slices.Sorted(maps.Keys(all[id]))) {
			s.Answers = append(s.Answers, reader.View(col.Key, all[id][col.Key]))
		}
		if len(s.Answers) > 0 {
			out = append(out, s)
		}
	}
	return out
}
