package admin

import (
	"regexp"
	"strconv"
	"strings"

	"switchyard/views"
)

// steps are the names of a path in an expression: .name or ["odd name"].
const steps = `((?:\.[A-Za-z_]\w*|\["(?:[^"\\]|\\.)*"\])+)`

var (
	wholeList   = regexp.MustCompile(`^\{\{\s*list\('([a-z][a-z0-9_]*)'\)\s*\}\}$`)
	wholeField  = regexp.MustCompile(`^\{\{\s*(?:(data|answers|visit)` + steps + `|(today))\s*\}\}$`)
	wholeLookup = regexp.MustCompile(`^\{\{\s*lookup\('([a-z][a-z0-9_]*)',\s*(?:(data|answers|visit)` + steps + `|(today)),\s*'([^'\\]*)'\)\s*\}\}$`)
	wholeTitle  = regexp.MustCompile(`^\{\{\s*title\('([^'\\]+)'\)\s*\}\}$`)
	oneStep     = regexp.MustCompile(`\.([A-Za-z_]\w*)|\[("(?:[^"\\]|\\.)*")\]`)
	plainName   = regexp.MustCompile(`^[A-Za-z_]\w*$`)
)

// readTemplate sorts a text with {{ }} into the sources that have controls of their own.
func readTemplate(in *views.DataInput, text string) {
	if m := wholeList.FindStringSubmatch(text); m != nil {
		in.Source, in.Value = "list:"+m[1], ""
	} else if m := wholeField.FindStringSubmatch(text); m != nil {
		in.Source, in.Value, in.Field = views.SourceField, "", pathOf(m[1], m[2], m[3])
	} else if m := wholeTitle.FindStringSubmatch(text); m != nil {
		in.Source, in.Value, in.Field = views.SourceTitle, "", m[1]
	} else if m := wholeLookup.FindStringSubmatch(text); m != nil {
		in.Source, in.Value, in.List = views.SourceLookup, "", m[1]
		in.Field, in.Column = pathOf(m[2], m[3], m[4]), m[5]
	} else if strings.Contains(text, "{{") {
		in.Source = views.SourceTemplate
	}
}

// pathOf is an expression as a field's path: data["period"].x is "period.x".
func pathOf(root, steps, today string) string {
	if today != "" {
		return today
	}
	var names []string
	if root != "data" {
		names = append(names, root)
	}
	for _, m := range oneStep.FindAllStringSubmatch(steps, -1) {
		name := m[1]
		if m[2] != "" {
			name, _ = strconv.Unquote(m[2])
		}
		names = append(names, name)
	}
	return strings.Join(names, ".")
}

// expressionOf is a field's path as an expression. A key may hold dots; only the ends of a range are below their key.
func expressionOf(path string) string {
	if path == "today" || path == "visit.started" || path == "visit.steps" || path == "visit.contact" || path == "visit.test" {
		return path
	}
	out, key := "data", strings.TrimPrefix(path, "data.")
	if rest, is := strings.CutPrefix(path, "answers."); is {
		screen, field, _ := strings.Cut(rest, ".")
		out, key = "answers"+step(screen), field
	}
	for _, end := range []string{".start-date", ".end-date"} {
		if whole, is := strings.CutSuffix(key, end); is && whole != "" {
			return out + step(whole) + step(end[1:])
		}
	}
	return out + step(key)
}

func step(name string) string {
	if plainName.MatchString(name) {
		return "." + name
	}
	return "[" + strconv.Quote(name) + "]"
}

// sourced is the value that was chosen or entered.
func sourced(in views.DataInput) (v any, problem string) {
	if list, is := strings.CutPrefix(in.Source, "list:"); is {
		return "{{ list('" + list + "') }}", ""
	}
	switch in.Source {
	case views.SourceYes, views.SourceNo:
		return in.Source == views.SourceYes, ""
	case views.SourceField:
		if in.Field == "" {
			return "", "Choose the field whose value “" + in.Key + "” gets."
		}
		return "{{ " + expressionOf(in.Field) + " }}", ""
	case views.SourceTitle:
		if in.Field == "" || strings.ContainsAny(in.Field, `'\`) {
			return "", "Choose the field whose option’s title “" + in.Key + "” gets."
		}
		return "{{ title('" + in.Field + "') }}", ""
	case views.SourceLookup:
		return lookedUp(in)
	case views.SourceRows:
		return rowsFrom(in)
	case views.SourceLines:
		return linesFrom(in)
	case views.SourceLocked:
		_, was, _ := pairOf(in.Made)
		return was, ""
	}
	return typed(in)
}

func lookedUp(in views.DataInput) (v any, problem string) {
	switch {
	case in.List == "":
		return "", "Choose the list in which “" + in.Key + "” is looked up."
	case in.Column == "":
		return "", "Choose the column that “" + in.Key + "” gets."
	case in.Field == "":
		return "", "Choose the field that names the row for “" + in.Key + "”."
	}
	return "{{ lookup('" + in.List + "', " + expressionOf(in.Field) + ", '" + in.Column + "') }}", ""
}

// typed gives a value the type that its key declares; a template stays text, its type comes out when it is rendered.
func typed(in views.DataInput) (any, string) {
	if in.Source == views.SourceTemplate {
		text := crlf.Replace(in.Value)
		switch {
		case strings.TrimSpace(text) == "":
			return text, "Write the text of “" + in.Key + "”."
		case in.Fault != nil && in.Fault.Severity == "error":
			return text, in.Fault.Message
		case in.Type != "string" && in.Type != "":
			return strings.TrimSpace(text), ""
		}
		return text, ""
	}
	if (in.Type == "number" || in.Type == "integer") && !strings.Contains(in.Value, "{{") {
		n, ok := number(in.Value)
		if !ok && in.Declared {
			return in.Value, "“" + in.Key + "” takes a number. Use a point for decimals, as in 12.5."
		}
		if ok {
			return n, ""
		}
	}
	return in.Value, ""
}
