package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// reserved are words that stand in place of a rule's id in the addresses of the pages.
var reserved = []string{"new", "otherwise", "back"}

// giveIDs names the rules that have no id, and renames those whose id is reserved: always in the same way, so
// that a document that was stored with such an id keeps the new one for ever.
func giveIDs(d Document, newID func() string) (problems []Problem) {
	used := map[string]bool{}
	for _, s := range d.parts() {
		for _, r := range s.Rules {
			used[r.ID] = true
		}
	}
	for place, s := range d.parts() {
		for i := range s.Rules {
			id := s.Rules[i].ID
			if !slices.Contains(reserved, id) {
				continue
			}
			s.Rules[i].ID = numbered(used, id+"-")
			problems = append(problems, Problem{Severity: Warning, Code: "reserved-id", Path: join(place, "rules", strconv.Itoa(i), "id"),
				Message: fmt.Sprintf("A rule cannot have the id “%s”, which is the name of a page. It is now “%s”.", id, s.Rules[i].ID)})
		}
	}
	for _, s := range d.parts() {
		for i := range s.Rules {
			if s.Rules[i].ID != "" {
				continue
			}
			s.Rules[i].ID = freshID(used, newID)
		}
	}
	return problems
}

// freshID asks newID a few times, since a broken source must not stop the import, then counts.
func freshID(used map[string]bool, newID func() string) string {
	for range 8 {
		if newID == nil {
			break
		}
		if id := newID(); !used[id] && !slices.Contains(reserved, id) && idForm.MatchString(id) {
			used[id] = true
			return id
		}
	}
	return numbered(used, "r")
}

// numbered is the first id of the form that is free.
func numbered(used map[string]bool, form string) string {
	for n := 1; ; n++ {
		if id := form + strconv.Itoa(n); !used[id] {
			used[id] = true
			return id
		}
	}
}

var pointerUnescape = strings.NewReplacer("~1", "/", "~0", "~")

// places fills in the screen and the rule that a problem's path points into.
func places(d Document, ps []Problem) {
	for i := range ps {
		steps := strings.Split(ps[i].Path, "/")
		if len(steps) < 2 || ps[i].Screen != "" {
			continue
		}
		s, rest := d.Opening, steps[2:]
		switch {
		case steps[1] == "opening":
			ps[i].Screen = "opening"
		case steps[1] == "screens" && len(steps) > 2:
			id := pointerUnescape.Replace(steps[2])
			ps[i].Screen, s, rest = id, d.Screens[id], steps[3:]
		default:
			continue
		}
		if s == nil || len(rest) < 2 || rest[0] != "rules" {
			continue
		}
		if n, err := strconv.Atoi(rest[1]); err == nil && n >= 0 && n < len(s.Rules) {
			ps[i].RuleID, ps[i].Rule = s.Rules[n].ID, s.Rules[n].Name
		}
	}
}
