package models_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/modelstest"
)

// heard is what a receiver was told so far, gathered or not, as "moment severity".
func heard(t *testing.T, db *modelstest.DB, r models.Receiver) string {
	t.Helper()
	rows := lines(t, db, fmt.Sprintf(`SELECT fact || ' ' || severity FROM notifications WHERE receiver_id = %d ORDER BY id`, r.ID))
	var all []string
	for _, row := range rows {
		_, rest, _ := strings.Cut(row, `"moment":"`)
		moment, _, _ := strings.Cut(rest, `"`)
		all = append(all, moment+row[strings.LastIndex(row, " "):])
	}
	return strings.Join(all, ", ")
}

func TestEachReceiverHearsWhatItsRuleSays(t *testing.T) {
	db := modelstest.Open(t)
	claim := db.NewFlow("claim", func(f *models.Flow) { f.MetaID = "691" })
	other := db.NewFlow("other", func(f *models.Flow) { f.MetaID = "692" })
	rules := []struct {
		name, want string
		change     func(*models.Receiver)
	}{
		{"everything", "began 2, worse 3, over 3, began 1, worse 3", nil},
		{"high", "worse 3, over 3, worse 3", func(r *models.Receiver) { r.Severity = 3 }},
		{"beginnings", "began 2, began 1", func(r *models.Receiver) { r.Moments = []models.Moment{models.Began} }},
		{"this flow", "began 2, worse 3, over 3", func(r *models.Receiver) { r.Flows = []int64{claim.ID} }},
		{"another flow", "", func(r *models.Receiver) { r.Flows = []int64{other.ID} }},
		{"this kind", "began 2, worse 3, over 3", func(r *models.Receiver) { r.Kinds = []alert.Kind{alert.EndpointErrorRate} }},
		{"another kind", "began 1, worse 3", func(r *models.Receiver) { r.Kinds = []alert.Kind{alert.EndpointLatency} }},
		{"off", "", func(r *models.Receiver) { r.Off = true }},
	}
	var receivers []models.Receiver
	for _, rule := range rules {
		r, _ := db.NewReceiver(rule.name, func(r *models.Receiver) {
			if rule.change != nil {
				rule.change(r)
			}
		})
		receivers = append(receivers, r)
	}
	a := db.NewAlert("691", alert.EndpointErrorRate, 10)
	db.Advance(time.Minute)
	if _, err := db.AcknowledgeAlert(t.Context(), a.ID, "mine", first); err != nil {
		t.Fatal(err)
	}
	for _, state := range []struct {
		state     string
		threshold float64
	}{{"ACTIVATED", 50}, {"DEACTIVATED", 50}, {"ACTIVATED", 10}, {"DEACTIVATED", 5}} {
		db.Advance(time.Minute)
		db.Notice("691", alert.EndpointErrorRate, state.state, state.threshold, db.Time())
	}
	db.NewAlert("999", alert.EndpointLatency, 1000)
	db.Advance(time.Minute)
	db.Notice("999", alert.EndpointLatency, "ACTIVATED", 7000, db.Time())
	for i, r := range receivers {
		if got := heard(t, db, r); got != rules[i].want {
			t.Errorf("%s heard %q; want %q", r.Name, got, rules[i].want)
		}
	}
	told, err := db.AlertNotifications(t.Context(), a.ID)
	if err != nil || len(told) == 0 || told[0].Fact.Flow != "claim" && told[0].Fact.Flow == "" || told[0].Receiver == "" || told[0].State != "" {
		t.Errorf("AlertNotifications = %+v, %v", told, err)
	}
}

// The same notices in any order, each more than once, tell of one beginning and one end at most.
func TestWhatIsRepeatedIsToldOnce(t *testing.T) {
	db := modelstest.Open(t)
	r, _ := db.NewReceiver("all")
	now, threshold := db.Time(), 10.0
	event := func(state string, minute int) models.Decoded {
		return models.Decoded{Flows: []models.InFlowEvent{{Key: fmt.Sprint(state, minute), MetaID: "1", Event: string(alert.EndpointErrorRate), State: state,
			At: models.Time{Time: now.Add(time.Duration(minute) * time.Minute)}, Threshold: &threshold, Body: []byte(`{}`)}}}
	}
	for range 3 {
		db.Deliver(models.Delivery{}, event("ACTIVATED", 1))
	}
	for range 3 {
		db.Deliver(models.Delivery{}, event("DEACTIVATED", 5))
		db.Deliver(models.Delivery{}, event("ACTIVATED", 1))
	}
	if got := heard(t, db, r); got != "began 2, over 2" {
		t.Errorf("heard %q; want one beginning and one end", got)
	}
	db.Deliver(models.Delivery{}, event("DEACTIVATED", 20)) // its end comes first
	db.Deliver(models.Delivery{}, event("ACTIVATED", 19))
	if got := heard(t, db, r); got != "began 2, over 2" {
		t.Errorf("heard %q; want nothing of what was over before it was heard of", got)
	}
}

