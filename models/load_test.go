package models_test

import (
	"slices"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestOnPostgresALoadTellsWhichIndexCouldNotBeMadeAgain(t *testing.T) {
	db := modelstest.OpenAt(t, modelstest.PostgresURL(t))
	flow, raw := db.NewFlow("claim"), modelstest.SQL(t, db.URL)
	defer raw.Close()
	if _, err := raw.Exec(`CREATE INDEX none_of_two ON responses ((1 / (id - 2)))`); err != nil {
		t.Fatal(err)
	}
	var rows []models.Response
	for _, id := range []string{"a", "b"} {
		rows = append(rows, models.Response{WAMID: id, FlowID: flow.ID, State: models.Complete, ReceivedAt: db.Time()})
	}
	err := db.LoadResponses(t.Context(), 1_000_000, slices.Values(rows))
	if err == nil || !strings.Contains(err.Error(), "none_of_two") {
		t.Errorf("LoadResponses = %v; want an error that names the index", err)
	}
	var others int
	if err := raw.QueryRow(`SELECT count(*) FROM pg_indexes WHERE indexname IN ('responses_received', 'responses_weak')`).Scan(&others); err != nil || others != 2 {
		t.Errorf("%d of two indexes beside it, %v; want both", others, err)
	}
}
