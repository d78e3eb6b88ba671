package admin

import (
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/rules"
	"switchyard/views"
)

// namedList finds the lists that an expression names.
var namedList = regexp.MustCompile(`(?:list|lookup)\(\s*['"]([a-z][a-z0-9_]*)['"]`)

// mostPreview is how much of a previewed value is shown.
const mostPreview = 200

// preview shows what values that are not constants are with sample answers.
func (a *Admin) preview(c echo.Context, d draft, p *views.RuleFormPage, all []models.ListRow) error {
	data, params := previewed(p.Form.Outcome.Data), previewed(p.Form.Outcome.Params)
	if len(data)+len(params) == 0 {
		return nil
	}
	lists, err := a.listsIn(c, all, data, params)
	if err != nil {
		return err
	}
	zone := a.instanceZone(c)
	if len(params) > 0 {
		got := rules.Preview(rules.Outcome{Finish: &rules.Finish{Params: params}}, p.Place, d.json, lists, zone, a.Now())
		setPreviews(p.Form.Outcome.Params, got.Params)
	}
	if len(data) > 0 {
		outcome := rules.Outcome{Go: p.Form.Outcome.Target(p.Place), Data: data}
		got := rules.Preview(outcome, p.Place, d.json, lists, zone, a.Now())
		setPreviews(p.Form.Outcome.Data, got.Data)
	}
	return nil
}

// previewed are the values that have something to preview, by key.
func previewed(inputs []views.DataInput) map[string]any {
	values := map[string]any{}
	for _, in := range inputs {
		if isPicked(in) || in.IsTemplate() && in.Fault == nil {
			if v, problem := sourced(in); problem == "" && in.Key != "" {
				values[in.Key] = v
			}
		}
	}
	return values
}

func setPreviews(inputs []views.DataInput, got map[string]any) {
	for i := range inputs {
		in := &inputs[i]
		v, has := got[in.Key]
		if !has || in.Fault != nil || !isPicked(*in) && !in.IsTemplate() {
			continue
		}
		in.Preview = valueText(v)
		if in.Preview == "" {
			in.Preview = "(empty)"
		}
		if r := []rune(in.Preview); len(r) > mostPreview {
			in.Preview = string(r[:mostPreview]) + "…"
		}
	}
}

// listsIn are those of all lists that the values name, with their rows.
func (a *Admin) listsIn(c echo.Context, all []models.ListRow, values ...map[string]any) (map[string]*rules.List, error) {
	lists := map[string]*rules.List{}
	for _, m := range values {
		for _, v := range m {
			text, _ := v.(string)
			if !strings.Contains(text, "list(") && !strings.Contains(text, "lookup(") {
				continue
			}
			for _, found := range namedList.FindAllStringSubmatch(text, -1) {
				if lists[found[1]] != nil {
					continue
				}
				list, err := a.listNamed(c.Request().Context(), all, found[1])
				if err != nil {
					return nil, err
				}
				if list != nil {
					lists[found[1]] = list
				}
			}
		}
	}
	return lists, nil
}
