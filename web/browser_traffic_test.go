package web_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

func (j *job) exchangeByRule() {
	eventually(j.T, "decided by what was published", func() bool {
		_, got := j.exchange(j.T, j.public, "appointment", []byte(`{"version":"3.0","action":"INIT","screen":"","data":{},"flow_token":"appointment.ada"}`))
		return got["screen"] == "APPOINTMENT" && strings.Contains(fmt.Sprint(got["data"]), "Dental care")
	})
	for _, c := range []struct{ plain, screen, text string }{
		{`{"version":"3.0","action":"data_exchange","screen":"APPOINTMENT","data":{"department":"dental","date":"2030-12-01"},"flow_token":"appointment.ada"}`, "APPOINTMENT", "Please choose a time."},
		{`{"version":"3.0","action":"data_exchange","screen":"APPOINTMENT","data":{"department":"cardiology","date":"2030-12-01","time":"10:30"},"flow_token":"appointment.ada"}`,
			"WAITLIST", "Cardiology has no free slot on 2030-12-01."},
	} {
		status, got := j.exchange(j.T, j.public, "appointment", []byte(c.plain))
		if status != http.StatusOK || got["screen"] != c.screen || !strings.Contains(fmt.Sprint(got["data"]), c.text) {
			j.Errorf("%s = %d %v; want screen %s with %q", c.plain, status, got, c.screen, c.text)
		}
	}
	j.comes("1 decision in the last 7 days")
}

func (j *job) readResponse() {
	j.leaveIn("#sidebar", "Responses")
	j.sees("No responses yet")
	body := reply("ADA", "16315558151", "Sofía <b>Martínez</b>", map[string]any{"flow_token": "appointment.ada", "department": "cardiology", "symptoms": []string{"0_pain", "2_swelling"}, "notes": "=1+1"})
	if got := j.deliver(j.T, body); got.status != http.StatusOK {
		j.Fatalf("delivery = %d %s", got.status, got.body)
	}
	j.comes("Sofía <b>Martínez</b>")
	j.opensBeside(".response-row")
	j.leaveIn("#response-panel", "Open page")
	j.sees("Appointments, Sofía <b>Martínez</b>", "Department", "Cardiology", "Swelling", "=1+1", "The visit with its token", "The visit behind it")
	j.seesIn(".answers", "Cardiology cardiology")
}

func (j *job) export() {
	j.leave("Responses")
	j.choose("#flow", "appointment")
	j.leave("Export")
	j.leave("Export") // its button
	name := filepath.Join(j.folder, "responses-appointment-"+time.Now().UTC().Format(time.DateOnly)+".csv")
	var raw []byte
	eventually(j.T, "downloaded "+name, func() (ok bool) {
		var err error
		raw, err = os.ReadFile(name)
		return err == nil && len(raw) > 0
	})
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) != 2 {
		j.Fatalf("%q has %d rows, %v; want a head and one response", raw, len(rows), err)
	}
	for column, want := range map[string]string{"Flow": "appointment", "Token": "appointment.ada", "Department": "Cardiology", "Notes (notes)": "'=1+1", "Symptoms": "Pain; Swelling"} {
		if i := slices.Index(rows[0], column); i < 0 || rows[1][i] != want {
			j.Errorf("column %s of %q; want %q", column, rows, want)
		}
	}
}

func (j *job) alertArrives() {
	j.leaveIn("#sidebar", "Alerts")
	j.sees("No alert so far")
	if got := j.deliver(j.T, fixture(j.T, "webhooks", "alert-client-error-rate-activated.json")); got.status != http.StatusOK {
		j.Fatalf("delivery = %d %s", got.status, got.body)
	}
	j.comes("Appointments")
	j.seesIn("#alert-count", "1")
	j.leaveIn(".alert-row", "")
	j.sees("Nobody has acknowledged it yet.", "INVALID_SCREEN_TRANSITION", "What to do")
}

func (j *job) acknowledge() {
	j.fill("#acknowledge-note", "Looking at the routing model")
	j.leave("Acknowledge")
	j.seesIn("#alert-owner", "Ada acknowledged it", "Looking at the routing model")
	j.until("no badge", `document.querySelector("#alert-count").innerText.trim() === ""`)
}

func (j *job) undo() {
	j.leave("Undo acknowledgement")
	j.seesIn("#alert-owner", "Nobody has acknowledged it yet.")
	j.seesIn("#alert-count", "1")
}

// takes lets the tab read the clipboard and save downloads in a folder.
func (b *tab) takes(folder string) {
	b.Helper()
	context := chromedp.FromContext(b.ctx).BrowserContextID
	if _, err := chromedp.CallBrowser(b.ctx, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{
		Behavior: cdpbrowser.SetDownloadBehaviorBehaviorAllow, BrowserContextID: context, DownloadPath: folder}); err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		if _, err := chromedp.CallBrowser(b.ctx, cdpbrowser.SetPermission, cdpbrowser.SetPermissionParams{BrowserContextID: context,
			Permission: &cdpbrowser.PermissionDescriptor{Name: name}, Setting: cdpbrowser.PermissionSettingGranted}); err != nil {
			b.Fatal(err)
		}
	}
}
