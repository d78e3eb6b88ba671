package models

import (
	"context"
	"maps"
	"slices"
	"strings"

	"switchyard/models/flowjson"
)

// A Sensitive knows which answers of a flow are hidden until somebody reveals them: those that its Flow JSON names, those
// that people marked, and those that repeat one of these. It is the one place that decides it; every page, export, filter
// and search asks it. The zero value hides nothing.
type Sensitive struct {
	keys   map[string]bool
	sealed bool
}

// SensitiveKeys hides the answers of these keys, with dots where one is inside of another.
func SensitiveKeys(keys ...string) Sensitive {
	var s Sensitive
	for _, k := range keys {
		s.add(k, true)
	}
	return s
}

// SensitiveIn is what a Flow JSON itself says, which may be nil. Sources tells which field is behind a param of a finish
// outcome, as "SCREEN.field".
func SensitiveIn(flow *flowjson.Flow, sources map[string]string) (s Sensitive) {
	if flow == nil {
		return s
	}
	for key, fields := range keyFields(flow, sources) {
		for _, f := range fields {
			if f.Sensitive {
				s.add(key, f.Kind != flowjson.Secret)
			}
		}
	}
	s.sealed = s.sealed || flow.Sensitive()
	return s
}

// keyFields are the inputs behind every key, of the params of finish outcomes too.
func keyFields(flow *flowjson.Flow, sources map[string]string) map[string][]*flowjson.Field {
	all := flow.KeyFields()
	for param, source := range sources {
		screen, name, _ := strings.Cut(source, ".")
		if f := flow.Field(screen, name); f != nil && !slices.Contains(all[param], f) {
			all[param] = append(slices.Clone(all[param]), f)
		}
	}
	return all
}

func (s *Sensitive) add(key string, sealed bool) {
	if s.keys == nil {
		s.keys = map[string]bool{}
	}
	s.keys[key] = true
	s.sealed = s.sealed || sealed
}

// With hides what either hides.
func (s Sensitive) With(other Sensitive) Sensitive {
	switch {
	case other.None():
		s.sealed = s.sealed || other.sealed
		return s
	case s.None():
		other.sealed = s.sealed || other.sealed
		return other
	}
	keys := maps.Clone(s.keys)
	maps.Copy(keys, other.keys)
	return Sensitive{keys, s.sealed || other.sealed}
}

// None tells that it hides nothing.
func (s Sensitive) None() bool { return len(s.keys) == 0 }

// Sealed tells that what the flow's visits say is stored sealed, and hidden as a whole: a value travels through rules into
// other screens and texts, where nobody finds it again. Passwords alone do not ask for that: they are stored nowhere.
func (s Sensitive) Sealed() bool { return s.sealed }

// maxSensitiveDepth bounds the dots of a path that are looked at. What lies deeper is hidden where anything is.
const maxSensitiveDepth = 20

// Hides tells whether an answer is hidden. The path is its key, and the keys of objects around it in front, with dots. A key
// hides whatever stands under it, at any depth.
func (s Sensitive) Hides(path string) bool {
	switch {
	case len(s.keys) == 0:
		return false
	case s.keys[path]:
		return true
	case strings.IndexByte(path, '.') < 0:
		return false
	case strings.Count(path, ".") > maxSensitiveDepth:
		return true
	}
	for from := 0; ; {
		for to := from; to < len(path); to++ {
			if path[to] == '.' && s.keys[path[from:to]] {
				return true
			}
		}
		if s.keys[path[from:]] {
			return true
		}
		dot := strings.IndexByte(path[from:], '.')
		if dot < 0 {
			return false
		}
		from += dot + 1
	}
}

// Hidden are the keys of answers that it hides, in part or whole, by name: for the record of who saw them.
func (s Sensitive) Hidden(answers map[string]any) (keys []string) {
	s.hidden("", answers, &keys)
	slices.Sort(keys)
	return slices.Compact(keys)
}

func (s Sensitive) hidden(prefix string, answers map[string]any, keys *[]string) {
	for k, v := range answers {
		path := prefix + k
		if s.Hides(path) {
			*keys = append(*keys, path)
			continue
		}
		items, _ := v.([]any)
		for _, item := range append(slices.Clip(items), v) {
			if o, ok := item.(map[string]any); ok {
				s.hidden(path+".", o, keys)
			}
		}
	}
}

const sqlSensitive = `SELECT flow_id, key, declared AND secret AND NOT marked FROM sensitive_answers`

// readSensitive reads what is hidden of each flow; of flow 0, which is none, whatever is of any.
func readSensitive(ctx context.Context, q querier) (map[int64]Sensitive, error) {
	rows, err := q.QueryContext(ctx, sqlSensitive)
	return sensitiveOf(rows, err)
}

// Sensitive is what is hidden of a flow's answers; of no flow (0) whatever is hidden of any.
func (db *DB) Sensitive(ctx context.Context, flowID int64) (Sensitive, error) {
	all, err := readSensitive(ctx, db.reader())
	return all[flowID], err
}
