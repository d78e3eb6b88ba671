package filter_test

import (
	"testing"

	"switchyard/models/filter"
)

func parsed(t *testing.T, text string) filter.Condition {
	t.Helper()
	c, err := filter.Parse(text)
	if err != nil {
		t.Fatalf("Parse(%q) = %v", text, err)
	}
	return c
}

func TestTogglingALeafAsksForItOrTakesItOff(t *testing.T) {
	for _, c := range []struct{ was, leaf, want string }{
		{"", "plan~is~gold", "plan~is~gold"},
		{"plan~is~gold", "plan~is~gold", ""},
		{"plan~is~gold", "plan~is~silver", "plan~one_of~gold~silver"},
		{"plan~one_of~gold~silver", "plan~is~gold", "plan~is~silver"},
		{"plan~one_of~gold", "plan~is~gold", ""},
		{"age~gt~3", "plan~is~gold", "all(age~gt~3,plan~is~gold)"},
		{"all(age~gt~3,plan~is~gold,terms~yes)", "plan~is~gold", "all(age~gt~3,terms~yes)"},
		{"any(plan~is~gold,age~gt~3)", "plan~is~gold", "all(any(plan~is~gold,age~gt~3),plan~is~gold)"},
		{"age~gt~3", "age~between~10~19", "age~between~10~19"},
		{"age~between~10~19", "age~between~10~19", ""},
		{"day~during~2026-01-01~2026-01-31", "day~on~2026-01-05", "day~on~2026-01-05"},
		{"terms~yes", "terms~is~false", "terms~is~false"},
		{"terms~is~false", "terms~yes", "terms~yes"},
		{"terms~is~false", "terms~is~false", ""},
		{"plan~not_empty", "plan~empty", "plan~empty"},
		{"plan~empty", "plan~empty", ""},
		{"plan~is_not~gold", "plan~is~gold", "all(plan~is_not~gold,plan~is~gold)"},
		{"all(all(a~empty,b~empty),c~empty)", "b~empty", "all(a~empty,c~empty)"},
	} {
		was, leaf := parsed(t, c.was), parsed(t, c.leaf)
		got := was.Toggle(leaf)
		if got.String() != c.want {
			t.Errorf("%q.Toggle(%s) = %q; want %q", c.was, c.leaf, got, c.want)
		}
		if was.Asks(leaf) == got.Asks(leaf) {
			t.Errorf("%q.Toggle(%s): both or neither ask for it", c.was, c.leaf)
		}
	}
}

func TestOneConditionIsTakenOutOfAll(t *testing.T) {
	c := parsed(t, "all(age~gt~3,any(plan~is~gold,plan~is~silver))")
	for part, want := range map[string]string{"age~gt~3": "any(plan~is~gold,plan~is~silver)", "any(plan~is~gold,plan~is~silver)": "age~gt~3", "x~empty": c.String()} {
		if got := c.Without(parsed(t, part)).String(); got != want {
			t.Errorf("Without(%s) = %q; want %q", part, got, want)
		}
	}
}
