package whatsapp

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"time"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// fallbackMessage is shown when a flow has none of its own.
const fallbackMessage = "Something went wrong. Please try again."

// A flow is one flow ready to answer. It never changes.
type flow struct {
	models.LiveFlow
	ruling                 // the newest that runs
	older   map[int]ruling // by version, where visits are held on theirs
	json    *flowjson.Flow // nil: none that can be read
	fault   string         // why what runs is not what is published; empty when it is
	lists   *int           // identity of the lists that the rules were compiled with
	secrets secrets
}

// A listSet is the lists and the time zone that rules were compiled with; id differs when any of them does.
type listSet struct {
	id    *int
	lists map[string]*rules.List
	zone  *time.Location
}

func (l listSet) with(lists map[string]*rules.List, zone *time.Location) listSet {
	if l.id != nil && l.zone.String() == zone.String() && reflect.DeepEqual(l.lists, lists) {
		return l
	}
	return listSet{new(int), lists, zone}
}

// compile makes a flow ready; what did not change since old is taken from it.
func (l *Live) compile(m models.LiveFlow, old *flow, lists listSet) *flow {
	f := &flow{LiveFlow: m, lists: lists.id}
	if old == nil {
		old = &flow{}
	}
	sameJSON := bytes.Equal(m.JSON, old.JSON)
	if sameJSON && bytes.Equal(m.Rules, old.Rules) && lists.id == old.lists {
		f.json, f.ruling, f.fault, f.secrets = old.json, old.ruling, old.fault, old.secrets
		if f.fault == "" {
			f.version = m.RuleVersion
		}
	} else {
		f.readJSON(old, sameJSON)
		f.compileRules(old, lists)
	}
	f.next = f.decider()
	f.compileOlder(old, lists)
	if f.fault != "" && f.fault != old.fault {
		l.o.Log.Error("a flow does not run what is published", "flow", f.Slug, "fault", f.fault)
	}
	return f
}

// decider is the rules, or what answers for a flow without any.
func (f *flow) decider() func(rules.Request, rules.Visit, rules.Fallback) rules.Decision {
	if f.set != nil {
		return f.set.Next
	}
	return func(in rules.Request, _ rules.Visit, fb rules.Fallback) rules.Decision {
		d, _ := rules.Unruled(f.json, in, fb)
		return d
	}
}

func (f *flow) readJSON(old *flow, same bool) {
	switch {
	case f.JSON == nil:
		return
	case same && old.json != nil:
		f.json, f.secrets = old.json, old.secrets
		return
	}
	parsed, problems := flowjson.Parse(f.JSON)
	if parsed == nil {
		f.fault = "The Flow JSON cannot be read: " + firstFault(problems)
		if old.json != nil {
			f.fault += " Customers get the one of before, until the server starts again."
		} else {
			f.fault += " Customers get the rules without it, so what no rule gives is not sent."
		}
		f.json, f.secrets = old.json, old.secrets
		return
	}
	f.json, f.secrets = parsed, secretsOf(parsed)
}

func firstFault(problems []flowjson.Problem) string {
	if len(problems) == 0 {
		return "it is no Flow JSON."
	}
	return problems[0].Message
}

// compileRules makes the published set ready. One that does not compile never takes the flow down: the last good set
// goes on while there is one, and after a start, which knows of none, what is left of the published one runs.
func (f *flow) compileRules(old *flow, lists listSet) {
	if f.Rules == nil {
		return
	}
	set, problem := compileSet(f.Rules, f.json, lists)
	f.ruling = ruling{version: f.RuleVersion, set: set, salvaged: problem != ""}
	if problem == "" {
		return
	}
	f.fault = fmt.Sprintf("Version %d of the rules cannot run as it is: %s ", f.RuleVersion, problem)
	if old.set != nil && !old.salvaged {
		f.ruling = old.ruling
		f.fault += "Customers get the rules that ran before, until the server starts again; then what cannot run is left out."
	} else {
		f.fault += "Customers get the rules without what cannot run: a missing list is empty, such a condition never holds, and such an outcome shows the flow's fallback message."
	}
}

// compileSet gives a set that runs in any case, and what is wrong with it; a problem without a set is a document in
// which nothing can be read.
func compileSet(document []byte, flow *flowjson.Flow, lists listSet) (*rules.Set, string) {
	made := 0
	doc, problems := rules.Parse(document, func() string {
		made++
		return fmt.Sprintf("r%d", made)
	})
	unread := rules.HasErrors(problems)
	if unread && doc.Opening == nil && len(doc.Screens) == 0 {
		return nil, firstError(problems)
	}
	set, more := rules.Salvage(doc, flow, lists.lists, lists.zone)
	if unread || rules.HasErrors(more) {
		return set, firstError(append(problems, more...))
	}
	return set, ""
}

func firstError(problems []rules.Problem) string {
	for _, p := range problems {
		if p.Severity == rules.Error {
			return p.Message
		}
	}
	return "the reason is not known."
}

// fallback is what customers see when nothing else can be said.
func (f *flow) fallback() rules.Fallback {
	fb := rules.Fallback{Screen: f.FallbackScreen, Message: f.FallbackMessage}
	if fb.Message == "" {
		fb.Message = fallbackMessage
	}
	return fb
}

// ready tells whether the flow can answer with a screen.
func (f *flow) ready() bool { return f.set != nil || f.json != nil && len(f.json.Screens) > 0 }

// sensitive tells whether what customers say must be stored sealed; of a Flow JSON that cannot be read nobody knows.
func (f *flow) sensitive() bool {
	if f.json == nil {
		return f.JSON != nil
	}
	return f.json.Sensitive() || f.Sensitive.Sealed()
}

// sends tells whether a screen's own payloads to us have such a key.
func (f *flow) sends(screen, key string) bool {
	if f.json == nil || f.json.Screen(screen) == nil {
		return false
	}
	for _, p := range f.json.Screen(screen).Payloads {
		for _, k := range p.Keys {
			if p.Action == "data_exchange" && k.Name == key {
				return true
			}
		}
	}
	return false
}

func (f *flow) hasScreen(id string) bool { return f.json != nil && f.json.Screen(id) != nil }

// once tells whether a token works once: where the flow says so every one, else those that we minted
// (design/decisions.md 2).
func (f *flow) once(token string) bool {
	return f.TokenOnce || models.Minted(f.Slug, token) ||
		slices.ContainsFunc(f.Aliases, func(slug string) bool { return models.Minted(slug, token) })
}
