package views

import (
	"net/url"
	"strconv"
	"strings"

	"switchyard/models"
	"switchyard/models/rules"
)

// A HerePart is who else has a flow's rules open, and whether the draft changed since the page was made.
type HerePart struct {
	Slug         string
	Edit         int    // that the page shows
	Screen, Rule string // what it has open; "": all rules
	Doing        string // the same in words
	Others       []models.Presence
	Changed      bool
	What         string // was done last; "": the draft was published or discarded
}

// hereURL is where the page asks.
func hereURL(p HerePart) string {
	return withQuery(RulesURL(p.Slug)+"/here", url.Values{"edit": {strconv.Itoa(p.Edit)}, "screen": {p.Screen}, "rule": {p.Rule}, "doing": {p.Doing}})
}

// A DraftClash is a part of a draft that two people changed, with both texts.
type DraftClash struct {
	Who   []string // saved meanwhile; may be empty
	Parts []ClashPart
}

// A ClashPart is one part: a rule, an otherwise, an order.
type ClashPart struct {
	Subject      string
	Theirs, Mine ClashSide
}

// A ClashSide is what one of the two wants.
type ClashSide struct {
	Text    string // the part as it would be
	Changes []rules.Change
}

// ClashPage is a change that was refused because of somebody else's.
type ClashPage struct {
	Page
	Flow   models.Flow
	Clash  *DraftClash
	Action string   // where the change is posted again
	Edit   int      // that it then names
	Form   []Option // what was posted: Label is the name
}

func (c DraftClash) who() string {
	if len(c.Who) == 0 {
		return "Somebody else"
	}
	return andList(c.Who)
}

// andList joins names: “Ana, Ben and Eve”.
func andList(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// ChangesSaid says changes in one line, for the history of a draft; "" for none.
func ChangesSaid(changes []rules.Change) string {
	switch n := len(changes); n {
	case 0:
		return ""
	case 1:
		return changes[0].String()
	default:
		return changes[0].String() + ", and " + plural(n-1, "more change", "more changes")
	}
}

// EditSaid says who did what to a draft: “Ana: Rule 2 on Details: moved from position 2 to 1”.
func EditSaid(e models.DraftEdit) string {
	what := e.Said
	switch e.Act {
	case models.DraftUndo:
		what = "took back: " + what
	case models.DraftRedo:
		what = "brought back: " + what
	}
	if e.Author == "" {
		return what
	}
	return e.Author + ": " + what
}

// mine tells whether the person who looks made an edit.
func (p Page) mine(e models.DraftEdit) bool { return p.User != nil && p.User.ID == e.UserID }
