package admin

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// contactShown is how many other responses and visits of a contact stand beside one.
const contactShown = 5

// Response shows one within the list that its address names: as a page, or beside that list. Opening it is remembered.
func (a *Admin) Response(c echo.Context) error {
	p, err := a.responsePage(c, true)
	if err != nil {
		return err
	}
	if err := a.besideResponse(c, &p); err != nil {
		return err
	}
	if isHTMX(c) && c.Request().Header.Get("HX-Target") == "panel" {
		return render(c, http.StatusOK, views.ResponsePanel(p))
	}
	return render(c, http.StatusOK, views.Response(p))
}

// responsePage reads one whole. opened: it is read by that.
func (a *Admin) responsePage(c echo.Context, opened bool) (p views.ResponsePage, err error) {
	ctx := c.Request().Context()
	id, err := pathID(c, "id")
	if err != nil {
		return p, err
	}
	r, err := a.DB.Response(ctx, id)
	if err != nil {
		return p, err
	}
	page := a.page(c, "Response")
	p = views.ResponsePage{Page: page, Response: r, Kept: a.Kept}
	if opened {
		if err := a.lookAt(ctx, r, session.By(c), page.Can.Support); err != nil {
			return p, err
		}
		p.Response.Unread = r.Unread && !page.Can.Support
	}
	if err := a.readResponse(ctx, &p); err != nil {
		return p, err
	}
	return p, a.readFollowed(ctx, &p, me(c).ID)
}

// lookAt remembers who opened a response. A page is worth showing while nothing can be written.
func (a *Admin) lookAt(ctx context.Context, r models.Response, by models.By, follows bool) error {
	err := a.DB.LookAt(ctx, r, by, follows)
	if errors.Is(err, models.ErrLocked) || errors.Is(err, models.ErrReadOnly) {
		return nil
	}
	return err
}

// readResponse reads what the customer said, and what is known of it.
func (a *Admin) readResponse(ctx context.Context, p *views.ResponsePage) error {
	r, mask := p.Response, !p.Can.Support
	reader, err := a.answersOf(ctx, r.FlowID)
	if err != nil {
		return err
	}
	if p.DeliveryGone, err = a.DB.DeliveryGone(ctx, r.DeliveryID); err != nil {
		return err
	}
	reader.Mask, reader.Phone, reader.Token, reader.Revealed = mask, r.Contact.Phone, r.Token, p.Revealed
	reader.Why = p.Reveal.Reason
	if reader.Files, err = a.DB.ResponseFiles(ctx, r.ID, r.VisitID); err != nil {
		return err
	}
	if reader.Titles, err = a.visitOf(ctx, p); err != nil {
		return err
	}
	if p.FlowJSONs, err = a.flowJSONsOf(ctx, r, p.Visit); err != nil {
		return err
	}
	p.Steps = reader.MaskMoments(p.Steps)
	if p.Sent, err = a.sentMoments(ctx, r.ContextID); err != nil {
		return err
	}
	if p.Found, err = a.DB.FoundBy(ctx, r); err != nil {
		return err
	}
	if p.Dismissed, err = dismissal(a.DB.ResponseDismissal(ctx, r.ID)); err != nil {
		return err
	}
	p.Contact, p.Phone = views.ContactWords(r.Contact, mask)
	p.Token, p.Raw = views.MaskToken(r.Token, mask), reader.Raw(r.Raw, r.Answers)
	if !mask && r.Contact.Phone != "" {
		p.ChatURL = views.ChatURL(r.Contact.Phone)
	}
	all := reader.Columns(slices.Collect(maps.Keys(r.Answers)))
	shown := all[:min(len(all), views.MaxAnswers)]
	p.More = len(all) - len(shown)
	for _, col := range shown {
		p.Answers = append(p.Answers, reader.View(col.Key, r.Answers[col.Key]))
	}
	p.Outcome = reader.Outcome(r.Outcome)
	p.Files = reader.OtherFiles(p.Answers)
	p.HiddenKeys = reader.HiddenKeys(r.Answers)
	p.Hides = len(p.HiddenKeys) > 0 || r.Answers == nil && r.Raw != "" && !reader.Hidden.None()
	return nil
}

// readFollowed reads what people did with it, and what else there is of its contact.
func (a *Admin) readFollowed(ctx context.Context, p *views.ResponsePage, userID int64) (err error) {
	r := p.Response
	p.Follow.Me = userID
	if p.Follow.TriageNames, err = a.DB.TriageNames(ctx); err != nil {
		return err
	}
	if p.Acts, err = a.DB.ResponseActs(ctx, r.ID); err != nil {
		return err
	}
	if p.Notes, err = a.DB.ResponseNotes(ctx, r.ID); err != nil {
		return err
	}
	if p.Reveals, err = a.DB.ResponseReveals(ctx, r.ID); err != nil {
		return err
	}
	if p.Looks, err = a.DB.Looks(ctx, r.ID); err != nil {
		return err
	}
	if r.Contact.ID == 0 {
		return nil
	}
	contacts := []int64{r.Contact.ID}
	others, err := a.DB.Responses(ctx, models.ResponseFilter{Contacts: contacts, Limit: contactShown + 1})
	if err != nil && !errors.Is(err, models.ErrTooSlow) {
		return err
	}
	p.Others = slices.DeleteFunc(others.Rows, func(o models.Response) bool { return o.ID == r.ID })
	p.Others = p.Others[:min(len(p.Others), contactShown)]
	visits, err := a.DB.Visits(ctx, models.VisitFilter{Contacts: contacts, Limit: contactShown + 1})
	p.Visits = slices.DeleteFunc(visits.Rows, func(v models.Visit) bool { return v.ID == r.VisitID })
	p.Visits = p.Visits[:min(len(p.Visits), contactShown)]
	return err
}

// besideResponse finds the responses before and after it in the list that it was opened from.
func (a *Admin) besideResponse(c echo.Context, p *views.ResponsePage) error {
	f, err := a.responseFilter(c, c.QueryParams(), p.Zone)
	if err != nil {
		return err
	}
	p.Query = f.query
	before, after, err := a.DB.ResponsesBeside(c.Request().Context(), f.filter, p.Response)
	if errors.Is(err, models.ErrTooSlow) {
		return nil
	}
	p.Before, p.After = f.query.Response(before), f.query.Response(after)
	return err
}
