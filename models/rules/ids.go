package rules

import (
	"strconv"
	"strings"
)

// giveIDs names the rules that have no id.
func giveIDs(d Document, newID func() string) {
	used := map[string]bool{}
	for _, s := range d.parts() {
		for _, r := range s.Rules {
			used[r.ID] = true
		}
	}
	n := 0
	next := func() string { n++; return "r" + strconv.Itoa(n) }
	for _, s := range d.parts() {
		for i := range s.Rules {
			if s.Rules[i].ID != "" {
				continue
			}
			s.Rules[i].ID = freshID(used, newID, next)
		}
	}
}

// freshID asks newID a few times, since a broken source must not stop the import, then counts.
func freshID(used map[string]bool, newID, next func() string) string {
	for range 8 {
		if newID == nil {
			break
		}
		if id := newID(); !used[id] && idForm.MatchString(id) {
			used[id] = true
			return id
		}
	}
	for {
		if id := next(); !used[id] {
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
