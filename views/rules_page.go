package views

import (
	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// RulesPage is the routing of one flow: screens, rules as sentences, problems.
type RulesPage struct {
	Page
	Flow      models.Flow
	JSON      *flowjson.Flow // nil without a Flow JSON
	Doc       rules.Document
	Draft     bool // what is shown is a draft, not what runs
	Edit      int  // that a change must name; every form sends it back
	Published models.RuleSet
	Versions  []models.RuleSet
	Problems  []rules.Problem
	ByPlace   map[ProblemPlace][]rules.Problem // the same, by ProblemsByPlace
	Fixes     map[string][]rules.Fix           // by ProblemID, of those that a button mends
	Hits      map[string]int                   // by rule id, last 7 days
	FixedHits models.FixedHits                 // of otherwise and back, last 7 days
	Zoom      string                           // of the picture, as asked for; "" for its own default
	Refused   string                           // why a change was not made
	History   models.DraftHistory
	Here      HerePart
	Way       map[string]bool // that a try took, by anchor: "#rule-ID", "#otherwise-SCREEN"; nil: the picture shows none
	Errors    []FieldError    // of the form of the time zone
	Version   models.RuleSet  // that is shown to be read; Version 0: the rules as they can be changed
}

// A place is one section of the page.
type place struct {
	id, title string
	screen    *flowjson.Screen // nil for the opening and for screens that the Flow JSON does not have
	rules     *rules.ScreenRules
	asks      bool // it sends data_exchange, so rules decide
	namesake  bool // a screen with the word for the opening as its id, which is an error and has no rules
}

// places are the opening, the screens of the Flow JSON in its order, and then those that only the rules know.
func (p RulesPage) places() []place {
	out := []place{{id: openingPlace, title: "Opening", rules: p.Doc.Opening, asks: true}}
	seen := map[string]bool{}
	if p.JSON != nil {
		for _, s := range p.JSON.Screens {
			seen[s.ID] = true
			out = append(out, place{id: s.ID, title: screenTitle(s), screen: s, rules: p.Doc.Screens[s.ID], asks: s.SendsDataExchange()})
		}
	}
	for _, id := range sortedKeys(p.Doc.Screens) {
		if !seen[id] {
			out = append(out, place{id: id, title: id, rules: p.Doc.Screens[id], asks: true})
		}
	}
	for i := range out[1:] {
		if s := &out[1+i]; s.id == openingPlace {
			s.namesake, s.rules, s.asks = true, nil, false
		}
	}
	return out
}

// key names the place in the page.
func (s place) key() string {
	if s.namesake {
		return s.id + "-namesake"
	}
	return s.id
}

// canEdit tells whether the person may change the rules here and now.
func (p RulesPage) canEdit() bool { return p.Can.Operator && p.JSON != nil && p.Version.Version == 0 }

// ScreenCount is how many screens a flow has, in words.
func ScreenCount(f *flowjson.Flow) string { return plural(len(f.Screens), "screen", "screens") }
