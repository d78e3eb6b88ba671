package models_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/modelstest"
)

func TestAReceiverNamesTheFieldThatIsWrong(t *testing.T) {
	db := modelstest.Open(t)
	db.NewReceiver("taken")
	for _, tt := range []struct {
		field  string
		change func(*models.Receiver)
	}{
		{"name", func(r *models.Receiver) { r.Name = " " }},
		{"name", func(r *models.Receiver) { r.Name = "a\r\nBcc: eve@example.com" }},
		{"name", func(r *models.Receiver) { r.Name = "taken" }},
		{"channel", func(r *models.Receiver) { r.Channel = "fax" }},
		{"moments", func(r *models.Receiver) { r.Moments = nil }},
		{"moments", func(r *models.Receiver) { r.Moments = []models.Moment{"never"} }},
		{"kinds", func(r *models.Receiver) { r.Kinds = []alert.Kind{""} }},
		{"flows", func(r *models.Receiver) { r.Flows = []int64{77} }},
		{"severity", func(r *models.Receiver) { r.Severity = 4 }},
		{"forgotten", func(r *models.Receiver) { r.Forgotten = 0 }},
		{"days", func(r *models.Receiver) { r.Hours.Days = []int{8} }},
		{"from", func(r *models.Receiver) { r.Hours.From = -1 }},
		{"to", func(r *models.Receiver) { r.Hours.To = 1440 }},
		{"timezone", func(r *models.Receiver) { r.Hours.Zone = "Mars/Olympus" }},
		{"hourly", func(r *models.Receiver) { r.Hourly = 0 }},
		{"daily", func(r *models.Receiver) { r.Daily = 4 }},
	} {
		r := models.Receiver{Name: "new", Channel: models.Chat, Moments: models.Moments, Severity: 1, Forgotten: 30, Hourly: 5, Daily: 15}
		tt.change(&r)
		_, _, err := db.CreateReceiver(t.Context(), r, "ntfy://ntfy.sh/topic", ada)
		if bad, ok := errors.AsType[*models.Invalid](err); !ok || bad.Field != tt.field || bad.Message == "" {
			t.Errorf("CreateReceiver(%+v) = %v; want Invalid %s", r, err, tt.field)
		}
	}
	_, _, err := db.CreateReceiver(t.Context(), models.Receiver{Name: "new", Channel: models.Email, Moments: models.Moments, Severity: 1, Forgotten: 30, Hourly: 5, Daily: 15}, "", ada)
	if bad, ok := errors.AsType[*models.Invalid](err); !ok || bad.Field != "address" {
		t.Errorf("CreateReceiver without an address = %v; want Invalid address", err)
	}
	if all, err := db.Receivers(t.Context()); len(all) != 1 || err != nil {
		t.Errorf("Receivers = %d, %v; want the first alone", len(all), err)
	}
}

func TestTheSecretsOfReceiversAreSealedAndNotAudited(t *testing.T) {
	db := modelstest.Open(t)
	const hidden = "https://hook.example/hook"
	r, secret := db.NewReceiver("hook")
	address, kept, err := db.ReceiverAddress(t.Context(), r.ID)
	if address != hidden || !slices.Equal(kept, []string{secret}) || !strings.HasPrefix(secret, "whsec_") || err != nil {
		t.Fatalf("ReceiverAddress = %q, %q, %v", address, kept, err)
	}
	renewed, err := db.RenewReceiverSecret(t.Context(), r.ID, ada)
	if _, kept, _ = db.ReceiverAddress(t.Context(), r.ID); err != nil || !slices.Equal(kept, []string{renewed, secret}) || renewed == secret {
		t.Errorf("RenewReceiverSecret = %v, %d secrets sign; want the new one, and the one before beside it", err, len(kept))
	}
	again, err := db.RenewReceiverSecret(t.Context(), r.ID, ada)
	if _, kept, _ = db.ReceiverAddress(t.Context(), r.ID); err != nil || !slices.Equal(kept, []string{again, renewed}) {
		t.Errorf("RenewReceiverSecret once more = %v, %d secrets sign; want the newest two", err, len(kept))
	}
	db.Advance(24 * time.Hour)
	if _, kept, _ = db.ReceiverAddress(t.Context(), r.ID); !slices.Equal(kept, []string{again}) {
		t.Errorf("%d secrets sign a day later; want the newest alone", len(kept))
	}
	r.Name = "renamed"
	if r, err = db.SaveReceiver(t.Context(), r, "", ada); err != nil || r.Name != "renamed" || r.Place != "hook.example" {
		t.Fatalf("SaveReceiver = %+v, %v", r, err)
	}
	if address, _, _ = db.ReceiverAddress(t.Context(), r.ID); address != hidden {
		t.Errorf("saved without an address it is %q; want the one before", address)
	}
	chat, none := db.NewReceiver("chat", func(r *models.Receiver) { r.Channel = models.Chat })
	if none != "" {
		t.Error("a chat has a signing secret")
	}
	if _, err := db.RenewReceiverSecret(t.Context(), chat.ID, ada); err != models.ErrNotFound {
		t.Errorf("RenewReceiverSecret of a chat = %v; want ErrNotFound", err)
	}
	rows := append(lines(t, db, `SELECT sealed_address || ' ' || sealed_secret FROM receivers`), lines(t, db, `SELECT detail FROM audit`)...)
	for _, row := range rows {
		for _, secret := range []string{"/hook", secret, renewed} {
			if strings.Contains(row, secret) {
				t.Errorf("%q holds a secret", row)
			}
		}
	}
	if _, verdict := checked(t, db); strings.Contains(verdict, "BROKEN") {
		t.Errorf("check = %s", verdict)
	}
	raw(t, db.URL, `UPDATE receivers SET sealed_secret = sealed_address WHERE id = 1`)
	if _, verdict := checked(t, db); !strings.Contains(verdict, "sealed_secret of receivers 1") {
		t.Errorf("check of a secret that was changed = %s; want it named", verdict)
	}
}

