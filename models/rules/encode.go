package rules

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	_ "embed" // the published schema
)

// Schema is the published JSON Schema (draft 2020-12) of a document.
//
//go:embed schema.json
var Schema []byte

// Encode writes the document as indented JSON, the same bytes for the same document. It is nil only for
// values that JSON cannot hold, which Parse never makes.
func (d Document) Encode() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if enc.Encode(d.Clone()) != nil {
		return nil
	}
	return b.Bytes()
}

// Clone is a deep copy. Lists and maps that must stand in the JSON are made when missing.
func (d Document) Clone() Document {
	d.Opening = d.Opening.clone()
	screens := make(map[string]*ScreenRules, len(d.Screens))
	for id, s := range d.Screens {
		screens[id] = s.clone()
	}
	d.Screens = screens
	return d
}

func (s *ScreenRules) clone() *ScreenRules {
	if s == nil {
		return nil
	}
	c := &ScreenRules{Rules: make([]Rule, len(s.Rules)), Otherwise: s.Otherwise.clone(), Back: s.Back.clone()}
	for i, r := range s.Rules {
		r.When = r.When.clone()
		r.Then = *r.Then.clone()
		c.Rules[i] = r
	}
	return c
}

func (c Condition) clone() Condition {
	c.All, c.Any = cloneConditions(c.All), cloneConditions(c.Any)
	if c.Not != nil {
		not := c.Not.clone()
		c.Not = &not
	}
	c.Value = cloneValue(c.Value)
	return c
}

func cloneConditions(cs *[]Condition) *[]Condition {
	if cs == nil {
		return nil
	}
	out := make([]Condition, len(*cs))
	for i, c := range *cs {
		out[i] = c.clone()
	}
	return &out
}

func (o *Outcome) clone() *Outcome {
	if o == nil {
		return nil
	}
	c := *o
	c.Data = cloneMap(o.Data)
	if o.Stay != nil {
		c.Stay = &Stay{Error: o.Stay.Error, Errors: maps.Clone(o.Stay.Errors), Data: cloneMap(o.Stay.Data)}
	}
	if o.Finish != nil {
		c.Finish = &Finish{Params: cloneMap(o.Finish.Params)}
	}
	if o.Expire != nil {
		expire := *o.Expire
		c.Expire = &expire
	}
	return &c
}

func cloneMap(m map[string]any) map[string]any {
	if m == nil {
		return nil
	}
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = cloneValue(v)
	}
	return out
}

func cloneValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return cloneMap(v)
	case []any:
		out := slices.Clone(v)
		for i := range out {
			out[i] = cloneValue(out[i])
		}
		return out
	}
	return v
}
