package web_test

import "testing"

// TestBrowserDesignsTheAppointmentByMouse makes the routing of the fixture from nothing; the endpoint then answers as with
// the fixture's own document.
func TestBrowserDesignsTheAppointmentByMouse(t *testing.T) {
	t.Parallel()
	d := startDesigner(t, "appointment")
	d.hand = mouse{d.b}
	d.enter("Appointments")
	d.list("departments", "id,title\ndental,Dental care\ncardiology,Cardiology\nother,Something else\n")
	d.listOfTimes()
	d.rules("Appointments")
	d.b.sees("Errors stop publishing.")
	d.openAppointment()
	d.chooseAppointment()
	d.askDetails()
	d.endAppointment()
	d.publish("Built by hand")
	for _, name := range []string{"appointment-booked", "appointment-paid", "appointment-waitlist"} {
		d.converse(t, d.public, name)
	}
}

// listOfTimes types a list row by row.
func (d *designer) listOfTimes() {
	d.b.Helper()
	d.follow("#sidebar", "Lists")
	d.write("#name", "times")
	d.follow("main", "Start with an empty list")
	for _, at := range []string{"10:30", "15:00"} {
		d.write("#id-new", at)
		d.write("#title-new", at)
		d.push("#rows-form", "Add")
		d.b.until("row "+at, `[...document.querySelectorAll("#rows-form [name^='was.']")].some(e => e.value === `+js(at)+`)`)
	}
}

// slots is what the first screen shows, from the lists.
func slots(times string) []given {
	return []given{{"departments", "The list “departments”", ""}, {"min_date", fromField, "Today"}, {"times", "The list “times”", ""}, {"show_times", times, ""}}
}

// openAppointment enters the departments by hand, as who does not know of lists.
func (d *designer) openAppointment() {
	d.b.Helper()
	d.follow("#otherwise-opening", "Edit")
	d.goTo("Book an appointment")
	d.data(slots("No")...)
	d.data(given{"departments", "Options entered here", ""})
	for i, row := range [][2]string{{"dental", "Dental care"}, {"cardiology", "Cardiology"}, {"other", "Something else"}} {
		if i > 0 {
			d.push("main", "Add row to departments")
		}
		for j, text := range row {
			d.write(`[id="cell.0.`+string(rune('0'+i))+`.`+string(rune('0'+j))+`"]`, text)
		}
	}
	d.save("opening", "Always")
}

func (d *designer) chooseAppointment() {
	d.b.Helper()
	d.pictured("No time chosen", false)
	d.rule("APPOINTMENT", "A date was picked: show its times")
	d.asks(0, "trigger", "is")
	d.option(0, "date_selected")
	d.goTo("Book an appointment")
	d.data(slots("Yes")...)
	d.save("APPOINTMENT", "A date was picked: show its times")
	d.rule("APPOINTMENT", "No time chosen")
	d.asks(0, "Time", "is empty")
	d.stay("Please choose a time.")
	d.data(slots("Yes")...)
	d.save("APPOINTMENT", "When Time is empty", "Please choose a time.")
	d.pictured("No time chosen", true)
	d.takeBack("APPOINTMENT")

	d.rule("APPOINTMENT", "Cardiology is full before Christmas")
	d.asks(0, "Department", "is")
	d.option(0, "Cardiology")
	d.push("main", "Add condition")
	d.asks(1, "Date", "is before")
	d.day(`[name="value.1"]`, 2026, 12, 25)
	d.goTo("Join the waiting list")
	d.data(given{"message", fromText, "Cardiology has no free slot on {{ data.date }}."})
	d.save("APPOINTMENT", "When Department is Cardiology and Date is before 2026-12-25, then go to Join the waiting list")
	d.follow("#otherwise-APPOINTMENT", "Edit")
	d.goTo("Your details")
	d.data(given{"department_title", fromTitle, "Department"}, given{"when", fromText, "{{ data.date }}, {{ data.time }}"})
	d.save("APPOINTMENT", "Otherwise go to Your details")
}

// askDetails adds the second rule as a copy of the first, and the third with a group inside.
func (d *designer) askDetails() {
	d.b.Helper()
	d.rule("DETAILS", "Minors need a parent")
	d.asks(0, "Age", "is less than")
	d.value(0, "18")
	d.stay("Please ask a parent to book.")
	d.data(given{"department_title", fromTitle, "Department"}, given{"when", fromText, "{{ answers.APPOINTMENT.date }}, {{ answers.APPOINTMENT.time }}"})
	d.save("DETAILS", "When Age is less than 18")
	d.push("#screen-DETAILS", "Duplicate")
	d.b.until("the copy", `document.querySelectorAll("#screen-DETAILS .rule").length === 4`)
	d.follow("#screen-DETAILS .rule:nth-child(2)", "Edit")
	d.write("#name", "E-mail must look like one")
	d.pick("#join", "none of")
	d.asks(0, "E-mail", "is an e-mail address")
	d.write("#error", "Please check your e-mail address.")
	d.save("DETAILS", "Please check your e-mail address.")

	const summary = "{{ title('answers.APPOINTMENT.department') }}, {{ answers.APPOINTMENT.date }} {{ answers.APPOINTMENT.time }}"
	d.rule("DETAILS", "Bleeding, or swelling with pain, costs nothing")
	d.pick("#join", "any of")
	d.asks(0, "Symptoms", "has any of")
	d.tick(`[name="value.0"][value="1_bleeding"]`)
	d.push("main", "Add group")
	d.asks(2, "Symptoms", "has any of")
	d.tick(`[name="value.2"][value="0_pain"]`)
	d.push(".condition-group", "Add condition")
	d.asks(3, "Symptoms", "has any of")
	d.tick(`[name="value.3"][value="2_swelling"]`)
	d.goTo("Summary")
	d.data(given{"summary", fromText, summary + " (urgent)"}, given{"fee", "A number", "0"})
	d.save("DETAILS", "Bleeding, or swelling with pain, costs nothing")
	d.follow("#otherwise-DETAILS", "Edit")
	d.goTo("Summary")
	d.data(given{"summary", fromText, summary}, given{"fee", "A number", "40"})
	d.save("DETAILS", "Otherwise go to Summary")
	d.follow("#back-DETAILS", "Edit")
	d.goTo("Book an appointment")
	d.data(slots("Yes")...)
	d.save("DETAILS", "When the customer goes back from here go to Book an appointment")
}

func (d *designer) endAppointment() {
	d.b.Helper()
	d.b.sees("Errors stop publishing.")
	d.follow("#otherwise-SUMMARY", "Edit")
	d.answers(given{"outcome", "A fixed value", "booked"}, given{"department", fromField, "Department"}, given{"date", fromField, "Date"},
		given{"time", fromField, "Time"}, given{"name", fromField, "Name"})
	d.save("SUMMARY", "Always")
}
