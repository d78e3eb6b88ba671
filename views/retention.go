package views

import (
	"cmp"
	"strconv"
	"time"

	"switchyard/models"
)

// RetentionURL is where it is said for how long a flow keeps.
func RetentionURL(slug string) string { return FlowURL(slug) + "/retention" }

// RetentionDays are days as the form has them, "" for ever.
func RetentionDays(days int) string {
	if days == 0 {
		return ""
	}
	return strconv.Itoa(days)
}

// RetentionSaid is what was saved, in a sentence.
func RetentionSaid(days int) string {
	if days == 0 {
		return "Responses and visits of this flow are kept for ever."
	}
	return "Responses and visits are kept for " + plural(days, "day", "days") + ". Nothing is removed in the next hour."
}

// retentionWords is for how long a flow keeps.
func retentionWords(days int) string {
	if days == 0 {
		return "For ever"
	}
	return plural(days, "day", "days")
}

// shorter is the one of two numbers of days that ends first; 0 is for ever.
func shorter(a, b int) int {
	if a == 0 || b == 0 {
		return cmp.Or(a, b)
	}
	return min(a, b)
}

// retained says of each kind of what a flow leaves when it goes, so that nobody is surprised by what goes before or stays.
func retained(days int, k Kept) []Term {
	steps := k.words(k.Steps, k.ByMonth)
	if days > 0 && (k.Steps == 0 || days <= k.Steps) {
		steps = "go with their visits"
	}
	files := k.words(shorter(days, k.Files), false)
	if days > 0 && (k.Files == 0 || days <= k.Files) {
		files = "go with their responses and visits"
	}
	messages := k.words(k.Messages, false)
	terms := []Term{
		{Label: "Responses", Value: k.words(days, false) + ", with their answers, notes, tags and history"},
		{Label: "Visits", Value: visitsKept(days, k)},
		{Label: "Steps of visits", Value: steps},
		{Label: "Attached files", Value: files},
		{Label: "Messages", Value: "the message that brought a response goes with it; others are " + messages},
		{Label: "Raw bodies", Value: k.words(k.Deliveries, k.ByMonth) + ", for all flows. They hold the same answers until then"},
	}
	return terms
}

func visitsKept(days int, k Kept) string {
	if days == 0 {
		return k.words(0, false)
	}
	return k.words(days, false) + " after their last step, and as long as their response"
}

// oldTerms are what is older than a time.
func oldTerms(c models.OldCount, before time.Time, p Page) []Term {
	responses := tallyWords(c.Responses)
	if c.Responses.N > 0 {
		responses += ", from " + DateTime(c.Oldest, p.Zone) + " to " + DateTime(c.Newest, p.Zone)
	}
	terms := []Term{{Label: "Older than", Value: DateTime(before, p.Zone)}, {Label: "Responses", Value: responses}}
	if c.Responses.N > 0 {
		of := ""
		if c.Responses.More {
			of = " of the " + Number(c.Responses.N) + " oldest"
		}
		terms = append(terms, Term{Label: "With notes", Value: Number(c.Noted) + of}, Term{Label: "Not done", Value: Number(c.Open) + of}, Term{Label: "Unread", Value: Number(c.Unread) + of})
	}
	return append(terms, Term{Label: "Visits", Value: tallyWords(c.Visits)}, Term{Label: "Attached files", Value: tallyWords(c.Files)})
}

// counted is "1 response", or "more than 100,000 responses".
func counted(t models.Tally, one, many string) string {
	if t.N == 1 && !t.More {
		return "1 " + one
	}
	return tallyWords(t) + " " + many
}

func runState(r models.RetentionRun) (state, word string) {
	switch {
	case r.Running:
		return "open", "Running"
	case r.Stopped:
		return "plain", "Stopped"
	}
	return "done", "Done"
}

// untilNow is for how long a flow has kept so far, in a sentence.
func untilNow(days int) string {
	if days == 0 {
		return "Until now they are kept for ever."
	}
	return "Until now they are kept for " + plural(days, "day", "days") + "."
}
