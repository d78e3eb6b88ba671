package admin

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
)

// jsonBreaks says what a Flow JSON does to the draft and to what is published: what they use that is gone, and the
// problems that they did not have with the one before.
func (a *Admin) jsonBreaks(c echo.Context, f models.Flow, before, after *flowjson.Flow) (b views.JSONBreaks, err error) {
	ctx := c.Request().Context()
	sets, err := a.usedSets(ctx, f.ID)
	if err != nil || len(sets) == 0 {
		return b, err
	}
	lists, err := a.lists(ctx)
	if err != nil {
		return b, err
	}
	b.Gone = goneFrom(f, before, after, sets)
	zone := a.instanceZone(c)
	at := map[[3]string]int{}
	for _, set := range sets {
		_, had := rules.Compile(set.doc, before, lists, zone)
		_, has := rules.Compile(set.doc, after, lists, zone)
		known := map[[3]string]bool{}
		for _, p := range had {
			known[problemKey(p)] = true
		}
		for _, p := range has {
			if known[problemKey(p)] {
				continue
			}
			i, told := at[problemKey(p)]
			if !told {
				i, at[problemKey(p)] = len(b.Problems), len(b.Problems)
				b.Problems = append(b.Problems, views.RuleProblem{Problem: p})
			}
			b.Problems[i].Published = b.Problems[i].Published || set.published
			b.Problems[i].Draft = b.Problems[i].Draft || !set.published
		}
	}
	return b, nil
}

// problemKey is what makes two problems of two compilings the same.
func problemKey(p rules.Problem) [3]string { return [3]string{p.Code, p.Path, p.Message} }

// A thing is what a use is about, whoever uses it.
type thing struct {
	kind                 rules.UseKind
	screen, name, column string
	from                 string // of a way between screens: where it begins
}

// goneFrom lists what rules use and what one Flow JSON has and the other has not, each with the rules.
func goneFrom(f models.Flow, before, after *flowjson.Flow, sets []usedSet) []views.JSONBreak {
	var things []thing
	seen := map[thing]bool{}
	for _, set := range sets {
		for _, u := range set.uses {
			t := thing{kind: u.Kind, screen: u.Screen, name: u.Name, column: u.Column}
			if u.Kind == rules.UsesScreen && u.RuleID != "back" {
				t.from = u.Place
			}
			if !seen[t] && lost(before, after, t) {
				things = append(things, t)
			}
			seen[t] = true
		}
	}
	var gone []views.JSONBreak
	for _, t := range things {
		uses := rulesUsing(f, after, sets, func(u rules.Use) bool {
			return u.Kind == t.kind && u.Screen == t.screen && u.Name == t.name && u.Column == t.column && (t.from == "" || u.Place == t.from)
		})
		gone = append(gone, views.JSONBreak{Text: views.GoneWords(len(uses), thingWords(before, after, t)), Uses: uses})
	}
	return gone
}

// lost tells whether one Flow JSON has what a rule uses and the next has not. What stood on a screen that is gone is not
// told beside the screen.
func lost(before, after *flowjson.Flow, t thing) bool {
	a, b := before.Screen(t.screen), after.Screen(t.screen)
	switch {
	case a == nil, t.kind == rules.UsesRows:
		return false
	case t.kind == rules.UsesScreen:
		return b == nil || leads(before, t) && !leads(after, t) && after.Screen(t.from) != nil
	case b == nil:
		return false
	case t.kind == rules.UsesKey:
		return a.Key(t.name) != nil && b.Key(t.name) == nil
	case t.kind == rules.UsesOption:
		return offers(a, t) && !offers(b, t) && !lost(before, after, thing{kind: rules.UsesField, screen: t.screen, name: t.name})
	}
	if sends(a, t.name) != nil {
		return sends(b, t.name) == nil
	}
	return a.Field(t.name) != nil && b.Field(t.name) == nil
}

func leads(f *flowjson.Flow, t thing) bool {
	return t.from == "" || t.from == t.screen || f.RoutingModel == nil || f.Screen(t.from) == nil || f.Leads(t.from, t.screen)
}

// sends finds what a screen submits by its name, or the object of which the name is a part.
func sends(s *flowjson.Screen, name string) *flowjson.SentKey {
	whole, _, _ := strings.Cut(name, ".")
	for _, k := range s.Sent() {
		if k.Name == name || k.Name == whole {
			return &k
		}
	}
	return nil
}

// offers tells whether a field has an option, as far as the Flow JSON says.
func offers(s *flowjson.Screen, t thing) bool {
	field := s.Field(t.name)
	if k := sends(s, t.name); k != nil && k.Field != nil {
		field = k.Field
	}
	return field != nil && (field.OptionsKey != "" || slices.ContainsFunc(field.Options, func(o flowjson.Option) bool { return o.ID == t.column }))
}

func thingWords(before, after *flowjson.Flow, t thing) string {
	screen := "“" + views.ScreenName(before, t.screen) + "”"
	switch t.kind {
	case rules.UsesScreen:
		if after.Screen(t.screen) != nil {
			return "the way from “" + views.ScreenName(before, t.from) + "” to " + screen
		}
		return "the screen " + screen
	case rules.UsesKey:
		return "the data key “" + t.name + "” of " + screen
	case rules.UsesOption:
		return "the option “" + t.column + "” of “" + t.name + "” on " + screen
	}
	return "the field “" + t.name + "” on " + screen
}
