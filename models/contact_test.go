package models_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestNoticesOfOneCustomerInAnyOrderAreOneContact(t *testing.T) {
	said := []models.InContact{
		{Phone: "447700900123", Name: "A. King"},
		{UserID: "GB.1", Username: "ada"},
		{Phone: "+44 7700 900123", UserID: "GB.1", Name: "Ada Lovelace"},
		{Phone: "447700900123"},
	}
	for _, order := range permutations(len(said)) {
		db := modelstest.Open(t)
		for _, i := range order {
			db.Deliver(models.Delivery{}, models.Decoded{Messages: []models.InMessage{{
				WAMID: fmt.Sprint("wamid.", i), Type: "text", Contact: said[i], At: models.Time{Time: modelstest.Start.Add(time.Duration(i) * time.Minute)}}}})
		}
		if got := lines(t, db, "SELECT phone || ' ' || user_id || ' ' || name || ' ' || username FROM contacts"); !slices.Equal(got, []string{"447700900123 GB.1 Ada Lovelace ada"}) {
			t.Errorf("order %v: contacts = %q; want one", order, got)
		}
		if n := count(t, db, "SELECT count(*) FROM messages m JOIN contacts c ON c.id = m.contact_id"); n != len(said) {
			t.Errorf("order %v: %d messages have the contact; want %d", order, n, len(said))
		}
	}
}

func TestASearchFindsAResponseByTheContactsNewName(t *testing.T) {
	db := modelstest.Open(t)
	r := db.NewResponse().Contact("15550001", "Old Name").Answer("dish", "Crème brûlée").Save()
	db.Advance(time.Minute)
	db.NewResponse().Contact("15550001", "Zoë Straße").Save()
	for _, c := range []struct {
		text string
		want bool
	}{{"zoe", true}, {"ZOË strasse", true}, {"creme BRULEE zoe", true}, {"old", false}, {"5550001", true}, {"zoe%", false}, {"z_e", false}, {"brulee 15550002", false}} {
		page, err := db.Responses(t.Context(), models.ResponseFilter{Text: c.text})
		found := false
		for _, row := range page.Rows {
			found = found || row.ID == r.ID
		}
		if err != nil || found != c.want {
			t.Errorf("Responses(%q) finds it: %v, %v; want %v", c.text, found, err, c.want)
		}
	}
}
