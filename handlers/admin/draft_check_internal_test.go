package admin

import (
	"slices"
	"testing"
	"time"

	"switchyard/models/rules"
)

func TestFixesAreLookedForUpToALimit(t *testing.T) {
	fixer := rules.NewFixer(rules.Document{Switchyard: 1, Timezone: "Nowhere"}, nil, nil, time.UTC)
	zone := rules.Problem{Severity: rules.Error, Code: "unknown-timezone", Path: "/timezone"}
	for before, want := range map[int]int{0: 1, maxTried - 1: 1, maxTried: 0} {
		unfixed := slices.Repeat([]rules.Problem{{Severity: rules.Error, Code: "version", Path: "/switchyard"}}, before)
		if got := findFixes(fixer, append(unfixed, zone)); len(got) != want {
			t.Errorf("after %d problems without a fix, fixes of %d problems are found; want %d", before, len(got), want)
		}
	}
}
