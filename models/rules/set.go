package rules

import (
	"maps"
	"slices"
	"time"

	"switchyard/models/flowjson"
)

// A Set is a compiled document: what runs.
type Set struct {
	doc     Document
	flow    *flowjson.Flow
	zone    *time.Location
	opening *screen
	screens map[string]*screen // those of the flow and of the document
	tables  map[string]*table
	gone    map[[2]string]bool // lists, and columns of lists, that the document names and that are not there
}

// Document returns the document that the set was compiled from.
func (s *Set) Document() Document { return s.doc.Clone() }

// Flow returns the flow that the set was compiled against, or nil.
func (s *Set) Flow() *flowjson.Flow { return s.flow }

// A screen is one screen with its rules, or the opening.
type screen struct {
	id        string
	flow      *flowjson.Screen // nil when the flow is not known
	ruled     bool             // it has rules of its own
	rules     []rule
	otherwise *outcome
	back      *outcome
	sent      map[string]*flowjson.SentKey // what it submits
	errorKeys map[string]bool              // data keys that show errors: never inherited
	feeds     map[string][]string          // lists that fill a data key
}

// A rule is ready to be tried.
type rule struct {
	id, name string
	off      bool
	when     test
	then     *outcome
}

// An outcome is ready to be rendered.
type outcome struct {
	kind    Kind
	target  string // of Goes
	data    map[string]value
	message value // the snackbar of Stays, the text of Expires; nil when there is none
	errors  []fieldError
	params  map[string]value
	why     string // of Falls: what is wrong with the outcome
}

// A fieldError is an error at one field. Without a key it is said in the snackbar.
type fieldError struct {
	field, key string
	object     bool // the key holds the errors of several fields
	text       value
}

// newScreens makes a screen for everything that the flow and the document have.
func newScreens(doc Document, flow *flowjson.Flow) map[string]*screen {
	screens := map[string]*screen{}
	for id := range doc.Screens {
		screens[id] = newScreen(id, nil)
	}
	if flow != nil {
		for _, f := range flow.Screens {
			screens[f.ID] = newScreen(f.ID, f)
		}
	}
	return screens
}

func newScreen(id string, f *flowjson.Screen) *screen {
	s := &screen{id: id, flow: f, sent: map[string]*flowjson.SentKey{}, errorKeys: map[string]bool{}, feeds: map[string][]string{}}
	if f == nil {
		return s
	}
	for _, k := range f.Sent() {
		s.sent[k.Name] = &k
	}
	for _, key := range f.ErrorKeys {
		s.errorKeys[key] = true
	}
	return s
}

// known names what the screen submits, for messages.
func (s *screen) known() []string { return slices.Sorted(maps.Keys(s.sent)) }
