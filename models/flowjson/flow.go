// Package flowjson reads a Flow JSON: screens, fields, labels, option titles, routing model, problems.
package flowjson

import "slices"

// A Flow is one Flow JSON, read tolerantly: what is wrong with it is told by Parse as problems,
// and everything that could be understood is here (versions 2.1 to 7.3 and unknown newer ones).
// It is safe for many goroutines as long as nobody changes it.
type Flow struct {
	Version        string              // "7.3"; compared as major.minor numbers, never as a float
	DataAPIVersion string              // "3.0", "4.0", or empty for a flow without an endpoint
	RoutingModel   map[string][]string // screen id → screens it may lead to; nil when the JSON declares none
	Screens        []*Screen           // in the order of the document; two may share an id, the first counts
	Unknown        []Unknown           // what is not known here, kept as it is; at most 200
}

// Screen returns the screen with that id, or nil.
func (f *Flow) Screen(id string) *Screen {
	for _, s := range f.Screens {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// HasEndpoint tells whether the flow talks to an endpoint: it declares data_api_version or a routing
// model, or one of its actions is data_exchange.
func (f *Flow) HasEndpoint() bool {
	return f.DataAPIVersion != "" || f.RoutingModel != nil || slices.ContainsFunc(f.Screens, (*Screen).SendsDataExchange)
}

// Sensitive tells whether any screen names sensitive fields.
func (f *Flow) Sensitive() bool {
	return slices.ContainsFunc(f.Screens, func(s *Screen) bool { return len(s.Sensitive) > 0 })
}

// Field finds an input by name: the one on the screen with that id, else (screen empty or without it)
// the first of any screen. Nil when there is none.
func (f *Flow) Field(screen, name string) *Field {
	if s := f.Screen(screen); s != nil {
		if field := s.Field(name); field != nil {
			return field
		}
	}
	for _, s := range f.Screens {
		if field := s.Field(name); field != nil {
			return field
		}
	}
	return nil
}
