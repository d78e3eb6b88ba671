package admin

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
)

// A draft is a flow with the rules that the designer shows: the draft, else what is published, else what a new draft
// starts from.
type draft struct {
	flow  models.Flow
	json  *flowjson.Flow // nil without a Flow JSON
	doc   rules.Document
	was   rules.Document // doc as it was read, with the same rules of screens; saving tells what changed since
	said  string         // what the person did, in words; "": what Diff says
	set   models.RuleSet // Version 0: nothing saved as a draft
	lists map[string]*rules.List
	ways  ways // of doc as it was read
}

func newRuleID() string { return strings.ToLower(rand.Text()[:10]) }

// draft reads the flow of the path with its rules and all lists.
func (a *Admin) draft(c echo.Context) (d draft, err error) {
	if d, err = a.ruleDraft(c); err != nil {
		return d, err
	}
	d.lists, err = a.lists(c.Request().Context())
	return d, err
}

// ruleDraft is draft without the lists, for the form of one rule.
func (a *Admin) ruleDraft(c echo.Context) (d draft, err error) {
	ctx := c.Request().Context()
	if d.flow, err = a.DB.Flow(ctx, c.Param("flow")); err != nil {
		return d, err
	}
	if d.json, err = a.flowJSON(ctx, d.flow.ID); err != nil {
		return d, err
	}
	d.set, err = a.DB.DraftRules(ctx, d.flow.ID)
	switch {
	case errors.Is(err, models.ErrNotFound):
		d.doc, err = rules.EmptyFor(d.json), nil
	case err != nil:
		return d, err
	default:
		d.doc, d.ways = a.drafts.document(d.flow.ID, d.set.Document)
	}
	if d.doc.Opening == nil {
		d.doc.Opening = rules.EmptyFor(d.json).Opening
	}
	d.was = d.doc
	d.was.Screens, d.was.Opening = maps.Clone(d.doc.Screens), own(d.doc.Opening)
	return d, err
}

func (a *Admin) flowJSON(ctx context.Context, flowID int64) (*flowjson.Flow, error) {
	kept, err := a.DB.NewestFlowJSON(ctx, flowID)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return a.drafts.flow(flowID, kept.Raw), nil
}

// lists are all lists with their rows. They are shared and must not be changed.
func (a *Admin) lists(ctx context.Context) (map[string]*rules.List, error) {
	rows, err := a.DB.Lists(ctx)
	if err != nil {
		return nil, err
	}
	lists := make(map[string]*rules.List, len(rows))
	for _, r := range rows {
		list, err := a.withRows(ctx, r)
		if err != nil {
			return nil, err
		}
		if list != nil {
			lists[r.Name] = list
		}
	}
	return lists, nil
}

// withRows is a list with its rows; nil when it was deleted meanwhile. It is shared and must not be changed.
func (a *Admin) withRows(ctx context.Context, row models.ListRow) (*rules.List, error) {
	if list, kept := a.drafts.list(row); kept {
		return list, nil
	}
	whole, err := a.DB.List(ctx, row.Name)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return a.drafts.keepList(whole), nil
}

// listNamed is withRows of the list of that name among all; nil when there is none.
func (a *Admin) listNamed(ctx context.Context, all []models.ListRow, name string) (*rules.List, error) {
	i := slices.IndexFunc(all, func(l models.ListRow) bool { return l.Name == name })
	if i < 0 {
		return nil, nil
	}
	return a.withRows(ctx, all[i])
}

// at is the rules of a place, made when there are none; ok is false for a place that neither flow nor document has.
func (d draft) at(place string) (s *rules.ScreenRules, ok bool) {
	if place == "opening" {
		return d.doc.Opening, true
	}
	if s := d.doc.Screens[place]; s != nil {
		d.doc.Screens[place] = own(s)
		return d.doc.Screens[place], true
	}
	if d.json == nil || d.json.Screen(place) == nil {
		return nil, false
	}
	s = &rules.ScreenRules{Rules: []rules.Rule{}, Otherwise: &rules.Outcome{Stay: &rules.Stay{}}}
	d.doc.Screens[place] = s
	return s, true
}

func indexOf(s *rules.ScreenRules, id string) int {
	return slices.IndexFunc(s.Rules, func(r rules.Rule) bool { return r.ID == id })
}

// rulesPage is the page of the draft; refused says why a change was not made.
func (a *Admin) rulesPage(c echo.Context, d draft, problems []rules.Problem, refused string) (p views.RulesPage, err error) {
	if d.json == nil {
		problems = nil // the page has nothing to show them at
	}
	ctx := c.Request().Context()
	p = views.RulesPage{Page: a.page(c, d.flow.Name+" rules"), Flow: d.flow, JSON: d.json, Doc: d.doc, Draft: d.set.Version > 0, Edit: d.set.Edit, Problems: problems, ByPlace: views.ProblemsByPlace(problems), Refused: refused}
	if p.Can.Operator {
		p.Fixes = a.fixes(d, problems, a.instanceZone(c))
	}
	if p.Published, err = a.DB.PublishedRules(ctx, d.flow.ID); err != nil && !errors.Is(err, models.ErrNotFound) {
		return p, err
	}
	if p.Versions, err = a.DB.RuleSets(ctx, d.flow.ID); err != nil {
		return p, err
	}
	p.Zoom = c.QueryParam("zoom")
	week := models.Time{Time: a.Now().AddDate(0, 0, -7)}
	if p.Hits, err = a.DB.RuleHits(ctx, d.flow.ID, week); err != nil {
		return p, err
	}
	if p.FixedHits, err = a.DB.FixedHits(ctx, d.flow.ID, week); err != nil {
		return p, err
	}
	if p.History, err = a.DB.DraftHistory(ctx, d.flow.ID); err != nil {
		return p, err
	}
	p.Here, err = a.arrive(c, d, "", "")
	return p, err
}
