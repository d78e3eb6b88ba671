package models_test

import (
	"fmt"
	"testing"
	"time"

	"switchyard/models"
)

func TestWhoIsHereIsSeenByEveryInstance(t *testing.T) {
	dbs := two(t)
	here, there := dbs[0], dbs[1]
	f := here.NewFlow("claim")
	other := here.NewFlow("booking")
	at := func(user int64, name, screen, rule string) models.Presence {
		return models.Presence{FlowID: f.ID, UserID: user, Name: name, Screen: screen, Rule: rule}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	want := func(when, want string) {
		t.Helper()
		rows, err := there.Present(t.Context(), f.ID)
		got := ""
		for _, p := range rows {
			got += fmt.Sprintf("%s %s/%s; ", p.Name, p.Screen, p.Rule)
		}
		if err != nil || got != want {
			t.Errorf("Present %s = %s, %v; want %s", when, got, err, want)
		}
	}
	must(here.Arrive(t.Context(), at(2, "Ben", "", "")))
	must(here.Arrive(t.Context(), at(1, "Ada", "DETAILS", "r1")))
	must(here.Arrive(t.Context(), models.Presence{FlowID: other.ID, UserID: 3, Name: "Eve"}))
	want("at first", "Ada DETAILS/r1; Ben /; ")
	must(here.Arrive(t.Context(), at(1, "Ada", "DETAILS", "new")))
	must(here.Stay(t.Context(), at(1, "Ada", "DETAILS", "r1")))
	want("with two windows", "Ada DETAILS/new; Ben /; ")
	here.Advance(20 * time.Second)
	must(here.Stay(t.Context(), at(1, "Ada", "DETAILS", "r1")))
	want("after one window was closed", "Ada DETAILS/r1; Ben /; ")
	here.Advance(15 * time.Second)
	want("35 s after Ben was heard of", "Ada DETAILS/r1; ")
	must(here.Stay(t.Context(), at(2, "Ben", "", "")))
	want("when Ben is back", "Ada DETAILS/r1; Ben /; ")
}
