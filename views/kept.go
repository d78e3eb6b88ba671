package views

// Kept is how long what grows is kept, in days; 0 is for ever.
type Kept struct {
	Deliveries, Messages, Steps, Files int
	ByMonth                            bool // deliveries and steps go by whole months, so up to one later
}

// Terms say it on the Setup page.
func (k Kept) Terms() []Term {
	return []Term{
		{Label: "Raw bodies", Value: k.words(k.Deliveries, k.ByMonth)},
		{Label: "Messages", Value: k.words(k.Messages, false) + ", as their statuses and account events"},
		{Label: "Steps of visits", Value: k.words(k.Steps, k.ByMonth)},
	}
}

func (k Kept) words(days int, byMonth bool) string {
	switch {
	case days == 0:
		return "kept for ever"
	case byMonth:
		return "kept for " + plural(days, "day", "days") + " and up to a month more"
	}
	return "kept for " + plural(days, "day", "days")
}

// removed says that a body is not there any more.
func (k Kept) removed() string {
	if k.Deliveries == 0 {
		return "The body was removed." // when it was another setting
	}
	return "The body was removed after " + plural(k.Deliveries, "day", "days") + "."
}
