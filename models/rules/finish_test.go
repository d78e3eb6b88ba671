package rules_test

import (
	"slices"
	"testing"

	"switchyard/models/rules"
)

func TestFinishParamsAreTracedToTheAnswerBehindThem(t *testing.T) {
	finish := func(params map[string]any) *rules.Outcome {
		return &rules.Outcome{Finish: &rules.Finish{Params: params}}
	}
	doc := rules.Document{Screens: map[string]*rules.ScreenRules{
		"A": {Otherwise: finish(map[string]any{"name": "{{ answers.DETAILS.name }}", "text": "{{ answers.A.x }} and more", "both": "{{answers.A.x}}", "n": 1})},
		"B": {Otherwise: finish(map[string]any{"both": "{{ answers.B.x }}"})},
	}}
	if names := doc.FinishParams(); !slices.Contains(names, "name") {
		t.Errorf("FinishParams() = %q; want name among them", names)
	}
	got := doc.FinishSources()
	if len(got) != 1 || got["name"] != "DETAILS.name" {
		t.Errorf("FinishSources() = %v; want only name → DETAILS.name", got)
	}
}
