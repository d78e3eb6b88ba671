package rules

import (
	"encoding/json"
	"strings"

	"switchyard/models/flowjson"
)

const (
	// maxNoteTries bounds the cases that the overlaps of one screen go through; what needs more is not noted.
	maxNoteTries = 2000
	// maxAllNoteTries bounds them for one document.
	maxAllNoteTries = 20_000
)

// overlaps notes rules of which only their order decides: some answers meet both, and what they do differs. Each rule
// gets one note at most, with such answers. An order that people mean is not noted: an earlier rule that shows
// the same screen again is a check that comes first, and a later one that holds wherever the earlier does is what is
// left when the special case is done.
func (c *setCompiler) overlaps(all []triedRule, w *world, r *reasoner, at spot) {
	if len(all) < 2 || c.notes <= 0 {
		return
	}
	for i := range all {
		o := &all[i].rule.Then
		text, _ := json.Marshal(o) // what was parsed as JSON
		all[i].does, all[i].leaves = string(text), o.Stay == nil && o.Go != at.screen.id
	}
	real := w.witness(r)
	real.left = min(real.left, c.notes)
	tries := real.left
	for i, later := range all[1:] {
		by, said := real.overlap(all[:i+1], later, w)
		if by == nil {
			continue
		}
		here := at.step("rules", itoa(later.index))
		here.about += ", " + later.name
		c.tell(Note, "overlap", here, "Answers can meet both it and %s above it, such as %s. Then %s decides.", by.name, said, by.name)
		c.others([]triedRule{*by})
	}
	c.notes -= tries - real.left
}

// overlap finds a rule above that decides for some answers which a later one meets too, and says such answers.
func (r *reasoner) overlap(above []triedRule, later triedRule, w *world) (*triedRule, string) {
	rival := func(t triedRule) bool { return t.leaves && t.does != later.does }
	var rivals, others, before []*claim
	for _, t := range above {
		if rival(t) {
			rivals = append(rivals, t.claim)
		} else {
			others = append(others, t.claim)
		}
	}
	if len(rivals) == 0 || r.reaches(both(later.claim, &claim{form: isAny, parts: rivals}), others) == never {
		return nil, ""
	}
	for i, t := range above {
		if rival(t) && r.reaches(both(later.claim, t.claim), before) == can {
			said := r.say(w)
			if r.reaches(t.claim, append(before[:len(before):len(before)], later.claim)) == can {
				return &above[i], said
			}
		}
		before = append(before, t.claim)
	}
	return nil, ""
}

func both(a, b *claim) *claim { return &claim{form: isAll, parts: []*claim{a, b}} }

// say tells the case at hand: “Age = 17 and Plan = Gold”.
func (r *reasoner) say(w *world) string {
	var said []string
	for i, row := range r.chosen {
		if row >= 0 {
			said = append(said, w.sayOne(r.fields[i].name, r.fields[i].says[row]))
		}
	}
	return joinWords(said)
}

func (w *world) sayOne(field string, v any) string {
	by := speaker{w.at.screen.id, w.c.set.flow}
	label := by.field(field)
	_, key := w.sent(field)
	s, isText := v.(string)
	b, isYes := v.(bool)
	list, isList := v.([]any)
	switch {
	case isEmpty(v), isList && len(list) == 0:
		return label + " is empty"
	case isYes && b:
		return label + " = yes"
	case isYes:
		return label + " = no"
	case isText && strings.HasPrefix(s, otherText):
		return label + " = something else"
	case isText && (key.Kind == flowjson.Text || key.Kind == flowjson.Secret) && by.title(field, s) == "":
		return label + " = “" + s + "”"
	}
	return label + " = " + by.value(field, v)
}

// joinWords is a list in a sentence.
func joinWords(some []string) string {
	if n := len(some); n > 1 {
		return strings.Join(some[:n-1], ", ") + " and " + some[n-1]
	}
	return strings.Join(some, "")
}
