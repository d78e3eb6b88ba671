package admin

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/views"
	"switchyard/web/session"
)

const (
	jsonsShown = 50      // versions that the page lists
	rawShown   = 1 << 20 // bytes of a Flow JSON that a page shows
)

// A knownJSONs remembers what versions are, by id: a version never changes.
type knownJSONs struct {
	mu  sync.Mutex
	all map[int64]views.FlowJSONSummary
}

func summaryOf(kept models.FlowJSON, flow *flowjson.Flow, problems []flowjson.Problem) views.FlowJSONSummary {
	s := views.FlowJSONSummary{Kept: kept, Size: int64(len(kept.Raw))}
	s.Kept.Raw = nil
	if flow != nil {
		s.Version, s.API, s.Screens = flow.Version, flow.DataAPIVersion, len(flow.Screens)
	}
	for _, p := range problems {
		if p.Severity == flowjson.Error {
			s.Errors++
		} else {
			s.Warnings++
		}
	}
	return s
}

// jsonSummary is what a version is, read once.
func (a *Admin) jsonSummary(ctx context.Context, id int64) (views.FlowJSONSummary, error) {
	a.jsons.mu.Lock()
	s, known := a.jsons.all[id]
	a.jsons.mu.Unlock()
	if known {
		return s, nil
	}
	kept, err := a.DB.FlowJSON(ctx, id)
	if err != nil {
		return s, err
	}
	flow, problems := flowjson.Parse(kept.Raw)
	s = summaryOf(kept, flow, problems)
	a.jsons.mu.Lock()
	defer a.jsons.mu.Unlock()
	if a.jsons.all == nil || len(a.jsons.all) > 1000 {
		a.jsons.all = map[int64]views.FlowJSONSummary{}
	}
	a.jsons.all[id] = s
	return s, nil
}

// FlowScreens shows what the newest Flow JSON says.
func (a *Admin) FlowScreens(c echo.Context) error {
	ctx := c.Request().Context()
	f, err := a.DB.Flow(ctx, c.Param("flow"))
	if err != nil {
		return err
	}
	p := views.FlowScreensPage{Page: a.page(c, "Screens of "+f.Name), Flow: f}
	var kept models.FlowJSON
	if kept, p.JSON, p.Problems, err = a.keptJSON(ctx, f.ID); err != nil {
		return err
	}
	p.Summary = summaryOf(kept, p.JSON, p.Problems)
	return render(c, http.StatusOK, views.FlowScreens(p))
}

// FlowJSONs lists the versions of a flow's Flow JSON.
func (a *Admin) FlowJSONs(c echo.Context) error {
	ctx := c.Request().Context()
	f, err := a.DB.Flow(ctx, c.Param("flow"))
	if err != nil {
		return err
	}
	all, err := a.DB.FlowJSONs(ctx, f.ID)
	if err != nil {
		return err
	}
	p := views.FlowJSONsPage{Page: a.page(c, "Flow JSON of "+f.Name), Flow: f, Older: max(0, len(all)-jsonsShown)}
	for _, kept := range all[:min(len(all), jsonsShown)] {
		s, err := a.jsonSummary(ctx, kept.ID)
		if err != nil {
			return err
		}
		p.Versions = append(p.Versions, s)
	}
	return render(c, http.StatusOK, views.FlowJSONs(p))
}

// jsonVersion is the version of the path's flow with that number.
func (a *Admin) jsonVersion(c echo.Context, number string) (f models.Flow, kept models.FlowJSON, err error) {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 {
		return f, kept, models.ErrNotFound
	}
	if f, err = a.DB.Flow(c.Request().Context(), c.Param("flow")); err != nil {
		return f, kept, err
	}
	kept, err = a.DB.FlowJSONVersion(c.Request().Context(), f.ID, n)
	return f, kept, err
}

// FlowJSON shows one version: the newest against the one before it, an older one against the newest, which it would replace.
func (a *Admin) FlowJSON(c echo.Context) error {
	ctx := c.Request().Context()
	f, kept, err := a.jsonVersion(c, c.Param("version"))
	if err != nil {
		return err
	}
	p := views.FlowJSONPage{Page: a.page(c, "Flow JSON of "+f.Name), Flow: f, Current: f.JSONVersion}
	p.JSON, p.Problems = flowjson.Parse(kept.Raw)
	p.Summary = summaryOf(kept, p.JSON, p.Problems)
	if p.JSON == nil {
		p.JSON = &flowjson.Flow{} // the command keeps whatever it is given
	}
	if len(kept.Raw) <= rawShown && utf8.Valid(kept.Raw) {
		p.Raw = string(kept.Raw)
	}
	p.Against = f.JSONVersion
	if kept.Version == f.JSONVersion {
		p.Against = kept.Version - 1
	}
	before, err := a.DB.FlowJSONVersion(ctx, f.ID, p.Against)
	if errors.Is(err, models.ErrNotFound) {
		p.Against = 0
		return render(c, http.StatusOK, views.FlowJSONVersion(p))
	}
	if err != nil {
		return err
	}
	if other := parsed(before.Raw); other != nil {
		p.Changes = flowjson.Diff(other, p.JSON)
		if p.Breaks, err = a.jsonBreaks(c, f, other, p.JSON); err != nil {
			return err
		}
	}
	return render(c, http.StatusOK, views.FlowJSONVersion(p))
}

// DownloadFlowJSON gives one version as it was imported.
func (a *Admin) DownloadFlowJSON(c echo.Context) error {
	f, kept, err := a.jsonVersion(c, c.Param("version"))
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+f.Slug+"-"+strconv.Itoa(kept.Version)+`.json"`)
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, kept.Raw)
}

// CompareFlowJSON shows what changed from one version to another.
func (a *Admin) CompareFlowJSON(c echo.Context) error {
	f, from, err := a.jsonVersion(c, c.QueryParam("from"))
	if err != nil {
		return err
	}
	_, to, err := a.jsonVersion(c, c.QueryParam("to"))
	if err != nil {
		return err
	}
	p := views.FlowJSONComparePage{Page: a.page(c, "Compare the Flow JSON of "+f.Name), Flow: f, From: from.Version, To: to.Version}
	if a, b := parsed(from.Raw), parsed(to.Raw); a != nil && b != nil {
		p.Changes = flowjson.Diff(a, b)
	}
	return render(c, http.StatusOK, views.FlowJSONCompare(p))
}

// RestoreFlowJSON makes an older version current again, as a new version.
func (a *Admin) RestoreFlowJSON(c echo.Context) error {
	f, kept, err := a.jsonVersion(c, c.Param("version"))
	if err != nil {
		return err
	}
	saved, err := a.DB.SaveFlowJSON(c.Request().Context(), f.ID, kept.Raw, session.By(c))
	if err != nil {
		return err
	}
	if err := a.done(c, "Version "+strconv.Itoa(kept.Version)+" is current again, as version "+strconv.Itoa(saved.Version)+"."); err != nil {
		return err
	}
	return redirect(c, views.FlowJSONURL(f.Slug, saved.Version))
}
