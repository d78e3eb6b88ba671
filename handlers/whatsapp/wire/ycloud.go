package wire

import "encoding/json"

// yCloudFlow is the one event of YCloud's that says what Meta's "flows" does (protocol.md §8).
const yCloudFlow = "whatsapp.flow.status_change"

func isYCloud(root object) bool { return root.text("type") == yCloudFlow && root.has("flowChanges") }

// yCloud decodes a change of a flow's status under YCloud's own names. The key is of the whole body: its id makes it one
// event.
func (d *decoder) yCloud(root object, body []byte) {
	o := objectOf(root["flowChanges"])
	if o == nil {
		d.unread("flowChanges is not an object")
	}
	c := change{account: or(o.text("wabaId"), root.text("wabaId")), time: root.text("createTime"), at: root.moment("createTime"), keyed: body}
	c.value = json.RawMessage(encode(map[string]any{
		"event": "FLOW_STATUS_CHANGE", "flow_id": o.text("flowId"), "message": o.text("message"),
		"old_status": o.text("oldStatus"), "new_status": o.text("newStatus"),
	}))
	if o.text("flowId") == "" {
		c.value, c.keyed = body, nil
		d.unread("a change of flows has no flow_id")
		d.other("flows", c, body)
		return
	}
	d.flow(c)
	d.events.Flows[len(d.events.Flows)-1].Raw = body
}
