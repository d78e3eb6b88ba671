package views

import (
	"net/url"
	"strconv"
	"strings"
	"switchyard/models"
)

// DeliveriesURL is the list of deliveries with a filter; nil is all of them.
func DeliveriesURL(query url.Values) string { return withQuery("/deliveries", query) }

// DeliveryURL is one delivery.
func DeliveryURL(id int64) string { return "/deliveries/" + strconv.FormatInt(id, 10) }

// NewDeliveriesURL tells how many came after one.
func NewDeliveriesURL(q DeliveryQuery, after int64) string {
	return withQuery("/deliveries/new", q.with("after", strconv.FormatInt(after, 10)))
}

// ReplaysURL is the list of who replayed what.
const ReplaysURL = "/replays"

// ReplayURL is one replay.
func ReplayURL(id int64) string { return ReplaysURL + "/" + strconv.FormatInt(id, 10) }

// ReplayAllURL asks whether all that a filter matches shall be replayed.
func ReplayAllURL(q DeliveryQuery) string { return withQuery("/deliveries/replay", q.Values()) }

// A DeliveryQuery is the filter of the list as it stands in the URL.
type DeliveryQuery struct {
	Source, State, Kind, Signed, From, To, Text string // From and To as YYYY-MM-DD in the person's zone
	InBodies                                    bool
}

// fields are the parameters by name.
func (q DeliveryQuery) fields() []Option {
	in := ""
	if q.InBodies {
		in = "bodies"
	}
	return []Option{{"source", q.Source}, {"state", q.State}, {"kind", q.Kind}, {"signed", q.Signed}, {"from", q.From}, {"to", q.To}, {"q", q.Text}, {"in", in}}
}

// Values is the filter as URL parameters, without those that are not set.
func (q DeliveryQuery) Values() url.Values {
	v := url.Values{}
	for _, f := range q.fields() {
		if f.Label != "" {
			v.Set(f.Value, f.Label)
		}
	}
	return v
}

// with is the query with one more parameter.
func (q DeliveryQuery) with(name, value string) url.Values {
	v := q.Values()
	v.Set(name, value)
	return v
}

// words says the filter as people do, one condition each.
func (q DeliveryQuery) words() []string {
	var all []string
	add := func(value, before, after string) {
		if value != "" {
			all = append(all, before+value+after)
		}
	}
	add(sourceWord(q.Source), "from ", "")
	add(strings.ToLower(StatusWord(q.State)), "", "")
	add(q.Kind, "holding “", "”")
	add(q.Signed, "", "")
	add(q.From, "received since ", "")
	add(q.To, "received until ", "")
	add(q.Text, "with “", "”")
	return all
}

// filterWords is a filter that was kept, as people say it.
func filterWords(f *models.DeliveryFilter, p Page) string {
	if f == nil {
		return "chosen one by one"
	}
	q := DeliveryQuery{Source: f.Source, State: string(f.State), Kind: f.Kind, Signed: string(f.Signed), Text: f.Text}
	if f.Text != "" && !p.Can.Support {
		q.Text = "…"
	}
	words := q.words()
	if !f.From.IsZero() {
		words = append(words, "received since "+DateTime(f.From.Time, p.Zone))
	}
	if !f.To.IsZero() {
		words = append(words, "received before "+DateTime(f.To.Time, p.Zone))
	}
	if len(words) == 0 {
		return "all deliveries"
	}
	return strings.Join(words, ", ")
}

// signatureWords says what is known of a delivery's signature.
func signatureWords(d models.Delivery) string {
	switch {
	case d.Signature != "":
		return "Right when it came"
	case d.Test:
		return "None: a test"
	}
	return "None: its source does not sign"
}

// deliveryCount is "1 delivery" or "1,284 deliveries".
func deliveryCount(n int64) string { return plural(int(n), "delivery", "deliveries") }

// CameMeanwhile says how many came while the list stood still.
func CameMeanwhile(n int) string {
	switch {
	case n == 0:
		return "Nothing new so far"
	case n >= 1000:
		return "1,000 or more new"
	}
	return Number(n) + " new"
}

func deliveryReason(d models.Delivery) string {
	if d.Reason == "" && d.State == models.Pending {
		return "Waits to be decoded."
	}
	return Sentence(d.Reason)
}

func kindWords(kinds string) []string { return strings.Fields(kinds) }

// ownWord tells of an effect that another delivery had caused before.
func ownWord(own bool) string {
	if own {
		return ""
	}
	return "told before by another delivery"
}
