package flowjson

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// A ChangeKind is what became of a part of a Flow JSON.
type ChangeKind string

// The kinds of change.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
)

// Parts of a Flow JSON that Diff compares.
const (
	PartFlow   = "flow"
	PartScreen = "screen"
	PartField  = "field"
	PartOption = "option"
	PartKey    = "data key"
	PartSent   = "payload"
	PartRoute  = "route"
)

// A Change is one difference between two Flow JSONs.
type Change struct {
	Kind   ChangeKind
	Part   string // PartScreen, …
	Screen string // id; empty for the flow itself
	Name   string // of the field, the data key or the payload's key; of a route the screen that it leads to
	Text   string // one sentence; holds names from the documents, so escape it
}

// Diff says what changed between two Flow JSONs: first the flow, then its screens in the order of to, then those that are
// gone. Two that are equal have no change.
func Diff(from, to *Flow) []Change {
	d := &differ{from: from, to: to}
	d.value(PartFlow, "", "The version of Flow JSON", from.Version, to.Version)
	d.value(PartFlow, "", "data_api_version", from.DataAPIVersion, to.DataAPIVersion)
	seen := map[string]bool{}
	for _, s := range to.Screens {
		if seen[s.ID] {
			continue
		}
		seen[s.ID] = true
		d.screen = s
		if before := from.Screen(s.ID); before != nil {
			d.compare(before, s)
			continue
		}
		d.add(Added, PartScreen, s.ID, "The screen %s is new.", d.name(s.ID))
		d.routes(s.ID)
	}
	for _, s := range from.Screens {
		if !seen[s.ID] {
			seen[s.ID] = true
			d.screen = s
			d.add(Removed, PartScreen, s.ID, "The screen %s is gone.", d.name(s.ID))
		}
	}
	return d.changes
}

type differ struct {
	from, to *Flow
	screen   *Screen // that is looked at
	changes  []Change
}

func (d *differ) add(kind ChangeKind, part, name, format string, args ...any) {
	c := Change{Kind: kind, Part: part, Name: name, Text: fmt.Sprintf(format, args...)}
	if d.screen != nil {
		c.Screen = d.screen.ID
	}
	d.changes = append(d.changes, c)
}

// value tells that something became something else.
func (d *differ) value(part, name, what, before, after string) {
	switch {
	case before == after:
	case before == "":
		d.add(Changed, part, name, "%s is now %s.", what, quoted(after))
	case after == "":
		d.add(Changed, part, name, "%s is not set any more; it was %s.", what, quoted(before))
	default:
		d.add(Changed, part, name, "%s changed from %s to %s.", what, quoted(before), quoted(after))
	}
}

func quoted(text string) string { return "“" + cut(text, 80) + "”" }

// name is a screen for people: its title with its id.
func (d *differ) name(id string) string {
	for _, f := range []*Flow{d.to, d.from} {
		if s := f.Screen(id); s != nil && s.Title != "" {
			return quoted(s.Title) + " (" + cut(id, 80) + ")"
		}
	}
	return quoted(id)
}

func (d *differ) compare(before, after *Screen) {
	here := "The screen " + d.name(after.ID)
	d.value(PartScreen, after.ID, here+": its title", before.Title, after.Title)
	d.flag(here, "the last one", before.Terminal, after.Terminal)
	if before.Terminal && after.Terminal {
		d.flag(here, "a success", before.Success, after.Success)
	}
	if before.RefreshOnBack != after.RefreshOnBack {
		d.add(Changed, PartScreen, after.ID, "%s %s the endpoint when the customer comes back.", here, map[bool]string{true: "now asks", false: "no longer asks"}[after.RefreshOnBack])
	}
	d.fields(before, after)
	d.keys(before, after)
	for _, action := range []string{"data_exchange", "navigate", "complete"} {
		d.sent(action, before, after)
	}
	d.routes(after.ID)
}

func (d *differ) flag(here, what string, before, after bool) {
	if before != after {
		d.add(Changed, PartScreen, d.screen.ID, "%s is %s %s.", here, map[bool]string{true: "now", false: "no longer"}[after], what)
	}
}

// keys compares the data that the screen declares.
func (d *differ) keys(before, after *Screen) {
	on := " on " + d.name(after.ID)
	for i := range after.Data {
		k := &after.Data[i]
		old := before.Key(k.Name)
		if old == nil {
			d.add(Added, PartKey, k.Name, "The data key %s%s is new: %s.", quoted(k.Name), on, k.TypeWords())
			continue
		}
		what := "The data key " + quoted(k.Name) + on
		d.value(PartKey, k.Name, what+": its type", old.TypeWords(), k.TypeWords())
		if !bytes.Equal(old.Example, k.Example) {
			d.value(PartKey, k.Name, what+": its example", string(old.Example), string(k.Example))
		}
	}
	for i := range before.Data {
		if name := before.Data[i].Name; after.Key(name) == nil {
			d.add(Removed, PartKey, name, "The data key %s%s is gone.", quoted(name), on)
		}
	}
}

// sent compares what the actions of one kind submit.
func (d *differ) sent(action string, before, after *Screen) {
	verb := map[string]string{"data_exchange": "sends", "navigate": "hands over", "complete": "ends with"}[action]
	old, now := before.submits(action), after.submits(action)
	here := "The screen " + d.name(after.ID)
	for _, k := range now.names {
		was, known := old.from[k]
		switch {
		case !known:
			d.add(Added, PartSent, k, "%s now %s %s: %s.", here, verb, quoted(k), now.from[k])
		case was != now.from[k]:
			d.value(PartSent, k, here+" "+verb+" "+quoted(k)+": where it comes from", was, now.from[k])
		}
	}
	for _, k := range old.names {
		if now.from[k] == "" {
			d.add(Removed, PartSent, k, "%s no longer %s %s.", here, verb, quoted(k))
		}
	}
}

// A submission is the keys of all payloads of one kind of action, and where each comes from.
type submission struct {
	names []string
	from  map[string]string
}

func (s *Screen) submits(action string) submission {
	sources := map[string][]string{}
	sub := submission{from: map[string]string{}}
	for _, p := range s.Payloads {
		if p.Action != action {
			continue
		}
		for _, k := range p.Keys {
			if from := k.From(); !slices.Contains(sources[k.Name], from) {
				sources[k.Name] = append(sources[k.Name], from)
			}
			if sub.from[k.Name] == "" {
				sub.names = append(sub.names, k.Name)
			}
			sub.from[k.Name] = strings.Join(sources[k.Name], ", or ")
		}
	}
	return sub
}

// routes compares where a screen may lead.
func (d *differ) routes(id string) {
	old, now := d.from.Routes(id), d.to.Routes(id)
	for _, to := range now {
		if !slices.Contains(old, to) {
			d.add(Added, PartRoute, to, "%s may now lead to %s.", d.name(id), d.name(to))
		}
	}
	for _, to := range old {
		if !slices.Contains(now, to) {
			d.add(Removed, PartRoute, to, "%s may no longer lead to %s.", d.name(id), d.name(to))
		}
	}
}
