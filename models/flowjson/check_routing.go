package flowjson

// An edge of the routing model and where it is written.
type edge struct{ from, to, path string }

// A graph is the routing model between the flow's screens; edges to unknown screens and to the screen
// itself are told and left out.
type graph struct {
	order []string          // screens in document order, each once
	at    map[string]int    // their positions
	path  map[string]string // where each screen is written
	edges []edge
	out   map[string]int  // edges as written, per screen
	named map[string]bool // screens that the model names
}

// checkRoutes judges the routing model, declared or derived. A flow that calls an endpoint but declares no
// model is left alone: its answers lead on, and what is missing is told already.
func (r *reader) checkRoutes() {
	model := r.root.get("routing_model")
	g := &graph{at: map[string]int{}, path: map[string]string{}, out: map[string]int{}, named: map[string]bool{}}
	for _, p := range r.pages {
		if _, twice := g.at[p.ID]; !twice && p.ID != "" {
			g.at[p.ID], g.path[p.ID] = len(g.order), p.path
			g.order = append(g.order, p.ID)
		}
	}
	place := "/screens"
	switch {
	case model.is(isObject):
		place = "/routing_model"
		r.declared(g, model)
	case r.flow.HasEndpoint() || model != nil:
		return
	default:
		r.derived(g)
	}
	if len(g.order) == 0 {
		return
	}
	r.checkBranchNumber(g)
	r.checkDirection(g)
	r.checkEntry(g, place)
	r.checkConnected(g)
	r.checkEnds(g)
}

func (r *reader) declared(g *graph, model *node) {
	for i, from := range model.keys {
		at := below("/routing_model", from)
		if _, ok := g.at[from]; !ok {
			r.fail("INVALID_ROUTING_MODEL", at, "Name a screen of this flow; %q is none.", from)
			continue
		}
		g.named[from] = true
		targets := model.items[i]
		if !targets.is(isArray) {
			r.on(from).fail("INVALID_PROPERTY_TYPE", at, "Make this a list of screen ids; it is %s.", targets.shape.word())
		}
		for j, to := range targets.list() {
			r.declaredEdge(g, edge{from, to.str(), index(at, j)}, to)
		}
	}
}

func (r *reader) declaredEdge(g *graph, e edge, n *node) {
	p := r.on(e.from)
	g.out[e.from]++
	_, known := g.at[e.to]
	switch {
	case !n.is(isText):
		p.fail("INVALID_PROPERTY_TYPE", e.path, "Make this a screen id; it is %s.", n.shape.word())
	case !known:
		p.fail("INVALID_ROUTING_MODEL", e.path, "Lead to a screen of this flow; %q is none.", e.to)
	case e.to == e.from:
		p.fail("INVALID_ROUTING_MODEL", e.path, "Remove this route: %q cannot lead to itself, and an answer may always show it again.", e.to)
	default:
		g.named[e.to] = true
		g.edges = append(g.edges, e)
	}
}

// derived takes the edges from navigate actions, as Meta does for a flow without an endpoint.
func (r *reader) derived(g *graph) {
	seen := map[[2]string]bool{}
	for _, p := range r.pages {
		if p.ID != "" {
			g.named[p.ID] = true
		}
		for _, c := range p.parts {
			for _, a := range p.actions(c) {
				to := a.next()
				_, known := g.at[to]
				if a.name() != "navigate" || !known || to == p.ID || seen[[2]string{p.ID, to}] {
					continue
				}
				seen[[2]string{p.ID, to}] = true
				g.out[p.ID]++
				path := p.path
				if a.path != "" {
					path = a.path + "/next/name"
				}
				g.edges = append(g.edges, edge{p.ID, to, path})
			}
		}
	}
}
