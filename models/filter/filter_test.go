package filter_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"switchyard/models/filter"
	"switchyard/models/flowjson"
)

func TestConditionsAreReadAsTheyAreWritten(t *testing.T) {
	for _, text := range []string{
		"plan~is~gold", "all(plan~one_of~gold~silver,amount~gt~100)", "none(all(a~empty),any(b~yes,c~between~-1~2.5))",
		"a!~b~is~x!,y!(z!)!!", "period.start-date~during~2026-11-01~2026-11-30", "naïve key~contains~100 % & ?", `plan~is~!~`,
	} {
		c, err := filter.Parse(text)
		if err != nil || c.String() != text {
			t.Errorf("Parse(%q) = %q, %v", text, c, err)
		}
		query := filter.Query(url.Values{"w": {text}})
		if v, err := url.ParseQuery(query); err != nil || v.Get("w") != text {
			t.Errorf("Query of %q = %q, read as %q, %v", text, query, v.Get("w"), err)
		}
	}
	if got := filter.Query(url.Values{"w": {"all(plan~one_of~gold~silver,amount~gt~100)"}}); got != "w=all(plan~one_of~gold~silver,amount~gt~100)" {
		t.Errorf("Query() = %q; want it readable", got)
	}
}

func TestABadConditionIsToldByItsPart(t *testing.T) {
	for text, want := range map[string]string{
		"plan":                                 "“plan”: is no condition",
		"plan~":                                "has no operator",
		"~is~x":                                "names no answer",
		"plan~like~x":                          "“like”: is no operator",
		"plan~is":                              "needs a value",
		"plan~is~":                             "has an empty value",
		"plan~is~a~b":                          "too many values",
		"plan~empty~x":                         "takes no value",
		"amount~gt~much":                       "“much”: is no number",
		"amount~gt~NaN":                        "“NaN”: is no number",
		"amount~between~1":                     "needs both ends",
		"day~on~20.11.2026":                    "is no date. Write it as 2026-11-20.",
		"day~on~2026-02-30":                    "is no date",
		"all()":                                "is no condition",
		"all(plan~is~x":                        "has no closing bracket",
		"plan~is~x)":                           "stands after the end",
		"all(all(all(all(all(a~empty)))))":     "at most 4 deep",
		"any(" + leaves(21) + ")":              "at most 20 conditions",
		strings.Repeat("x", 2001):              "at most 2000 characters",
		strings.Repeat("x", 201) + "~empty":    "names no answer",
		"a~is~" + strings.Repeat("x", 501):     "at most 500 characters",
		"a~one_of" + strings.Repeat("~x", 51):  "too many values",
		"a~is~\xff":                            "no text",
		"a~is~\x00":                            "no text",
		"any(" + strings.Repeat("ü", 40) + ")": "“" + strings.Repeat("ü", 28),
	} {
		_, err := filter.Parse(text)
		if bad, ok := errors.AsType[*filter.Error](err); !ok || !strings.Contains(bad.Error(), want) || len(bad.Part) > 70 {
			t.Errorf("Parse(%.80q) = %v; want “… %s …”", text, err, want)
		}
	}
}

func leaves(n int) string { return strings.TrimSuffix(strings.Repeat("a~empty,", n), ",") }

// itemsOf are the items of a JSON list.
func itemsOf(t *testing.T, list string) (items []filter.Item) {
	t.Helper()
	var texts []string
	if err := json.Unmarshal([]byte(list), &texts); err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		i := filter.Item{Text: text}
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			i.Number = &f
		}
		items = append(items, i)
	}
	return items
}

