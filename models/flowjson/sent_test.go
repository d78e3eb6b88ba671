package flowjson_test

import (
	"fmt"
	"slices"
	"testing"

	"switchyard/models/flowjson"
)

func sent(s *flowjson.Screen) []string {
	var all []string
	for _, k := range s.Sent() {
		all = append(all, fmt.Sprintf("%s %q %s %v %s", k.Name, k.Label, k.Kind, k.Field != nil, k.Constants))
	}
	return all
}

func TestSentMergesAllPayloadsOfAScreen(t *testing.T) {
	f, _ := fixture(t, "appointment")
	for screen, want := range map[string][]string{
		"APPOINTMENT": {
			`trigger "trigger" text false ["date_selected"]`,
			`department "Department" choice true []`,
			`date "Date" date true []`,
			`time "Time" choice true []`,
		},
		"SUMMARY":  {`confirmed "confirmed" yesno false [true]`},
		"WAITLIST": nil,
	} {
		if got := sent(f.Screen(screen)); !slices.Equal(got, want) {
			t.Errorf("Sent() of %s = %q; want %q", screen, got, want)
		}
	}
}

func TestSentIsTypedThroughFormAndData(t *testing.T) {
	f, problems := flowjson.Parse([]byte(`{"version":"7.3","data_api_version":"3.0","routing_model":{"A":["B"],"B":[]},"screens":[
	 {"id":"A","title":"A","data":{
	   "plans":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"main-content":{"type":"object","properties":{"title":{"type":"string"}}},"on-click-action":{"type":"object","properties":{}}}},
	     "__example__":[{"id":"a","main-content":{"title":"Plan A"},"on-click-action":{"name":"data_exchange","payload":{"plan":"a","step":1}}},
	                    {"id":"b","main-content":{"title":"Plan B"},"on-click-action":{"name":"data_exchange","payload":{"plan":"b","step":1}}}]},
	   "customer":{"type":"object","properties":{"age":{"type":"number"}},"__example__":{"age":3}},
	   "fee":{"type":"number","__example__":3},"flag":{"type":"boolean","__example__":true}},
	  "layout":{"type":"SingleColumnLayout","children":[{"type":"NavigationList","name":"list","list-items":"${data.plans}"}]}},
	 {"id":"B","title":"B","terminal":true,"data":{"fee":{"type":"string","__example__":""}},"layout":{"type":"SingleColumnLayout","children":[
	   {"type":"TextInput","name":"city","label":"City","input-type":"text","on-select-action":{"name":"data_exchange","payload":{"city":"Lagos","fee":2}}},
	   {"type":"Footer","label":"Go","on-click-action":{"name":"data_exchange","payload":{
	     "city":"${form.city}","fee":"${screen.A.data.fee}","flag":"${screen.A.data.flag}","age":"${screen.A.data.customer.age}",
	     "text":"` + "`'Hi ' ${form.city}`" + `","all":{"c":"${form.city}"},"ids":["x"],"gone":"${screen.X.form.y}"}}}]}}]}`))
	want := map[string][]string{
		"A": {`plan "plan" text false ["a" "b"]`, `step "step" number false [1]`},
		"B": {
			`city "City" text true ["Lagos"]`, `fee "fee" number false [2]`, `flag "flag" yesno false []`, `age "age" number false []`,
			`text "text" text false []`, `all "all" object false []`, `ids "ids" list false [["x"]]`, `gone "gone" text false []`,
		},
	}
	for screen, want := range want {
		if got := sent(f.Screen(screen)); !slices.Equal(got, want) {
			t.Errorf("Sent() of %s =\n%q; want\n%q", screen, got, want)
		}
	}
	if got, want := places(problems), []place{{"INVALID_SCREEN_DATA", "/screens/1/layout/children/1/on-click-action/payload/gone", "B"}}; !slices.Equal(got, want) {
		t.Errorf("Parse tells %+v; want %+v", problems, want)
	}
	if got := f.Screen("A").Payloads[1].Label; got != "Plan B" {
		t.Errorf("label of the second item = %q; want Plan B", got)
	}
}

func answers(f *flowjson.Flow) []string {
	var all []string
	for _, a := range f.Answers() {
		behind := "-"
		if a.Field != nil {
			behind = a.Field.Screen + "." + a.Field.Name
		}
		all = append(all, a.Key+" "+a.Label+" "+behind)
	}
	return all
}

func TestAnswersAreTheCompletePayloadsThenEveryInput(t *testing.T) {
	for name, want := range map[string][]string{
		"survey": {"score Score RATE.score", "comment Comment COMMENT.comment"},
		"appointment": {
			"outcome outcome -", "phone Phone WAITLIST.phone", "department Department APPOINTMENT.department", "date Date APPOINTMENT.date",
			"time Time APPOINTMENT.time", "name Name DETAILS.name", "email E-mail DETAILS.email", "age Age DETAILS.age",
			"symptoms Symptoms DETAILS.symptoms", "notes Notes DETAILS.notes", "terms I agree to the terms DETAILS.terms",
		},
	} {
		f, _ := fixture(t, name)
		if got := answers(f); !slices.Equal(got, want) {
			t.Errorf("Answers() of %s =\n%q; want\n%q", name, got, want)
		}
	}
}

func TestAnswersFollowAValueThroughScreensAndExpressions(t *testing.T) {
	f, problems := flowjson.Parse([]byte(`{"version":"7.3","screens":[
	 {"id":"A","title":"A","layout":{"type":"SingleColumnLayout","children":[{"type":"TextInput","name":"first","label":"First name"},
	   {"type":"Footer","label":"Go","on-click-action":{"name":"navigate","next":{"type":"screen","name":"B"},"payload":{"one":"${form.first}"}}}]}},
	 {"id":"B","title":"B","data":{"one":{"type":"string","__example__":""}},"layout":{"type":"SingleColumnLayout","children":[
	   {"type":"Footer","label":"Go","on-click-action":{"name":"navigate","next":{"type":"screen","name":"C"},"payload":{"two":"${data.one}"}}}]}},
	 {"id":"C","title":"C","terminal":true,"data":{"two":{"type":"string","__example__":""}},"layout":{"type":"SingleColumnLayout","children":[
	   {"type":"Footer","label":"Go","on-click-action":{"name":"complete","payload":{
	     "through":"${data.two}","global":"${screen.A.form.first}","in_text":"` + "`'Dear ' ${screen.A.form.first}`" + `","fixed":1}}}]}}]}`))
	want := []string{"through First name A.first", "global First name A.first", "in_text First name A.first", "fixed fixed -", "first First name A.first"}
	if got := answers(f); !slices.Equal(got, want) || len(problems) > 0 {
		t.Errorf("Answers() = %q, %+v; want %q and no problem", got, problems, want)
	}
}