func TestForgottenAlertsAreToldOnceUnlessSomebodyHasThem(t *testing.T) {
	db := modelstest.Open(t)
	boss, _ := db.NewReceiver("boss", func(r *models.Receiver) { r.Moments, r.Forgotten = []models.Moment{models.Forgotten}, 30 })
	remind := func(want int) {
		t.Helper()
		if n, err := db.Remind(t.Context()); n != want || err != nil {
			t.Fatalf("Remind at %v = %d, %v; want %d", db.Now(), n, err, want)
		}
	}
	lost, taken, asleep := db.NewAlert("1", alert.EndpointErrorRate, 10), db.NewAlert("2", alert.EndpointErrorRate, 10), db.NewAlert("3", alert.EndpointErrorRate, 10)
	db.Advance(10 * time.Minute)
	if _, err := db.AcknowledgeAlert(t.Context(), taken.ID, "", first); err != nil {
		t.Fatal(err)
	}
	if _, err := db.SnoozeAlert(t.Context(), asleep.ID, db.Now().Add(time.Hour), "", first); err != nil {
		t.Fatal(err)
	}
	db.Advance(20*time.Minute - time.Second)
	remind(0)
	db.Advance(time.Second)
	remind(1)
	remind(0)
	if got := lines(t, db, `SELECT alert_id FROM notifications`); !slices.Equal(got, []string{fmt.Sprint(lost.ID)}) {
		t.Errorf("told of alerts %q; want %d alone", got, lost.ID)
	}
	db.Advance(time.Hour + 10*time.Minute) // 30 minutes after the snooze ended
	remind(1)
	db.Notice("2", alert.EndpointErrorRate, "ACTIVATED", 50, db.Time()) // active again: its time begins anew
	remind(0)
	db.Advance(30 * time.Minute)
	remind(1)
	late, _ := db.NewReceiver("late", func(r *models.Receiver) { r.Forgotten = 1 })
	db.Advance(time.Hour)
	remind(0)
	if got := heard(t, db, late); got != "" {
		t.Errorf("a receiver that was added later heard %q; want nothing of what was forgotten before", got)
	}
	if got := heard(t, db, boss); got != "forgotten 2, forgotten 2, forgotten 3" {
		t.Errorf("boss heard %q", got)
	}
}

func TestAConditionThatEndsByHandSaysSo(t *testing.T) {
	db := modelstest.Open(t)
	r, _ := db.NewReceiver("all")
	a := db.NewAlert("1", alert.EndpointLatency, 7000)
	db.Advance(time.Minute)
	if _, err := db.ResolveAlert(t.Context(), a.ID, "a test of Ada's", first); err != nil {
		t.Fatal(err)
	}
	db.Advance(time.Minute)
	if n := db.Gather(); n != 1 {
		t.Fatalf("GatherPosts = %d; want one post", n)
	}
	c, ok := db.ClaimNext(r.ID)
	if !ok || len(c.Tells) != 2 || c.Tells[1].Fact.Moment != models.Over || !c.Tells[1].Fact.ByHand || c.Tells[0].Fact.ByHand {
		t.Fatalf("claimed %+v; want the beginning and the end by hand in one post", c)
	}
	for _, row := range lines(t, db, `SELECT fact FROM notifications`) {
		if strings.Contains(row, "Ada") || strings.Contains(row, "test of") {
			t.Errorf("fact %s holds who did it, or why", row)
		}
	}
}

// A notice may come behind one that is newer by its own time: what got worse is heard then, with its own figures.
func TestAWorseningThatComesLateIsHeardWithItsFigures(t *testing.T) {
	db := modelstest.Open(t)
	r, _ := db.NewReceiver("all")
	now := db.Time()
	for i, threshold := range []float64{1000, 5000, 7000} {
		db.Advance(time.Minute)
		db.Notice("1", alert.EndpointLatency, "ACTIVATED", threshold, models.Time{Time: now.Add(time.Duration(-3*min(i, 1)+i) * time.Second)})
	}
	if got := heard(t, db, r); got != "began 1, worse 2, worse 3" {
		t.Errorf("heard %q; want each worsening", got)
	}
	for i, fact := range lines(t, db, `SELECT fact FROM notifications ORDER BY id`) {
		if want := []string{`"threshold":1000`, `"threshold":5000`, `"threshold":7000`}[i]; !strings.Contains(fact, want) {
			t.Errorf("notification %d = %s; want %s", i+1, fact, want)
		}
	}
}

// What is forgotten at night is told in the morning only if nobody has it by then.
func TestWhatIsForgottenOutsideTheHoursWaitsForWhoTakesIt(t *testing.T) {
	db := modelstest.Open(t)
	r, _ := db.NewReceiver("boss", func(r *models.Receiver) {
		r.Moments, r.Forgotten = []models.Moment{models.Forgotten}, 30
		r.Hours = models.Hours{From: 8 * 60, To: 18 * 60, Zone: "UTC"}
	})
	db.Advance(time.Date(2026, 11, 20, 22, 0, 0, 0, time.UTC).Sub(db.Now()))
	taken, lost := db.NewAlert("1", alert.EndpointErrorRate, 5), db.NewAlert("2", alert.EndpointErrorRate, 5)
	db.Advance(time.Hour)
	if n, err := db.Remind(t.Context()); n != 0 || err != nil {
		t.Errorf("Remind at night = %d, %v; want none", n, err)
	}
	if _, err := db.AcknowledgeAlert(t.Context(), taken.ID, "", first); err != nil {
		t.Fatal(err)
	}
	db.Advance(9 * time.Hour)
	if n, err := db.Remind(t.Context()); n != 1 || err != nil {
		t.Errorf("Remind in the morning = %d, %v; want the one that nobody has", n, err)
	}
	if got := lines(t, db, fmt.Sprintf(`SELECT alert_id FROM notifications WHERE receiver_id = %d`, r.ID)); !slices.Equal(got, []string{fmt.Sprint(lost.ID)}) {
		t.Errorf("told of alerts %q; want %d", got, lost.ID)
	}
}
