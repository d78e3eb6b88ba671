package flowjson

import (
	"slices"
	"strings"
)

var actionNames = []string{"navigate", "data_exchange", "complete", "update_data", "open_url"}

// checkActions judges every action that stands in the document.
func (c *checker) checkActions() {
	for _, p := range c.parts {
		for _, a := range c.actions(p) {
			if a.path != "" {
				c.checkAction(a)
			}
		}
	}
}

func (c *checker) checkAction(a action) {
	if n := a.node.get("payload"); n != nil && !n.is(isObject) {
		c.fail("INVALID_PROPERTY_TYPE", a.path+"/payload", "Make the payload an object; it is %s.", n.shape.word())
	}
	switch name := a.name(); {
	case name == "":
		c.fail("MISSING_REQUIRED_PROPERTY", a.path, "Give this action a name, for example \"data_exchange\".")
	case name == "navigate":
		c.checkNavigate(a)
	case name == "complete" && !c.Terminal && a.part.typ != "NavigationList":
		c.fail("INVALID_COMPLETE_ACTION", a.path, "Use complete only on a terminal screen: make %q terminal or use another action.", c.ID)
	case name == "complete" && a.part.typ == "EmbeddedLink":
		c.fail("INVALID_ENUM_VALUE", a.path+"/name", "Move complete to the Footer: a link cannot end the flow.")
	case name == "data_exchange" && c.root.get("data_api_version") == nil && c.root.get("data_channel_uri") == nil:
		c.fail("MISSING_REQUIRED_PROPERTY", a.path, "Add data_api_version and a routing_model to the flow: data_exchange needs an endpoint.")
	case !slices.Contains(actionNames, name) && c.known():
		c.fail("INVALID_ENUM_VALUE", a.path+"/name", "Use one of the actions %s; %q is none.", strings.Join(actionNames, ", "), name)
	}
}

func (c *checker) checkNavigate(a action) {
	to := a.next()
	target := c.flow.Screen(to)
	path := a.path + "/next/name"
	switch {
	case to == "":
		c.fail("MISSING_REQUIRED_PROPERTY", a.path, "Say with \"next\" to which screen this action leads.")
	case to == c.ID:
		c.fail("INVALID_NAVIGATE_ACTION_NEXT_SCREEN_NAME", path, "Lead to another screen: %q cannot navigate to itself.", to)
	case target == nil:
		c.fail("INVALID_NAVIGATE_ACTION_NEXT_SCREEN_NAME", path, "Lead to a screen of this flow; %q is none.", to)
	case c.flow.RoutingModel != nil && !c.flow.Leads(c.ID, to):
		c.fail("INVALID_ROUTING_MODEL", path, "Add the route from %q to %q to the routing_model, or remove this action.", c.ID, to)
	}
	payload, _ := a.payload(c.Screen)
	for _, k := range payload.Keys {
		if source, kind := c.source(k); source != nil && kind == Media {
			c.fail("INVALID_ON_CLICK_ACTION_PAYLOAD", below(a.path+"/payload", k.Name), "Send photos and documents with data_exchange or complete, not with navigate.")
		}
	}
	if target != nil && to != c.ID && !c.flow.HasEndpoint() {
		c.checkHandover(a.path, payload, target)
	}
}

// checkHandover compares a payload with the data that its target declares: without an endpoint nobody
// else fills it.
func (c *checker) checkHandover(path string, payload Payload, target *Screen) {
	given := map[string]bool{}
	for _, k := range payload.Keys {
		given[k.Name] = true
		at := below(path+"/payload", k.Name)
		key := target.Key(k.Name)
		switch {
		case key == nil:
			c.fail("INVALID_NAVIGATE_ACTION_PAYLOAD", at, "Declare %q in the data of screen %q, or do not send it.", k.Name, target.ID)
		case k.Constant != nil && slices.Contains(dataTypes, key.Type) && k.shape != shape(key.Type):
			c.fail("INVALID_NAVIGATE_ACTION_PAYLOAD", at, "Send %s: screen %q declares %q so.", shape(key.Type).word(), target.ID, k.Name)
		}
	}
	for _, key := range target.Data {
		if !given[key.Name] {
			c.fail("INVALID_NAVIGATE_ACTION_PAYLOAD", path, "Send %q too: screen %q declares it.", key.Name, target.ID)
		}
	}
}
