package views

import "switchyard/models/rules"

// placeKey names a row of a place: a rule by its id, else "otherwise" or "back"; the place itself when both are "".
func placeKey(place, rule, fixed string) string { return place + "\x00" + rule + "\x00" + fixed }

// problemKey names the row that a problem is about.
func problemKey(x rules.Problem) string {
	if x.RuleID != "" {
		return placeKey(x.Screen, x.RuleID, "")
	}
	if slot := x.Slot(); slot != "rules" {
		return placeKey(x.Screen, "", slot)
	}
	return placeKey(x.Screen, "", "")
}

// worst is how bad the worst of some problems is, and what it says; notes are not shown in the picture.
func worst(problems []rules.Problem) (s rules.Severity, text string) {
	for _, x := range problems {
		switch {
		case x.Severity == rules.Error:
			return x.Severity, x.Message
		case x.Severity == rules.Warning && s == "":
			s, text = x.Severity, x.Message
		}
	}
	return s, text
}

// countProblems is how bad the worst problem of a place and its rules is, and how many there are of that kind.
func (m *pictureMaker) countProblems(s place) (rules.Severity, string) {
	errors, warnings := 0, 0
	for _, x := range m.byPlace[s.id] {
		switch x.Severity {
		case rules.Error:
			errors++
		case rules.Warning:
			warnings++
		}
	}
	switch {
	case errors > 0:
		return rules.Error, plural(errors, "error", "errors")
	case warnings > 0:
		return rules.Warning, plural(warnings, "warning", "warnings")
	}
	return "", ""
}
