package admin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

const (
	// exportSeen is how often whoever writes an export gives a sign, and hears that it was cancelled.
	exportSeen = time.Second
	// exportEnd is how long it may take to note how an export ended.
	exportEnd = 10 * time.Second
	// slowReader is how long a reader may take nothing of what was written.
	slowReader = 30 * time.Second
)

// errCancelled is an export that somebody stopped.
var errCancelled = errors.New("the export was cancelled")

// fileName says of what it is, and of which day.
func (x prepared) fileName(now time.Time) string {
	name := "responses"
	if x.flow.Slug != "" {
		name += "-" + x.flow.Slug
	}
	return name + "-" + now.In(x.plan.Location()).Format(time.DateOnly) + "." + string(x.plan.Format)
}

// DownloadExport streams an export of the person's own, once. An error after the first byte cuts the file off, so that
// nobody takes a part for the whole.
func (a *Admin) DownloadExport(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	e, err := a.DB.Export(c.Request().Context(), id, me(c).ID)
	if err != nil {
		return err
	}
	return a.sendExport(c, e, me(c), session.By(c))
}

func (a *Admin) sendExport(c echo.Context, e models.Export, u models.User, by models.By) error {
	x, err := a.prepareExport(c.Request().Context(), e.Plan, u)
	if err != nil {
		return err
	}
	err = a.runExport(c.Request().Context(), e, x, by, func() (io.Writer, func() error, error) {
		r := c.Response()
		h := r.Header()
		h.Set(echo.HeaderContentType, e.Plan.Format.Type())
		h.Set(echo.HeaderContentDisposition, `attachment; filename="`+e.File+`"`)
		h.Set(echo.HeaderXContentTypeOptions, "nosniff")
		r.WriteHeader(http.StatusOK)
		rc := http.NewResponseController(r)
		flush := func() error {
			if err := rc.SetWriteDeadline(time.Now().Add(slowReader)); err != nil {
				return err
			}
			return rc.Flush()
		}
		return deadlined{r, rc}, flush, flush()
	})
	if errors.Is(err, errCancelled) {
		panic(http.ErrAbortHandler) // half a file must not look like a whole one, but nothing failed
	}
	return err
}

// A deadlined writer waits for a slow reader anew with each write.
type deadlined struct {
	io.Writer
	rc *http.ResponseController
}

func (d deadlined) Write(p []byte) (int, error) {
	if err := d.rc.SetWriteDeadline(time.Now().Add(slowReader)); err != nil {
		return 0, err
	}
	return d.Writer.Write(p)
}

// WriteExport writes an export that nobody waits for in front of a page, of a span before the moment that it was due.
func (a *Admin) WriteExport(ctx context.Context, e models.Export, span models.ExportSpan, due time.Time, u models.User, w io.Writer) (rows int64, err error) {
	x, err := a.prepareExport(ctx, e.Plan, u)
	if err != nil {
		return 0, err
	}
	x.narrow(span, due)
	by := models.By{UserID: u.ID, Name: u.Name}
	var n atomic.Int64
	err = a.runCounted(ctx, e, x, by, &n, func() (io.Writer, func() error, error) { return w, nil, nil })
	return n.Load(), err
}

// narrow leaves the responses of a span before the moment that an export was due.
func (x *prepared) narrow(span models.ExportSpan, due time.Time) {
	from, to := span.Bounds(due, x.plan.Location())
	if !from.IsZero() && from.After(x.filter.From) {
		x.filter.From = from
	}
	if !to.IsZero() && (x.filter.To.IsZero() || to.Before(x.filter.To)) {
		x.filter.To = to
	}
}

// ExportBounds tells of which flow an export by the clock is, 0 for all, and when its responses were received; zero: open.
func (a *Admin) ExportBounds(ctx context.Context, s models.ExportSchedule, u models.User) (flowID int64, from, to time.Time, err error) {
	x, err := a.prepareExport(ctx, s.Plan, u)
	if err != nil {
		return 0, from, to, err
	}
	x.narrow(s.Span, s.DueAt.Time)
	return x.filter.FlowID, x.filter.From, x.filter.To, nil
}