func TestAMailServerIsKeptSealedAndItsPasswordStaysWithItsUser(t *testing.T) {
	db := modelstest.Open(t)
	good := models.MailServer{Host: "smtp.example.com", Port: 587, Security: "starttls", User: "ada", Password: "hunter2 hunter2", From: "Switchyard <alerts@example.com>"}
	if err := db.SetMailServer(t.Context(), good, ada); err != nil {
		t.Fatal(err)
	}
	again := good
	again.Password, again.Port = "", 465
	if err := db.SetMailServer(t.Context(), again, ada); err != nil {
		t.Fatal(err)
	}
	if got, err := db.MailServer(t.Context()); err != nil || got.Password != good.Password || got.Port != 465 {
		t.Errorf("MailServer = %+v, %v; want the password kept", got, err)
	}
	for _, tt := range []struct {
		field  string
		change func(*models.MailServer)
	}{
		{"password", func(m *models.MailServer) { m.Host, m.Password = "evil.example.com", "" }}, // the password must not go elsewhere
		{"password", func(m *models.MailServer) { m.User, m.Password = "eve", "" }},
		{"host", func(m *models.MailServer) { m.Host = "" }},
		{"port", func(m *models.MailServer) { m.Port = 0 }},
		{"security", func(m *models.MailServer) { m.Security = "ssl" }},
		{"user", func(m *models.MailServer) { m.Security = "none" }},
		{"user", func(m *models.MailServer) { m.User = "" }},
		{"from", func(m *models.MailServer) { m.From = "alerts" }},
		{"from", func(m *models.MailServer) { m.From = "alerts@example.com\r\nBcc: eve@example.com" }},
	} {
		m := good
		tt.change(&m)
		err := db.SetMailServer(t.Context(), m, ada)
		if bad, ok := errors.AsType[*models.Invalid](err); !ok || bad.Field != tt.field {
			t.Errorf("SetMailServer(%s to %s) = %v; want Invalid %s", m.User, m.Host, err, tt.field)
		}
	}
	for _, row := range append(lines(t, db, `SELECT value || sealed FROM settings`), lines(t, db, `SELECT detail FROM audit`)...) {
		if strings.Contains(row, "hunter2") || strings.Contains(row, "smtp.example") {
			t.Errorf("%q holds the mail server", row)
		}
	}
	if err := db.SetMailServer(t.Context(), models.MailServer{}, ada); err != nil {
		t.Fatal(err)
	}
	if got, err := db.MailServer(t.Context()); got != (models.MailServer{}) || err != nil {
		t.Errorf("MailServer after it was removed = %+v, %v", got, err)
	}
}

func TestMailAddressesAreReadPlainAndShownByTheirDomain(t *testing.T) {
	for text, want := range map[string][2]string{
		" ada@example.com\r\n":                             {"ada@example.com", "An address at example.com"},
		"ada@example.com, bob@example.org;eve@example.com": {"ada@example.com,bob@example.org,eve@example.com", "3 addresses at example.com, example.org"},
		"":                             {},
		"ada":                          {},
		"Ada <ada@example.com>":        {},
		"ada@example.com\x00":          {},
		strings.Repeat("a@b.c,", 21):   {},
		"ada@example.com>,<eve@evil.c": {},
	} {
		address, place, err := models.ParseMailAddresses(text)
		if bad, ok := errors.AsType[*models.Invalid](err); address != want[0] || place != want[1] || (want[0] == "") != ok || ok && bad.Field != "address" {
			t.Errorf("ParseMailAddresses(%q) = %q, %q, %v; want %q", text, address, place, err, want)
		}
	}
}
