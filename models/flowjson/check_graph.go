package flowjson

import "strings"

func (r *reader) checkBranchNumber(g *graph) {
	for _, id := range g.order {
		if g.out[id] > 10 {
			r.on(id).fail("INVALID_ROUTING_MODEL", g.path[id], "Lead to at most 10 screens from %q; there are %d.", id, g.out[id])
		}
	}
}

// checkDirection finds routes that lead back: the second of a pair, and those that close a longer loop.
func (r *reader) checkDirection(g *graph) {
	both := map[[2]string]bool{}
	for _, e := range g.edges {
		both[[2]string{e.from, e.to}] = true
	}
	forward := map[string][]edge{}
	for _, e := range g.edges {
		if both[[2]string{e.to, e.from}] && g.at[e.to] < g.at[e.from] {
			r.on(e.from).fail("INVALID_ROUTING_MODEL", e.path,
				"Remove the route from %q back to %q: only forward routes are declared, and going back needs none.", e.from, e.to)
			continue
		}
		forward[e.from] = append(forward[e.from], e)
	}
	state := map[string]int{} // 0 new, 1 on the way, 2 done
	var visit func(id string)
	visit = func(id string) {
		state[id] = 1
		for _, e := range forward[id] {
			switch state[e.to] {
			case 0:
				visit(e.to)
			case 1:
				r.on(id).fail("INVALID_ROUTING_MODEL", e.path, "Remove the route from %q to %q: it closes a loop.", id, e.to)
			}
		}
		state[id] = 2
	}
	for _, id := range g.order {
		if state[id] == 0 {
			visit(id)
		}
	}
}

func (r *reader) checkEntry(g *graph, place string) {
	inbound := map[string]bool{}
	for _, e := range g.edges {
		inbound[e.to] = true
	}
	for id := range g.named {
		if !inbound[id] {
			return
		}
	}
	if len(g.named) > 0 {
		r.fail("INVALID_ROUTING_MODEL", place, "Let one screen be the entry: no route may lead to it.")
	}
}

// checkConnected finds screens that the model leaves out and groups that have nothing to do with the first.
func (r *reader) checkConnected(g *graph) {
	if len(g.order) == 1 {
		return
	}
	group := map[string]int{}
	neighbours := map[string][]string{}
	for _, e := range g.edges {
		neighbours[e.from] = append(neighbours[e.from], e.to)
		neighbours[e.to] = append(neighbours[e.to], e.from)
	}
	groups := 0
	for _, id := range g.order {
		if !g.named[id] {
			r.on(id).fail("INVALID_ROUTING_MODEL", g.path[id], "Add screen %q to the routing_model, or remove it.", id)
			continue
		}
		if group[id] != 0 {
			continue
		}
		groups++
		members := flood(id, groups, group, neighbours)
		if groups > 1 {
			r.on(id).fail("INVALID_ROUTING_MODEL", g.path[id], "Connect %s with the other screens: no route leads there.", strings.Join(members, ", "))
		}
	}
}

func flood(from string, number int, group map[string]int, neighbours map[string][]string) []string {
	group[from] = number
	members := []string{from}
	for i := 0; i < len(members); i++ {
		for _, next := range neighbours[members[i]] {
			if group[next] == 0 {
				group[next] = number
				members = append(members, next)
			}
		}
	}
	return members
}

// checkEnds finds screens where the routes end though the flow cannot. Without any terminal screen that is
// told once, for the flow.
func (r *reader) checkEnds(g *graph) {
	terminal := false
	for _, p := range r.pages {
		terminal = terminal || p.Terminal
	}
	for _, id := range g.order {
		if terminal && g.named[id] && g.out[id] == 0 && !r.flow.Screen(id).Terminal {
			r.on(id).fail("INVALID_ROUTING_MODEL", g.path[id], "Lead on from screen %q or make it terminal: no way goes from it to an end.", id)
		}
	}
}
