package views

import (
	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// A changeGroup is what changed on one screen.
type changeGroup struct {
	title   string
	changes []rules.Change
}

// changeGroups are changes by screen, in the order given.
func changeGroups(changes []rules.Change, flow *flowjson.Flow) (groups []changeGroup) {
	for i, x := range changes {
		if i == 0 || changes[i-1].Screen != x.Screen {
			groups = append(groups, changeGroup{title: placeTitle(x.Screen, flow)})
		}
		last := &groups[len(groups)-1]
		last.changes = append(last.changes, x)
	}
	return groups
}

func placeTitle(screen string, flow *flowjson.Flow) string {
	switch screen {
	case "":
		return "All rules"
	case openingPlace:
		return "Opening"
	}
	if flow != nil {
		if s := flow.Screen(screen); s != nil {
			return screenTitle(s)
		}
	}
	return screen
}
