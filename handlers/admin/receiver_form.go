package admin

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/alert"
)

// receiverFromForm fills in what the form says; address is "" when the one that is kept stays.
func (a *Admin) receiverFromForm(c echo.Context, r models.Receiver) (_ models.Receiver, address string, err error) {
	form, err := c.FormParams()
	if err != nil {
		return r, "", echo.NewHTTPError(http.StatusBadRequest)
	}
	r.Name = form.Get("name")
	r.Moments, r.Kinds, r.Flows, r.Hours.Days = nil, nil, nil, nil
	for _, m := range form["moments"] {
		r.Moments = append(r.Moments, models.Moment(m))
	}
	for _, k := range form["kinds"] {
		r.Kinds = append(r.Kinds, alert.Kind(k))
	}
	for _, id := range form["flows"] {
		if n, err := strconv.ParseInt(id, 10, 64); err == nil {
			r.Flows = append(r.Flows, n)
		}
	}
	for _, d := range form["days"] {
		r.Hours.Days = append(r.Hours.Days, numberOf(d))
	}
	r.Severity, r.Forgotten = alert.Severity(numberOf(form.Get("severity"))), numberOf(form.Get("forgotten"))
	r.Hours.From, r.Hours.To = minuteOf(form.Get("from")), minuteOf(form.Get("to"))
	r.Hours.Zone, r.Urgent = strings.TrimSpace(form.Get("timezone")), form.Get("urgent") == "1"
	r.Hourly, r.Daily = numberOf(form.Get("hourly")), numberOf(form.Get("daily"))
	address, r.Place, err = a.addressFromForm(c, r, strings.TrimSpace(form.Get("address")))
	return r, address, err
}

// addressFromForm reads an address of the receiver's channel, refuses one that nothing may be sent to, and says what may
// be shown of it.
func (a *Admin) addressFromForm(c echo.Context, r models.Receiver, text string) (address, place string, err error) {
	switch {
	case text == "" && r.ID != 0 && r.Channel == models.Chat:
		return "", r.Place, nil
	case r.Channel == models.Email:
		return models.ParseMailAddresses(text)
	case r.Channel == models.Chat:
		if address, place, err = a.ParseChat(text); err != nil {
			err = &models.Invalid{Field: "address", Message: err.Error()}
		}
		return address, place, err
	}
	u, err := url.Parse(text)
	if err != nil || !strings.HasPrefix(text, "http") || len(text) > 2000 {
		return "", "", &models.Invalid{Field: "address", Message: "Write a whole address such as https://example.com/hook."}
	}
	if err := a.CheckAddress(c.Request().Context(), u); err != nil {
		return "", "", &models.Invalid{Field: "address", Message: err.Error()}
	}
	return text, u.Host, nil
}

// numberOf is a number, -1 for anything else: refused with the words that a wrong number gets.
func numberOf(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return -1
	}
	return n
}

// minuteOf is the minute of the day of a time such as 08:00; "" is midnight, anything else -1.
func minuteOf(text string) int {
	if text = strings.TrimSpace(text); text == "" {
		return 0
	}
	hour, minute, ok := strings.Cut(text, ":")
	h, m := numberOf(hour), numberOf(minute)
	if !ok || h < 0 || h > 23 || m < 0 || m > 59 {
		return -1
	}
	return h*60 + m
}
