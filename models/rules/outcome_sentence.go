package rules

import (
	"maps"
	"slices"
	"strings"

	"switchyard/models/flowjson"
)

// OutcomeSentence says an outcome in words: "go to Summary", "stay and say “Please choose a time.”". It
// has no screen at hand, so errors per field name the field, not its label. flow may be nil.
func OutcomeSentence(o Outcome, flow *flowjson.Flow) string {
	switch {
	case o.Go != "":
		return "go to " + screenTitle(flow, o.Go)
	case o.Stay != nil:
		return staySentence(*o.Stay, flow)
	case o.Finish != nil:
		return "finish"
	case o.Expire != nil && o.Expire.Message != "":
		return "end the link and say “" + o.Expire.Message + "”"
	case o.Expire != nil:
		return "end the link"
	}
	return "do nothing yet"
}

func staySentence(s Stay, flow *flowjson.Flow) string {
	var said []string
	if s.Error != "" {
		said = append(said, "say “"+s.Error+"”")
	}
	for _, name := range slices.Sorted(maps.Keys(s.Errors)) {
		label := name
		if flow != nil {
			if f := flow.Field("", name); f != nil && f.Label != "" {
				label = f.Label
			}
		}
		said = append(said, "say “"+s.Errors[name]+"” at "+label)
	}
	if len(said) == 0 {
		return "stay on the screen"
	}
	return "stay and " + strings.Join(said, " and ")
}
