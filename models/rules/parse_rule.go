package rules

import "strconv"

// MaxDepth is how deep a condition may be nested, itself counted.
const MaxDepth = 32

// maxConditionNodes is how many parts a condition may have.
const maxConditionNodes = 500

func (p *docParser) condition(v any, path string, depth int) Condition {
	var c Condition
	if depth > MaxDepth {
		p.tell("limit", path, "The condition is nested more than %d deep. Split the rule.", MaxDepth)
		return c
	}
	o, ok := p.object(v, path, "all", "any", "not", "field", "op", "value", "formula")
	if !ok {
		return c
	}
	c.All, c.Any = p.conditions(o, "all", path, depth), p.conditions(o, "any", path, depth)
	if not, has := o.values["not"]; has {
		inner := p.condition(not, path+"/not", depth+1)
		c.Not = &inner
	}
	c.Field, c.Op, c.Formula = p.text(o, "field", path), Op(p.text(o, "op", path)), p.text(o, "formula", path)
	if value, has := o.values["value"]; has {
		c.Value = plain(value)
	}
	return c
}

func (p *docParser) conditions(o *object, key, path string, depth int) *[]Condition {
	if _, has := o.values[key]; !has {
		return nil
	}
	out := []Condition{}
	for i, v := range p.list(o, key, path) {
		out = append(out, p.condition(v, join(path, key, strconv.Itoa(i)), depth+1))
	}
	return &out
}

func (p *docParser) outcome(v any, path string) *Outcome {
	var out Outcome
	o, ok := p.object(v, path, "go", "data", "stay", "finish", "expire")
	if !ok {
		return &out
	}
	out.Go, out.Data = p.text(o, "go", path), p.values(o, "data", path)
	if v, has := o.values["stay"]; has {
		out.Stay = p.stay(v, path+"/stay")
	}
	if v, has := o.values["finish"]; has {
		out.Finish = &Finish{}
		if fo, ok := p.object(v, path+"/finish", "params"); ok {
			out.Finish.Params = p.values(fo, "params", path+"/finish")
		}
	}
	if v, has := o.values["expire"]; has {
		out.Expire = &Expire{}
		if eo, ok := p.object(v, path+"/expire", "message"); ok {
			out.Expire.Message = p.text(eo, "message", path+"/expire")
		}
	}
	return &out
}

func (p *docParser) stay(v any, path string) *Stay {
	s := &Stay{}
	o, ok := p.object(v, path, "error", "errors", "data")
	if !ok {
		return s
	}
	s.Error, s.Data = p.text(o, "error", path), p.values(o, "data", path)
	if v, has := o.values["errors"]; has {
		if eo, ok := p.object(v, path+"/errors"); ok {
			s.Errors = make(map[string]string, len(eo.keys))
			for _, k := range eo.keys {
				s.Errors[k] = p.text(eo, k, path+"/errors")
			}
		}
	}
	return s
}
