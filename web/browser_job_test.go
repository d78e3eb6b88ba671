package web_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"switchyard/models"
	"switchyard/web"
)

// A job is what one person does with a fresh server, and what WhatsApp does meanwhile.
type job struct {
	*site
	*tab
	run    *running
	public *rsa.PublicKey
	folder string // of downloads
}

func TestMainJobInABrowserAsAPerson(t *testing.T) {
	t.Parallel()
	j := &job{run: start(t, func(c *web.Config) { c.AppSecret = "" }), folder: t.TempDir()}
	t.Cleanup(func() { j.run.end(t) })
	whatsapp := &http.Client{Timeout: 10 * time.Second}
	j.site = &site{App: j.run.app, server: &httptest.Server{URL: j.run.app.URL()}, log: j.run.log, secret: "0123456789abcdef0123456789abcdef", clients: map[string]*http.Client{"": whatsapp}}
	b := openTab(t, j.run.app.URL(), look{})
	b.takes(j.folder)
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"the setup link makes the administrator", j.makeAdministrator},
		{"the setup page says what to copy", j.copyAddresses},
		{"the app secret is entered and not shown again", j.enterSecret},
		{"Meta's challenge turns a step green", j.verify},
		{"a key is made", j.makeKey},
		{"a flow is added", j.addTheFlow},
		{"its Flow JSON is imported", j.importFlowJSON},
		{"the opening shows the first screen", j.editOpening},
		{"a rule stays with a message", j.addStay},
		{"a rule goes to a screen with data", j.addGo},
		{"the rest of the screens is decided", j.editRest},
		{"the rules are published with a note", j.publishRules},
		{"an encrypted exchange is answered by that rule", j.exchangeByRule},
		{"the response arrives and opens", j.readResponse},
		{"the response is exported", j.export},
		{"an alert arrives", j.alertArrives},
		{"the alert is acknowledged with a note", j.acknowledge},
		{"the acknowledgement is undone", j.undo},
	} {
		if !t.Run(step.name, func(t *testing.T) { j.tab = b.within(t); step.do() }) {
			return
		}
	}
}

func (j *job) makeAdministrator() {
	link := regexp.MustCompile(`"link":"http://[^/]+(/setup\?token=[A-Z2-7]+)"`).FindStringSubmatch(j.run.log.String())
	if link == nil {
		j.Fatal("the log has no setup link")
	}
	j.open(link[1])
	j.at("/setup")
	j.fill("#name", "Ada")
	j.fill("#email", "ada@example.com")
	j.fill("#password", password)
	j.leave("Create administrator")
	j.at("/setup/connect")
}

func (j *job) copyAddresses() {
	token, err := j.DB().Setting(j.Context(), models.VerifyToken)
	must(j.T, err)
	for id, want := range map[string]string{"callback-url": j.URL() + "/webhooks/meta", "verify-token": token} {
		if got := j.value("#" + id); got != want {
			j.Errorf("#%s = %q; want %q", id, got, want)
		}
		j.click(map[string]string{"callback-url": "Copy Callback URL", "verify-token": "Copy Verify token"}[id])
		j.until("copied", fmt.Sprintf("navigator.clipboard.readText().then(t => t === %s)", js(want)))
	}
}

func (j *job) enterSecret() {
	j.sees("No app secret is known.")
	j.fill("#app_secret", j.secret)
	j.leave("Save app secret")
	j.sees("An app secret is kept, sealed.")
	if html := ask[string](j.tab, "document.documentElement.outerHTML"); strings.Contains(html, j.secret) {
		j.Error("the page holds the app secret")
	}
}

func (j *job) verify() {
	got := j.send(j.T, scenario{path: "/webhooks/meta?hub.mode=subscribe&hub.challenge=4711&hub.verify_token=" + j.value("#verify-token")})
	if got.status != http.StatusOK || got.body != "4711" {
		j.Errorf("Meta's challenge = %d %q; want it echoed", got.status, got.body)
	}
	j.comes("Meta verified the callback URL.")
}

// comes loads the page again until it shows the text: what machines sent is worked on in the background.
func (j *job) comes(text string) {
	j.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if ask[bool](j.tab, fmt.Sprintf("document.body.innerText.includes(%s)", js(text))) {
			return
		}
		j.do("load again", chromedp.Reload())
	}
	j.Fatalf("%s never shows %q", j.path(), text)
}

