package models_test

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/modelstest"
	"switchyard/models/rules"
)

// long is a text that no index of PostgreSQL takes and that nothing makes shorter.
func long() string {
	b := make([]byte, 3000)
	rand.Read(b)
	return hex.EncodeToString(b)
}

func TestTextsThatAreTooLongForAnIndexHurtNobody(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			db := modelstest.OpenAt(t, url)
			db.NewFlow("claim")
			at, threshold := db.Time(), 50.0
			wamid, user, token, event := long(), long(), "claim."+long(), long()
			hostile := models.Decoded{
				Messages: []models.InMessage{{WAMID: wamid, Account: long(), PhoneID: long(), PhoneNumber: long(), Type: long(), ContextID: long(), At: at,
					Contact: models.InContact{Phone: strings.Repeat("73", 4000), UserID: user, Name: long(), Username: long()}, Body: []byte(`{}`),
					Flow: &models.InResponse{Raw: `{}`, Token: token, Answers: map[string]any{long(): long(), "a": long(), "b": map[string]any{"c": []any{long(), long()}}}}}},
				Statuses: []models.InStatus{{WAMID: wamid, State: long(), At: at}, {WAMID: long(), State: "sent", Contact: models.InContact{Phone: "1" + long()}, At: at}},
				Flows: []models.InFlowEvent{{Key: long(), MetaID: long(), Event: event, State: "ACTIVATED", At: at, Threshold: &threshold, Message: long()},
					{Key: long(), MetaID: long(), Event: long(), NewStatus: long(), At: at}},
				Others: []models.InOther{{Key: long(), Account: long(), Field: long(), At: at}},
			}
			for range 2 {
				if d := db.Deliver(models.Delivery{}, hostile); d.State != models.Done {
					t.Errorf("the delivery is %s: %s; want it done", d.State, d.Reason)
				}
			}
			if page, err := db.Responses(t.Context(), models.ResponseFilter{}); err != nil || len(page.Rows) != 1 || page.Rows[0].Token != token || page.Rows[0].FlowSlug != "claim" {
				t.Errorf("Responses() = %d rows, %v; want one, its token whole, of the flow", len(page.Rows), err)
			}
			if n := count(t, db, "SELECT count(*) FROM contacts"); n != 1 {
				t.Errorf("%d contacts; want the one with an id", n)
			}
			if alerts, _, err := db.Alerts(t.Context(), models.AlertFilter{Status: alert.Active}); err != nil || len(alerts) != 1 {
				t.Errorf("Alerts() = %d, %v; want one", len(alerts), err)
			}
			if err := db.Note(t.Context(), []models.Mark{{Name: long(), Detail: long()}, {Name: "ping"}}); err != nil {
				t.Errorf("Note() = %v", err)
			}
		})
	}
}

func TestAStepWithALongTokenStopsNoOther(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			db := modelstest.OpenAt(t, url)
			token, other := long(), long()
			odd := record(db, token, 1)
			odd.Sensitive = true
			odd.Step.RuleID, odd.Step.Rule, odd.Step.Screen, odd.Step.Action = long(), long(), long(), long()
			odd.Visit.Screen, odd.Visit.Trail, odd.Visit.LastHash = long(), []string{long()}, long()
			recordSteps(t, db, record(db, "a", 1), odd, record(db, other, 1), record(db, "b", 1))
			for _, token := range []string{"a", "b", other} {
				newest(t, db, token)
			}
			v := newest(t, db, token)
			odd.Visit.ID = v.ID
			odd.Visit.Screen = v.Screen // of a name that no screen has, its hash
			if !reflect.DeepEqual(v, odd.Visit) {
				t.Errorf("the visit with the long token = %+v\nwant %+v", v, odd.Visit)
			}
			if steps, err := db.VisitSteps(t.Context(), v.ID); err != nil || len(steps) != 1 || steps[0].Screen != odd.Step.Screen {
				t.Errorf("VisitSteps() = %d steps, %v; want the one", len(steps), err)
			}
			v.Steps, v.Screen = 2, "NEXT"
			recordSteps(t, db, models.StepRecord{Visit: v, Step: odd.Step})
			if again := newest(t, db, token); again.ID != v.ID || again.Screen != "NEXT" {
				t.Errorf("after its next step the visit is %d on %s; want %d on NEXT", again.ID, again.Screen, v.ID)
			}
			r := db.NewResponse().Token(token).Save()
			if r.VisitID != v.ID || newest(t, db, token).Outcome != models.VisitFinished {
				t.Errorf("the response is of visit %d, which is %s; want %d, finished", r.VisitID, newest(t, db, token).Outcome, v.ID)
			}
		})
	}
}

