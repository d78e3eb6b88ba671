package rules

// A test is a compiled condition.
type test interface {
	// eval is the truth, found with as little work as possible.
	eval(r *run) Truth
	// explain is the truth with that of every part.
	explain(r *run) Trace
}

// A group is all or any of its parts.
type group struct {
	any   bool
	parts []test
	text  words
}

func (g *group) eval(r *run) Truth {
	t := g.start()
	for _, p := range g.parts {
		if t = g.with(t, p.eval(r)); t != Unknown && t != g.start() {
			break // settled
		}
	}
	return t
}

// start is the truth without parts: all of nothing is true, any of nothing is false.
func (g *group) start() Truth { return truthOf(!g.any) }

func (g *group) with(a, b Truth) Truth {
	if g.any {
		return max(a, b)
	}
	return min(a, b)
}

func (g *group) explain(r *run) Trace {
	trace := Trace{Text: g.text.String(), Truth: g.start(), Parts: make([]Trace, len(g.parts))}
	for i, p := range g.parts {
		trace.Parts[i] = p.explain(r)
		trace.Truth = g.with(trace.Truth, trace.Parts[i].Truth)
	}
	return trace
}

// A negation turns its part round; unknown stays unknown.
type negation struct {
	part test
	text words
}

func (n *negation) eval(r *run) Truth { return n.part.eval(r).not() }

func (n *negation) explain(r *run) Trace {
	part := n.part.explain(r)
	return Trace{Text: n.text.String(), Truth: part.Truth.not(), Got: part.Got, Note: part.Note, Parts: []Trace{part}}
}

// A leaf compares one field.
type leaf struct {
	op     Op
	get    getter
	want   any     // prepared constant
	from   *getter // or the field to compare with
	text   words
	secret bool // the value is shown to nobody
}

func (l *leaf) eval(r *run) Truth { return l.compare(r, l.get.get(r)) }

func (l *leaf) compare(r *run, got any) Truth {
	if l.from == nil {
		return apply(r, l.op, got, l.want)
	}
	want := l.from.get(r)
	if s, ok := want.(string); ok && !r.afford(len(s)/64) {
		return Unknown
	}
	if l.op != Before && l.op != After { // dates are read where they are compared
		want = prepare(l.op, want, r.zone)
	}
	return apply(r, l.op, got, want)
}

func (l *leaf) explain(r *run) Trace {
	got := l.get.get(r)
	trace := Trace{Text: l.text.String(), Truth: l.compare(r, got), Got: shown(got)}
	if l.secret && !isEmpty(got) {
		trace.Got = "•••"
	}
	if trace.Truth == Unknown {
		trace.Note = l.whyUnknown(r, got)
	}
	return trace
}

// A formulaTest is true when its formula is.
type formulaTest struct {
	formula *formula
	text    words
}

func (f *formulaTest) eval(r *run) Truth {
	t, _ := f.truth(r)
	return t
}

func (f *formulaTest) explain(r *run) Trace {
	t, note := f.truth(r)
	return Trace{Text: f.text.String(), Truth: t, Note: note}
}

func (f *formulaTest) truth(r *run) (Truth, string) {
	v, why, failed := f.formula.eval(r)
	if failed {
		r.fault("The formula " + short(f.formula.source) + ": " + why + ".")
	}
	if b, ok := toBool(v); ok {
		return truthOf(b), ""
	}
	if why == "" {
		why = "the formula gave no yes or no"
	}
	return Unknown, why
}
