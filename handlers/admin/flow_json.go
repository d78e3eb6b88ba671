package admin

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/views"
	"switchyard/web/session"
)

const maxFlowJSON = 10 << 20

// newSecret is 130 random bits as text that survives copying.
func newSecret() string { return rand.Text() }

// keptJSON is the newest Flow JSON with what is wrong with it; all zero when there is none.
func (a *Admin) keptJSON(ctx context.Context, flowID int64) (kept models.FlowJSON, flow *flowjson.Flow, problems []flowjson.Problem, err error) {
	kept, err = a.DB.NewestFlowJSON(ctx, flowID)
	if errors.Is(err, models.ErrNotFound) {
		return kept, nil, nil, nil
	}
	if err != nil {
		return kept, nil, nil, err
	}
	flow, problems = flowjson.Parse(kept.Raw)
	return kept, flow, problems, nil
}

// ImportFlowJSON takes a Flow JSON as a file or as text. One with problems is kept too, with its problems shown; only
// what is no Flow JSON at all is refused. What it changes is shown first, unless it is the first one.
func (a *Admin) ImportFlowJSON(c echo.Context) error {
	ctx := c.Request().Context()
	f, err := a.DB.Flow(ctx, c.Param("flow"))
	if err != nil {
		return err
	}
	raw, parsed, problems, err := importedJSON(c)
	if errs := formErrorsOf(err); errs != nil {
		return a.showFlow(c, http.StatusUnprocessableEntity, f, errs)
	}
	if err != nil {
		return err
	}
	kept, before, _, err := a.keptJSON(ctx, f.ID)
	if err != nil {
		return err
	}
	if before != nil && !bytes.Equal(kept.Raw, raw) && c.FormValue("carried") == "" {
		return a.previewJSON(c, f, kept, before, raw, parsed, problems)
	}
	saved, err := a.DB.SaveFlowJSON(ctx, f.ID, raw, session.By(c))
	if err != nil {
		return err
	}
	if err := a.done(c, "Flow JSON imported: "+views.ScreenCount(parsed)+"."); err != nil {
		return err
	}
	if saved.Version == 1 || saved.Version == kept.Version {
		return redirect(c, views.FlowURL(f.Slug)+"#flow-json")
	}
	return redirect(c, views.FlowJSONURL(f.Slug, saved.Version))
}

// importedJSON reads what a form brings: what it carried through the preview, a file, or text.
func importedJSON(c echo.Context) (raw []byte, flow *flowjson.Flow, problems []flowjson.Problem, err error) {
	if packed := c.FormValue("carried"); packed != "" {
		raw, err = carried(packed, maxFlowJSON)
	} else {
		raw, err = uploaded(c, "file", "text", maxFlowJSON)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	if len(raw) == 0 {
		return nil, nil, nil, &models.Invalid{Field: "file", Message: "Choose the file, or paste the Flow JSON."}
	}
	flow, problems = flowjson.Parse(raw)
	if flow == nil {
		message := "This is not a Flow JSON."
		if len(problems) > 0 {
			message = problems[0].Message
		}
		return nil, nil, nil, &models.Invalid{Field: "file", Message: message}
	}
	return raw, flow, problems, nil
}

// previewJSON shows what an import would change and break.
func (a *Admin) previewJSON(c echo.Context, f models.Flow, kept models.FlowJSON, before *flowjson.Flow, raw []byte, flow *flowjson.Flow, problems []flowjson.Problem) error {
	p := views.FlowJSONPage{
		Page: a.page(c, "What the import changes"), Flow: f, JSON: flow, Problems: problems, Current: kept.Version, Against: kept.Version,
		Summary: summaryOf(models.FlowJSON{Raw: raw}, flow, problems), Changes: flowjson.Diff(before, flow), Carried: carry(raw),
	}
	var err error
	if p.Breaks, err = a.jsonBreaks(c, f, before, flow); err != nil {
		return err
	}
	return render(c, http.StatusOK, views.FlowJSONPreview(p))
}

// uploaded is a file of a form, else the text that was pasted; Invalid when it is over the limit.
func uploaded(c echo.Context, file, text string, limit int64) ([]byte, error) {
	header, err := c.FormFile(file)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) || err == nil && header.Size == 0 {
		pasted := strings.TrimSpace(c.FormValue(text))
		if int64(len(pasted)) > limit {
			return nil, tooLarge(file, limit)
		}
		return []byte(pasted), nil
	}
	if err != nil {
		return nil, err
	}
	if header.Size > limit {
		return nil, tooLarge(file, limit)
	}
	f, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}

func tooLarge(field string, limit int64) error {
	return &models.Invalid{Field: field, Message: "The file is larger than " + views.Bytes(limit) + "."}
}