func TestEveryOperator(t *testing.T) {
	// the condition on x, then the items of x for which it is true, false and unknown, separated by " | "
	for _, c := range []struct{ leaf, yes, no, unknown string }{
		{"is~BR", `["BR"] | ["DE","BR"]`, `["br"] | ["BR "] | [] | [""]`, ``},
		{"is_not~BR", `["br"] | [] | [""]`, `["BR"] | ["DE","BR"]`, ``},
		{"one_of~a~b", `["a"] | ["x","b"]`, `["x"] | []`, ``},
		{"none_of~a~b", `["x"] | []`, `["a"] | ["x","b"]`, ``},
		{"has_all~a~b", `["b","a"] | ["a","b","c"]`, `["a"] | []`, ``},
		{"contains~AN", `["banana"] | ["BANANA"] | ["x","an"]`, `["bnn"] | []`, ``},
		{"not_contains~an", `["x"] | []`, `["bANana"]`, ``},
		{"starts_with~zz-", `["ZZ-1"]`, `["azz-1"] | []`, ``},
		{"eq~18", `["18"] | ["18.0"] | ["1","18"]`, `["19"] | [] | [""] | ["x","1"]`, `["abc"]`},
		{"ne~18", `["19"] | []`, `["18"] | ["19","18"]`, `["abc"]`},
		{"gt~500", `["500.5"]`, `["500"] | ["-7"]`, `[] | [""] | ["much"]`},
		{"gte~500", `["500"]`, `["499"]`, `[]`},
		{"lt~500", `["499"] | ["x","499"]`, `["500"]`, `["x"]`},
		{"lte~500", `["500"] | ["5e2"]`, `["501"]`, `[]`},
		{"between~1~5", `["1"] | ["5"]`, `["0.9"] | ["5.1"]`, `["x"]`},
		{"on~2026-11-20", `["2026-11-20"] | ["2026-11-20T23:59:00Z"] | ["1795132800000"]`, `["2026-11-21"] | ["2026-11-19"] | ["1795219200000"]`, `["20.11.2026"] | [] | ["5"]`},
		{"before~2026-11-20", `["2026-11-19"] | ["0000-01-01"]`, `["2026-11-20"]`, `["soon"]`},
		{"after~2026-11-20", `["2026-11-21"] | ["9999-01-01"]`, `["2026-11-20T10:00:00Z"]`, `["soon"]`},
		{"during~2026-11-01~2026-11-30", `["2026-11-01"] | ["2026-11-30T23:00"]`, `["2026-12-01"]`, `[""]`},
		{"yes", `["true"]`, `["false"] | [] | ["yes"]`, ``},
		{"no", `["false"] | [] | [" "]`, `["true"] | ["x"]`, ``},
		{"empty", `[] | [""] | [" \t\n"]`, `["0"] | ["","x"]`, ``},
		{"not_empty", `["0"]`, `[] | [""]`, ``},
	} {
		condition, err := filter.Parse("x~" + c.leaf)
		if err != nil {
			t.Fatal(err)
		}
		for want, lists := range map[filter.Truth]string{filter.True: c.yes, filter.False: c.no, filter.Unknown: c.unknown} {
			for list := range strings.SplitSeq(lists, " | ") {
				if list == "" {
					continue
				}
				got := condition.Truth(func(string) []filter.Item { return itemsOf(t, list) })
				if got != want {
					t.Errorf("%s on %s = %d; want %d", condition, list, got, want)
				}
			}
		}
	}
}

func TestGroupsFollowKleene(t *testing.T) {
	// t is true, f false and u unknown of an empty answer
	leaf := map[byte]string{'t': "x~empty", 'f': "x~not_empty", 'u': "x~gt~1"}
	word := map[byte]filter.Truth{'t': filter.True, 'f': filter.False, 'u': filter.Unknown}
	for text, want := range map[string]byte{
		"all tt": 't', "all tf": 'f', "all tu": 'u', "all uf": 'f', "any ff": 'f', "any tu": 't', "any uf": 'u', "none ff": 't', "none tf": 'f', "none uf": 'u', "none ut": 'f',
	} {
		join, letters, _ := strings.Cut(text, " ")
		c, err := filter.Parse(join + "(" + leaf[letters[0]] + "," + leaf[letters[1]] + ")")
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Truth(func(string) []filter.Item { return nil }); got != word[want] {
			t.Errorf("%s = %d; want %c", text, got, want)
		}
	}
}

func TestEveryKindHasOperators(t *testing.T) {
	for _, k := range []flowjson.Kind{flowjson.Text, flowjson.Number, flowjson.Email, flowjson.Phone, flowjson.Secret, flowjson.Choice, flowjson.Choices, flowjson.YesNo,
		flowjson.Date, flowjson.Range, flowjson.Media, flowjson.Object, flowjson.List} {
		for _, o := range filter.OperatorsFor(k) {
			if o.Words == "" || o.Op == "" {
				t.Errorf("OperatorsFor(%s) has %+v", k, o)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"", "plan~is~gold", "all(a~empty,none(b~gt~1))", "a!~!!~is~!(", "any(", "~~~", "!"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := filter.Parse(text)
		if err != nil {
			return
		}
		again, err := filter.Parse(c.String())
		if err != nil || !reflect.DeepEqual(again, c) {
			t.Errorf("Parse(%q) = %q, which reads as %q, %v", text, c, again, err)
		}
		c.Truth(func(string) []filter.Item { return []filter.Item{{Text: text}} })
	})
}
