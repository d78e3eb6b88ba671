package views_test

import (
	"bytes"
	"encoding/csv"
	"reflect"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/views"
)

func TestAnExportHoldsWhatPeopleDidBehindTheAnswers(t *testing.T) {
	at := models.Time{Time: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)}
	r := models.Response{State: models.Complete, Outcome: "finish:r1", Status: "wait", Assignee: "=Ada", Tags: []models.Tag{{Name: "late"}, {Name: "vip"}},
		Answers: map[string]any{"triage.status": "theirs"},
		Notes:   []models.Note{{Name: "Bo", At: at, Text: "Rang back"}, {Name: "Bo", At: at, Text: "gone", RemovedAt: at}}}
	for titles, status := range map[bool]string{false: "wait", true: "Waiting"} {
		outcome := map[bool]string{false: "finish:r1", true: "Finished by a former rule"}[titles]
		var b bytes.Buffer
		table := views.NewExportTable(views.TableOptions{Keys: []string{"triage.status"}, Triage: true, Titles: titles, Statuses: map[string]string{"wait": "Waiting"}})
		if _, err := (views.Export{W: &b}).TableCSV(rows(r), table); err != nil {
			t.Fatal(err)
		}
		got, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(got) != 2 {
			t.Fatalf("ReadAll = %q, %v; want two records", got, err)
		}
		for i, want := range []string{"answers.triage.status|triage.status|triage.assignee|triage.tags|triage.notes|rules.outcome",
			"theirs|" + status + "|'=Ada|late; vip|2026-11-20T08:00:00Z Bo: Rang back|" + outcome} {
			if have := strings.Join(got[i][9:], "|"); have != want {
				t.Errorf("record %d behind the fixed columns = %s; want %s", i, have, want)
			}
		}
		if !table.Notes() {
			t.Error("Notes() = false of a table with all columns")
		}
	}
	if views.NewExportTable(views.TableOptions{Names: []string{"received_at", "triage.tags"}}).Notes() {
		t.Error("Notes() = true of a table without them")
	}
}

func TestJSONLinesOfAllColumnsHoldEveryAnswerAsItWasSent(t *testing.T) {
	long := strings.Repeat("k", 300)
	answers := decode(t, `{"`+long+`":"x","deep":{"yes":true,"list":[{"a":1}],"none":null},"new":1.50,"empty":{}}`).(map[string]any)
	for _, c := range []struct {
		titles bool
		of     models.Response
		want   any
	}{
		{false, models.Response{Answers: answers}, decode(t, `{"`+long+`":"x","deep":{"yes":true,"list":[{"a":1}],"none":null},"new":1.50,"empty":{}}`)},
		{true, models.Response{Answers: answers}, decode(t, `{"`+long+`":"x","deep":{"yes":"Yes","list":[{"a":1}],"none":null},"new":1.50,"empty":{}}`)},
		{false, models.Response{State: models.Unreadable, Raw: "{"}, map[string]any{}},
	} {
		var b bytes.Buffer
		table := views.NewExportTable(views.TableOptions{Keys: []string{"deep.yes"}, Triage: true, Titles: c.titles})
		if _, err := (views.Export{W: &b}).TableJSONL(rows(c.of), table); err != nil {
			t.Fatal(err)
		}
		if got := decode(t, b.String()).(map[string]any)["answers"]; !reflect.DeepEqual(got, c.want) {
			t.Errorf("titles %t: answers = %v; want %v", c.titles, got, c.want)
		}
	}
}