func (a *Admin) runExport(ctx context.Context, e models.Export, x prepared, by models.By, open func() (io.Writer, func() error, error)) error {
	var n atomic.Int64
	return a.runCounted(ctx, e, x, by, &n, open)
}

// runCounted writes an export to what open gives once its start is in the audit log, and keeps how it ended. ErrConflict: it
// began before.
func (a *Admin) runCounted(ctx context.Context, e models.Export, x prepared, by models.By, n *atomic.Int64, open func() (io.Writer, func() error, error)) error {
	if err := a.DB.StartExport(ctx, e, by, x.audited(e)); err != nil {
		return err
	}
	going, stop := context.WithCancelCause(ctx)
	var signs sync.WaitGroup
	signs.Go(func() { a.giveSigns(going, e.ID, n, stop) })
	err := a.writeTable(going, e, x, n, open)
	cause := context.Cause(going)
	stop(nil)
	signs.Wait()
	state, reason := models.ExportDone, ""
	switch {
	case err != nil && errors.Is(cause, errCancelled):
		state, err = models.ExportCancelled, errCancelled
	case err != nil:
		state, reason = models.ExportFailed, exportReason(ctx, err)
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), exportEnd)
	defer cancel()
	ended := a.DB.EndExport(end, e.ID, state, n.Load(), reason, by)
	if err != nil {
		err = fmt.Errorf("export %d: %w", e.ID, err)
	}
	return errors.Join(err, ended)
}

// exportReason says in a sentence why an export failed.
func exportReason(ctx context.Context, err error) string {
	bad, invalid := errors.AsType[*models.Invalid](err)
	switch {
	case invalid:
		return bad.Message
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "It took longer than an hour."
	case ctx.Err() != nil, errors.Is(err, os.ErrDeadlineExceeded):
		return "The download was broken off."
	}
	return "Something went wrong while it was written."
}

func (a *Admin) writeTable(ctx context.Context, e models.Export, x prepared, n *atomic.Int64, open func() (io.Writer, func() error, error)) error {
	w, flush, err := open()
	if err != nil {
		return err
	}
	ex := views.Export{W: w, BOM: !x.plan.NoBOM, CRLF: true, Zone: x.plan.Location(), Flush: flush, Delimiter: x.plan.Delimiter, Made: a.Now()}
	_, err = ex.Table(x.plan.Format, counted(ctx, x.rows(ctx, a.DB), n), x.table)
	return errors.Join(err, context.Cause(ctx))
}

// counted counts rows as they pass, and ends with ctx.
func counted(ctx context.Context, rows iter.Seq2[models.Response, error], n *atomic.Int64) iter.Seq2[models.Response, error] {
	return func(yield func(models.Response, error) bool) {
		for r, err := range rows {
			if err == nil {
				if n.Add(1); ctx.Err() != nil {
					err = context.Cause(ctx)
				}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// giveSigns notes how far an export is until ctx ends, and stops it when it was cancelled.
func (a *Admin) giveSigns(ctx context.Context, id int64, n *atomic.Int64, stop context.CancelCauseFunc) {
	tick := time.NewTicker(exportSeen)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if errors.Is(a.DB.SeeExport(ctx, id, n.Load()), models.ErrConflict) {
				stop(errCancelled)
			}
		}
	}
}

// audited is what the audit log holds of an export: the filter without what may be a number or a word of a customer.
func (x prepared) audited(e models.Export) map[string]any {
	f := x.filter
	return map[string]any{"flow": x.flow.Slug, "state": f.State, "from": models.Time{Time: f.From}, "to": models.Time{Time: f.To}, "searched": f.Text != "",
		"conditions": f.Where.Leaves(), "contacts": len(f.Contacts), "selected": len(f.IDs), "counted": e.Total.N, "format": x.plan.Format, "columns": len(x.table.Head()),
		"link": e.LinkID, "schedule": e.ScheduleID}
}

// rows are the responses, without what is hidden unless the plan says why it is not.
func (x prepared) rows(ctx context.Context, db *models.DB) iter.Seq2[models.Response, error] {
	rows := db.EachResponse(ctx, x.filter)
	if x.plan.Reveal != "" {
		return rows
	}
	return models.HideAnswers(rows, x.hidden)
}
