package rules

import "switchyard/models/flowjson"

// Empty is the smallest document without a flow: whoever opens the form is told that it is not open yet.
func Empty() Document {
	return Document{
		Switchyard: 1,
		Opening:    &ScreenRules{Rules: []Rule{}, Otherwise: &Outcome{Expire: &Expire{Message: "This form is not open yet."}}},
		Screens:    map[string]*ScreenRules{},
	}
}

// EmptyFor is what a new draft for a flow starts from: it opens the entry screen and stays on every screen
// that asks. Without a flow, or one without an entry screen, it is Empty.
func EmptyFor(flow *flowjson.Flow) Document {
	d := Empty()
	if flow == nil {
		return d
	}
	if entries := flow.Entries(); len(entries) > 0 {
		d.Opening.Otherwise = &Outcome{Go: entries[0].ID}
	}
	for _, s := range flow.Screens {
		if s.SendsDataExchange() {
			d.Screens[s.ID] = &ScreenRules{Rules: []Rule{}, Otherwise: &Outcome{Stay: &Stay{}}}
		}
	}
	return d
}
