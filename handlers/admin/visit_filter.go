package admin

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
)

// visitFilter reads the filter of the list from the URL. Dates are whole days of the person's zone, both ends included.
// What cannot be read is told in errs and left out of the filter.
func (a *Admin) visitFilter(c echo.Context, slug string, zone *time.Location) (q views.VisitQuery, f models.VisitFilter, flow models.Flow, errs formErrors, err error) {
	q = views.VisitQuery{Outcome: c.QueryParam("outcome"), Screen: word(c, "screen"), From: c.QueryParam("from"), To: c.QueryParam("to"),
		Name: c.QueryParam("name"), Faulty: c.QueryParam("faulty") == "1", Tests: c.QueryParam("tests") == "1",
		IDs: idsOf(c, "id", 100), Contacts: idsOf(c, "contact", 10)}
	if slug != "" {
		if flow, err = a.DB.Flow(c.Request().Context(), slug); err != nil {
			return q, f, flow, errs, err
		}
		q.Flow = flow.Slug
	} else {
		q.Screen = ""
	}
	switch models.Outcome(q.Outcome) {
	case "", models.VisitOpen, models.VisitAbandoned, models.VisitFinished, models.VisitExpired:
	default:
		errs = append(errs, views.FieldError{ID: "outcome", Message: "There is no such outcome. Choose one of the list."})
		q.Outcome = ""
	}
	f = models.VisitFilter{FlowID: flow.ID, Outcome: models.Outcome(q.Outcome), Screen: q.Screen, Faulty: q.Faulty, Tests: q.Tests || len(q.IDs) > 0,
		IDs: q.IDs, Contacts: q.Contacts, Name: q.Name}
	if bad := formErrorsOf(models.CheckSearch(q.Name)); bad != nil {
		errs = append(errs, views.FieldError{ID: "name", Message: bad[0].Message})
		f.Name = ""
	}
	f.From, q.From, errs = day(q.From, "from", 0, zone, errs)
	f.To, q.To, errs = day(q.To, "to", 1, zone, errs)
	f.Before, _ = strconv.ParseInt(c.QueryParam("before"), 10, 64)
	f.After, _ = strconv.ParseInt(c.QueryParam("after"), 10, 64)
	return q, f, flow, errs, nil
}

// idsOf are the ids of a parameter that may be there more than once, at most so many.
func idsOf(c echo.Context, name string, most int) (ids []int64) {
	for _, value := range c.QueryParams()[name] {
		id, err := strconv.ParseInt(value, 10, 64)
		if err == nil && id > 0 && len(ids) < most && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// fewestDigits is what a phone number has at least.
const fewestDigits = 6

func digitsIn(text string) (n int) {
	for _, r := range text {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// numberAsName tells of a number that was entered as a name: it is taken out of the address, and the person is told
// where numbers are found.
func (a *Admin) numberAsName(c echo.Context) (said bool, to string) {
	if digitsIn(c.QueryParam("name")) < fewestDigits {
		return false, ""
	}
	v := c.QueryParams()
	v.Del("name")
	to = c.Request().URL.Path
	if len(v) > 0 {
		to += "?" + v.Encode()
	}
	hint := "A name has no numbers. Numbers and tokens are found by those who may see them, in the field above the filter, so that they never stand in an address."
	return a.Sessions.Flash(c, string(views.Failed), hint) == nil, strings.TrimSuffix(to, "?")
}
