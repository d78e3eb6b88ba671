package whatsapp_test

import (
	"context"
	"crypto"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"switchyard/handlers/whatsapp"
	"switchyard/models"
	"switchyard/models/rules"
)

// titled is rules for the flow claim that show where they come from.
func titled(title string) []byte {
	return []byte(strings.Replace(short, `"error_message":""`, `"error_message":"`+title+`"`, 1))
}

// opens returns what the opening of the flow claim says.
func (d *desk) opens(t testing.TB, token string) string {
	t.Helper()
	text, _ := d.talk(t, "claim", initial(token), "POLICY")["error_message"].(string)
	return text
}

func TestWhatIsPublishedRunsWithinASecond(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "claim", "")
	d.publish(t, f.ID, titled("one"))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { d.live.Run(ctx); close(ended) }()
	eventually(t, "the first version runs", func() bool { return d.opens(t, "") == "one" })
	published := time.Now()
	d.publish(t, f.ID, titled("two"))
	eventually(t, "the second version runs", func() bool { return d.opens(t, "") == "two" })
	if took := time.Since(published); took > time.Second {
		t.Errorf("what was published ran after %s; want less than 1 s", took)
	}
	cancel()
	<-ended
	keys, err := d.Keys(t.Context())
	must(t, "Keys", err)
	if keys[0].Uses == 0 {
		t.Error("the uses of the key are not written when Run ends")
	}
}

func TestWhatWasAskedBeforeTheFirstPublishIsDecidedAnew(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "claim", "")
	if got := d.opens(t, "claim.early"); got == "Published" {
		t.Fatalf("what the opening says before anything is published = %q; want the fallback's", got)
	}
	d.publish(t, f.ID, titled("Published"))
	d.refresh(t)
	if got := d.opens(t, "claim.early"); got != "Published" {
		t.Errorf("what it says to the same request after publishing = %q; want Published", got)
	}
}

func TestRulesThatDoNotCompileLeaveTheLastGoodOnesRunning(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "claim", "")
	d.publish(t, f.ID, titled("good"))
	d.refresh(t)
	for name, document := range map[string]string{
		"an unknown screen": strings.Replace(short, `"go":"POLICY"`, `"go":"NOWHERE"`, 1),
		"no document":       `{"switchyard":1}`,
	} {
		d.publish(t, f.ID, []byte(document))
		d.refresh(t)
		d.refresh(t) // another change elsewhere does not hide it
		if got := d.opens(t, "t."+strings.ReplaceAll(name, " ", "")); got != "good" {
			t.Errorf("after publishing %s the opening says %q; want the last good one", name, got)
		}
		if fault := d.live.Faults()["claim"]; !strings.Contains(fault, "cannot run") {
			t.Errorf("Faults after publishing %s = %q; want why it cannot run", name, fault)
		}
	}
	faults, err := d.DB.Faults(t.Context(), f.ID, 1)
	if err != nil || len(faults) != 1 || faults[0].RuleVersion != 1 || !strings.Contains(faults[0].Faults[0], "Version") {
		t.Errorf("step = %+v, %v; want version 1 and the fault of the newest", faults, err)
	}
	d.publish(t, f.ID, titled("better"))
	d.refresh(t)
	if got := d.opens(t, "t.3"); got != "better" || len(d.live.Faults()) != 0 {
		t.Errorf("after publishing good rules: %q, faults %v; want better, none", got, d.live.Faults())
	}
}

