package whatsapp_test

import (
	"reflect"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/rules"
)

// changes are what makes the endpoint compile rules again, or forget what it had.
var changes = map[string]func(testing.TB, *desk, models.Flow){
	"a publish": func(t testing.TB, d *desk, f models.Flow) {
		d.publish(t, f.ID, titled("published since"))
		d.refresh(t)
	},
	"a list": func(t testing.TB, d *desk, _ models.Flow) { d.otherList(t) },
	"a restart": func(_ testing.TB, d *desk, _ models.Flow) {
		d.restart()
	},
	"a publish and a restart": func(t testing.TB, d *desk, f models.Flow) {
		d.publish(t, f.ID, titled("published since"))
		d.restart()
	},
}

// otherList imports a list that no rule reads.
func (d *desk) otherList(t testing.TB) {
	t.Helper()
	l := rules.List{Name: "colours", Rows: []rules.Row{{ID: "red", Title: "Red", Enabled: true}}}
	must(t, "SaveList", d.SaveList(t.Context(), l, models.By{}))
	d.refresh(t)
}

func TestTheFinishingSubmissionGetsTheSameSuccessWhateverChanged(t *testing.T) {
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			f := d.flow(t, "claim", "", func(f *models.Flow) { f.TokenOnce = true })
			d.publish(t, f.ID, []byte(short))
			d.refresh(t)
			d.talk(t, "claim", initial("c.1"), "POLICY")
			done := exchange("c.1", "POLICY", object{"policy_no": "AB-1"})
			first := d.talk(t, "claim", done, "SUCCESS")
			change(t, d, f)
			d.Advance(time.Hour)
			if again := d.talk(t, "claim", done, "SUCCESS"); !reflect.DeepEqual(again, first) {
				t.Errorf("the finishing submission again = %v; want %v", again, first)
			}
			if v, steps := d.visit(t, f.ID, "c.1"); v.Steps != 2 || len(steps) != 2 {
				t.Errorf("%d steps, %d recorded; want 2, 2", v.Steps, len(steps))
			}
			d.talk(t, "claim", exchange("c.1", "POLICY", object{"policy_no": "AB-2"}), "427")
		})
	}
}

func TestARepeatOfWhatExpiredATokenMakesNoStepWhateverChanged(t *testing.T) {
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			f := d.flow(t, "claim", "")
			d.publish(t, f.ID, []byte(short))
			d.refresh(t)
			d.talk(t, "claim", initial("c.1"), "POLICY")
			end := exchange("c.1", "POLICY", object{"policy_no": "end"})
			d.talk(t, "claim", end, "427")
			change(t, d, f)
			d.Advance(time.Hour)
			if status, answer := d.ask(t, "claim", end); status != 427 || answer["error_msg"] != "Already claimed." {
				t.Errorf("again = %d %v; want 427 and the same message", status, answer)
			}
			if _, steps := d.visit(t, f.ID, "c.1"); len(steps) != 2 {
				t.Errorf("%d steps recorded; want 2", len(steps))
			}
		})
	}
}

func TestARepeatOfAStepIsKnownWhateverChanged(t *testing.T) {
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			f := d.flow(t, "claim", "")
			d.publish(t, f.ID, staying("one"))
			d.refresh(t)
			d.opens(t, "c.1")
			d.says(t, "c.1", "1")
			change(t, d, f)
			if got := d.says(t, "c.1", "1"); got != "one" {
				t.Errorf("a repeat = %q; want one", got)
			}
			if v, steps := d.visit(t, f.ID, "c.1"); v.Steps != 2 || len(steps) != 2 {
				t.Errorf("%d steps, %d recorded; want 2, 2", v.Steps, len(steps))
			}
		})
	}
}

func TestWhoTriesAgainLaterIsAnsweredByWhatWasPublishedSince(t *testing.T) {
	for _, restarted := range []bool{false, true} {
		d := newDesk(t)
		f := d.flow(t, "claim", "")
		d.publish(t, f.ID, staying("one"))
		d.refresh(t)
		d.opens(t, "c.1")
		d.says(t, "c.1", "1")
		d.publish(t, f.ID, staying("two"))
		d.refresh(t)
		if restarted {
			d.restart()
		}
		d.Advance(2 * time.Minute)
		if got := d.says(t, "c.1", "1"); got != "two" {
			t.Errorf("2 minutes after the first time, restarted: %t = %q; want two", restarted, got)
		}
	}
}

func TestAnOpeningIsRepeatedOnlyFromWhatRunsNow(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "claim", "")
	d.publish(t, f.ID, titled("one"))
	d.refresh(t)
	d.opens(t, "c.1")
	d.otherList(t)
	d.opens(t, "c.1")
	if v, _ := d.visit(t, f.ID, "c.1"); v.Steps != 1 {
		t.Errorf("an opening again at once after a list was imported makes %d steps; want 1", v.Steps)
	}
	d.Advance(2 * time.Minute)
	d.opens(t, "c.1")
	if v, _ := d.visit(t, f.ID, "c.1"); v.Steps != 2 {
		t.Errorf("an opening 2 minutes later makes %d steps; want 2: its lists may be others", v.Steps)
	}
	for _, restarted := range []bool{false, true} {
		d.publish(t, f.ID, titled("published"))
		d.refresh(t)
		if restarted {
			d.publish(t, f.ID, titled("published"))
			d.restart()
		}
		before, _ := d.visit(t, f.ID, "c.1")
		if got := d.opens(t, "c.1"); got != "published" {
			t.Errorf("an opening after a publish, restarted: %t = %q; want published", restarted, got)
		}
		if v, _ := d.visit(t, f.ID, "c.1"); v.Steps != before.Steps+1 || v.Run != 1 {
			t.Errorf("run %d, %d steps after %d; want another step of run 1", v.Run, v.Steps, before.Steps)
		}
	}
}
