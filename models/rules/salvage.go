package rules

import (
	"time"

	"switchyard/models/flowjson"
)

// Salvage compiles a document that was published and can no longer run as it is, because a list, a column or a
// screen that it needs is gone. The set always runs: a condition that Compile refuses is unknown, an outcome to
// a screen that is gone shows the fallback, a value that cannot be computed is empty, and so are a missing list
// and a missing column. Decisions tell in their faults what they met. The problems are those of Compile.
func Salvage(doc Document, flow *flowjson.Flow, lists map[string]*List, zone *time.Location) (*Set, []Problem) {
	doc = whole(doc.Clone())
	return build(doc, structure(doc), flow, lists, zone)
}

// whole makes what a document must have and lacks.
func whole(d Document) Document {
	if d.Opening == nil {
		d.Opening = &ScreenRules{}
	}
	for id, s := range d.Screens {
		if s == nil {
			d.Screens[id] = &ScreenRules{}
		}
	}
	for _, s := range d.parts() {
		if s.Otherwise == nil {
			s.Otherwise = &Outcome{}
		}
	}
	return d
}

// harm counts the errors that a part of the document has met: those after which it can run with what there is,
// and those after which it cannot.
type harm struct {
	names, more int
	last        string // what the newest error says
}

func (h *harm) add(p Problem) {
	switch {
	case p.Severity != Error:
		return
	case p.Code == "unknown-list", p.Code == "unknown-column": // empty at run time
		return
	case p.Code == "unknown-field", p.Code == "unknown-screen":
		h.names++
	default:
		h.more++
	}
	h.last = p.Message
}

// since tells what was added after an earlier state.
func (h harm) since(before harm) harm {
	return harm{h.names - before.names, h.more - before.more, h.last}
}

func (h harm) any() bool { return h.names+h.more > 0 }

// A lostTest stands for a condition that Compile refuses. It is unknown, unless only names are: what is there
// all the same, because the customer still has the form of before, is compared.
type lostTest struct {
	leaf *leaf // nil: nothing to compare
	text words
	why  string
}

// lost is t, or what stands for it after errors.
func (h harm) lost(t test, text words) test {
	if !h.any() {
		return t
	}
	l := &lostTest{text: text, why: "A condition cannot be tried. " + h.last}
	if h.more == 0 {
		l.leaf, _ = t.(*leaf)
	}
	return l
}

func (l *lostTest) there(r *run) bool {
	return l.leaf != nil && l.leaf.get.get(r) != nil && (l.leaf.from == nil || l.leaf.from.get(r) != nil)
}

func (l *lostTest) eval(r *run) Truth {
	if l.there(r) {
		return l.leaf.eval(r)
	}
	r.fault(l.why)
	return Unknown
}

func (l *lostTest) explain(r *run) Trace {
	if l.there(r) {
		return l.leaf.explain(r)
	}
	return Trace{Text: l.text.String(), Truth: l.eval(r), Note: l.why}
}

// A lostValue stands for a value that Compile refuses; it is empty.
type lostValue struct{ why string }

func (l lostValue) render(r *run) any {
	r.fault("A value is sent empty. " + l.why)
	return nil
}

// lostOutcome stands for an outcome that cannot be carried out.
func lostOutcome(why string) *outcome {
	return &outcome{kind: Falls, why: "What should happen here cannot. " + why}
}