// odd are texts that PostgreSQL refuses or that we mark in its texts.
var odd = []string{"a\x00b", "\x00", "\uFDD0", "\uFDD1", "\uFDD1\x00\uFDD0\uFDD1\uFDD1", "a\xffb\xc3", "' OR ''='?", `\x00 \u0000 $1 ?`, "é\u0301🎈\u202e"}

func TestOddTextsComeBackAsTheyWere(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			db := modelstest.OpenAt(t, url)
			for i, s := range odd {
				t.Run(fmt.Sprintf("%q", s), func(t *testing.T) { oddText(t, db, i, s) })
			}
		})
	}
}

func oddText(t *testing.T, db *modelstest.DB, i int, s string) {
	ctx, slug := t.Context(), fmt.Sprint("odd", i)
	same := func(what, got string) {
		t.Helper()
		if strings.ToValidUTF8(got, "\uFFFD") != strings.ToValidUTF8(s, "\uFFFD") {
			t.Errorf("%s = %q; want %q", what, got, s)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	db.Advance(time.Minute)
	f := db.NewFlow(slug)
	r := db.NewResponse().Token(slug+"."+s).Contact(fmt.Sprint(4477009, i), s).Answer("a", s).Answer("k"+s, "x").Save()
	same("the contact's name", r.Contact.Name)
	same("the token", strings.TrimPrefix(r.Token, slug+"."))
	answer, _ := r.Answers["a"].(string)
	same("the answer", answer)
	same("raw", rawAnswer(t, r.Raw))
	if page, err := db.Responses(ctx, models.ResponseFilter{Text: s, FlowID: f.ID}); err != nil {
		t.Errorf("Responses(%q) = %d, %v", s, len(page.Rows), err)
	}
	keys, err := db.AnswerKeys(ctx, f.ID)
	must(err)
	same("the answer's key", strings.TrimPrefix(keys[len(keys)-1], "k"))

	v := record(db, "tok"+s, 1)
	v.Visit.Answers["A"]["text"], v.Visit.Screen, v.Step.Faults = s, s, []string{s}
	recordSteps(t, db, v)
	got := newest(t, db, "tok"+s)
	same("the visit's screen", got.Screen)
	same("the visit's answer", got.Answers["A"]["text"].(string))
	steps, err := db.VisitSteps(ctx, got.ID)
	must(err)
	same("the step's fault", steps[0].Faults[0])

	document := []byte(`{"screens": {}, "note": "` + s + `"}`)
	rs, err := db.SaveDraft(ctx, f.ID, document, 0, models.By{Name: s})
	must(err)
	draft, err := db.DraftRules(ctx, f.ID)
	must(err)
	if string(draft.Document) != string(document) || rs.FlowID != f.ID {
		t.Errorf("the draft = %q; want %q", draft.Document, document)
	}
	same("the author", draft.Author)

	err = db.SaveList(ctx, rules.List{Name: fmt.Sprint("list", i), Rows: []rules.Row{{ID: "one", Title: "t" + s, Enabled: true}}}, models.By{Name: "x"})
	if !utf8.ValidString(s) {
		if err == nil {
			t.Error("SaveList() of what is no UTF-8 = nil; want it refused")
		}
	} else {
		must(err)
		list, err := db.List(ctx, fmt.Sprint("list", i))
		must(err)
		same("the list's cell", strings.TrimPrefix(list.Rows[0].Title, "t"))
	}

	must(db.Audit(ctx, models.By{Name: s, IP: s}, "odd", s, map[string]any{"s": s}))
	audit, err := db.AuditRows(ctx, 0, 1)
	must(err)
	same("the audit row's object", audit[0].Object)
	if _, _, err := db.VerifyAudit(ctx); err != nil {
		t.Errorf("VerifyAudit() = %v", err)
	}
	a := db.NewAlert(fmt.Sprint(70000, i), alert.EndpointErrorRate, 50)
	a, err = db.AcknowledgeAlert(ctx, a.ID, s, models.By{UserID: 1, Name: s})
	must(err)
	same("the note", a.AckNote)
}

// rawAnswer is the answer in a response_json.
func rawAnswer(t *testing.T, text string) string {
	t.Helper()
	var answers map[string]string
	if err := json.Unmarshal([]byte(text), &answers); err != nil {
		t.Fatal(err)
	}
	return answers["a"]
}
