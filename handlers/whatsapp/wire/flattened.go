package wire

import "time"

// isFlattened tells one change without its envelope, as NXCloud sends it: {"field": …, "value": {…}}.
func isFlattened(root object) bool { return root.text("field") != "" && objectOf(root["value"]) != nil }

// flattened decodes it: what the envelope would say stands in the value.
func (d *decoder) flattened(root object, body []byte) {
	value := objectOf(root["value"])
	c := change{account: or(value.text("wabaId"), value.text("waba_id")), time: value.text("time"), at: value.moment("time"), value: root["value"]}
	d.change(root.text("field"), c, body)
}

// moment reads a time as seconds or milliseconds since 1970, or as RFC 3339; zero for anything else.
func (o object) moment(key string) time.Time {
	if t, err := time.Parse(time.RFC3339, o.text(key)); err == nil {
		return past(t.UTC())
	}
	const firstMilli = 100_000_000_000 // as seconds this is the year 5138
	f := o.number(key)
	if f == nil || *f < firstMilli {
		return o.epoch(key)
	}
	if *f > lastEpoch*1000 {
		return time.Time{}
	}
	return time.UnixMilli(int64(*f)).UTC()
}

// past leaves out times that are none of a webhook: before 1970.
func past(t time.Time) time.Time {
	if t.Unix() <= 0 {
		return time.Time{}
	}
	return t
}
