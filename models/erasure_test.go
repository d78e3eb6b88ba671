package models_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/modelstest"
)

// What somebody who is erased left: none of these may be found afterwards.
const (
	erasedPhone  = "5511987650017"
	erasedName   = "Anabela Quintanilha"
	erasedAnswer = "allergic to penicillin since 1987"
)

var erasedTexts = []string{erasedPhone, erasedName, "Anabela", strings.ToLower(erasedName), erasedAnswer, "98765-0017", "BR.123456", "wamid.ana", "token-ana"}

func message(wamid, phone, name string, at models.Time) models.InMessage {
	return models.InMessage{WAMID: wamid, Type: "text", Contact: models.InContact{Phone: phone, Name: name}, At: at,
		Body: fmt.Appendf(nil, `{"from":%q,"id":%q,"text":{"body":"Hello from %s"}}`, phone, wamid, name)}
}

// meta is a body as Meta sends it, with messages of several.
func meta(all ...models.InMessage) []byte {
	var contacts, messages []string
	for _, m := range all {
		contacts = append(contacts, fmt.Sprintf(`{"wa_id":%q,"profile":{"name":%q}}`, m.Contact.Phone, m.Contact.Name))
		messages = append(messages, string(m.Body))
	}
	return fmt.Appendf(nil, `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"contacts":[%s],"messages":[%s]}}]}]}`,
		strings.Join(contacts, ","), strings.Join(messages, ","))
}

// leave makes what a customer leaves behind, in every place, between what others leave.
func leave(t *testing.T, db *modelstest.DB) (flow models.Flow, both models.Delivery) {
	t.Helper()
	flow = db.NewFlow("claim")
	visit := db.NewVisit(flow, "token-ana", func(v *models.Visit) {
		v.Answers = map[string]map[string]any{"A": {"note": erasedAnswer}}
		v.LastAnswer = []byte(`{"text":"` + erasedAnswer + `"}`)
	})
	step := models.Step{FlowID: flow.ID, At: visit.LastAt, Action: "data_exchange", Status: 200, Data: []byte(`{"note":"` + erasedAnswer + `"}`)}
	visit.Steps++
	check(t, db.RecordSteps(t.Context(), []models.StepRecord{{Visit: visit, Step: step, Files: []models.InFile{{Field: "photo", CDNID: "cdn-1", Name: "ana.jpg"}}}}))
	for i := range 3 {
		db.NewResponse().Flow(flow).Token("token-ana").Answer("note", erasedAnswer).Answer("n", i).Contact(erasedPhone, erasedName).Save()
		db.NewResponse().Flow(flow).Answer("note", "something else").Contact("447700900123", "Ada Lovelace").Save()
	}
	ana, ada := message("wamid.ana.1", erasedPhone, erasedName, db.Time()), message("wamid.ada.1", "447700900123", "Ada Lovelace", db.Time())
	both = db.Deliver(models.Delivery{Body: meta(ana, ada)}, models.Decoded{Messages: []models.InMessage{ana, ada},
		People:   []models.InPerson{{Was: models.InContact{Phone: erasedPhone}, Is: models.InContact{UserID: "BR.123456"}, At: db.Time()}},
		Statuses: []models.InStatus{{WAMID: "wamid.ana.out", State: "delivered", Contact: models.InContact{Phone: erasedPhone}, At: db.Time()}}})
	db.Deliver(models.Delivery{Body: []byte(`not JSON: ` + erasedPhone)}, models.Decoded{Reason: "not JSON"})
	db.Store(models.Delivery{Body: meta(message("wamid.ana.2", erasedPhone, erasedName, db.Time()))})
	_, err := db.AddResponseView(t.Context(), models.ResponseView{Name: "Ana", Query: "q=%2B" + erasedPhone, Shared: false}, models.By{UserID: 1, Name: "Sam"})
	check(t, err)
	leaveSaid(t, db)
	return flow, both
}

