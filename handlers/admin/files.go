package admin

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"path"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

const (
	// filePolicy lets a file do nothing, should a browser ever show it as a page.
	filePolicy = "default-src 'none'; sandbox"
	// picturePolicy is that of a picture of ours: browsers put a style of their own around it.
	picturePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
)

// storedFile is the one of the path, when its content is here. hidden: it is in a sensitive field.
func (a *Admin) storedFile(c echo.Context) (f models.File, hidden bool, err error) {
	id, err := pathID(c, "id")
	if err != nil {
		return f, false, err
	}
	ctx := c.Request().Context()
	if f, err = a.DB.File(ctx, id); err == nil && f.State != models.FileStored {
		err = models.ErrNotFound
	}
	if err != nil {
		return f, false, err
	}
	sensitive, err := a.DB.Sensitive(ctx, f.FlowID)
	return f, sensitive.Hides(f.Field), err
}

// openFile is storedFile of one that is not hidden.
func (a *Admin) openFile(c echo.Context) (models.File, error) {
	f, hidden, err := a.storedFile(c)
	if err == nil && hidden {
		err = models.ErrNotFound
	}
	return f, err
}

// DownloadFile sends a file as it came, to be saved: never to be shown.
func (a *Admin) DownloadFile(c echo.Context) error {
	f, err := a.openFile(c)
	if err != nil {
		return err
	}
	return a.sendWhole(c, f)
}

// RevealFile sends one that is hidden to whoever says why, which is recorded first.
func (a *Admin) RevealFile(c echo.Context) error {
	f, hidden, err := a.storedFile(c)
	if err != nil {
		return err
	}
	if hidden {
		r := models.Reveal{ResponseID: f.ResponseID, Reason: c.FormValue("reason"), Keys: []string{f.Field}}
		if r.ResponseID == 0 {
			r.VisitID = f.VisitID
		}
		if _, err := a.DB.AddReveal(c.Request().Context(), r, session.By(c)); err != nil {
			return err
		}
	}
	return a.sendWhole(c, f)
}

func (a *Admin) sendWhole(c echo.Context, f models.File) error {
	data, err := a.opened(c, f, "file", "file.download")
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": savedName(f)}))
	return sendFile(c, filePolicy, a.FileType(f.Type), data)
}

// SmallFile is the picture for lists that we drew of a picture. The page around it says who looks.
func (a *Admin) SmallFile(c echo.Context) error { return a.picture(c, "small", "") }

// ViewFile is the picture for looking at it that we drew of a picture.
func (a *Admin) ViewFile(c echo.Context) error { return a.picture(c, "view", "file.view") }

func (a *Admin) picture(c echo.Context, part, action string) error {
	f, err := a.openFile(c)
	if err != nil {
		return err
	}
	if !f.Picture {
		return models.ErrNotFound
	}
	data, err := a.opened(c, f, part, action)
	if err != nil {
		return err
	}
	return sendFile(c, picturePolicy, "image/jpeg", data)
}

// opened notes who opens it before it is opened; action "" notes nothing.
func (a *Admin) opened(c echo.Context, f models.File, part, action string) ([]byte, error) {
	ctx := c.Request().Context()
	if action != "" {
		if err := a.DB.Audit(ctx, session.By(c), action, f.Said(), nil); err != nil {
			return nil, err
		}
	}
	return a.OpenFile(ctx, f, part)
}

func sendFile(c echo.Context, policy, kind string, data []byte) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentSecurityPolicy, policy)
	h.Set(echo.HeaderXContentTypeOptions, "nosniff")
	return c.Blob(http.StatusOK, kind, data)
}

// savedName is the name under which a file is saved: the last part of what the phone said, without what a file's name
// must not have anywhere.
func savedName(f models.File) string {
	name := path.Base("/" + strings.ReplaceAll(f.Name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`<>:"|?*/`, r) {
			return '_'
		}
		return r
	}, name)
	if name = strings.Trim(name, ". "); name == "" || name == "_" {
		return strings.ReplaceAll(f.Said(), " ", "-")
	}
	return name
}

// RetryFile lets a file that could not be fetched be tried again.
func (a *Admin) RetryFile(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	f, err := a.DB.File(ctx, id)
	if err != nil {
		return err
	}
	said := "It is being fetched again."
	err = a.DB.RetryFile(ctx, id, session.By(c))
	if errors.Is(err, models.ErrConflict) {
		said, err = "It cannot be fetched any more.", nil
	}
	if err != nil {
		return err
	}
	if err := a.done(c, said); err != nil {
		return err
	}
	switch {
	case f.ResponseID > 0:
		return redirect(c, views.ResponseURL(f.ResponseID))
	case f.VisitID > 0:
		return redirect(c, views.VisitURL(f.VisitID))
	}
	return redirect(c, views.ResponsesURL(nil))
}

func (a *Admin) accessToken(ctx context.Context) (views.AccessToken, error) {
	if a.Fixed(models.AccessToken) {
		return views.AccessToken{Known: true, Fixed: true}, nil
	}
	token, err := a.DB.Setting(ctx, models.AccessToken)
	return views.AccessToken{Known: token != ""}, err
}

// SetAccessToken keeps the token for the Graph API, and lets files go on that wait for one.
func (a *Admin) SetAccessToken(c echo.Context) error {
	ctx := c.Request().Context()
	token := strings.TrimSpace(c.FormValue("access_token"))
	if a.Fixed(models.AccessToken) {
		return a.connectDone(c, &models.Invalid{Field: "access_token", Message: "The environment sets the access token. Change it there."}, "")
	}
	if len(token) < 20 || strings.ContainsFunc(token, unicode.IsSpace) {
		return a.connectDone(c, &models.Invalid{Field: "access_token", Message: "An access token is one long word. Copy it whole from the system user's page."}, "")
	}
	err := a.DB.SetSetting(ctx, models.AccessToken, token, session.By(c))
	if err == nil {
		err = a.DB.HurryFiles(ctx)
	}
	return a.connectDone(c, err, "Access token saved.")
}
