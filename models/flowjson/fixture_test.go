package flowjson_test

import (
	"os"
	"slices"
	"testing"

	"switchyard/models/flowjson"
)

func fixture(t testing.TB, name string) (*flowjson.Flow, []flowjson.Problem) {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return flowjson.Parse(raw)
}

// A place is a problem without its words.
type place struct{ code, path, screen string }

func places(problems []flowjson.Problem) []place {
	var all []place
	for _, p := range problems {
		all = append(all, place{p.Code, p.Path, p.Screen})
	}
	return all
}

func TestGoodFlowsHaveNoProblem(t *testing.T) {
	for _, name := range []string{"appointment", "claim", "survey"} {
		if _, problems := fixture(t, name); len(problems) > 0 {
			t.Errorf("Parse(%s) tells %+v; want nothing", name, problems)
		}
	}
}

func TestEachFaultOfAWrongFlowIsToldOnceAtItsPlace(t *testing.T) {
	const children = "/screens/0/layout/children"
	wrong := map[string][]place{
		"invalid": {
			{"DUPLICATE_SCREEN_IDS", "/screens/4/id", "APPOINTMENT"},
			{"INVALID_PROPERTY_VALUE", "/screens", ""},
			{"SCREEN_ID_IS_RESERVED_KEYWORD", "/screens/2/id", "success"},
			{"NOT_KEYWORD_SCHEMA_VALIDATION_FAILED", "/screens/3/success", "SUMMARY"},
			{"INVALID_ROUTING_MODEL", "/routing_model/APPOINTMENT/1", "APPOINTMENT"},
			{"INVALID_ROUTING_MODEL", "/routing_model/DETAILS/1", "DETAILS"},
			{"INVALID_ROUTING_MODEL", "/routing_model", ""},
			{"INVALID_ROUTING_MODEL", "/screens/2", "success"},
			{"INVALID_ROUTING_MODEL", "/screens/3", "SUMMARY"},
		},
		"invalid-components": {
			{"MISSING_REQUIRED_PROPERTY", "/screens/0/data/no_example", "A_SCREEN"},
			{"INVALID_SCREEN_DATA", "/screens/0/data/wrong_example/__example__", "A_SCREEN"},
			{"PATTERN_MISMATCH", children + "/1/label", "A_SCREEN"},
			{"DUPLICATE_FORM_COMPONENT_NAMES", children + "/2/name", "A_SCREEN"},
			{"MAX_ITEMS_REQUIRED", children + "/3/data-source", "A_SCREEN"},
			{"MAX_FOOTER_PER_SCREEN", children + "/5", "A_SCREEN"},
			{"INVALID_NAVIGATE_ACTION_NEXT_SCREEN_NAME", children + "/4/on-click-action/next/name", "A_SCREEN"},
			{"INVALID_COMPLETE_ACTION", children + "/5/on-click-action", "A_SCREEN"},
			{"INVALID_SCREEN_DYNAMIC_DATA", children + "/0/text", "A_SCREEN"},
			{"INVALID_ON_CLICK_ACTION_PAYLOAD", children + "/4/on-click-action/payload/x", "A_SCREEN"},
			{"MISSING_FOOTER_ON_TERMINAL_SCREEN", "/screens/1", "B_SCREEN"},
		},
	}
	for name, want := range wrong {
		_, problems := fixture(t, name)
		if got := places(problems); !slices.Equal(got, want) {
			t.Errorf("Parse(%s) tells\n%+v; want\n%+v", name, got, want)
		}
		for _, p := range problems {
			if p.Severity != flowjson.Error || p.Message == "" {
				t.Errorf("Parse(%s) tells %+v; want an error with a message", name, p)
			}
		}
	}
}

func TestScreensFieldsAndRoutesAreInDocumentOrder(t *testing.T) {
	f, _ := fixture(t, "appointment")
	var ids, keys, names []string
	for _, s := range f.Screens {
		ids = append(ids, s.ID)
	}
	for _, k := range f.Screen("APPOINTMENT").Data {
		keys = append(keys, k.Name)
	}
	for _, field := range f.Screen("DETAILS").Fields {
		names = append(names, field.Name+" "+string(field.Kind))
	}
	for _, c := range []struct {
		what      string
		got, want []string
	}{
		{"screens", ids, []string{"APPOINTMENT", "DETAILS", "WAITLIST", "SUMMARY"}},
		{"data keys", keys, []string{"departments", "min_date", "times", "show_times"}},
		{"fields", names, []string{"name text", "email email", "age number", "symptoms choices", "notes text", "terms yesno"}},
		{"routes", f.Routes("APPOINTMENT"), []string{"DETAILS", "WAITLIST"}},
		{"entries", entries(f), []string{"APPOINTMENT"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s of appointment = %q; want %q", c.what, c.got, c.want)
		}
	}
	if !f.HasEndpoint() || !f.Leads("DETAILS", "SUMMARY") || f.Leads("SUMMARY", "DETAILS") {
		t.Errorf("appointment: endpoint %v, forward %v, back %v; want true, true, false",
			f.HasEndpoint(), f.Leads("DETAILS", "SUMMARY"), f.Leads("SUMMARY", "DETAILS"))
	}
}

func entries(f *flowjson.Flow) []string {
	var ids []string
	for _, s := range f.Entries() {
		ids = append(ids, s.ID)
	}
	return ids
}

func TestRoutesOfAStaticFlowComeFromItsActions(t *testing.T) {
	f, _ := fixture(t, "survey")
	if got := f.Routes("RATE"); !slices.Equal(got, []string{"COMMENT"}) || f.HasEndpoint() {
		t.Errorf("Routes(RATE) = %q, endpoint %v; want COMMENT, false", got, f.HasEndpoint())
	}
	if got := entries(f); !slices.Equal(got, []string{"RATE"}) {
		t.Errorf("Entries() = %q; want RATE", got)
	}
}

func TestOptionTitlesAreStaticOrFromTheExample(t *testing.T) {
	f, _ := fixture(t, "appointment")
	for _, c := range []struct{ field, id, want string }{
		{"symptoms", "1_bleeding", "Bleeding"},
		{"department", "cardiology", "Cardiology"},
		{"department", "nobody", ""},
		{"notes", "x", ""},
	} {
		if got := f.Field("", c.field).Title(c.id); got != c.want {
			t.Errorf("Field(%s).Title(%q) = %q; want %q", c.field, c.id, got, c.want)
		}
	}
	if got := f.Field("", "department").OptionsKey; got != "departments" {
		t.Errorf("department takes its options from %q; want departments", got)
	}
}

func TestSecretsAndSensitiveFieldsAreMarked(t *testing.T) {
	f, _ := fixture(t, "claim")
	for name, want := range map[string]bool{"pin": true, "amount": true, "policy_no": false} {
		if got := f.Field("", name).Sensitive; got != want {
			t.Errorf("Field(%s).Sensitive = %v; want %v", name, got, want)
		}
	}
	if got := f.Field("POLICY", "pin").Kind; got != flowjson.Secret {
		t.Errorf("Field(pin).Kind = %q; want secret", got)
	}
	if got := f.Field("INCIDENT", "period"); got.Label != "From – To" || got.Kind != flowjson.Range {
		t.Errorf("Field(period) = %q %q; want From – To, range", got.Label, got.Kind)
	}
}
