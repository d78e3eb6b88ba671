package web_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestBrowserDesignsTheClaimByKeyboard makes the routing of the fixture from nothing without a click.
func TestBrowserDesignsTheClaimByKeyboard(t *testing.T) {
	t.Parallel()
	d := startDesigner(t, "claim")
	d.hand = keyboard{d.b}
	d.enter("Claims")
	d.list("claim_kinds", string(fixture(t, "lists", "claim_kinds.csv")))
	d.rules("Claims")
	d.b.sees("Errors stop publishing.")
	d.askPolicy()
	d.askIncident()
	d.askEvidence()
	d.publish("Without a mouse")
	for _, name := range []string{"claim-paid", "claim-small", "claim-lapsed"} {
		d.converse(t, d.public, name)
	}
}

func (d *designer) askPolicy() {
	d.b.Helper()
	noError := given{"error_message", "A text", ""}
	d.follow("#otherwise-opening", "Edit")
	d.goTo("Your policy")
	d.data(noError)
	d.save("opening", "Always")
	d.pictured("Lapsed series", false)
	d.rule("POLICY", "Policy numbers look like AB-123456")
	d.pick("#join", "none of")
	d.pick(`[name="field.0"]`, "Policy number")
	d.nextIs("op.0")
	d.pick(`[name="op.0"]`, "matches the pattern")
	d.nextIs("value.0")
	d.value(0, "^[A-Z]{2}-[0-9]{6}$")
	d.stay("A policy number looks like AB-123456.")
	d.save("POLICY", "A policy number looks like AB-123456.")
	d.rule("POLICY", "PIN has 4 to 6 digits")
	d.pick("#join", "none of")
	d.asks(0, "PIN", "matches the pattern")
	d.value(0, "^[0-9]{4,6}$")
	d.stay("Please check your PIN.")
	d.save("POLICY", "Please check your PIN.")
	d.rule("POLICY", "Lapsed series")
	d.asks(0, "Policy number", "starts with")
	d.value(0, "ZZ-")
	d.passBy()
	d.goTo("Not covered")
	d.data(given{"reason", fromText, "The policy {{ data.policy_no }} has lapsed."})
	d.save("POLICY", "go to Not covered")
	d.pictured("Lapsed series", true)
	d.takeBack("POLICY")
	d.follow("#otherwise-POLICY", "Edit")
	d.goTo("What happened?")
	d.data(given{"holder", fromField, "Policy number"}, given{"kinds", "The list “claim_kinds”", ""})
	d.save("POLICY", "Otherwise go to What happened?")
}

func (d *designer) askIncident() {
	d.b.Helper()
	d.rule("INCIDENT", "The incident lies in the future")
	d.asks(0, "(period.start-date)", "is after")
	d.pick(`[name="with.0"]`, "another field")
	d.pick(`[name="other.0"]`, "Today")
	d.stay("The incident cannot lie in the future.")
	d.save("INCIDENT", "The incident cannot lie in the future.")
	d.rule("INCIDENT", "Theft needs a police reference")
	d.asks(0, "Kind", "is")
	d.option(0, "Theft")
	d.push("main", "Add condition")
	d.asks(1, "Police ref.", "is empty")
	d.stay("Please add the police reference.")
	d.save("INCIDENT", "Please add the police reference.")
	d.rule("INCIDENT", "Over the limit of its kind, or abroad at night: photos")
	d.pick("#join", "any of")
	d.asks(0, "Tags", "has all of")
	d.tick(`[name="value.0"][value="night"]`)
	d.tick(`[name="value.0"][value="abroad"]`)
	d.push("main", "Add formula")
	d.write(`[name="formula.1"]`, "number(data.amount) > number(lookup('claim_kinds', data.kind, 'limit'))")
	d.goTo("Photos")
	d.data(given{"max", "A number", "3"})
	d.save("INCIDENT", "go to Photos")
	d.follow("#otherwise-INCIDENT", "Edit")
	d.goTo("Review")
	d.data(given{"amount", fromField, "Amount"}, given{"needs_call", "No", ""})
	d.save("INCIDENT", "Otherwise go to Review")
	d.follow("#back-INCIDENT", "Edit")
	d.goTo("Your policy")
	d.data(given{"error_message", "A text", ""})
	d.save("INCIDENT", "When the customer goes back from here go to Your policy")
}

func (d *designer) askEvidence() {
	d.b.Helper()
	d.rule("EVIDENCE", "At least one photo")
	d.asks(0, "Photos", "counts fewer than")
	d.value(0, "1")
	d.stay("Please add at least one photo.")
	d.save("EVIDENCE", "Please add at least one photo.")
	d.follow("#otherwise-EVIDENCE", "Edit")
	d.goTo("Review")
	d.data(given{"amount", fromField, "Amount"}, given{"needs_call", "Yes", ""})
	d.save("EVIDENCE", "Otherwise go to Review")
	d.b.sees("Errors stop publishing.")
	d.follow("#otherwise-REVIEW", "Edit")
	d.answers(given{"outcome", "A fixed value", "claimed"}, given{"policy_no", fromField, "Policy number"}, given{"kind", fromField, "Kind"},
		given{"amount", fromField, "Amount"})
	d.save("REVIEW", "Always")
}

// nextIs fails the test unless one Tab leads on to that control, although the form is still to show it.
func (d *designer) nextIs(name string) {
	d.b.Helper()
	d.b.press(kb.Tab)
	d.b.settled()
	if got := ask[string](d.b, `document.activeElement.name ?? ""`); got != name {
		d.b.Errorf("Tab leads to %q; want %q", got, name)
	}
}

// passBy goes through the other fields and back: on the way nothing that was entered is lost.
func (d *designer) passBy() {
	d.b.Helper()
	d.pick(`[name="field.0"]`, "Is a test")
	d.pick(`[name="field.0"]`, "Policy number")
	d.nextIs("op.0")
	if op, value := d.b.value(`[name="op.0"]`), d.b.value(`[name="value.0"]`); op != "starts_with" || value != "ZZ-" {
		d.b.Errorf("after passing by other fields the condition is %s %q; want starts_with ZZ-", op, value)
	}
}
