package web_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// key presses a key with others held down, in whatever has the focus.
func (b *tab) key(k string, held ...chromedp.KeyOption) {
	b.Helper()
	b.do("press "+k, chromedp.KeyEvent(k, held...))
}

// tabTo goes on with the Tab key until the control of that id has the focus.
func (b *tab) tabTo(id string) {
	b.Helper()
	for range 60 {
		if b.focusID() == id {
			return
		}
		b.key(kb.Tab)
	}
	b.Fatalf("60 tabs do not lead to %s", id)
}

func (b *tab) focusID() string {
	b.Helper()
	return ask[string](b, "document.activeElement.id")
}

// on waits until a control has the focus and the live region says that.
func (b *tab) on(id, said string) {
	b.Helper()
	b.until(fmt.Sprintf("%s has the focus and %q is said", id, said), fmt.Sprintf(`document.activeElement.id === %s && document.querySelector("#live").textContent.includes(%s)`, js(id), js(said)))
	b.settled()
}

// TestBrowserBuildsARuleByKeyboardAlone uses nothing but keys from the empty form to the saved rule.
func TestBrowserBuildsARuleByKeyboardAlone(t *testing.T) {
	t.Parallel()
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	b := signedIn(t, s, "operator")
	b.open("/flows/appointment/rules/DETAILS/new")
	b.tabTo("name")
	b.key("By keys")
	b.stays(func() {
		b.tabTo("field-1")
		b.key("Age") // a select goes to what begins so
		b.until("the operators fit a number", `document.querySelector("#op-1").value === "equals" && !document.querySelector("#op-1").disabled`)
		b.settled()
		b.on("field-1", "")
		b.tabTo("op-1")
		b.key("is at least")
		b.settled()
		b.tabTo("value-1")
		b.key("18")
		b.tabTo("add-group-all")
		b.key(kb.Enter)
		b.on("field-3", "Group 2 added.")
		b.key("Sym")
		b.until("there are options", `document.querySelector("#value-3")?.type === "checkbox"`)
		b.settled()
		b.tabTo("value-3")
		b.key(" ")
		b.tabTo("add-2")
		b.key(kb.Enter)
		b.on("field-4", "Condition 2.2 added.")
		b.key("E-mail")
		b.until("another row", `document.querySelector("#op-4").value === "is_email"`)
		b.settled()
		b.key(kb.ArrowUp, chromedp.KeyModifiers(chromedp.ModifierAlt|chromedp.ModifierShift))
		b.on("up-4", "Condition 2.2 moved up. It is condition 2.1 now.")
		b.key(kb.Enter)
		b.on("up-4", "Condition 2.1 moved up. It is condition 2 now.")
		b.tabTo("down-4")
		b.key(kb.Enter)
		b.on("down-4", "Condition 2 moved down. It is condition 2.1 now.")
		b.tabTo("add-formula-all")
		b.key(kb.Enter)
		b.on("formula-5", "Condition 3 added.")
		b.key("data.agee > 3")
		b.until("the formula's fault is marked", `document.querySelector("#formula-5-note mark")?.textContent === "agee"`)
		b.on("formula-5", "")
		b.key(kb.Backspace + kb.Backspace + kb.Backspace + kb.Backspace + kb.Backspace + " > 3")
		b.until("no fault", `document.querySelector("#formula-5-note mark") === null`)
		b.tabTo("kind")
		b.key("Stay")
		b.until("the error is asked for", `document.querySelector("#error") !== null`)
		b.settled()
		b.tabTo("error")
		b.key("Please ask a parent.")
	})
	b.key(kb.Enter)
	b.until("the rules are shown", `location.pathname === "/flows/appointment/rules"`)
	doc, _ := s.document(t, "appointment")
	all := doc.Screens["DETAILS"].Rules
	r := all[len(all)-1]
	r.ID = ""
	const want = `{"name":"By keys","when":{"all":[{"field":"age","op":"gte","value":18},{"any":[{"field":"email","op":"is_email"},{"field":"symptoms","op":"has_any","value":["0_pain"]}]},` +
		`{"formula":"data.age > 3"}]},"then":{"stay":{"error":"Please ask a parent."}}}`
	if got := jsonOf(t, r); got != want {
		t.Errorf("saved rule = %s; want %s", got, want)
	}
}
