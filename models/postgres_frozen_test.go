package models

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"switchyard/models/modelstest/pgtest"
)

func TestOnPostgresWritesOfAServerThatHangsComeBack(t *testing.T) {
	s := pgtest.Start(t)
	db, err := Open(t.Context(), Options{URL: s.NewDatabase(t), MasterKey: bytes.Repeat([]byte{7}, 32), Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.engine.(*postgresEngine).longest = time.Second
	now := at(db.Now())
	if err := db.StoreDeliveries(t.Context(), []Delivery{{Source: "meta", Body: []byte("{}")}}); err != nil {
		t.Fatal(err)
	}
	pending, err := db.PendingDeliveries(t.Context(), 1)
	if err != nil || len(pending) != 1 {
		t.Fatalf("PendingDeliveries = %d, %v", len(pending), err)
	}
	plug, err := db.writer().Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plug.Exec(`LOCK TABLE statuses, visits IN SHARE MODE`); err != nil {
		t.Fatal(err)
	}
	writes := map[string]func() error{
		"ApplyDeliveries": func() error {
			status := InStatus{WAMID: "o", State: "sent", Contact: InContact{Phone: "1"}, At: now}
			return db.ApplyDeliveries(context.Background(), []Decoded{{ID: pending[0].ID, ReceivedAt: pending[0].ReceivedAt, Statuses: []InStatus{status}}})
		},
		"RecordSteps": func() error {
			v := Visit{FlowID: 1, Token: "t", Run: 1, StartedAt: now, LastAt: now, Steps: 1}
			return db.RecordSteps(context.Background(), []StepRecord{{Visit: v, Step: Step{FlowID: 1, At: now}}})
		},
	}
	back := make(chan string, len(writes))
	for name, write := range writes {
		go func() {
			if err := write(); !errors.Is(err, ErrUnavailable) {
				t.Errorf("%s on a server that hangs = %v; want ErrUnavailable", name, err)
			}
			back <- name
		}()
	}
	time.Sleep(200 * time.Millisecond) // both are in the middle of a statement
	s.Freeze()
	defer s.Thaw()
	for range writes {
		select {
		case <-back:
		case <-time.After(20 * time.Second):
			t.Fatal("a write does not come back from a server that hangs")
		}
	}
}
