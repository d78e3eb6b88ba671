package admin

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// Receivers lists who hears of alerts, with how it goes with each.
func (a *Admin) Receivers(c echo.Context) error {
	ctx := c.Request().Context()
	p := views.ReceiversPage{Page: a.page(c, "Notifications")}
	var err error
	if p.Receivers, err = a.DB.Receivers(ctx); err != nil {
		return err
	}
	if p.Backlogs, err = a.DB.Backlogs(ctx); err != nil {
		return err
	}
	if p.Flows, err = a.flowNames(ctx); err != nil {
		return err
	}
	server, err := a.DB.MailServer(ctx)
	p.MailServer = server.Host
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Receivers(p))
}

// receiver is the one of the path.
func (a *Admin) receiver(c echo.Context) (models.Receiver, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return models.Receiver{}, err
	}
	return a.DB.Receiver(c.Request().Context(), id)
}

// Receiver shows one with the log of what it was sent, a page by key (?before=).
func (a *Admin) Receiver(c echo.Context) error {
	r, err := a.receiver(c)
	if err != nil {
		return err
	}
	return a.showReceiver(c, http.StatusOK, r, nil)
}

func (a *Admin) showReceiver(c echo.Context, status int, r models.Receiver, errs formErrors) error {
	ctx := c.Request().Context()
	p := views.ReceiverPage{Page: a.page(c, r.Name), Receiver: r, Errors: errs}
	all, err := a.DB.Backlogs(ctx)
	if err != nil {
		return err
	}
	p.Backlog = all[r.ID]
	if p.Flows, err = a.flowNames(ctx); err != nil {
		return err
	}
	before, _ := strconv.ParseInt(c.QueryParam("before"), 10, 64)
	more := false
	if p.Posts, more, err = a.DB.Posts(ctx, r.ID, before, 0); err != nil {
		return err
	}
	if more {
		p.Older = views.ReceiverURL(r.ID) + "?before=" + strconv.FormatInt(p.Posts[len(p.Posts)-1].ID, 10)
	}
	if before > 0 {
		p.Newer = views.ReceiverURL(r.ID)
	}
	ids := make([]int64, len(p.Posts))
	for i, post := range p.Posts {
		ids[i] = post.ID
	}
	if p.Tells, err = a.DB.PostNotifications(ctx, ids...); err != nil {
		return err
	}
	return render(c, status, views.Receiver(p))
}

// ReceiverTest says what a test sends.
func (a *Admin) ReceiverTest(c echo.Context) error {
	r, err := a.receiver(c)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.ReceiverTest(views.ReceiverTestPage{Page: a.page(c, "Test of "+r.Name), Receiver: r}))
}

// SendReceiverTest sends an invented alert and shows what came of it.
func (a *Admin) SendReceiverTest(c echo.Context) error {
	r, err := a.receiver(c)
	if err != nil {
		return err
	}
	try, err := a.TryReceiver(c.Request().Context(), r)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.ReceiverTest(views.ReceiverTestPage{Page: a.page(c, "Test of "+r.Name), Receiver: r, Try: &try}))
}

// RetryPost lets a message that was given up be tried again (post=ID).
func (a *Admin) RetryPost(c echo.Context) error {
	r, err := a.receiver(c)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(c.FormValue("post"), 10, 64)
	if err != nil {
		return models.ErrNotFound
	}
	err = a.DB.RetryPost(c.Request().Context(), r.ID, id, session.By(c))
	again := func(c echo.Context, status int, errs formErrors) error { return a.showReceiver(c, status, r, errs) }
	return a.settled(c, err, again, "It is sent again.", views.ReceiverURL(r.ID))
}

// receiverNotices are the sentences of the overview about receivers, for those who can do something about it.
func (a *Admin) receiverNotices(ctx context.Context, can views.Can) ([]views.TargetNotice, error) {
	if !can.Admin {
		return nil, nil
	}
	receivers, err := a.DB.Receivers(ctx)
	if err != nil || len(receivers) == 0 {
		return nil, err
	}
	all, err := a.DB.Backlogs(ctx)
	return views.ReceiverNotices(receivers, all), err
}
