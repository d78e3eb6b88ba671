package demo_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"switchyard/web/demo"
)

func TestFillForwardsToASystemThatIsWellAndToOneThatIsDown(t *testing.T) {
	db, _ := made(t)
	targets, err := db.Targets(t.Context())
	if err != nil || len(targets) != 2 {
		t.Fatalf("Targets = %+v, %v; want two", targets, err)
	}
	health, err := db.TargetsHealth(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if crm := health[targets[0].ID]; crm.Waiting != 0 || crm.Dead != 0 || crm.LastSuccess.IsZero() {
		t.Errorf("health of %s = %+v; want one that is well", targets[0].Name, crm)
	}
	if down := health[targets[1].ID]; down.Waiting == 0 || down.Failures == 0 || down.Failure == "" || down.LastSuccess.IsZero() {
		t.Errorf("health of %s = %+v; want one that fails", targets[1].Name, down)
	}
	hosts, err := db.AllowedHosts(t.Context())
	if err != nil || len(hosts) != 1 || hosts[0].Host != "systems.internal:8080" {
		t.Errorf("AllowedHosts = %+v, %v; want that of the systems", hosts, err)
	}
}

func TestFillTellsReceiversOfAlerts(t *testing.T) {
	db, _ := made(t)
	receivers, err := db.Receivers(t.Context())
	if err != nil || len(receivers) != 2 || receivers[0].Name != "Incident tool" || receivers[0].LastSuccess.IsZero() {
		t.Fatalf("Receivers = %+v, %v; want one that is well, and another", receivers, err)
	}
	posts, _, err := db.Posts(t.Context(), receivers[0].ID, 0, 0)
	if err != nil || len(posts) < 3 {
		t.Errorf("it had %d messages, %v; want some", len(posts), err)
	}
	if address, _, err := db.ReceiverAddress(t.Context(), receivers[0].ID); err != nil || !strings.HasPrefix(address, "http://systems.internal:8080/") {
		t.Errorf("its address is %q, %v; want a system that the demo plays: nothing must leave this machine", address, err)
	}
}

func TestTheWarehouseIsDownUntilItsRecovery(t *testing.T) {
	for recovery, want := range map[time.Time]int{time.Now().Add(time.Hour): 503, time.Now().Add(-time.Hour): 200} {
		systems := demo.Systems(recovery)
		for path, status := range map[string]int{"/crm/whatsapp": 200, "/warehouse/ingest?source=whatsapp": want, "/elsewhere": 404} {
			w := httptest.NewRecorder()
			systems.ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, strings.NewReader("{}")))
			if w.Code != status {
				t.Errorf("POST %s = %d; want %d", path, w.Code, status)
			}
		}
	}
}