func TestAChangedListIsReadByTheRules(t *testing.T) {
	d := newDesk(t)
	d.claimKinds(t)
	d.flow(t, "claim", "claim")
	next := func(token string) int {
		data := d.talk(t, "claim", exchange(token, "POLICY", object{"policy_no": "AB-123456", "pin": "1234"}), "INCIDENT")
		return len(data["kinds"].([]any))
	}
	if n := next("c.1"); n != 3 {
		t.Errorf("%d kinds; want 3", n)
	}
	must(t, "SaveList", d.SaveList(t.Context(), rules.List{Name: "claim_kinds", Columns: []rules.Column{{Name: "limit", Type: "number"}},
		Rows: []rules.Row{{ID: "fire", Title: "Fire", Enabled: true, Cells: []string{"1"}}}}, models.By{}))
	d.refresh(t)
	if n := next("c.2"); n != 1 {
		t.Errorf("%d kinds after the list changed; want 1", n)
	}
}

func TestEveryLiveKeyOpensUntilItRetires(t *testing.T) {
	d := newDesk(t)
	d.flow(t, "appointment", "")
	oldest := d.key
	var newest models.Key
	for range 2 {
		d.key = newKey()
		newest = d.addKey(t, d.key)
	}
	d.refresh(t)
	ping := read(t, "endpoint", "ping.json")
	open := func() (int, int64) {
		d.decryptions.Store(0)
		status, _ := d.ask(t, "appointment", ping)
		return status, d.decryptions.Load()
	}
	if status, n := open(); status != 200 || n != 1 {
		t.Errorf("the newest key: %d after %d decryptions; want 200 after 1", status, n)
	}
	d.key = oldest
	if status, n := open(); status != 200 || n != 3 {
		t.Errorf("the oldest of three: %d after %d decryptions; want 200 after 3", status, n)
	}
	if status, n := open(); status != 200 || n != 2 {
		t.Errorf("the oldest again: %d after %d decryptions; want 200 after 2, since it was used last", status, n)
	}
	keys, err := d.Keys(t.Context())
	must(t, "Keys", err)
	first := keys[len(keys)-1]
	must(t, "RetireKey", d.RetireKey(t.Context(), first.ID, models.Time{Time: d.Now().Add(time.Hour)}, models.By{}))
	d.refresh(t)
	if status, _ := open(); status != 200 {
		t.Errorf("a key that retires in an hour: %d; want 200", status)
	}
	d.Advance(2 * time.Hour)
	if status, _ := open(); status != 421 {
		t.Errorf("a key that has retired: %d; want 421", status)
	}
	if newest.ID == first.ID {
		t.Fatal("the newest key is the first one")
	}
}

func TestAKeyThatCannotBeReadIsLeftOut(t *testing.T) {
	d := newDesk(t)
	d.flow(t, "appointment", "")
	var log strings.Builder
	d.ep.Live = whatsapp.NewLive(d.DB.DB, whatsapp.LiveOptions{Log: slog.New(slog.NewTextHandler(&log, nil)),
		ParseKey: func([]byte) (crypto.Decrypter, error) { return nil, errors.New("broken") }})
	must(t, "Refresh", d.ep.Live.Refresh(t.Context()))
	if status, _ := d.ask(t, "appointment", read(t, "endpoint", "ping.json")); status != 421 || !strings.Contains(log.String(), "key=1") {
		t.Errorf("%d, log %s; want 421 and the key's id", status, &log)
	}
}

func TestSecretsOfTheEnvironmentWin(t *testing.T) {
	d := newDesk(t)
	must(t, "SetSetting", d.SetSetting(t.Context(), models.AppSecret, "stored", models.By{}))
	for _, c := range []struct{ env, want []string }{{nil, []string{"stored"}}, {[]string{"env"}, []string{"env"}}} {
		live := whatsapp.NewLive(d.DB.DB, whatsapp.LiveOptions{AppSecrets: c.env})
		if got := live.AppSecrets(); len(got) != 0 {
			t.Errorf("before the first Refresh AppSecrets = %q", got)
		}
		must(t, "Refresh", live.Refresh(t.Context()))
		if got := live.AppSecrets(); len(got) != 1 || got[0] != c.want[0] {
			t.Errorf("AppSecrets with %q in the environment = %q; want %q", c.env, got, c.want)
		}
	}
}
