package models_test

import (
	"fmt"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// flowMessage is the body of a message of ours that opens a flow, as an echo holds it.
func flowMessage(parameters string) []byte {
	return []byte(`{"id":"x","type":"interactive","interactive":{"type":"flow","action":{"name":"flow","parameters":` + parameters + `}}}`)
}

func echoOf(wamid string, body []byte) models.Decoded {
	return models.Decoded{Messages: []models.InMessage{{Out: true, WAMID: wamid, Type: "interactive", At: minute(0), Body: body}}}
}

func mapTo(t *testing.T, db *modelstest.DB, kind models.LikeKind, value string, f models.Flow) models.Mapping {
	t.Helper()
	m, err := db.AddMapping(t.Context(), models.Like{Kind: kind, Value: value}, f.ID, ada)
	if err != nil {
		t.Fatalf("AddMapping(%s %q) = %v", kind, value, err)
	}
	return m
}

func TestTheFirstReasonThatSaysAFlowCounts(t *testing.T) {
	db := modelstest.Open(t)
	flow := func(slug string) models.Flow {
		return db.NewFlow(slug, func(f *models.Flow) { f.MetaID = fmt.Sprintf("7%d", len(slug)) })
	}
	visited, token, sent, param, mapped, number := flow("v"), flow("to"), flow("ctx"), flow("para"), flow("mappd"), flow("number")
	db.NewVisit(visited, "to.visited")
	db.Deliver(models.Delivery{}, echoOf("sent", flowMessage(`{"flow_id":"73","flow_token":"unused"}`)))
	db.Deliver(models.Delivery{}, echoOf("by token", flowMessage(`{"flow_id":"unknown","flow_token":"ctx.1","flow_name":"para"}`)))
	db.Deliver(models.Delivery{}, echoOf("by visit", flowMessage(`{"flow_token":"to.visited"}`)))
	db.Deliver(models.Delivery{}, echoOf("by name", flowMessage(fmt.Sprintf(`{"flow_name":%q}`, sent.Name))))
	db.Deliver(models.Delivery{}, echoOf("template", []byte(`{"type":"template","template":{"name":"t","components":[{"type":"button","sub_type":"flow",
		"parameters":[{"type":"action","action":{"flow_token":"test.ctx.9"}}]}]}}`)))
	db.Deliver(models.Delivery{}, echoOf("text", []byte(`{"type":"text","text":{"body":"flow_id"},"flow_id":"73"}`)))
	db.Deliver(models.Delivery{}, models.Decoded{Messages: []models.InMessage{{WAMID: "theirs", Type: "interactive", At: minute(0), Body: flowMessage(`{"flow_id":"73"}`)}}})
	mapTo(t, db, models.LikeNumber, "+1 555 000", number)
	mapTo(t, db, models.LikeToken, "ext-*", param)
	mapTo(t, db, models.LikeToken, "ext-*-7", mapped)
	mapTo(t, db, models.LikeNumber, "98765432", token)
	for _, c := range []struct {
		name, token, context, param, number, numberID string
		flow                                          int64
		by                                            models.Attribution
	}{
		{"a visit before all", "to.visited", "sent", "para", "1555000", "", visited.ID, models.ByVisit},
		{"the token's slug before the message", "to.1", "sent", "para", "1555000", "", token.ID, models.ByToken},
		{"the message before a param", "ext-1-7", "sent", "para", "1555000", "", sent.ID, models.ByContext},
		{"the message by its token", "", "by token", "", "", "", sent.ID, models.ByContext},
		{"the message by its token's visit", "", "by visit", "", "", "", visited.ID, models.ByContext},
		{"the message by our name of the flow", "", "by name", "", "", "", sent.ID, models.ByContext},
		{"the message by a template's button", "", "template", "", "", "", sent.ID, models.ByContext},
		{"a message that opens no flow", "", "text", "", "", "", 0, ""},
		{"a message of theirs", "", "theirs", "", "", "", 0, ""},
		{"a message that nobody saw", "", "nobody's", "", "", "", 0, ""},
		{"a param before a mapping", "ext-1-7", "", "para", "1555000", "", param.ID, models.ByParam},
		{"the longest pattern", "ext-1-7", "", "", "1555000", "", mapped.ID, models.ByMapping},
		{"a pattern before a number", "ext-1", "", "", "1555000", "", param.ID, models.ByMapping},
		{"a test's token fits as any other", "test.ext-1", "", "", "", "", param.ID, models.ByMapping},
		{"our number as displayed", "", "", "", "+1 555 000", "", number.ID, models.ByMapping},
		{"our number by Meta's id", "", "", "", "", "98765432", token.ID, models.ByMapping},
		{"nothing", "unused", "", "", "2", "", 0, ""},
	} {
		b := db.NewResponse().Token(c.token).Answering(c.context).To(c.number, c.numberID)
		if c.param != "" {
			b.Answer("flow", c.param)
		}
		if r := b.Save(); r.FlowID != c.flow || r.Attribution != c.by {
			t.Errorf("%s: flow %d by %q; want flow %d by %q", c.name, r.FlowID, r.Attribution, c.flow, c.by)
		}
	}
}

func TestOfEqualMappingsTheOldestCountsAndACustomersComesBeforeANumbers(t *testing.T) {
	db := modelstest.Open(t)
	a, b, c := db.NewFlow("a"), db.NewFlow("b"), db.NewFlow("c")
	who := db.NewResponse().Save().Contact.ID
	mapTo(t, db, models.LikeNumber, "15550783881", c)
	mapTo(t, db, models.LikeToken, "x-*", a)
	mapTo(t, db, models.LikeToken, "*-y", b)
	mapTo(t, db, models.LikeContact, fmt.Sprint(who), b)
	for token, want := range map[string]int64{"x-y": a.ID, "-y": b.ID, "other": b.ID} {
		if r := db.NewResponse().Token(token).Save(); r.FlowID != want {
			t.Errorf("token %q: flow %d; want %d", token, r.FlowID, want)
		}
	}
	if r := db.NewResponse().Contact("4400", "Bea").Save(); r.FlowID != c.ID {
		t.Errorf("another customer: flow %d; want %d by our number", r.FlowID, c.ID)
	}
	all, err := db.Mappings(t.Context())
	if err != nil || len(all) != 4 || all[0].FlowID != a.ID || all[0].Hits != 1 || all[2].Contact.Name != "Ada Lovelace" || all[3].Hits != 1 {
		t.Errorf("Mappings() = %+v, %v; want four in the order in which they are tried, with their hits", all, err)
	}
}

func TestACustomerWhoseRowsBecomeOneKeepsTheMapping(t *testing.T) {
	db := modelstest.Open(t)
	f := db.NewFlow("a")
	who := db.NewResponse().Contact("4711", "Ada").Save().Contact.ID
	applyNow(t, db, toBeApplied(db, 1, says("m1", models.InContact{UserID: "U1"}, 1)))
	mapTo(t, db, models.LikeContact, fmt.Sprint(who), f)
	applyNow(t, db, toBeApplied(db, 2, says("m2", models.InContact{UserID: "U1", Phone: "4711"}, 2)))
	if r := db.NewResponse().Contact("4711", "Ada").Save(); r.FlowID != f.ID || r.Attribution != models.ByMapping {
		t.Errorf("response of the customer: flow %d by %q; want %d by the mapping", r.FlowID, r.Attribution, f.ID)
	}
}

// TestAttributionConvergesInEveryOrder plays a response of each kind, the echoes of what they answer, statuses of those, a
// flow and a mapping in every order, and each order twice.
func TestAttributionConvergesInEveryOrder(t *testing.T) {
	var db *modelstest.DB
	var other models.Flow
	const want = "context context|late token|mapping mapping|other-token token|param param|param-echoed context"
	for k, order := range everyOrder(5) {
		if k%12 == 0 { // what is there already is looked at by each run of attribution
			db = modelstest.Open(t)
			other = db.NewFlow("other", func(f *models.Flow) { f.MetaID = "900" })
		}
		name, metaID := fmt.Sprintf("t%03d", k), fmt.Sprintf("8%03d", k)
		response := func(kind, token, context string, params map[string]any) models.InMessage {
			return models.InMessage{WAMID: name + kind, Type: "interactive", ContextID: name + context, At: minute(1), Contact: models.InContact{Phone: "4711"},
				Flow: &models.InResponse{Token: token, Answers: params}}
		}
		mapped := "map-" + name + "-1"
		notices := []models.Decoded{
			{Messages: []models.InMessage{
				response("late", name+".1", "e0", map[string]any{}), response("other-token", "other.1", "e1", map[string]any{}), response("context", mapped, "e1", map[string]any{}),
				response("param", mapped, "none", map[string]any{"flow_id": metaID}), response("param-echoed", mapped, "e1", map[string]any{"flow": "other"}),
				response("mapping", mapped, "none", map[string]any{})}},
			{Messages: []models.InMessage{
				{Out: true, WAMID: name + "e0", Type: "interactive", At: minute(0), Body: flowMessage(`{"flow_id":"900"}`)},
				{Out: true, WAMID: name + "e1", Type: "interactive", At: minute(0), Body: flowMessage(`{"flow_id":"` + metaID + `"}`)}}},
			{Statuses: []models.InStatus{{WAMID: name + "e0", State: "sent", At: minute(0)}, {WAMID: name + "e1", State: "read", At: minute(2)}}},
		}
		ids := map[int]models.Decoded{}
		for turn := range 2 {
			for _, i := range order {
				switch {
				case i < len(notices):
					if turn == 0 {
						s := db.Store(models.Delivery{Body: fmt.Append(nil, name, i)})
						ids[i] = models.Decoded{ID: s.ID, ReceivedAt: s.ReceivedAt, Messages: notices[i].Messages, Statuses: notices[i].Statuses}
					}
					applyNow(t, db, ids[i])
				case turn == 0 && i == 3:
					db.NewFlow(name, func(f *models.Flow) { f.MetaID = metaID })
					attribute(t, db)
				case turn == 0:
					mapTo(t, db, models.LikeToken, "map-"+name+"-*", other)
					attribute(t, db)
				}
			}
		}
		attribute(t, db)
		got := joined(lines(t, db, `SELECT substr(r.wamid, 5) || ' ' || r.attribution FROM responses r WHERE wamid LIKE ? ORDER BY 1`, name+"%"))
		flows := joined(lines(t, db, `SELECT f.slug FROM responses r JOIN flows f ON f.id = r.flow_id WHERE wamid LIKE ? ORDER BY r.wamid`, name+"%"))
		if wantFlows := joined([]string{name, name, "other", "other", name, name}); got != want || flows != wantFlows {
			t.Fatalf("order %v: %s of %s; want %s of %s", order, got, flows, want, wantFlows)
		}
		if d := delivery(t, db, ids[0].ID); d.State != models.Done {
			t.Fatalf("order %v: the delivery of the responses is %s; want done", order, d.State)
		}
	}
}

func attribute(t *testing.T, db *modelstest.DB) {
	t.Helper()
	if _, err := db.Attribute(t.Context()); err != nil {
		t.Fatalf("Attribute() = %v", err)
	}
}
