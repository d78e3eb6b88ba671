package wire

import (
	"encoding/json"
	"slices"
)

// maxFields bounds how many are told.
const maxFields = 100

// Fields names what a body tells of, each once in the order of the body: the field of each change as the platform wrote it,
// and the event of a partner webhook. What has no field of its own is "messages" or "flows", as it is decoded. A body that
// is not understood has none.
func Fields(body []byte) (fields []string) {
	if !json.Valid(body) {
		return nil
	}
	add := func(name string) {
		if name != "" && len(fields) < maxFields && !slices.Contains(fields, name) {
			fields = append(fields, name)
		}
	}
	root := objectOf(body)
	switch {
	case root["entry"] != nil:
		for e := range elements(root["entry"]) {
			for c := range elements(objectOf(e)["changes"]) {
				add(objectOf(c).text("field"))
			}
		}
	case isArray(root["messages"]) || isArray(root["statuses"]):
		add("messages")
	case isFlattened(root):
		add(root.text("field"))
	case isPartner(root):
		add(root.text("event"))
		if partnerFlowEvents[constant(root.text("event"))] {
			add("flows")
		}
	case isYCloud(root):
		add("flows")
	}
	return fields
}
