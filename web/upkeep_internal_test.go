package web

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/web/files"
)

func TestUpkeepDropsEachHourAndTellsHowMany(t *testing.T) {
	db := modelstest.Open(t)
	var log bytes.Buffer
	a := &App{db: db.DB, log: slog.New(slog.NewTextHandler(&log, nil)), cfg: Config{KeepDeliveries: 20, KeepSteps: 20}, files: noFiles(t, db.DB)}
	old := models.Time{Time: db.Now().AddDate(0, -3, 0)}
	flow := db.NewFlow("booking")
	deliver := func(n int) {
		db.Deliver(models.Delivery{ReceivedAt: old, Body: fmt.Append(nil, "body ", n)}, models.Decoded{})
		db.NewVisit(flow, fmt.Sprint("token", n), func(v *models.Visit) { v.StartedAt, v.LastAt = old, old })
	}
	deliver(1)
	deliver(2)
	turn := a.upkeep()
	if err := turn(t.Context()); err != nil || !strings.Contains(log.String(), "old rows dropped\" deliveries=2 steps=2 messages=0 statuses=0 account_events=0 contacts=0 forwards=0 minutes=0\n") {
		t.Errorf("the first turn = %v, log %q; want 2 deliveries and 2 steps dropped", err, log.String())
	}
	log.Reset()
	deliver(3)
	if err := turn(t.Context()); err != nil || log.String() != "" {
		t.Errorf("a turn a minute later = %v, log %q; want nothing, the hour is not over", err, log.String())
	}
	if err := a.upkeep()(t.Context()); err != nil || !strings.Contains(log.String(), "deliveries=1 steps=1 messages=0") {
		t.Errorf("the turn after another start = %v, log %q; want 1 and 1", err, log.String())
	}
}

// noFiles keeps files in a folder that does not hold any.
func noFiles(t *testing.T, db *models.DB) *files.Keeper {
	t.Helper()
	keeper, err := Config{Files: Secret(t.TempDir())}.openFiles(db)
	if err != nil {
		t.Fatal(err)
	}
	return keeper
}

func TestUpkeepKeepsAllWhenNothingIsSet(t *testing.T) {
	db := modelstest.Open(t)
	var log bytes.Buffer
	a := &App{db: db.DB, log: slog.New(slog.NewTextHandler(&log, nil)), files: noFiles(t, db.DB)}
	db.Deliver(models.Delivery{ReceivedAt: models.Time{Time: db.Now().AddDate(-20, 0, 0)}, Body: []byte("old")}, models.Decoded{})
	if err := a.upkeep()(t.Context()); err != nil || log.String() != "" || modelstest.States(t, db.URL)[models.Done] != 1 {
		t.Errorf("a turn with nothing set = %v, log %q; want the delivery of 20 years ago kept", err, log.String())
	}
}

func TestHowLongIsKept(t *testing.T) {
	for text, want := range map[string]time.Duration{"never": 0, "0": 0, "0d": 0, "15": 15 * 24 * time.Hour, "90d": 90 * 24 * time.Hour} {
		c, err := ConfigFromEnv(func(name string) (string, bool) { return text, strings.HasPrefix(name, "SWITCHYARD_KEEP_") })
		if err != nil || c.KeepDeliveries.duration() != want || c.KeepSteps.duration() != want || c.KeepMessages.duration() != want || c.KeepMinutes.duration() != want {
			t.Errorf("SWITCHYARD_KEEP_…=%q is %s and %s, %v; want %s", text, c.KeepDeliveries.duration(), c.KeepSteps.duration(), err, want)
		}
	}
	for _, unset := range []bool{true, false} {
		c, err := ConfigFromEnv(func(name string) (string, bool) { return "", !unset && strings.HasPrefix(name, "SWITCHYARD_KEEP_") })
		if err != nil || c.KeepDeliveries != 30 || c.KeepMinutes != 35 || c.KeepMessages != 0 || c.KeepSteps != 0 {
			t.Errorf("not set %t: deliveries %d days, messages %d, steps %d, %v; want 30, 35 days of minutes, the others for ever", unset, c.KeepDeliveries, c.KeepMessages, c.KeepSteps, err)
		}
	}
	for name, bad := range map[string]string{"SWITCHYARD_KEEP_DELIVERIES": "14 -1 x 90h 1.5 d 36501 99999999999999999999 15dd", "SWITCHYARD_KEEP_MESSAGES": "14 ever", "SWITCHYARD_KEEP_STEPS": "-1 x 90h 1.5 d 36501"} {
		for text := range strings.FieldsSeq(bad) {
			_, err := ConfigFromEnv(func(n string) (string, bool) { return text, n == name })
			if err == nil || !strings.HasPrefix(err.Error(), name+": write ") {
				t.Errorf("%s=%s: %v; want a sentence that begins with the variable and says what to write", name, text, err)
			}
		}
	}
	if _, err := ConfigFromEnv(func(n string) (string, bool) { return "1", n == "SWITCHYARD_KEEP_STEPS" }); err != nil {
		t.Errorf("SWITCHYARD_KEEP_STEPS=1: %v; want it taken: only deliveries come again", err)
	}
}
