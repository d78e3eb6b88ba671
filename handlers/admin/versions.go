package admin

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/rules"
	"switchyard/views"
	"switchyard/web/session"
)

// RuleVersions lists the versions of a flow's rules.
func (a *Admin) RuleVersions(c echo.Context) error { return a.showVersions(c, http.StatusOK, "") }

func (a *Admin) showVersions(c echo.Context, status int, refused string) error {
	ctx := c.Request().Context()
	f, err := a.DB.Flow(ctx, c.Param("flow"))
	if err != nil {
		return err
	}
	p := views.VersionsPage{Page: a.page(c, "Versions of "+f.Name), Flow: f, Refused: refused}
	if p.Versions, err = a.DB.RuleSets(ctx, f.ID); err != nil {
		return err
	}
	if p.Edit, err = a.DB.DraftEditNow(ctx, f.ID); err != nil {
		return err
	}
	if p.History, err = a.DB.DraftHistory(ctx, f.ID); err != nil {
		return err
	}
	if p.Hits, err = a.DB.VersionHits(ctx, f.ID, models.Time{Time: a.Now().AddDate(0, 0, -7)}); err != nil {
		return err
	}
	return render(c, status, views.Versions(p))
}

// RuleVersion shows the rules of one version, to read.
func (a *Admin) RuleVersion(c echo.Context) error {
	d, err := a.versionOf(c, c.Param("version"))
	if err != nil {
		return err
	}
	p := views.RulesPage{Page: a.page(c, "Version "+strconv.Itoa(d.set.Version)+" of "+d.flow.Name), Flow: d.flow, JSON: d.json, Doc: d.doc, Version: d.set}
	if p.Published, err = a.DB.PublishedRules(c.Request().Context(), d.flow.ID); err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	if p.Edit, err = a.DB.DraftEditNow(c.Request().Context(), d.flow.ID); err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Version(p))
}

// versionOf reads one version of the flow of the path.
func (a *Admin) versionOf(c echo.Context, version string) (d draft, err error) {
	ctx := c.Request().Context()
	n, err := strconv.Atoi(version)
	if err != nil {
		return d, models.ErrNotFound
	}
	if d.flow, err = a.DB.Flow(ctx, c.Param("flow")); err != nil {
		return d, err
	}
	if d.json, err = a.flowJSON(ctx, d.flow.ID); err != nil {
		return d, err
	}
	if d.set, err = a.DB.RuleSet(ctx, d.flow.ID, n); err != nil {
		return d, err
	}
	d.doc, _ = rules.Parse(d.set.Document, newRuleID)
	return d, nil
}

// CompareVersions tells what differs between two versions; those that the address does not name are the last two.
func (a *Admin) CompareVersions(c echo.Context) error {
	f, err := a.DB.Flow(c.Request().Context(), c.Param("flow"))
	if err != nil {
		return err
	}
	versions, err := a.DB.RuleSets(c.Request().Context(), f.ID)
	if err != nil {
		return err
	}
	older, newer := c.QueryParam("from"), c.QueryParam("to")
	if (older == "" || newer == "") && len(versions) < 2 {
		return a.showVersions(c, http.StatusOK, "")
	}
	if older == "" {
		older = strconv.Itoa(versions[1].Version)
	}
	from, err := a.versionOf(c, older)
	if err != nil {
		return err
	}
	if newer == "" {
		newer = strconv.Itoa(versions[0].Version)
	}
	to, err := a.versionOf(c, newer)
	if err != nil {
		return err
	}
	p := views.ComparePage{Page: a.page(c, "Versions of "+f.Name), Flow: f, JSON: from.json, From: from.set, To: to.set, Changes: rules.Diff(from.doc, to.doc, from.json), Versions: versions}
	return render(c, http.StatusOK, views.Compare(p))
}

// RestoreVersion makes the rules of a version the draft.
func (a *Admin) RestoreVersion(c echo.Context) error {
	f, err := a.DB.Flow(c.Request().Context(), c.Param("flow"))
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.Param("version"))
	if err != nil {
		return models.ErrNotFound
	}
	_, err = a.DB.RestoreRules(c.Request().Context(), f.ID, n, editOf(c), session.By(c))
	if errors.Is(err, models.ErrConflict) {
		return a.showVersions(c, http.StatusConflict, "Somebody else changed the draft meanwhile. Look at it, then restore again if it may be replaced.")
	}
	if err != nil {
		return err
	}
	if err := a.done(c, "Version "+strconv.Itoa(n)+" is the draft now. Customers get it when you publish; undo brings back what the draft held."); err != nil {
		return err
	}
	return redirect(c, views.RulesURL(f.Slug))
}
