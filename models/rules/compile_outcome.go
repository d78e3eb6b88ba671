package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"switchyard/models/flowjson"
)

// errorMessage is the data key that shows a snackbar; it needs no declaration.
const errorMessage = "error_message"

func (c *setCompiler) outcome(o *Outcome, at spot) *outcome {
	switch {
	case o.shapes() != 1, o.Stay != nil && at.screen == c.set.opening:
		return lostOutcome("It cannot be read.")
	case o.Go != "":
		before := c.harm
		c.checkTarget(o.Go, at.step("go"))
		met := c.harm.since(before)
		inherits := at.back || o.Go == at.screen.id
		data := c.data(o.Data, o.Go, inherits, at.step("data"))
		if met.any() {
			return lostOutcome(met.last)
		}
		return &outcome{kind: Goes, target: o.Go, data: data}
	case o.Stay != nil:
		stay := at.step("stay")
		return &outcome{kind: Stays, message: c.message(o.Stay.Error, stay.step("error")),
			errors: c.fieldErrors(o.Stay.Errors, stay.step("errors")), data: c.data(o.Stay.Data, at.screen.id, true, stay.step("data"))}
	case o.Finish != nil:
		return &outcome{kind: Finishes, params: c.params(o.Finish.Params, at.step("finish", "params"))}
	}
	return &outcome{kind: Expires, message: c.message(o.Expire.Message, at.step("expire", "message"))}
}

// checkTarget checks that a screen exists and that the routing model leads there.
func (c *setCompiler) checkTarget(to string, at spot) {
	flow, from := c.set.flow, at.screen
	switch {
	case flow == nil:
	case flow.Screen(to) == nil:
		c.tell(Error, "unknown-screen", at, "The screen %s does not exist in the flow. Choose another; to end the flow use “finish”.", to)
		c.unknown(to)
	case from == c.set.opening:
		if !slices.ContainsFunc(flow.Entries(), func(s *flowjson.Screen) bool { return s.ID == to }) {
			c.tell(Warning, "entry-inbound", at, "The form opens with %s, to which other screens lead. WhatsApp expects a first screen.", to)
		}
	case to == from.id || flow.RoutingModel == nil || from.flow == nil:
	case at.back && !flow.Leads(to, from.id):
		c.tell(Error, "forbidden-back", at, "Back can only lead to a screen from which the routing model leads here; %s is none.", to)
	case !at.back && !flow.Leads(from.id, to):
		c.tell(Error, "forbidden-transition", at, "The routing model has no way from %s to %s, so WhatsApp would show an error (INVALID_SCREEN_TRANSITION). %s", from.id, to, ways(flow.Routes(from.id)))
	}
}

// ways says where a screen can lead instead.
func ways(routes []string) string {
	if len(routes) == 0 {
		return "It leads nowhere: stay or finish."
	}
	return "Choose one of: " + strings.Join(routes, ", ") + "."
}

// message compiles a text that customers read.
func (c *setCompiler) message(s string, at spot) value {
	if s == "" {
		return nil
	}
	return c.compileValue(s, at)
}

func (c *setCompiler) params(m map[string]any, at spot) map[string]value {
	out := make(map[string]value, len(m))
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if name == "flow_token" {
			c.tell(Warning, "flow-token", at.step(name), "“flow_token” is added by itself. Remove it.")
			continue
		}
		out[name] = c.compileValue(m[name], at.step(name))
	}
	return out
}

func (c *setCompiler) fieldErrors(errors map[string]string, at spot) []fieldError {
	var out []fieldError
	for _, field := range slices.Sorted(maps.Keys(errors)) {
		here := at.step(field)
		fe := fieldError{field: field, text: c.message(errors[field], here)}
		if f := at.screen.flow; f != nil {
			fe.key = f.ErrorKeys[field]
			if k := f.Key(fe.key); k != nil {
				fe.object = k.Type == "object"
			} else {
				fe.key = ""
			}
			switch {
			case f.Field(field) == nil:
				c.tell(Error, "unknown-field", here, "The screen has no input “%s” at which to show an error.", field)
				c.unknown(field)
			case fe.key == "":
				c.tell(Warning, "no-error-binding", here, "The input “%s” shows no errors of its own, so the text is added to the message at the bottom.", field)
			}
		}
		out = append(out, fe)
	}
	return out
}

// compileValue compiles a value of an outcome: constants are kept, texts may hold placeholders.
func (c *setCompiler) compileValue(v any, at spot) value {
	switch v := v.(type) {
	case string:
		return c.text(v, at)
	case []any:
		out, fixed := make(listValue, len(v)), true
		for i, e := range v {
			out[i] = c.compileValue(e, at.step(itoa(i)))
			fixed = fixed && isConstant(out[i])
		}
		if !fixed {
			return out
		}
	case map[string]any:
		out, fixed := make(objectValue, len(v)), true
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out[k] = c.compileValue(v[k], at.step(k))
			fixed = fixed && isConstant(out[k])
		}
		if !fixed {
			return out
		}
	}
	return constant{tidy(v)}
}

func isConstant(v value) bool {
	_, ok := v.(constant)
	return ok
}

func (c *setCompiler) text(s string, at spot) value {
	pieces, err := split(s)
	if err != nil {
		c.tell(Error, "template", at, "%s", sentence(err))
		return lostValue{c.harm.last}
	}
	var out text
	for _, p := range pieces {
		if !p.source {
			out = append(out, constant{p.text})
			continue
		}
		f, ok := c.formula(p.text, at)
		if !ok {
			return lostValue{c.harm.last}
		}
		out = append(out, placeholder{f})
	}
	switch {
	case len(out) == 1:
		return out[0]
	case len(out) == 0:
		return constant{s}
	}
	return out
}

func sentence(err error) string {
	msg := err.Error()
	return fmt.Sprintf("%s%s.", strings.ToUpper(msg[:1]), msg[1:])
}
