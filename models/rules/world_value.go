package rules

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"switchyard/models/flowjson"
)

const (
	maxPicked  = 8   // options of which any may be picked: 256 cases
	maxCutText = 200 // values that a field's texts are compared with
)

// values are those that the field may have, so many that each other one fares like one of them; whole tells that they are
// all there are. nil: not known.
func (w *world) values(name string, atoms []int) (values []any, whole bool) {
	s, key := w.sent(name)
	if !single(s, key) {
		return nil, false
	}
	options := fixedOptions(key.Field)
	switch key.Kind {
	case flowjson.YesNo:
		return []any{nil, false, true}, true
	case flowjson.Choices:
		if options != nil && len(options) <= maxPicked {
			return subsets(options), true
		}
		return nil, false
	case flowjson.Choice:
		if options != nil {
			return append([]any{nil}, options...), true
		}
	case flowjson.Text, flowjson.Number, flowjson.Email, flowjson.Phone, flowjson.Secret, flowjson.Date:
	default:
		return nil, false
	}
	values = textValues(w.constants(atoms), w.c.set.zone)
	switch {
	case values == nil:
	case key.Field == nil:
		values = append(values, true, false) // of an expression
	case key.Kind == flowjson.Email:
		values = append(values, "name@example.com")
	case key.Kind == flowjson.Phone:
		values = append(values, "+14155550123")
	}
	return values, false
}

// single tells whether a key comes from one input, or is written in the Flow JSON or sent by us as plain values, so that
// its kind says which values it has.
func single(s *screen, key *flowjson.SentKey) bool {
	for _, c := range key.Constants {
		if key.Field != nil || strings.ContainsAny(string(c[:1]), "[{") {
			return false
		}
	}
	for _, p := range s.flow.Payloads {
		for _, k := range p.Keys {
			if p.Action == "data_exchange" && k.Name == key.Name && key.Field != nil && k.Field != key.Field.Name {
				return false
			}
		}
	}
	return true
}

// fixedOptions are the ids of an input whose options are written in the Flow JSON; nil: others may come.
func fixedOptions(f *flowjson.Field) (ids []any) {
	if f != nil && f.OptionsKey == "" {
		for _, o := range f.Options {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// subsets are all lists that can be picked of some ids, and nothing.
func subsets(ids []any) []any {
	all := []any{nil}
	for n := range 1 << len(ids) {
		picked := []any{}
		for i, id := range ids {
			if n>>i&1 == 1 {
				picked = append(picked, id)
			}
		}
		all = append(all, picked)
	}
	return all
}

// otherText begins a text that no constant is.
const otherText = "something else"

// textValues are texts, and nothing, so that every text fares like one of them in all operators of exactOps with those
// constants: on, between and beyond the numbers and the moments, each of the texts, the same number in another spelling,
// and a text that is none of it. nil when there are too many.
func textValues(constants []any, zone *time.Location) []any {
	if len(constants) > maxCutText {
		return nil
	}
	texts := []string{"true", "false", "true ", "false "}
	var numbers []*big.Rat
	var moments []time.Time
	for _, c := range constants {
		if s, ok := scalarText(c); ok {
			texts = append(texts, s, s+" ") // read the same as a number or a moment, but another text
		}
		if len(toText(c)) > maxDigits/2 {
			if _, number := toNumber(c); number {
				return nil // its neighbours might be no numbers any more
			}
		}
		if _, ok := toNumber(c); ok {
			numbers = append(numbers, exactly(c))
		}
		if d, ok := toDate(c, zone, true); ok {
			moments = append(moments, cuts(d, zone)...)
		}
	}
	texts = append(texts, numberTexts(numbers)...)
	for _, m := range moments {
		texts = append(texts, momentTexts(m)...)
	}
	fresh := otherText
	for slices.Contains(texts, fresh) {
		fresh += "."
	}
	values, seen := []any{nil, fresh}, map[string]bool{}
	for _, s := range texts {
		if !seen[s] {
			seen[s] = true
			values = append(values, s)
		}
	}
	return values
}

// numberTexts are the numbers, some between each two, and some beyond.
func numberTexts(numbers []*big.Rat) (texts []string) {
	slices.SortFunc(numbers, (*big.Rat).Cmp)
	one, half := big.NewRat(1, 1), big.NewRat(1, 2)
	add := func(r *big.Rat) {
		digits, exact := r.FloatPrec()
		if exact {
			texts = append(texts, r.FloatString(digits))
		}
	}
	for i, n := range numbers {
		add(n)
		if len(texts) > 0 {
			texts = append(texts, texts[len(texts)-1]+" ")
		}
		add(new(big.Rat).Sub(n, one))
		add(new(big.Rat).Add(n, one))
		if i > 0 {
			between := new(big.Rat).Add(n, numbers[i-1])
			add(between.Mul(between, half))
		}
	}
	return texts
}

// cuts are where the time line is cut by a constant: at an instant, or at the beginning and the end of a day.
func cuts(d date, zone *time.Location) []time.Time {
	if !d.whole {
		return []time.Time{time.UnixMicro(d.at).In(zone)}
	}
	day := time.Unix(int64(d.day)*86400, 0).UTC()
	from := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
	return []time.Time{from, from.AddDate(0, 0, 1)}
}

// momentTexts are a moment, those just before and after it, their days and those beside, in each spelling.
func momentTexts(m time.Time) (texts []string) {
	for _, step := range []time.Duration{-time.Microsecond, 0, time.Microsecond} {
		texts = append(texts, m.Add(step).Format(time.RFC3339Nano))
	}
	for _, step := range []time.Duration{-time.Millisecond, 0, time.Millisecond} {
		texts = append(texts, strconv.FormatInt(m.Add(step).UnixMilli(), 10))
	}
	for _, days := range []int{-1, 0, 1} {
		texts = append(texts, m.AddDate(0, 0, days).Format(dayForm))
	}
	return texts
}
