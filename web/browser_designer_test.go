package web_test

import (
	"crypto/rsa"
	"fmt"
	"strings"
	"testing"
	"time"

	"switchyard/web"
)

// A designer is an operator who makes the rules of a flow by hand.
type designer struct {
	hand
	*site
	b      *tab
	public *rsa.PublicKey
	slug   string
}

// startDesigner opens a site without flows, on the day of the conversations.
func startDesigner(t *testing.T, slug string) *designer {
	t.Helper()
	began, noon := time.Now(), time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	s := openSite(t, func(c *web.Config) { c.Now = func() time.Time { return noon.Add(time.Since(began)) } }).addUsers(t)
	b := openTab(t, s.server.URL, look{})
	return &designer{site: s, b: b, public: s.addKey(t), slug: slug}
}

// enter signs in and adds the flow with its Flow JSON.
func (d *designer) enter(name string) {
	d.b.Helper()
	d.b.open("/sign-in")
	d.write("#email", email("operator"))
	d.write("#password", password)
	d.follow("main", "Sign in")
	d.follow("#sidebar", "Flows")
	d.follow("main", "Add a flow")
	d.write("#name", name)
	d.write("#slug", d.slug)
	d.follow("main", "Add flow")
	d.paste("#text", string(fixture(d.b.T, "flows", d.slug+".json")))
	d.follow("#flow-json", "Import")
	d.b.seesIn("#flow-json", "Version 1 kept here")
}

// list makes a list of what is pasted.
func (d *designer) list(name, csv string) {
	d.b.Helper()
	d.follow("#sidebar", "Lists")
	d.write("#name", name)
	d.paste("#text", csv)
	d.follow("main", "Save list")
}

func (d *designer) rules(flow string) {
	d.b.Helper()
	d.follow("#sidebar", "Flows")
	d.follow("main", flow)
	d.follow("main", "Rules")
	d.b.at("/flows/" + d.slug + "/rules")
}

// rule begins a rule below the others of a screen.
func (d *designer) rule(screen, name string) {
	d.b.Helper()
	d.follow("#screen-"+screen, "Add rule")
	d.write("#name", name)
}

// asks fills the field and the operator of a part of the condition.
func (d *designer) asks(part int, field, operator string) {
	d.b.Helper()
	d.pick(fmt.Sprintf(`[name="field.%d"]`, part), field)
	d.pick(fmt.Sprintf(`[name="op.%d"]`, part), operator)
}

func (d *designer) value(part int, text string) {
	d.b.Helper()
	d.write(fmt.Sprintf(`[name="value.%d"]`, part), text)
}

func (d *designer) option(part int, label string) {
	d.b.Helper()
	d.pick(fmt.Sprintf(`[name="value.%d"]`, part), label)
}

func (d *designer) goTo(screen string) {
	d.b.Helper()
	d.pick("#kind", "Go to a screen")
	d.pick("#screen", screen)
}

func (d *designer) stay(message string) {
	d.b.Helper()
	d.pick("#kind", "Stay and show an error")
	d.write("#error", message)
}

// given is a data key of the target screen with where it comes from.
type given struct{ key, source, value string }

const (
	fromField = "The value of a field"
	fromTitle = "The title of a chosen option"
	fromText  = "A text with {{ }}"
)

// data fills what the target screen declares.
func (d *designer) data(all ...given) {
	d.b.Helper()
	for _, g := range all {
		css := fmt.Sprintf(`[...document.querySelectorAll("input[name^='key.']")].findIndex(e => e.value === %s)`, js(g.key))
		d.b.until("the form shows "+g.key, css+" >= 0")
		d.fillFrom("data", "from", "pick", ask[int](d.b, css), g)
	}
}

// fillFrom fills one value, whose controls have those names.
func (d *designer) fillFrom(data, from, pick string, i int, g given) {
	d.b.Helper()
	d.pick(fmt.Sprintf(`[name="%s.%d"]`, from, i), g.source)
	switch {
	case g.value == "":
	case g.source == fromField, g.source == fromTitle:
		d.pick(fmt.Sprintf(`[name="%s.%d"]`, pick, i), g.value)
	default:
		d.write(fmt.Sprintf(`[name="%s.%d"]`, data, i), g.value)
	}
}

// answers adds what the response carries.
func (d *designer) answers(all ...given) {
	d.b.Helper()
	d.pick("#kind", "Finish the flow")
	for i, g := range all {
		d.push("main", "Add answer")
		d.write(fmt.Sprintf(`[name="param.%d"]`, i), g.key)
		d.fillFrom("pvalue", "pfrom", "ppick", i, g)
	}
}

// save puts the form into the draft; then the rules of its screen are in view and say so.
func (d *designer) save(screen string, sees ...string) {
	d.b.Helper()
	d.follow("main", "Save to draft")
	d.b.until("back at what was saved", fmt.Sprintf(`location.pathname === "/flows/%s/rules" && document.querySelector(":target")?.matches(".rule") && document.querySelector(":target").closest("#screen-%s") !== null`, d.slug, screen))
	d.b.seesIn("#screen-"+screen, sees...)
}

// pictured fails the test unless the drawing has a line of that name.
func (d *designer) pictured(name string, want bool) {
	d.b.Helper()
	if got := ask[bool](d.b, fmt.Sprintf(`document.querySelector("svg.graph").textContent.includes(%s)`, js(name))); got != want {
		d.b.Errorf("the picture shows %q: %t; want %t", name, got, want)
	}
}

// takeBack switches the first rule of a screen off, and undoes that.
func (d *designer) takeBack(screen string) {
	d.b.Helper()
	first := "#screen-" + screen + " .rule:first-child"
	d.push(first, "Switch off")
	d.b.seesIn(first, "Switched off.")
	d.follow(".draft-bar", "Undo")
	if d.b.seesNot("Switched off."); ask[bool](d.b, `document.querySelector(".draft-bar").textContent.includes("Redo")`) != true {
		d.b.Error("what was undone cannot be done again")
	}
}

// publish makes customers get the rules, and waits until they do.
func (d *designer) publish(note string) {
	d.b.Helper()
	d.b.seesNot("Errors stop publishing.")
	d.follow("main", "Publish…")
	d.write("#note", note)
	d.follow("main", "Publish")
	d.b.sees("Version 1 is published")
	eventually(d.b.T, "decided by what was published", func() bool {
		_, got := d.exchange(d.b.T, d.public, d.slug, []byte(`{"version":"3.0","action":"INIT","screen":"","data":{},"flow_token":"`+d.slug+`.first"}`))
		return got != nil && !strings.Contains(fmt.Sprint(got["data"]), "Something went wrong")
	})
}
