package whatsapp_test

import (
	"strings"
	"testing"
	"time"

	"switchyard/models"
)

// staying is rules for the flow claim whose first screen answers with a word.
func staying(word string) []byte {
	return []byte(strings.Replace(short, `"otherwise":{"finish":{"params":{"policy_no":"{{ data.policy_no }}"}}}`,
		`"otherwise":{"stay":{"error":"`+word+`"}}`, 1))
}

// says is what the first screen answers to a number.
func (d *desk) says(t testing.TB, token, number string) string {
	t.Helper()
	text, _ := d.talk(t, "claim", exchange(token, "POLICY", object{"policy_no": number}), "POLICY")["error_message"].(string)
	return text
}

func keeping(f *models.Flow) { f.KeepVersion = true }

func moving(*models.Flow) {}

func TestAVisitStaysOnTheRulesItBeganWithWhereTheFlowSaysSo(t *testing.T) {
	for _, c := range []struct {
		name    string
		flow    func(*models.Flow)
		word    string
		version int
	}{{"keep", keeping, "one", 1}, {"move", moving, "two", 2}} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			f := d.flow(t, "claim", "", c.flow)
			d.publish(t, f.ID, staying("one"))
			d.refresh(t)
			d.opens(t, "c.1")
			if got := d.says(t, "c.1", "1"); got != "one" {
				t.Fatalf("under the first version = %q; want one", got)
			}
			d.publish(t, f.ID, staying("two"))
			d.refresh(t)
			if got := d.says(t, "c.1", "2"); got != c.word {
				t.Errorf("during the visit = %q; want %s", got, c.word)
			}
			d.opens(t, "c.2")
			if got := d.says(t, "c.2", "1"); got != "two" {
				t.Errorf("in a new visit = %q; want two", got)
			}
			d.restart()
			if got := d.says(t, "c.1", "3"); got != c.word {
				t.Errorf("after a restart = %q; want %s", got, c.word)
			}
			v, steps := d.visit(t, f.ID, "c.1")
			if last := steps[len(steps)-1]; v.RuleVersion != 1 || last.RuleVersion != c.version || len(last.Faults) != 0 {
				t.Errorf("visit of version %d, last step %+v; want 1, %d without faults", v.RuleVersion, last, c.version)
			}
			d.opens(t, "c.1")
			if got := d.says(t, "c.1", "4"); got != "two" {
				t.Errorf("in the token's next run = %q; want two", got)
			}
		})
	}
}

func TestAVisitWhoseRulesAreGoneMovesToTheNewest(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "claim", "", keeping)
	d.publish(t, f.ID, staying("one"))
	d.refresh(t)
	d.opens(t, "c.1")
	d.publish(t, f.ID, staying("two"))
	d.Advance(72 * time.Hour)
	d.restart()
	if got := d.says(t, "c.1", "1"); got != "two" {
		t.Errorf("after 72 h = %q; want two", got)
	}
	if v, steps := d.visit(t, f.ID, "c.1"); v.RuleVersion != 1 || steps[1].RuleVersion != 2 {
		t.Errorf("visit of version %d, step of %d; want 1, 2", v.RuleVersion, steps[1].RuleVersion)
	}
}

func TestARepeatIsKnownOnTheRulesThatAVisitIsHeldOn(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "claim", "", keeping)
	d.publish(t, f.ID, staying("one"))
	d.refresh(t)
	d.opens(t, "c.1")
	d.says(t, "c.1", "1")
	d.publish(t, f.ID, staying("two"))
	d.refresh(t)
	if got := d.says(t, "c.1", "1"); got != "one" {
		t.Errorf("a repeat after a publish = %q; want one", got)
	}
	if v, steps := d.visit(t, f.ID, "c.1"); v.Steps != 2 || len(steps) != 2 {
		t.Errorf("%d steps, %d recorded; want 2, 2: the last was a repeat", v.Steps, len(steps))
	}
}
