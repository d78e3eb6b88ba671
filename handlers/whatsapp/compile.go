package whatsapp

import (
	"bytes"
	"fmt"
	"reflect"
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
		f.json, f.set, f.version, f.fault, f.secrets = old.json, old.set, m.RuleVersion, old.fault, old.secrets
		if f.fault != "" {
			f.version = old.version
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

// compileRules keeps the last good set when the published one does not compile.
func (f *flow) compileRules(old *flow, lists listSet) {
	if f.Rules == nil {
		return
	}
	set, problem := compileSet(f.Rules, f.json, lists)
	if set != nil {
		f.set, f.version = set, f.RuleVersion
		return
	}
	f.set, f.version = old.set, old.version
	f.fault = fmt.Sprintf("Version %d of the rules cannot run: %s", f.RuleVersion, problem)
}

func compileSet(document []byte, flow *flowjson.Flow, lists listSet) (*rules.Set, string) {
	made := 0
	doc, problems := rules.Parse(document, func() string {
		made++
		return fmt.Sprintf("r%d", made)
	})
	if rules.HasErrors(problems) {
		return nil, firstError(problems)
	}
	set, problems := rules.Compile(doc, flow, lists.lists, lists.zone)
	if set == nil {
		return nil, firstError(problems)
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
	return f.json.Sensitive()
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
