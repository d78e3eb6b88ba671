package flowjson

import "slices"

// Entries lists the screens without an inbound edge, in document order. With a declared routing model
// only the screens that it names count, unless it names none.
func (f *Flow) Entries() []*Screen {
	inbound, named := map[string]bool{}, map[string]bool{}
	for _, s := range f.Screens {
		for _, to := range f.Routes(s.ID) {
			if to != s.ID {
				inbound[to] = true
			}
			named[to] = true
		}
		if _, ok := f.RoutingModel[s.ID]; ok {
			named[s.ID] = true
		}
	}
	var entries []*Screen
	seen := map[string]bool{}
	for _, s := range f.Screens {
		counts := f.RoutingModel == nil || len(named) == 0 || named[s.ID]
		if counts && !inbound[s.ID] && !seen[s.ID] {
			entries = append(entries, s)
		}
		seen[s.ID] = true
	}
	return entries
}

// Routes lists the screens to which the routing model (declared, or derived from navigate actions when
// none is declared) leads from the screen with that id.
func (f *Flow) Routes(from string) []string {
	if f.RoutingModel != nil {
		return f.RoutingModel[from]
	}
	s := f.Screen(from)
	if s == nil {
		return nil
	}
	var to []string
	for _, p := range s.Payloads {
		if p.Next != "" && !slices.Contains(to, p.Next) {
			to = append(to, p.Next)
		}
	}
	return to
}

// Leads tells whether the routing model has the edge from → to.
func (f *Flow) Leads(from, to string) bool { return slices.Contains(f.Routes(from), to) }

// readRoutes reads a declared routing model; nil when there is none.
func readRoutes(n *node) map[string][]string {
	if !n.is(isObject) {
		return nil
	}
	model := make(map[string][]string, len(n.keys))
	for i, from := range n.keys {
		targets, seen := []string{}, map[string]bool{"": true}
		for _, to := range n.items[i].list() {
			if !seen[to.str()] {
				seen[to.str()] = true
				targets = append(targets, to.str())
			}
		}
		model[from] = targets
	}
	return model
}
