package flowjson

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Unmet tells in sentences what is wrong with data for the screen, as a client finds it: declared keys that are missing
// or of another type, and keys that are not declared. error_message is always allowed. Numbers are json.Number or
// float64.
func (s *Screen) Unmet(data map[string]any) []string {
	var unmet []string
	for i := range s.Data {
		k := &s.Data[i]
		v, given := data[k.Name]
		switch {
		case !given:
			unmet = append(unmet, fmt.Sprintf("%s is missing.", k.Name))
		case !fits(v, &Schema{k.Type, k.Items, k.Props, k.order}):
			unmet = append(unmet, fmt.Sprintf("%s is not of the declared type, %s.", k.Name, k.Type))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(data)) {
		if s.Key(name) == nil && name != "error_message" {
			unmet = append(unmet, fmt.Sprintf("%s is not declared.", name))
		}
	}
	return unmet
}

// fits tells whether a value is of a type, at any depth. What nobody declared fits, null never does.
func fits(v any, s *Schema) bool {
	switch {
	case v == nil:
		return false
	case s == nil:
		return true
	}
	switch s.Type {
	case "string":
		_, ok := v.(string)
		return ok
	case "number", "integer":
		switch v.(type) {
		case json.Number, float64:
			return true
		}
		return false
	case "boolean":
		_, ok := v.(bool)
		return ok
	case "array":
		list, ok := v.([]any)
		return ok && !slices.ContainsFunc(list, func(e any) bool { return !fits(e, s.Items) })
	case "object":
		o, ok := v.(map[string]any)
		for name, p := range s.Props {
			e, given := o[name]
			ok = ok && given && fits(e, p)
		}
		return ok
	}
	return true
}
