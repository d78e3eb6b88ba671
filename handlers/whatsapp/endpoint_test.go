package whatsapp_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"reflect"
	"runtime"
	"sync"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestAPlainFlowAnswersInPlainJSON(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "appointment", func(f *models.Flow) { f.Mode = models.Plain })
	post := func(request any) (int, object) {
		w := d.post("/flow-endpoint/appointment", []byte(say(request)))
		return w.Code, decode(t, w.Body.Bytes())
	}
	if status, got := post(read(t, "endpoint", "init.json")); status != 200 || got["screen"] != "APPOINTMENT" || got["version"] != "3.0" {
		t.Errorf("INIT = %d %v; want APPOINTMENT and the version echoed", status, got)
	}
	status, got := post(object{"action": "dance", "screen": "APPOINTMENT", "flow_token": appointmentToken})
	if data := got["data"].(object); status != 200 || got["screen"] != "APPOINTMENT" || data["error_message"] != "Unknown action: dance" || data["departments"] == nil {
		t.Errorf("an unknown action = %d %v; want the screen with its data and what is unknown", status, got)
	}
	if status, got := post(read(t, "endpoint", "error-notification.json")); status != 200 || !reflect.DeepEqual(got["data"], object{"acknowledged": true}) {
		t.Errorf("an error notification = %d %v; want it acknowledged", status, got)
	}
	if _, steps := d.visit(t, f.ID, appointmentToken); len(steps) != 3 || steps[1].Kind != "fallback" || len(steps[1].Faults) == 0 {
		t.Errorf("%d steps; want 3, the second a fallback with a fault: %+v", len(steps), steps)
	}
}

func TestAFlowIsFoundByItsOldSlugAndByMetasID(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "", func(f *models.Flow) { f.MetaID = "6912" })
	f.Slug = "booking"
	_, err := d.UpdateFlow(t.Context(), f, models.By{})
	must(t, "UpdateFlow", err)
	d.refresh(t)
	for _, ref := range []string{"booking", "appointment", "6912"} {
		if status, _ := d.ask(t, ref, read(t, "endpoint", "ping.json")); status != 200 {
			t.Errorf("ping by %s = %d; want 200", ref, status)
		}
	}
}

func TestWithoutPublishedRulesTheCustomerSeesTheEntryScreen(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "", func(f *models.Flow) { f.FallbackMessage = "Gleich geht es weiter." })
	data := d.talk(t, "appointment", read(t, "endpoint", "init.json"), "APPOINTMENT")
	want := object{"departments": []any{}, "min_date": "", "times": []any{}, "show_times": false, "error_message": "Gleich geht es weiter."}
	if !reflect.DeepEqual(data, want) {
		t.Errorf("data = %v; want %v", data, want)
	}
	d.talk(t, "appointment", exchange(appointmentToken, "DETAILS", object{}), "DETAILS")
	faults, err := d.Faults(t.Context(), f.ID, 10)
	if err != nil || len(faults) != 2 || faults[0].Kind != "unruled" {
		t.Errorf("Faults = %+v, %v; want two unruled steps", faults, err)
	}
}

func TestConcurrentRequestsOfOneTokenAreOneAfterTheOther(t *testing.T) {
	d := newDesk(t)
	d.claimKinds(t)
	f := d.flow(t, "claim", "claim")
	d.talk(t, "claim", initial("claim.1"), "POLICY")
	var wait sync.WaitGroup
	for i := range 24 {
		wait.Go(func() {
			n := fmt.Sprintf("AB-%06d", i%6)
			d.talk(t, "claim", exchange("claim.1", "POLICY", object{"policy_no": n, "pin": "123456"}), "INCIDENT")
		})
	}
	wait.Wait()
	v, steps := d.visit(t, f.ID, "claim.1")
	if v.Steps != len(steps) || v.Steps < 7 || v.Run != 1 {
		t.Errorf("run %d, %d steps, %d recorded; want 1 and as many steps as recorded, at least 7", v.Run, v.Steps, len(steps))
	}
}

