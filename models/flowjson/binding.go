package flowjson

import "strings"

// Where a binding reads from.
const (
	fromData = "data"
	fromForm = "form"
)

// A ref is one binding: ${data.x}, ${form.x}, ${screen.ID.data.x} or ${screen.ID.form.x}.
type ref struct {
	screen string // empty for the current screen
	from   string // fromData or fromForm
	name   string // may go deeper with dots
}

// key is the part of the name that a data model declares.
func (r ref) key() string {
	key, _, _ := strings.Cut(r.name, ".")
	return key
}

func (r ref) String() string {
	if r.screen != "" {
		return "${screen." + r.screen + "." + r.from + "." + r.name + "}"
	}
	return "${" + r.from + "." + r.name + "}"
}

// maxRefs bounds the bindings of one text; the longest text that is shown has no room for more.
const maxRefs = 500

// refs lists the bindings in a text.
func refs(text string) []ref {
	var found []ref
	for len(found) < maxRefs {
		_, rest, ok := strings.Cut(text, "${")
		if !ok {
			return found
		}
		inside, after, ok := strings.Cut(rest, "}")
		if !ok {
			return found
		}
		if r, ok := parseRef(inside); ok {
			found = append(found, r)
		}
		text = after
	}
	return found
}

// binding tells whether a text is exactly one binding.
func binding(text string) (ref, bool) {
	inside, ok := strings.CutPrefix(text, "${")
	if !ok || strings.IndexByte(inside, '}') != len(inside)-1 {
		return ref{}, false
	}
	return parseRef(inside[:len(inside)-1])
}

// local is the name of the data key of the same screen that a property is bound to.
func local(n *node) (string, bool) {
	r, ok := binding(n.str())
	return r.name, ok && r.from == fromData && r.screen == ""
}

func parseRef(inside string) (ref, bool) {
	r := ref{}
	from, rest, _ := strings.Cut(inside, ".")
	if from == "screen" {
		r.screen, rest, _ = strings.Cut(rest, ".")
		from, rest, _ = strings.Cut(rest, ".")
		if r.screen == "" {
			return ref{}, false
		}
	}
	r.from, r.name = from, rest
	return r, rest != "" && (from == fromData || from == fromForm)
}

// static tells whether a text is shown as it is written.
func static(text string) bool {
	return !strings.Contains(text, "${") && !expression(text)
}

// expression tells whether a text is a nested expression, which stands in backticks.
func expression(text string) bool {
	return len(text) > 1 && text[0] == '`' && text[len(text)-1] == '`'
}

// eachText calls fn with every string in n and its path. acting tells that it stands inside an action.
func eachText(n *node, path string, acting bool, fn func(path, text string, acting bool)) {
	switch n.shape {
	case isText:
		fn(path, n.text, acting)
	case isArray:
		for i, item := range n.items {
			eachText(item, index(path, i), acting, fn)
		}
	case isObject:
		for i, key := range n.keys {
			eachText(n.items[i], below(path, key), acting || isAction(key), fn)
		}
	}
}

func isAction(key string) bool {
	return strings.HasPrefix(key, "on-") && strings.HasSuffix(key, "-action")
}
