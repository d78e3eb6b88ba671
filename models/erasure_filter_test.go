package models_test

import (
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/filter"
	"switchyard/models/modelstest"
)

func TestFiltersThatAskForWhoWasErasedGo(t *testing.T) {
	db := modelstest.Open(t)
	leave(t, db)
	db.NewResponse().Token("claim.x").Answer("city", "Lisbon").Contact(erasedPhone, erasedName).Save()
	db.NewResponse().Token("claim.y").Answer("city", "Lisbon").Contact("447700900123", "Ada Lovelace").Save()
	root := models.By{UserID: 1, Name: "Sam"}
	where, err := filter.Parse("note~is~" + erasedAnswer)
	check(t, err)
	for name, query := range map[string]string{"by answer": "q=Allergic+to+penicillin+since+1987", "by name": "q=anabela%20quintanilha", "of a city": "q=Lisbon", "in a list": "where=note~one_of~x,allergic%20to%20penicillin%20since%201987", "longer": "q=Anabelas+Quintanilhas"} {
		_, err := db.AddResponseView(t.Context(), models.ResponseView{Name: name, Query: query}, root)
		check(t, err)
	}
	act, err := db.StartTriage(t.Context(), models.ResponseFilter{Where: where}, models.TriageChange{What: models.SetStatus, Value: models.StatusDone}, root)
	check(t, err)
	other, err := db.StartTriage(t.Context(), models.ResponseFilter{Text: "Lisbon"}, models.TriageChange{What: models.SetStatus, Value: models.StatusInProgress}, root)
	check(t, err)
	erase(t, db, erasedPhone)
	if got := lines(t, db, `SELECT name FROM response_views ORDER BY name`); joined(got) != "longer|of a city" {
		t.Errorf("views left = %q; want those that ask for nobody's own words", got)
	}
	if act, err = db.TriageAct(t.Context(), act.ID); err != nil || act.State != models.TriageDone {
		t.Errorf("the act whose filter has the answer = %+v, %v; want it ended", act, err)
	}
	if other, err = db.TriageAct(t.Context(), other.ID); err != nil || other.State != models.TriageRunning {
		t.Errorf("an act of others = %+v, %v; want it to go on", other, err)
	}
	_, err = db.ContinueTriage(t.Context(), time.Second)
	check(t, err)
	if n := count(t, db, `SELECT count(*) FROM responses WHERE status = 'done'`); n != 0 {
		t.Errorf("%d responses of others were changed by the act that was ended; want none", n)
	}
	for _, text := range erasedTexts {
		if db.Holds(text) && text != "Anabela" {
			t.Errorf("the database holds %q", text)
		}
	}
}