func (j *job) makeKey() {
	first := ask[string](j.tab, `document.querySelector("#public-key").textContent`)
	j.leave("Open keys")
	j.leave("Make a new key")
	j.click("Public key (PEM)")
	text := ask[string](j.tab, `document.querySelector("pre").innerText`)
	if text == first {
		j.Error("the first key of the page is not the new one")
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		j.Fatalf("the page shows %q; want a PEM block", text)
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	must(j.T, err)
	j.public = key.(*rsa.PublicKey)
	if html := ask[string](j.tab, "document.documentElement.outerHTML"); strings.Contains(html, "-----BEGIN PRIVATE") && !strings.Contains(html, `placeholder="-----BEGIN PRIVATE KEY-----"`) {
		j.Error("the page holds a private key")
	}
}

func (j *job) addTheFlow() {
	j.leaveIn("#sidebar", "Flows")
	j.leave("Add a flow")
	j.fill("#name", "Appointments")
	j.fill("#slug", "appointment")
	j.fill("#meta_id", "691244242662581")
	j.leave("Add flow")
	j.at("/flows/appointment#flow-json")
	if got, want := j.value("#endpoint-url"), j.URL()+"/flow-endpoint/appointment"; got != want {
		j.Errorf("endpoint URL = %q; want %q", got, want)
	}
}

func (j *job) importFlowJSON() {
	j.upload("#file", "testdata/flows/appointment.json")
	j.leave("Import")
	j.seesIn("#flow-json", "Version 1 kept here", "APPOINTMENT", "WAITLIST")
	j.leave("Rules")
	j.at("/flows/appointment/rules")
	j.sees("Errors stop publishing.")
}

// give fills a key of the target screen.
func (j *job) give(key, source, value string) {
	j.Helper()
	i := j.keyAt(key)
	j.choose(fmt.Sprintf(`[name="from.%d"]`, i), source)
	if value != "" {
		j.fill(fmt.Sprintf(`[name="data.%d"]`, i), value)
	}
}

// saved saves the form and expects to be back at the rules of that screen.
func (j *job) saved(screen string, sees ...string) {
	j.Helper()
	j.leave("Save to draft")
	j.until("back at what was saved", fmt.Sprintf(`location.pathname === "/flows/%s/rules" && document.querySelector(":target")?.matches(".rule") && document.querySelector(":target").closest("#screen-%s") !== null`, "appointment", screen))
	j.seesIn("#screen-"+screen, sees...)
}

// options enters the options of a data key, each as id and title.
func (j *job) options(key string, rows ...[2]string) {
	j.Helper()
	j.give(key, "rows", "")
	cells := func() string {
		return fmt.Sprintf(`[...document.querySelectorAll("[name='cell.%d']")]`, j.keyAt(key))
	}
	for i, row := range rows {
		if i > 0 {
			j.click("Add row to " + key)
		}
		columns := ask[int](j.tab, cells()+fmt.Sprintf(`.length / %d`, i+1))
		for n, text := range row {
			j.fill("#"+strings.ReplaceAll(ask[string](j.tab, cells()+fmt.Sprintf(`[%d].id`, i*columns+n)), ".", `\.`), text)
		}
	}
}

// keyAt is the number of a data key in the form.
func (j *job) keyAt(key string) int {
	j.Helper()
	i := ask[int](j.tab, fmt.Sprintf(`[...document.querySelectorAll("input[name^='key.']")].findIndex(e => e.value === %s)`, js(key)))
	if i < 0 {
		j.Fatalf("the form has no data key %s", key)
	}
	return i
}

func (j *job) editOpening() {
	j.leave("Edit: otherwise of Opening")
	j.choose("#kind", "go")
	j.choose("#screen", "APPOINTMENT")
	j.options("departments", [2]string{"dental", "Dental care"}, [2]string{"cardiology", "Cardiology"})
	j.give("min_date", "field", "")
	j.choose(fmt.Sprintf(`[name="pick.%d"]`, j.keyAt("min_date")), "today")
	j.options("times", [2]string{"10:30", "10:30"})
	j.give("show_times", "true", "")
	j.saved("opening", "Always")
}

func (j *job) addStay() {
	j.leaveIn("#screen-APPOINTMENT", "Add rule")
	j.fill("#name", "No time chosen")
	j.choose(`[name="field.0"]`, "time")
	j.choose(`[name="op.0"]`, "is_empty")
	j.choose("#kind", "stay")
	j.fill("#error", "Please choose a time.")
	j.saved("APPOINTMENT", "No time chosen", "is empty", "Please choose a time.")
}

func (j *job) addGo() {
	j.leaveIn("#screen-APPOINTMENT", "Add rule")
	j.fill("#name", "Cardiology is full")
	j.choose(`[name="field.0"]`, "department")
	j.choose(`[name="op.0"]`, "equals")
	j.choose(`[name="value.0"]`, "cardiology")
	j.click("Add condition")
	j.choose(`[name="field.1"]`, "date")
	j.choose(`[name="op.1"]`, "before")
	j.set(`[name="value.1"]`, "2030-12-25")
	j.choose("#kind", "go")
	j.choose("#screen", "WAITLIST")
	j.give("message", "template", "Cardiology has no free slot on {{ data.date }}.")
	j.saved("APPOINTMENT", "When Department is Cardiology and Date is before 2030-12-25, then go to Join the waiting list")
}

func (j *job) editRest() {
	j.leaveIn("#otherwise-APPOINTMENT", "Edit")
	j.choose("#kind", "go")
	j.choose("#screen", "DETAILS")
	j.give("department_title", "template", "{{ title('department') }}")
	j.give("when", "template", "{{ data.date }}, {{ data.time }}")
	j.saved("APPOINTMENT")
	j.leaveIn("#otherwise-DETAILS", "Edit")
	j.choose("#kind", "go")
	j.choose("#screen", "SUMMARY")
	j.give("summary", "template", "{{ title('answers.APPOINTMENT.department') }}")
	j.give("fee", "value", "40")
	j.saved("DETAILS")
	j.leaveIn("#otherwise-SUMMARY", "Edit")
	j.choose("#kind", "finish")
	j.click("Add answer")
	j.fill(`[name="param.0"]`, "department")
	j.fill(`[name="pvalue.0"]`, "{{ answers.APPOINTMENT.department }}")
	j.saved("SUMMARY")
	j.seesNot("Errors stop publishing.")
}

func (j *job) publishRules() {
	j.leave("Publish…")
	j.fill("#note", "First version <b>")
	j.leaveIn("main", "Publish")
	j.sees("Version 1 is published")
	j.leave("Versions")
	j.sees("First version <b>")
	j.leaveIn("main", "Rules")
}
