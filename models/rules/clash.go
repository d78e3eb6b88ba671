package rules

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"switchyard/models/flowjson"
)

// Subject names the part that two people changed, as it stands in a document: “Rule 2 on Details”.
func (c Clash) Subject(doc Document, flow *flowjson.Flow) string {
	switch c.Part {
	case RulePart:
		return cmp.Or(RuleSubject(doc, c.Screen, c.RuleID, flow), "A rule "+onPlace(c.Screen, flow))
	case OrderPart:
		return "Order of the rules " + onPlace(c.Screen, flow)
	case BackPart:
		return "Going back " + fromPlace(c.Screen, flow)
	case ZonePart:
		return "Time zone"
	}
	return "Otherwise " + onPlace(c.Screen, flow)
}

// In says the part as it stands in a document: a rule as a sentence, an order as a list; “Deleted” for what is not there.
func (c Clash) In(doc Document, flow *flowjson.Flow) string {
	d, s := &differ{flow: flow, screen: c.Screen}, orNone(doc.at(c.Screen))
	switch c.Part {
	case RulePart:
		if i := slices.IndexFunc(s.Rules, func(r Rule) bool { return r.ID == c.RuleID }); i >= 0 {
			name := ""
			if s.Rules[i].Name != "" {
				name = "“" + s.Rules[i].Name + "”: "
			}
			return name + d.whole(s.Rules[i])
		}
	case OrderPart:
		var names []string
		for i, r := range s.Rules {
			names = append(names, strconv.Itoa(i+1)+" "+cmp.Or(r.Name, d.condition(r.When)))
		}
		return cut(strings.Join(names, "; "))
	case ZonePart:
		return cmp.Or(doc.Timezone, "That of the instance")
	case BackPart:
		return d.words(s.Back)
	case OtherwisePart:
		return d.words(s.Otherwise)
	}
	return "Deleted"
}

func (d *differ) words(o *Outcome) string {
	if o == nil {
		return "Deleted"
	}
	return d.outcomeWords(*o)
}

// Of are the changes that are about the part.
func (c Clash) Of(changes []Change) []Change {
	var out []Change
	for _, x := range changes {
		if x.Screen == c.Screen && x.Part == c.Part && (c.Part != RulePart || x.RuleID == c.RuleID) {
			out = append(out, x)
		}
	}
	return out
}
