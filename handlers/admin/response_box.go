package admin

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/filter"
	"switchyard/views"
)

// FilterResponses takes the form of the conditions: it leads to the list that they make, or shows the form anew with one
// more, one less, or what is wrong.
func (a *Admin) FilterResponses(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	list, err := url.ParseQuery(form.Get("list"))
	if err != nil {
		return models.ErrNotFound
	}
	page := a.page(c, "Responses")
	f, err := a.responseFilter(c, list, page.Zone)
	if err != nil {
		return err
	}
	columns, err := a.tableColumns(c.Request().Context(), me(c).ID, f)
	if err != nil {
		return err
	}
	box := views.FilterBox{Open: true, Fields: f.reader.FilterFields(answerColumns(columns))}
	leaves := 0
	if box.Root = readNode(form, "", &leaves); box.Root.Join == "" {
		box.Root.Join = filter.All
	}
	do, path, _ := strings.Cut(form.Get("do"), ":")
	if do == "apply" {
		condition := conditionOf(&box.Root)
		if box.Errors = nodeErrors(box.Root, nil); len(box.Errors) == 0 {
			if err := condition.Check(); err != nil {
				box.Errors = formErrors{{Message: err.Error()}}
			} else if message := f.forbidden(condition); message != "" {
				box.Errors = formErrors{{Message: message}}
			}
		}
		if len(box.Errors) == 0 {
			f.query.Where = condition.String()
			return leave(c, f.query.List())
		}
	} else {
		changeNode(&box.Root, do, path)
	}
	fitNode(&box.Root, box)
	return a.showResponses(c, page, f, func(p *views.ResponsesPage) { p.Box = box })
}

// readNode reads the node of a path. More leaves than a filter has are left out.
func readNode(form url.Values, path string, leaves *int) (n views.FilterNode) {
	n.Path = path
	if join := filter.Join(form.Get(views.FilterName("join", path))); path == "" || join != "" {
		n.Join = filter.All
		if join == filter.Any || join == filter.None {
			n.Join = join
		}
		for i := 0; strings.Count(path, ".") < filter.MaxDepth; i++ {
			child := n.Child(i)
			if !form.Has(views.FilterName("field", child)) && !form.Has(views.FilterName("join", child)) || *leaves > filter.MaxLeaves {
				break
			}
			n.Parts = append(n.Parts, readNode(form, child, leaves))
		}
		return n
	}
	*leaves++
	n.Key = form.Get(views.FilterName("field", path))
	if asked := views.FilterName("asked", path); form.Has(asked) && form.Get(asked) != n.Key {
		return n // another answer was chosen: operator and values mean nothing now
	}
	n.Op = form.Get(views.FilterName("op", path))
	n.Values = slices.Clone(form[views.FilterName("value", path)])
	if lines := views.FilterName("lines", path); form.Has(lines) {
		n.Values = append(n.Values, strings.Split(strings.ReplaceAll(form.Get(lines), "\r", ""), "\n")...)
	}
	blank := func(v string) bool { return strings.TrimSpace(v) == "" }
	if o, _ := filter.OperatorOf(filter.Op(n.Op)); o.Min == 2 && len(n.Values) == 2 && blank(n.Values[0]) {
		return n // the end of a range stays its end
	}
	n.Values = slices.DeleteFunc(n.Values, blank)
	return n
}

// changeNode does what a button of the form says, to the node of a path.
func changeNode(root *views.FilterNode, do, path string) {
	n, parent, i := root, (*views.FilterNode)(nil), 0
	for part := range strings.SplitSeq(path, ".") {
		at, err := strconv.Atoi(part)
		if err != nil || at < 0 || at >= len(n.Parts) {
			break
		}
		n, parent, i = &n.Parts[at], n, at
	}
	if n.Path != path {
		return
	}
	switch {
	case do == "remove" && parent != nil:
		parent.Parts = slices.Delete(parent.Parts, i, i+1)
	case do == "add" && n.Join != "":
		n.Parts = append(n.Parts, views.FilterNode{})
	case do == "group" && n.Join != "":
		n.Parts = append(n.Parts, views.FilterNode{Join: filter.Any, Parts: []views.FilterNode{{}}})
	}
}

// fitNode names the nodes by where they stand now, and gives one whose answer was just chosen its first operator. A form
// without conditions has one to fill in.
func fitNode(n *views.FilterNode, box views.FilterBox) {
	if n.Path == "" && len(n.Parts) == 0 && n.Join != "" {
		n.Parts = []views.FilterNode{{}}
	}
	for i := range n.Parts {
		n.Parts[i].Path = n.Child(i)
		fitNode(&n.Parts[i], box)
	}
	if n.Join == "" && n.Key != "" && n.Op == "" {
		if ops := box.Field(n.Key).Operators(); len(ops) > 0 {
			n.Op = string(ops[0].Op)
		}
	}
}

// conditionOf is what a form says, without rows that nothing was chosen in; what is wrong stands beside its row then.
func conditionOf(n *views.FilterNode) (c filter.Condition) {
	if n.Join == "" {
		c = filter.Condition{Key: n.Key, Op: filter.Op(n.Op), Values: n.Values}
		if o, ok := filter.OperatorOf(c.Op); ok && o.Max == 0 {
			c.Values = nil
		}
		if err := c.Check(); err != nil {
			n.Error = rowError(c, err)
		}
		return c
	}
	c.Join = n.Join
	for i := range n.Parts {
		if part := &n.Parts[i]; part.Join != "" || part.Key != "" {
			if made := conditionOf(part); !made.IsZero() {
				c.Parts = append(c.Parts, made)
			}
		}
	}
	switch {
	case len(c.Parts) == 0:
		return filter.Condition{}
	case len(c.Parts) == 1 && c.Join != filter.None:
		return c.Parts[0]
	}
	return c
}

// rowError says what is wrong with a row, whose controls say the rest.
func rowError(c filter.Condition, err error) string {
	o, ok := filter.OperatorOf(c.Op)
	switch {
	case !ok:
		return "Choose an operator."
	case o.Min == 2 && (len(c.Values) < o.Min || strings.TrimSpace(c.Values[0]) == ""):
		return "Enter both ends of the range."
	case len(c.Values) < o.Min:
		return "Enter a value."
	}
	return err.Error()
}

func nodeErrors(n views.FilterNode, errs formErrors) formErrors {
	if n.Error != "" {
		errs = append(errs, views.FieldError{ID: views.FilterName("field", n.Path), Message: n.Error})
	}
	for _, p := range n.Parts {
		errs = nodeErrors(p, errs)
	}
	return errs
}