func TestALockedDatabaseDelaysTheStepAndNotTheCustomer(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "appointment")
	d.talk(t, "appointment", initial("a.1"), "APPOINTMENT")
	unlock := d.lock(t)
	chosen := object{"department": "dental", "date": "2026-12-01", "time": "10:30"}
	person := object{"name": "Ada", "email": "ada@example.org", "age": "36", "symptoms": []any{}, "notes": "", "terms": true}
	for _, ask := range []func(){
		func() { d.ask(t, "appointment", read(t, "endpoint", "ping.json")) },
		func() { d.talk(t, "appointment", exchange("a.1", "APPOINTMENT", chosen), "DETAILS") },
		func() { d.talk(t, "appointment", exchange("a.1", "DETAILS", person), "SUMMARY") },
		func() { d.talk(t, "appointment", initial("a.2"), "APPOINTMENT") },
	} {
		began := time.Now()
		ask()
		if took := time.Since(began); took > time.Second {
			t.Errorf("a request took %s while the database was locked; want less than 1 s", took)
		}
	}
	if v, _ := d.visit(t, f.ID, "a.1"); v.Steps != 1 {
		t.Fatalf("the visit has %d steps while the database is locked: it is not", v.Steps)
	}
	unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	must(t, "Drain", d.ep.Drain(ctx))
	v, steps := d.visit(t, f.ID, "a.1")
	if v.Steps != 3 || len(steps) != 3 || v.Screen != "SUMMARY" {
		t.Errorf("afterwards the visit has %d steps, %d recorded, on %s; want 3, 3, SUMMARY", v.Steps, len(steps), v.Screen)
	}
	if v, _ := d.visit(t, f.ID, "a.2"); v.Steps != 1 {
		t.Errorf("the new visit has %d steps; want 1", v.Steps)
	}
}

// lock keeps others from writing steps until unlock.
func (d *desk) lock(t *testing.T) (unlock func()) {
	t.Helper()
	other, err := modelstest.SQL(t, d.URL).Conn(t.Context())
	must(t, "Conn", err)
	begin := "BEGIN IMMEDIATE"
	if modelstest.Postgres() {
		begin = "BEGIN; LOCK TABLE steps IN EXCLUSIVE MODE"
	}
	_, err = other.ExecContext(t.Context(), begin)
	must(t, begin, err)
	return func() {
		_, err := other.ExecContext(t.Context(), "ROLLBACK")
		must(t, "ROLLBACK", err)
		must(t, "Close", other.Close())
	}
}

func TestARequestWaitsForItsTurnAtRSA(t *testing.T) {
	d := newDesk(t)
	d.flow(t, "appointment", "appointment")
	body, _ := d.seal(t, read(t, "endpoint", "ping.json"))
	var wait sync.WaitGroup
	for range 32 {
		wait.Go(func() {
			if w := d.post("/flow-endpoint/appointment", body); w.Code != 200 {
				t.Errorf("one of 32 at once = %d; want 200", w.Code)
			}
		})
	}
	wait.Wait()
	gate := make(chan struct{})
	d.gate.Store(&gate)
	d.decryptions.Store(0)
	cores := runtime.GOMAXPROCS(0)
	for range cores {
		wait.Go(func() { d.post("/flow-endpoint/appointment", body) })
	}
	eventually(t, "every core is at RSA", func() bool { return d.decryptions.Load() == int64(cores) })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	w := httptest.NewRecorder()
	d.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "POST", "/flow-endpoint/appointment", bytes.NewReader(body)))
	if w.Code != 503 || ctx.Err() == nil || d.decryptions.Load() != int64(cores) {
		t.Errorf("a request whose time ended while it waited = %d, %v, %d at RSA; want 503, a deadline, %d", w.Code, ctx.Err(), d.decryptions.Load(), cores)
	}
	close(gate)
	wait.Wait()
}
