package models_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// said saves account events, a minute apart.
func said(db *modelstest.DB, all ...models.InOther) {
	for i, o := range all {
		o.Key, o.At = fmt.Sprint("k", i), models.Time{Time: modelstest.Start.Add(time.Duration(i) * time.Minute)}
		o.Body = fmt.Appendf(nil, `{"n":%d}`, i)
		db.Deliver(models.Delivery{}, models.Decoded{Others: []models.InOther{o}})
	}
}

func summaries(rows []models.AccountEvent) (all []string) {
	for _, r := range rows {
		all = append(all, r.Summary)
	}
	return all
}

func TestAccountEventsAreFilteredAndPagedByKey(t *testing.T) {
	db := modelstest.Open(t)
	said(db,
		models.InOther{Field: "message_template_status_update", Kind: "template", Subject: "promo", Channel: "1555", Summary: "Template promo: approved."},
		models.InOther{Field: "channel_live", Kind: "channel", Subject: "Clínica", Channel: "CH1", Summary: "Channel is live: Clínica."},
		models.InOther{Field: "security", Summary: "Number 1555: pin changed.", Channel: "1555"},
	)
	minute := func(n int) time.Time { return modelstest.Start.Add(time.Duration(n) * time.Minute) }
	for _, c := range []struct {
		name string
		f    models.AccountEventFilter
		want string
	}{
		{"all, newest first", models.AccountEventFilter{}, "[Number 1555: pin changed. Channel is live: Clínica. Template promo: approved.]"},
		{"kind", models.AccountEventFilter{Kind: "template"}, "[Template promo: approved.]"},
		{"no kind said is other", models.AccountEventFilter{Kind: "other"}, "[Number 1555: pin changed.]"},
		{"channel", models.AccountEventFilter{Channel: "CH1"}, "[Channel is live: Clínica.]"},
		{"words without accent and case", models.AccountEventFilter{Text: "CLINICA live"}, "[Channel is live: Clínica.]"},
		{"field", models.AccountEventFilter{Text: "template_status"}, "[Template promo: approved.]"},
		{"signs of a pattern are signs", models.AccountEventFilter{Text: "%"}, "[]"},
		{"time", models.AccountEventFilter{From: minute(1), To: minute(2)}, "[Channel is live: Clínica.]"},
		{"all together", models.AccountEventFilter{Kind: "channel", Channel: "CH1", Text: "live", From: minute(0), To: minute(9)}, "[Channel is live: Clínica.]"},
	} {
		rows, more, err := db.AccountEvents(t.Context(), c.f)
		if got := fmt.Sprint(summaries(rows)); err != nil || more || got != c.want {
			t.Errorf("%s: AccountEvents(%+v) = %s, %t, %v; want %s", c.name, c.f, got, more, err, c.want)
		}
	}
	var paged []string
	f := models.AccountEventFilter{Limit: 1}
	for more := true; more; {
		var rows []models.AccountEvent
		var err error
		if rows, more, err = db.AccountEvents(t.Context(), f); err != nil || len(rows) != 1 {
			t.Fatalf("AccountEvents(%+v) = %d rows, %v; want 1", f, len(rows), err)
		}
		paged, f.Before = append(paged, summaries(rows)...), rows[0].ID
	}
	if len(paged) != 3 || paged[0] != "Number 1555: pin changed." || paged[2] != "Template promo: approved." {
		t.Errorf("by page: %q; want three, newest first", paged)
	}
	if channels, err := db.AccountChannels(t.Context()); err != nil || fmt.Sprint(channels) != "[1555 CH1]" {
		t.Errorf("AccountChannels() = %q, %v", channels, err)
	}
	if e, err := db.AccountEvent(t.Context(), f.Before); err != nil || e.Body != `{"n":0}` || e.Kind != "template" {
		t.Errorf("AccountEvent() = %+v, %v; want it with its body", e, err)
	}
	if _, err := db.AccountEvent(t.Context(), 999); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("AccountEvent(999) = %v; want ErrNotFound", err)
	}
}

func TestAnAccountEventDecodedAgainIsOneAndSaysWhatIsSaidNow(t *testing.T) {
	db := modelstest.Open(t)
	say := func(summary string) {
		db.Deliver(models.Delivery{}, models.Decoded{Others: []models.InOther{{Key: "k", Field: "f", Summary: summary, Body: []byte(`{}`)}}})
	}
	say("A kind of change that is not known here.")
	say("Template promo: approved.")
	rows, _, err := db.AccountEvents(t.Context(), models.AccountEventFilter{Text: "promo"})
	if err != nil || len(rows) != 1 || rows[0].Summary != "Template promo: approved." {
		t.Errorf("AccountEvents() = %+v, %v; want one with the newer words", rows, err)
	}
}