// leaveSaid makes texts in which people who work here name the customer.
func leaveSaid(t *testing.T, db *modelstest.DB) {
	t.Helper()
	by := models.By{UserID: 1, Name: "Sam"}
	v, err := db.AddResponseView(t.Context(), models.ResponseView{Name: "Of " + erasedName, Query: "q=%2B" + erasedPhone, Shared: true}, by)
	check(t, err)
	v.Name = "Of +" + erasedPhone
	check(t, db.ChangeResponseView(t.Context(), v, by))
	for id := range int64(2) {
		_, err = db.AddReveal(t.Context(), models.Reveal{DeliveryID: id + 1, Reason: "Asked by +55 (11) 98765-0017"}, by)
		check(t, err)
	}
	a := db.NewAlert("123", alert.EndpointLatency, 900)
	_, err = db.AcknowledgeAlert(t.Context(), a.ID, "Reported by "+erasedPhone, by)
	check(t, err)
	_, err = db.CommentAlert(t.Context(), a.ID, "Call +55 11 98765-0017", by)
	check(t, err)
	plan := models.ExportPlan{Format: models.CSV, Reveal: "For " + erasedPhone}
	e, err := db.AddExport(t.Context(), models.Export{Plan: plan}, by)
	check(t, err)
	check(t, db.StartExport(t.Context(), e, by, nil))
	check(t, db.EndExport(t.Context(), e.ID, models.ExportDone, 1, "", by))
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func erase(t *testing.T, db *modelstest.DB, number string) models.Erasure {
	t.Helper()
	p, err := db.PersonByNumber(t.Context(), number)
	check(t, err)
	id, err := db.Erase(t.Context(), p, models.By{UserID: 7, Name: "Root"})
	check(t, err)
	finishErasures(t, db)
	e, err := db.Erasure(t.Context(), id)
	check(t, err)
	return e
}

func finishErasures(t *testing.T, db *modelstest.DB) {
	t.Helper()
	for more := true; more; {
		var err error
		more, err = db.ContinueErasures(t.Context(), models.Outside{Remove: noStore})
		check(t, err)
	}
}

func TestNothingIsLeftOfWhoWasErased(t *testing.T) {
	db := modelstest.Open(t)
	_, both := leave(t, db)
	for _, text := range []string{erasedPhone, erasedName, erasedAnswer, "token-ana"} {
		if !db.Holds(text) {
			t.Fatalf("the database does not hold %q; this test would see nothing", text)
		}
	}
	e := erase(t, db, "+55 (11) 98765-0017")
	for _, text := range erasedTexts {
		if db.Holds(text) {
			t.Errorf("the database holds %q", text)
		}
	}
	want := map[string]int64{"responses": 3, "answers": 6, "files": 1, "visits": 1, "steps": 2, "messages": 5, "statuses": 1, "contacts": 1, "others": 3}
	for kind, n := range want {
		if e.Removed[kind] != n {
			t.Errorf("removed %d %s; want %d", e.Removed[kind], kind, n)
		}
	}
	if e.Running || e.EndedAt.IsZero() || e.Name != "Root" || e.Removed["deliveries"] < 3 {
		t.Errorf("the receipt is %+v", e)
	}
	if page, err := db.Responses(t.Context(), models.ResponseFilter{}); err != nil || len(page.Rows) != 3 {
		t.Errorf("%d responses of others are left, %v; want 3", len(page.Rows), err)
	}
	d, err := db.Delivery(t.Context(), both.ID)
	if err != nil || !strings.Contains(string(d.Body), "Ada Lovelace") || !strings.Contains(string(d.Body), "wamid.ada.1") {
		t.Errorf("the delivery of two is %s, %v; want Ada in it", d.Body, err)
	}
	if _, _, err := db.VerifyAudit(t.Context()); err != nil {
		t.Errorf("VerifyAudit = %v", err)
	}
	findings(t, db)
}

// findings are those of check: nothing points to nothing.
func findings(t *testing.T, db *modelstest.DB) {
	t.Helper()
	if broken, err := db.Check(t.Context(), func(f models.Finding) {
		if f.Verdict == models.Broken {
			t.Errorf("check: %s: %s", f.Check, f.Text)
		}
	}); err != nil || broken > 0 {
		t.Errorf("Check = %d, %v", broken, err)
	}
}

func TestWhatComesLateDoesNotBringBackWhoWasErased(t *testing.T) {
	db := modelstest.Open(t)
	flow, _ := leave(t, db)
	visit, err := db.NewestVisit(t.Context(), flow.ID, "token-ana")
	check(t, err)
	old := db.Time()
	erase(t, db, erasedPhone)
	db.Advance(20 * 24 * time.Hour) // the same bytes are not known any more
	ana, ada := message("wamid.ana.1", erasedPhone, erasedName, old), message("wamid.ada.9", "447700900123", "Ada Lovelace", db.Time())
	timeless := message("wamid.ana.7", erasedPhone, erasedName, models.Time{})
	late := models.InStatus{WAMID: "wamid.ana.out", State: "read", At: db.Time(), Contact: models.InContact{Phone: erasedPhone}}
	d := db.Deliver(models.Delivery{Body: meta(ana, ada, timeless)}, models.Decoded{Messages: []models.InMessage{ana, ada, timeless}, Statuses: []models.InStatus{late}})
	visit.Steps++
	check(t, db.RecordSteps(t.Context(), []models.StepRecord{{Visit: visit, Step: models.Step{FlowID: flow.ID, At: db.Time()}}}))
	finishErasures(t, db) // as each second: what a late delivery brought is still in the log
	for _, text := range erasedTexts {
		if db.Holds(text) {
			t.Errorf("the database holds %q again", text)
		}
	}
	if d.State != models.Done || !strings.Contains(string(d.Body), "wamid.ada.9") || count(t, db, `SELECT count(*) FROM messages WHERE wamid = 'wamid.ada.9'`) != 1 {
		t.Errorf("the delivery is %s: %s; want it done, with Ada's message", d.State, d.Body)
	}
	again := message("wamid.ana.new", erasedPhone, erasedName, db.Time())
	db.Deliver(models.Delivery{Body: meta(again)}, models.Decoded{Messages: []models.InMessage{again}})
	if n := count(t, db, `SELECT count(*) FROM contacts WHERE phone = '`+erasedPhone+`'`); n != 1 {
		t.Errorf("%d contacts after the customer wrote anew; want 1", n)
	}
}

func TestAnErasureThatWasCutOffGoesOn(t *testing.T) {
	db := modelstest.Open(t)
	leave(t, db)
	p, err := db.PersonByNumber(t.Context(), erasedPhone)
	check(t, err)
	_, err = db.Erase(t.Context(), p, models.By{Name: "Root"})
	check(t, err)
	defer func() {
		if page, err := db.Responses(t.Context(), models.ResponseFilter{}); err != nil || len(page.Rows) != 3 {
			t.Errorf("Responses afterwards = %d, %v; want the 3 of others", len(page.Rows), err)
		}
	}()
	broken := errors.New("the bucket is away")
	if _, err := db.ContinueErasures(t.Context(), models.Outside{Remove: func(context.Context, models.File) error { return broken }}); !errors.Is(err, broken) {
		t.Fatalf("ContinueErasures without a store = %v; want its error", err)
	}
	if n := count(t, db, `SELECT count(*) FROM files`); n != 1 {
		t.Errorf("%d files are left after a failure of the store; want 1: it must be found again", n)
	}
	if _, err := db.Responses(t.Context(), models.ResponseFilter{}); err != nil {
		t.Errorf("Responses in between = %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	db.ContinueErasures(ctx, models.Outside{Remove: func(context.Context, models.File) error { cancel(); return nil }})
	finishErasures(t, db)
	all, err := db.Erasures(t.Context(), 10)
	if err != nil || len(all) != 1 || all[0].Running || all[0].Removed["responses"] != 3 {
		t.Errorf("Erasures = %+v, %v; want one that ended, with 3 responses", all, err)
	}
	for _, text := range erasedTexts {
		if db.Holds(text) {
			t.Errorf("the database holds %q", text)
		}
	}
}

func TestWhatErasingWouldRemoveIsCounted(t *testing.T) {
	db := modelstest.Open(t)
	leave(t, db)
	p, err := db.PersonByNumber(t.Context(), erasedPhone)
	check(t, err)
	counts, err := db.CountPerson(t.Context(), p)
	check(t, err)
	got := map[string]int64{}
	for _, c := range counts {
		got[c.Kind] = c.N
		if c.Kind == "responses" && (c.First.IsZero() || c.Last.Before(c.First)) {
			t.Errorf("responses are from %v to %v", c.First, c.Last)
		}
	}
	for kind, n := range map[string]int64{"responses": 3, "visits": 1, "files": 1, "messages": 5, "statuses": 1, "contacts": 1} {
		if got[kind] != n {
			t.Errorf("CountPerson: %d %s; want %d", got[kind], kind, n)
		}
	}
	for _, c := range []struct{ said, field string }{{"", "number"}, {"12", "number"}, {"nobody.1", "number"}, {strings.Repeat("9", 16), "number"}} {
		if _, err := db.PersonByNumber(t.Context(), c.said); field(err) != c.field {
			t.Errorf("PersonByNumber(%q) = %v; want %s to be wrong", c.said, err, c.field)
		}
	}
	if _, err := db.Erase(t.Context(), models.Person{}, models.By{}); !errors.Is(err, models.ErrNobody) {
		t.Errorf("Erase of nobody = %v", err)
	}
}

func field(err error) string {
	if bad, ok := errors.AsType[*models.Invalid](err); ok {
		return bad.Field
	}
	return ""
}

// TestOfEveryTableItIsKnownWhatErasingDoesWithIt fails when a table is new.
func TestOfEveryTableItIsKnownWhatErasingDoesWithIt(t *testing.T) {
	db := modelstest.Open(t)
	there := tables(t, db)
	known := models.PersonalTables()
	for _, name := range there {
		if !slices.Contains(known, name) {
			t.Errorf("nothing says what erasing a person does with the table %s: add it to personal in personal.go", name)
		}
	}
	for _, name := range known {
		if !slices.Contains(there, name) && !strings.HasSuffix(name, "_search") {
			t.Errorf("personal.go has the table %s, which is not there", name)
		}
	}
}

// tables are those of the schema: of one that is partitioned only the whole, of a search index only the index.
func tables(t *testing.T, db *modelstest.DB) []string {
	t.Helper()
	if modelstest.Postgres() {
		return lines(t, db, `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema()
			AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'goose_db_version'`)
	}
	return lines(t, db, `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type <> 'shadow' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name <> 'goose_db_version'`)
}
