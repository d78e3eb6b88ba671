package flowjson

import "slices"

var dataTypes = []string{string(isText), string(isNumber), string(isBoolean), string(isObject), string(isArray)}

// checkData judges the data model of a screen.
func (c *checker) checkData() {
	data, path := c.node.get("data"), c.path+"/data"
	if data == nil {
		return
	}
	if !data.is(isObject) {
		c.fail("INVALID_PROPERTY_TYPE", path, "Make data an object; it is %s.", data.shape.word())
		return
	}
	if len(data.keys) > maxKeys {
		c.fail("INVALID_SCREEN_DATA", path, "Declare fewer keys: there are %d and only the first %d are read.", len(data.keys), maxKeys)
	}
	for i := range c.Data {
		c.checkKey(&c.Data[i], data.items[i], below(path, c.Data[i].Name))
	}
}

func (c *checker) checkKey(key *DataKey, n *node, path string) {
	if !c.checkSchema(key.Name, n, path) {
		return
	}
	example := n.get("__example__")
	switch {
	case example == nil:
		c.fail("MISSING_REQUIRED_PROPERTY", path, "Add an \"__example__\" to %q.", key.Name)
	case slices.Contains(dataTypes, key.Type) && !example.is(shape(key.Type)):
		c.fail("INVALID_SCREEN_DATA", path+"/__example__", "Make the example of %q %s; it is %s.",
			key.Name, shape(key.Type).word(), example.shape.word())
	default:
		c.checkExample(example, n, path+"/__example__")
	}
}

// checkSchema tells whether the schema says what the value is.
func (c *checker) checkSchema(name string, n *node, path string) bool {
	t := n.get("type")
	switch {
	case !n.is(isObject):
		c.fail("INVALID_SCREEN_DATA", path, "Make the declaration of %q an object with a type.", name)
		return false
	case t == nil:
		c.fail("INVALID_SCREEN_DATA", path, "Give %q a type: string, number, boolean, object or array.", name)
		return false
	case !t.is(isText):
		c.fail("INVALID_SCREEN_DATA", path+"/type", "Make the type of %q text.", name)
		return false
	case !slices.Contains(dataTypes, t.text):
		c.warn("INVALID_SCREEN_DATA", path+"/type", "Use one of the types string, number, boolean, object and array for %q.", name)
	}
	if t.text == string(isArray) {
		c.checkItems(name, n, path)
	}
	if props := n.get("properties"); props.is(isObject) {
		for i, prop := range props.keys {
			at := below(path+"/properties", prop)
			if prop == "__example__" {
				c.fail("INVALID_SCREEN_DATA", at, "Move __example__ to the top of the key: it cannot stand deeper.")
				continue
			}
			c.checkSchema(prop, props.items[i], at)
		}
	} else if t.text == string(isObject) {
		c.warn("INVALID_SCREEN_DATA", path, "List the properties of the object %q.", name)
	}
	return true
}

func (c *checker) checkItems(name string, n *node, path string) {
	items := n.get("items")
	switch {
	case items == nil:
		c.fail("INVALID_SCREEN_DATA", path, "Say with \"items\" what the list %q holds.", name)
	case items.is(isObject):
		c.checkSchema(name, items, path+"/items")
	case !items.is(isBoolean):
		c.fail("INVALID_SCREEN_DATA", path+"/items", "Make items of %q an object with a type.", name)
	}
}

// checkExample warns of parts of an example that do not fit the schema below its top.
func (c *checker) checkExample(example, schema *node, path string) {
	if t := schema.get("type").str(); slices.Contains(dataTypes, t) && !example.is(shape(t)) {
		c.warn("INVALID_SCREEN_DATA", path, "Make this part of the example %s; it is %s.", shape(t).word(), example.shape.word())
		return
	}
	if items := schema.get("items"); items.is(isObject) {
		for i, item := range example.list() {
			c.checkExample(item, items, index(path, i))
		}
	}
	props := schema.get("properties")
	if !props.is(isObject) || !example.is(isObject) {
		return
	}
	for i, key := range example.keys {
		if prop := props.get(key); prop != nil {
			c.checkExample(example.items[i], prop, below(path, key))
		}
	}
}

// word is the type for people.
func (s shape) word() string {
	switch s {
	case isText:
		return "text"
	case isNumber:
		return "a number"
	case isBoolean:
		return "true or false"
	case isObject:
		return "an object"
	case isArray:
		return "a list"
	}
	return "null"
}
