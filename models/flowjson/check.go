package flowjson

import "slices"

// check tells everything that can be judged without asking Meta. What depends on knowing the version's
// components is told only up to the newest version known here.
func (r *reader) check() {
	r.checkVersion()
	r.checkEndpoint()
	r.checkKeys()
	r.checkScreens()
	for _, p := range r.pages {
		c := &checker{reader: r, page: p, problems: r.on(p.ID)}
		c.checkScreen()
		c.checkData()
		c.checkComponents()
		c.checkCounts()
		c.checkActions()
		c.checkBindings()
	}
	r.checkRoutes()
}

// A checker judges one screen.
type checker struct {
	*reader
	*page
	problems
}

// known tells whether the flow's version is one whose components are known here.
func (r *reader) known() bool {
	v, ok := parseVersion(r.flow.Version)
	return ok && !newest.before(v)
}

// older tells whether the flow's version is known and before v.
func (r *reader) older(v string) bool {
	has, ok := parseVersion(r.flow.Version)
	need, _ := parseVersion(v)
	return ok && has.before(need)
}

func (r *reader) checkVersion() {
	n := r.root.get("version")
	v, ok := parseVersion(n.str())
	switch {
	case n == nil:
		r.fail("MISSING_FLOW_JSON_VERSION", "", "Add the version of Flow JSON, for example \"version\": %q.", newest.String())
	case !ok:
		r.fail("INVALID_FLOW_JSON_VERSION", "/version", "Write the version as text with one dot, for example %q.", newest.String())
	case v.before(oldest):
		r.fail("UNSUPPORTED_FLOW_JSON_VERSION", "/version", "WhatsApp no longer opens version %s; move the flow to %s.", v.String(), newest.String())
	case v.before(published):
		r.warn("UNSUPPORTED_FLOW_JSON_VERSION", "/version",
			"Version %s is frozen: a flow that is published goes on working, but to publish again move it to %s.", v.String(), newest.String())
	case newest.before(v):
		r.warn("UNAVAILABLE_FLOW_JSON_VERSION", "/version",
			"Version %s is newer than %s, the newest known here; what is new in it is not checked.", v.String(), newest.String())
	}
}

func (r *reader) checkEndpoint() {
	api, model := r.root.get("data_api_version"), r.root.get("routing_model")
	v, ok := parseVersion(api.str())
	switch {
	case api != nil && !ok:
		r.fail("NO_SUPPORTED_DATA_API_VERSION", "/data_api_version", "Write data_api_version as \"3.0\" or \"4.0\".")
	case ok && !slices.Contains([]version{{3, 0}, {4, 0}}, v) && !v.before(version{3, 0}):
		r.warn("NO_SUPPORTED_DATA_API_VERSION", "/data_api_version", "Data API version %s is not known here; 3.0 and 4.0 are.", v.String())
	}
	switch {
	case api != nil && model == nil:
		r.fail("MISSING_REQUIRED_PROPERTY", "", "Add a routing_model: a flow with data_api_version needs one.")
	case model != nil && !model.is(isObject):
		r.fail("INVALID_PROPERTY_TYPE", "/routing_model", "Make routing_model an object from screen id to a list of screen ids.")
	case model != nil && api == nil && r.root.get("data_channel_uri") == nil:
		r.warn("MISSING_REQUIRED_PROPERTY", "", "Add data_api_version: a routing_model is for flows with an endpoint.")
	}
	if n := r.root.get("data_channel_uri"); n != nil && !r.older("3.0") {
		r.fail("INVALID_PROPERTY_KEY", "/data_channel_uri", "Remove data_channel_uri: since version 3.0 the address is set as the flow's endpoint.")
	}
}

var (
	topKeys    = []string{"version", "data_api_version", "data_channel_uri", "routing_model", "screens"}
	screenKeys = []string{"id", "title", "terminal", "success", "refresh_on_back", "data", "layout", "sensitive"}
)

func (r *reader) checkKeys() {
	if r.known() {
		r.problems.unknownKeys(r.root, "", topKeys)
	}
}

func (p problems) unknownKeys(n *node, path string, allowed []string) {
	for _, key := range n.keys {
		if !slices.Contains(allowed, key) {
			p.warn("INVALID_PROPERTY_KEY", below(path, key), "Remove %q: WhatsApp does not know it here.", key)
		}
	}
}
