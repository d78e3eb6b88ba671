package admin

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

const exportsShown = 50

// Exports lists the person's exports and links: an administrator sees everybody's, and the schedules.
func (a *Admin) Exports(c echo.Context) error {
	ctx := c.Request().Context()
	p := views.ExportsPage{Page: a.page(c, "Exports")}
	p.Section = views.SectionResponses
	of := me(c).ID
	if p.Can.Admin {
		of = 0
	}
	before, _ := strconv.ParseInt(c.QueryParam("before"), 10, 64)
	rows, err := a.DB.Exports(ctx, of, before, exportsShown+1)
	if err != nil {
		return err
	}
	p.Rows = rows[:min(len(rows), exportsShown)]
	if len(rows) > exportsShown {
		p.Older = fmt.Sprintf("%s?before=%d", views.ExportsURL, rows[exportsShown-1].ID)
	}
	if before > 0 {
		p.Newer = views.ExportsURL
	}
	if p.Links, err = a.DB.ExportLinks(ctx, of); err != nil {
		return err
	}
	if p.Can.Admin {
		if p.Schedules, err = a.schedules(c); err != nil {
			return err
		}
	}
	return render(c, http.StatusOK, views.Exports(p))
}

func (a *Admin) schedules(c echo.Context) (all []views.ScheduleRow, err error) {
	ctx := c.Request().Context()
	schedules, err := a.DB.ExportSchedules(ctx)
	if err != nil {
		return nil, err
	}
	last, err := a.DB.LastScheduled(ctx)
	if err != nil {
		return nil, err
	}
	targets, err := a.DB.Targets(ctx)
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for _, t := range targets {
		names[t.ID] = t.Name
	}
	for _, s := range schedules {
		all = append(all, views.ScheduleRow{ExportSchedule: s, Target: names[s.TargetID], Last: last[s.ID]})
	}
	return all, nil
}

// ShowExport is one export with its progress. The first look at one that is ready lets the browser fetch the file.
func (a *Admin) ShowExport(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	e, err := a.DB.Export(c.Request().Context(), id, me(c).ID)
	if err != nil {
		return err
	}
	if e.State == models.ExportReady && e.ScheduleID == 0 && !isHTMX(c) {
		c.Response().Header().Set("Refresh", "0; url="+views.ExportFileURL(e.ID))
	}
	p := views.ShowExportPage{Page: a.page(c, "Export "+strconv.FormatInt(e.ID, 10)), Export: e}
	p.Section = views.SectionResponses
	return render(c, http.StatusOK, views.ShowExport(p))
}

// CancelExport ends one of the person's own that waits or runs.
func (a *Admin) CancelExport(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	e, err := a.DB.CancelExport(c.Request().Context(), id, session.By(c))
	if err != nil {
		return err
	}
	said := "The export is cancelled. What was downloaded so far is not the whole."
	if e.State != models.ExportCancelled {
		said = "The export had ended already."
	}
	if err := a.done(c, said); err != nil {
		return err
	}
	return redirect(c, views.ExportURL(id))
}
