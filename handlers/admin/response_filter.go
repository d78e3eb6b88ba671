package admin

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/filter"
	"switchyard/models/flowjson"
	"switchyard/views"
)

// A found is a filter of the list as it was read from an address.
type found struct {
	query  views.ResponseQuery
	filter models.ResponseFilter
	flow   models.Flow
	reader views.Answers // of the flow
	where  filter.Condition
	names  models.TriageNames
	errs   formErrors // what could not be read, and was left out
	at     int        // which row of the list the page begins with, as its address says
}

// responseFilter reads the filter of the list from the parameters of an address. Dates are whole days of the person's
// zone, both ends included.
func (a *Admin) responseFilter(c echo.Context, v url.Values, zone *time.Location) (found, error) {
	return a.filterFor(c.Request().Context(), me(c), v, zone)
}

// filterFor is responseFilter for whoever it is that asks, also when no page does.
func (a *Admin) filterFor(ctx context.Context, u models.User, v url.Values, zone *time.Location) (f found, err error) {
	f.query = views.ResponseQuery{Flow: v.Get("flow"), State: v.Get("state"), From: v.Get("from"), To: v.Get("to"), Text: v.Get("q"), Tests: v.Get("tests") == "1",
		Contacts: idsIn(v["contact"], maxContacts)}
	q := &f.query
	f.filter = models.ResponseFilter{Text: q.Text, Tests: q.Tests, NamesOnly: !u.Role.May(models.Support), Contacts: q.Contacts}
	if err := a.flowOf(ctx, &f); err != nil {
		return f, err
	}
	switch s := models.ResponseState(q.State); s {
	case "", models.Complete, models.Unreadable, models.UnmatchedResponse:
		f.filter.State = s
	default:
		f.wrong("state", "There is no state “"+q.State+"”. Choose one of the list.")
		q.State = ""
	}
	if bad := formErrorsOf(models.CheckSearch(q.Text)); bad != nil {
		f.wrong("q", bad[0].Message)
		f.filter.Text = ""
	}
	f.filter.From, q.From, f.errs = day(q.From, "from", 0, zone, f.errs)
	f.filter.To, q.To, f.errs = day(q.To, "to", 1, zone, f.errs)
	f.readPeriod(v.Get("last"), a.Now(), zone)
	names, err := a.DB.TriageNames(ctx)
	if err != nil {
		return f, err
	}
	f.readFollowUp(v, names, u.ID)
	q.Shown = v.Get("show") == views.ShowDistribution
	if err := a.readOutcome(ctx, &f, v.Get("outcome")); err != nil {
		return f, err
	}
	f.readWhere(v.Get("w"))
	f.readSort(v.Get("sort"))
	f.filter.Before, _ = strconv.ParseInt(v.Get("before"), 10, 64)
	f.filter.After, _ = strconv.ParseInt(v.Get("after"), 10, 64)
	if at, err := strconv.Atoi(v.Get("at")); err == nil && at > 0 && at < 1e9 {
		f.at = at
	}
	return f, nil
}

func (f *found) wrong(id, message string) {
	f.errs = append(f.errs, views.FieldError{ID: id, Message: message})
}

// flowOf finds the flow of a filter, and how its answers are read.
func (a *Admin) flowOf(ctx context.Context, f *found) (err error) {
	q := &f.query
	if q.Flow == "" {
		return nil
	}
	f.flow, err = a.DB.Flow(ctx, q.Flow)
	if errors.Is(err, models.ErrNotFound) {
		f.wrong("flow", "There is no flow “"+q.Flow+"”. Choose one of the list.")
		q.Flow, f.flow = "", models.Flow{}
		return nil
	}
	if err != nil {
		return err
	}
	f.filter.FlowID = f.flow.ID
	f.reader, err = a.answersOf(ctx, f.flow.ID)
	f.reader.Mask = f.filter.NamesOnly
	if err == nil && !f.reader.Hidden.None() {
		f.reader.Nested, err = a.DB.NestedKeys(ctx, f.flow.ID)
	}
	return err
}

