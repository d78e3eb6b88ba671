package admin

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/rules"
	"switchyard/views"
)

// Visit shows one with its steps, within the list that its address names.
func (a *Admin) Visit(c echo.Context) error {
	p, err := a.visitPage(c)
	if err == nil {
		err = a.visitSteps(c.Request().Context(), &p)
	}
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Visit(p))
}

// visitPage reads all of one but its steps.
func (a *Admin) visitPage(c echo.Context) (p views.VisitPage, err error) {
	ctx := c.Request().Context()
	v, err := a.pathVisit(c)
	if err != nil {
		return p, err
	}
	p = views.VisitPage{Page: a.page(c, "Visit"), Visit: v}
	p.Outcome = v.OutcomeAt(p.Now)
	if p.Flow, err = a.DB.FlowByID(ctx, v.FlowID); err != nil {
		return p, err
	}
	if p.JSON, err = a.flowJSON(ctx, v.FlowID); err != nil {
		return p, err
	}
	if p.Runs, err = a.DB.VisitRuns(ctx, v); err != nil {
		return p, err
	}
	if p.Responses, p.Who, err = a.visitPeople(ctx, p.Runs, v.ID); err != nil {
		return p, err
	}
	if p.Reveals, err = a.DB.VisitReveals(ctx, v.ID); err != nil {
		return p, err
	}
	p.Contact, p.Phone = views.ContactWords(p.Who, !p.Can.Support)
	p.Token = views.MaskToken(v.Token, !p.Can.Support)
	return p, a.besideVisit(c, &p)
}

// visitPeople are the responses of a visit, and whose it is: the contact of its own response, else of another run's.
func (a *Admin) visitPeople(ctx context.Context, runs []models.Visit, id int64) (own []models.Response, who models.Contact, err error) {
	if own, err = a.DB.VisitResponses(ctx, id); err != nil {
		return nil, who, err
	}
	for _, r := range own {
		who = r.Contact
	}
	if who.ID != 0 {
		return own, who, nil
	}
	contacts, err := a.DB.VisitContacts(ctx, runs)
	for _, run := range runs {
		if contact, ok := contacts[run.ID]; ok {
			return own, contact, err
		}
	}
	return own, who, err
}

// visitSteps reads the steps as the role may see them.
func (a *Admin) visitSteps(ctx context.Context, p *views.VisitPage) error {
	steps, err := a.DB.VisitSteps(ctx, p.Visit.ID)
	if err != nil {
		return err
	}
	reader := views.ReadAnswers(p.JSON, nil)
	hidden, err := a.DB.Sensitive(ctx, p.Visit.FlowID)
	if err != nil {
		return err
	}
	reader.Hidden, reader.Revealed = reader.Hidden.With(hidden), p.Revealed
	reader.Why = p.Reveal.Reason
	p.Hides = reader.Hidden.Sealed()
	reader.Titles, reader.Token, reader.Phone = views.SentTitles(p.Visit.Sent), p.Visit.Token, p.Who.Phone
	reader.Mask, reader.Unsure = !p.Can.Support, !p.Can.Support
	if reader.Files, err = a.DB.ResponseFiles(ctx, 0, p.Visit.ID); err != nil {
		return err
	}
	known, published, err := a.publishedRules(ctx, p.Visit.FlowID)
	if err != nil {
		return err
	}
	look := views.StepReader{Flow: p.JSON, Slug: p.Flow.Slug, Answers: reader, Published: published, Rules: known, Can: p.Can}
	p.Steps = look.Steps(steps)
	var shown []views.AnswerView
	for _, s := range p.Steps {
		shown = append(shown, s.Entered...)
	}
	p.Files = reader.OtherFiles(shown)
	p.Story, p.Path = views.VisitStory(*p), views.VisitPath(p.JSON, p.Visit.Trail)
	return nil
}

// publishedRules are the place of each rule that runs, by its id, and the version; none when nothing is published.
func (a *Admin) publishedRules(ctx context.Context, flowID int64) (places map[string]string, version int, err error) {
	set, err := a.DB.PublishedRules(ctx, flowID)
	if errors.Is(err, models.ErrNotFound) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	places = map[string]string{}
	doc, _ := rules.Parse(set.Document, newRuleID)
	if doc.Opening != nil {
		placeRules(places, "opening", doc.Opening.Rules)
	}
	for screen, s := range doc.Screens {
		placeRules(places, screen, s.Rules)
	}
	return places, set.Version, nil
}

func placeRules(places map[string]string, place string, all []rules.Rule) {
	for _, r := range all {
		places[r.ID] = place
	}
}

// besideVisit finds the visits before and after it in the list that it was opened from.
func (a *Admin) besideVisit(c echo.Context, p *views.VisitPage) error {
	p.Section = views.SectionVisits
	q, f, _, _, err := a.visitFilter(c, c.QueryParam("flow"), p.Zone)
	if errors.Is(err, models.ErrNotFound) { // a flow that is gone
		return nil
	}
	if err != nil {
		return err
	}
	newer, older, err := a.DB.VisitsBeside(c.Request().Context(), f, p.Visit)
	p.Query, p.Newer, p.Older = q, q.Visit(newer), q.Visit(older)
	return err
}
