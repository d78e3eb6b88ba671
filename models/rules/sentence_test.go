package rules_test

import (
	"encoding/json"
	"testing"

	"switchyard/models/rules"
)

func condition(t testing.TB, s string) rules.Condition {
	t.Helper()
	d := parse(t, []byte(`{"switchyard":1,"opening":{"otherwise":{"go":"A"}},"screens":{"A":{"rules":[{"when":`+s+`,"then":{"stay":{}}}],"otherwise":{"go":"A"}}}}`))
	return d.Screens["A"].Rules[0].When
}

func TestConditionsReadAsSentences(t *testing.T) {
	f := flow(t, "appointment")
	for when, want := range map[string]string{
		`{"field":"age","op":"lt","value":18}`:                                                               "Age is less than 18",
		`{"field":"age","op":"lte","value":"18"}`:                                                            "Age is at most 18",
		`{"field":"data.age","op":"gt","value":18.5}`:                                                        "Age is greater than 18.5",
		`{"field":"age","op":"gte","value":18}`:                                                              "Age is at least 18",
		`{"field":"age","op":"between","value":[1,5]}`:                                                       "Age is between 1 and 5",
		`{"all":[{"field":"age","op":"lt","value":18},{"field":"email","op":"one_of","value":["BR","PT"]}]}`: "Age is less than 18 and E-mail is one of BR, PT",
		`{"all":[{"any":[{"field":"age","op":"is_empty"},{"field":"terms","op":"is_true"}]},{"all":[{"field":"name","op":"is_not_empty"}]}]}`: "(Age is empty or I agree to the terms is yes) and Name is not empty",
		`{"not":{"field":"email","op":"is_email"}}`:                                          "E-mail is not an e-mail address",
		`{"not":{"field":"email","op":"contains","value":"x"}}`:                              "E-mail does not contain x",
		`{"not":{"field":"email","op":"not_contains","value":"x"}}`:                          "E-mail contains x",
		`{"not":{"field":"name","op":"one_of","value":["a"]}}`:                               "Name is not one of a",
		`{"not":{"field":"name","op":"not_one_of","value":["a"]}}`:                           "Name is one of a",
		`{"not":{"field":"name","op":"is_not_empty"}}`:                                       "Name is empty",
		`{"not":{"field":"name","op":"starts_with","value":"a"}}`:                            "Name does not start with a",
		`{"not":{"field":"name","op":"matches","value":"^a"}}`:                               "Name does not match the pattern ^a",
		`{"not":{"all":[{"field":"age","op":"is_empty"},{"field":"name","op":"is_empty"}]}}`: "not (Age is empty and Name is empty)",
		`{"field":"symptoms","op":"has_any","value":["1_bleeding","gone"]}`:                  "Symptoms has any of Bleeding, gone",
		`{"field":"answers.APPOINTMENT.department","op":"equals","value":"dental"}`:          "Department on Book an appointment is Dental care",
		`{"field":"name","op":"equals","value":""}`:                                          "Name is “”",
		`{"field":"name","op":"equals","value":{"field":"email"}}`:                           "Name is E-mail",
		`{"field":"visit.steps","op":"gt","value":5}`:                                        "number of steps is greater than 5",
		`{"field":"name","op":"within_days","value":7}`:                                      "Name is within the next 7 days",
		`{"field":"name","op":"within_days","value":-7}`:                                     "Name is within the last 7 days",
		`{"not":{"field":"name","op":"within_days","value":0}}`:                              "Name is not today",
		`{"field":"today","op":"before","value":"2026-12-25"}`:                               "today is before 2026-12-25",
		`{"formula":"data.age > 1"}`:                                                         "the formula data.age > 1 holds",
		`{"all":[]}`:                                                                         "always", `{"any":[]}`: "never",
		`{"field":"odd","op":"smells_like","value":"x"}`: "odd smells_like x",
	} {
		if got := rules.Sentence(condition(t, when), "DETAILS", f); got != want {
			t.Errorf("Sentence(%s) = %q; want %q", when, got, want)
		}
	}
	if got := rules.Sentence(condition(t, `{"field":"period.start-date","op":"after","value":{"field":"today"}}`), "INCIDENT", nil); got != "period.start-date is after today" {
		t.Errorf("Sentence without a flow = %q", got)
	}
}

func TestOutcomesReadAsSentences(t *testing.T) {
	f := flow(t, "appointment")
	for outcome, want := range map[string]string{
		`{"go":"SUMMARY"}`: "go to Summary",
		`{"go":"GONE"}`:    "go to GONE",
		`{"stay":{"error":"Please choose a time."}}`:   "stay and say “Please choose a time.”",
		`{"stay":{"error":"A","errors":{"name":"B"}}}`: "stay and say “A” and say “B” at Name",
		`{"stay":{}}`:                       "stay on the screen",
		`{"finish":{}}`:                     "finish",
		`{"expire":{"message":"Too late"}}`: "end the link and say “Too late”",
		`{"expire":{}}`:                     "end the link", `{}`: "do nothing yet",
	} {
		var o rules.Outcome
		if err := json.Unmarshal([]byte(outcome), &o); err != nil {
			t.Fatal(err)
		}
		if got := rules.OutcomeSentence(o, f); got != want {
			t.Errorf("OutcomeSentence(%s) = %q; want %q", outcome, got, want)
		}
	}
}