// readOutcome reads the outcome of the rules that is asked for.
func (a *Admin) readOutcome(ctx context.Context, f *found, asked string) error {
	switch {
	case asked == "":
		return nil
	case f.flow.ID == 0:
		f.wrong("flow", "Choose a flow to filter by its outcomes.")
		return nil
	case !f.reader.KnowsOutcome(asked):
		occurring, err := a.DB.Outcomes(ctx, f.flow.ID)
		if err != nil {
			return err
		}
		if !slices.Contains(occurring, asked) {
			f.wrong("outcome", "This flow has no outcome “"+asked+"”. Choose one of the list.")
			return nil
		}
	}
	f.filter.Outcome, f.query.Outcome = asked, asked
	return nil
}

// readWhere reads the conditions on answers.
func (f *found) readWhere(text string) {
	if text == "" {
		return
	}
	condition, err := filter.Parse(text)
	switch {
	case err != nil:
		f.wrong("filter-box", "The filter of answers (w) in the address cannot be read: "+err.Error())
		return
	case f.flow.ID == 0:
		f.wrong("flow", "Choose a flow to filter by its answers.")
		return
	}
	if message := f.forbidden(condition); message != "" {
		f.wrong("filter-box", message)
		return
	}
	f.where, f.filter.Where, f.query.Where = condition, condition, condition.String()
}

// forbidden says why one may not ask so, "" when one may: what nobody sees nobody must find out by asking.
func (f *found) forbidden(c filter.Condition) string {
	for _, p := range c.Parts {
		if message := f.forbidden(p); message != "" {
			return message
		}
	}
	o, ok := filter.OperatorOf(c.Op)
	if !ok || c.Op == filter.Empty || c.Op == filter.NotEmpty {
		return ""
	}
	if f.reader.Closed(c.Key) {
		return "The answers “" + c.Key + "” are hidden: you can only ask whether they are empty."
	}
	likePhone := func(v string) bool { return o.Compare == filter.AsNumber && digitsIn(v) >= fewestDigits }
	if f.reader.Mask && (!f.reader.Compares(c.Key) || slices.ContainsFunc(c.Values, likePhone)) {
		return "Your role does not see all of the answer “" + c.Key + "”: you can only ask whether it is empty."
	}
	return ""
}

// readSort reads the order: "received", an answer's key, or either with - in front.
func (f *found) readSort(text string) {
	name, descending := strings.CutPrefix(text, "-")
	key := strings.TrimPrefix(name, "answers.")
	switch {
	case text == "" || text == "-"+views.Received:
	case name == views.Received:
		f.filter.Ascending, f.query.Sort = true, text
	case f.flow.ID == 0:
		f.wrong("flow", "Choose a flow to sort by its answers.")
	case f.reader.Closed(key):
		f.wrong("response-tools", "The answers “"+key+"” are hidden, so the list is not sorted by them.")
	case !f.reader.Compares(key):
		f.wrong("response-tools", "Your role does not see all of the answer “"+key+"”, so the list is not sorted by it.")
	default:
		f.filter.Sort = models.Sort{Key: key, Number: f.reader.Kind(key) == flowjson.Number, Descending: descending}
		f.query.Sort = text
	}
}

// idsIn are the ids of a parameter that may be there more than once, at most so many.
func idsIn(values []string, most int) (ids []int64) {
	for _, value := range values {
		id, err := strconv.ParseInt(value, 10, 64)
		if err == nil && id > 0 && len(ids) < most {
			ids = append(ids, id)
		}
	}
	return ids
}

// day is the start of a date plus some days, and the date as the form shows it; zero and "" for none.
func day(s, field string, plus int, zone *time.Location, errs formErrors) (time.Time, string, formErrors) {
	if s == "" {
		return time.Time{}, "", errs
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 2000 || t.Year() > 2200 {
		return time.Time{}, "", append(errs, views.FieldError{ID: field, Message: "Enter a date such as 2026-11-20."})
	}
	return models.StartOfDay(t.Year(), t.Month(), t.Day()+plus, zone), s, errs
}

// flowOptions are all flows for a choice, by slug.
func (a *Admin) flowOptions(ctx context.Context) ([]views.Option, error) {
	flows, err := a.DB.Flows(ctx)
	if err != nil {
		return nil, err
	}
	options := make([]views.Option, len(flows))
	for i, f := range flows {
		options[i] = views.Option{Value: f.Slug, Label: f.Name}
	}
	return options, nil
}
