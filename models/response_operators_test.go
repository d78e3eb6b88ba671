package models

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models/filter"
	"switchyard/models/flowjson"
)

// everyAnswer are answers of each type, and the odd ones of each; the missing one is nil as the whole map.
var everyAnswer = []any{
	nil, "", " \t", "\u00a0", []any{}, map[string]any{}, []any{""}, []any{nil}, []any{"", "gold"},
	"gold", "Gold", "GOLD", "gold plan", "no gold", "École", "ÉCOLE", "école", "e\u0301cole", "Straße", "STRASSE", "İstanbul", "ıspanak", "Ωmega", "ωmega", "日本", "👩‍💻", "\u202Eevil", "a\nb", "a\x00b",
	"100%_", "100", "50%", `\`, "'", "a~b,(c)!", strings.Repeat("x", 3000) + "gold",
	json.Number("0"), json.Number("-0"), json.Number("18"), json.Number("18.0"), json.Number("17.999999999999999"), json.Number("1e3"), json.Number("-7.25"), json.Number("9007199254740993"), json.Number("1e308"),
	"18", " 18", "18 ", "+18", "0x12", "1_8", "1e3", "-7.25", "NaN", "Inf", "18kg", ".5",
	true, false, "true", "false", "TRUE", "yes", []any{true, false},
	"2026-03-29", "2026-03-29T01:30:00+01:00", "2026-03-29 23:59", "2026-3-9", "29.03.2026", "2026-03-28T23:30:00Z", "2026-03-30", "2024-02-29", "0000-01-01", "9999-12-31", "2026-99-99",
	"1774742400000", "1774828799999", "1774828800000", json.Number("1774742400000"), json.Number("1774742399999"), "99999999999", "177474240000", "10000000000000",
	[]any{"gold", "silver"}, []any{"silver"}, []any{"gold", "gold"}, []any{json.Number("5"), "x"}, []any{"2026-03-29", "2020-01-01"}, []any{[]any{"gold"}}, []any{map[string]any{"id": "gold"}},
}

// everyValue are values that the operators of a kind of comparison are tried with.
var everyValue = map[filter.Compare][]string{
	filter.AsText:   {"gold", "GOLD", "école", "É", "ß", "ss", "i", "Ω", "日", "👩", "%", "_", `\`, "'", "a~b,(c)!", "18", "18.0", "true", "2026-03-29", " 18", "\u202e", "a\nb", "x"},
	filter.AsNumber: {"18", "-7.25", "0", "1000", "9007199254740993", "1e308"},
	filter.AsDate:   {"2026-03-29", "2026-03-30", "2024-02-29", "0001-01-01", "9999-12-31"},
}

// leavesOf are conditions on v with an operator and each of its values, two beside each other where it takes more.
func leavesOf(o filter.Operator) (leaves []filter.Condition) {
	values := everyValue[o.Compare]
	add := func(values ...string) {
		if c := (filter.Condition{Key: "v", Op: o.Op, Values: values}); c.Check() == nil {
			leaves = append(leaves, c)
		}
	}
	if o.Max == 0 {
		add()
	}
	for i, v := range values {
		if o.Min == 1 {
			add(v)
		}
		if o.Max > 1 {
			add(v, values[(i+1)%len(values)])
		}
	}
	return leaves
}

func TestEveryOperatorFindsTheSameOfEveryTypeAsASlowReading(t *testing.T) {
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	all := make([]Response, len(everyAnswer)+1)
	for i := range all {
		all[i] = Response{ID: int64(i + 1), WAMID: fmt.Sprint("wamid.", i), FlowID: 1, State: Complete, Token: fmt.Sprint("t.", i), Contact: Contact{Phone: "447700900001", Name: "Ada"},
			ReceivedAt: at(now.Add(-time.Duration(i/3) * time.Hour)), Status: StatusNew, Answers: map[string]any{}}
		if i < len(everyAnswer) {
			all[i].Answers["v"] = everyAnswer[i]
		}
	}
	for engine, db := range openEngines(t) {
		t.Run(engine, func(t *testing.T) {
			contacts := []Contact{all[0].Contact}
			if err := db.LoadContacts(t.Context(), contacts); err != nil {
				t.Fatal(err)
			}
			mine := slices.Clone(all)
			for i := range mine {
				mine[i].Contact = contacts[0]
			}
			if err := db.LoadResponses(t.Context(), len(mine), slices.Values(mine)); err != nil {
				t.Fatal(err)
			}
			slices.SortFunc(mine, func(a, b Response) int { return -compareReceived(a, b) })
			for _, op := range everyOperator() {
				finds := 0
				for _, leaf := range leavesOf(op) {
					finds += checkLeaf(t, db, mine, leaf)
				}
				if finds == 0 {
					t.Errorf("%s finds nothing; that shows little", op.Op)
				}
			}
		})
	}
}

// everyOperator are all that any kind of field offers.
func everyOperator() (all []filter.Operator) {
	for _, kind := range []flowjson.Kind{flowjson.Text, flowjson.Number, flowjson.Choices, flowjson.YesNo} {
		for _, o := range filter.OperatorsFor(kind) {
			if !slices.ContainsFunc(all, func(had filter.Operator) bool { return had.Op == o.Op }) {
				all = append(all, o)
			}
		}
	}
	return all
}

// checkLeaf asks for what meets a condition, and for what does not, and says how many do.
func checkLeaf(t *testing.T, db *DB, all []Response, leaf filter.Condition) int {
	t.Helper()
	n := 0
	for _, c := range []filter.Condition{leaf, {Join: filter.None, Parts: []filter.Condition{leaf}}} {
		f := ResponseFilter{FlowID: 1, Where: c, Limit: len(all)}
		want := slowPage(all, f)
		page, tally, err := db.FindResponses(t.Context(), f)
		if got := each(page.Rows, func(r Response) int64 { return r.ID }); err != nil || !slices.Equal(got, want) || tally.N != len(want) {
			t.Errorf("FindResponses(%s) = %s, %d, %v; want %s", c, answersWith(got), tally.N, err, answersWith(want))
		}
		if c.Join == "" {
			n = len(want)
		}
	}
	return n
}

// answersWith are the answers of ids, for a message.
func answersWith(ids []int64) string {
	var texts []string
	for _, id := range ids {
		text := "missing"
		if int(id) <= len(everyAnswer) {
			text = fmt.Sprintf("%.40q", fmt.Sprint(everyAnswer[id-1]))
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, " ")
}
