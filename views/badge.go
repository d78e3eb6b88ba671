package views

// A tone is the colour of a badge, notice or mark; it is never the only thing that tells.
type tone string

const (
	plain tone = "plain"
	good  tone = "good"
	info  tone = "info"
	warn  tone = "warn"
	bad   tone = "bad"
)

type look struct {
	tone tone
	icon string
}

// looks is how each state that the pages know is drawn. Keys are lower case.
var looks = map[string]look{
	// Alerts and their severity.
	"active": {bad, "octagon-alert"}, "acknowledged": {info, "user-check"}, "resolved": {good, "circle-check"},
	"critical": {bad, "octagon-alert"}, "warning": {warn, "triangle-alert"},
	// Flow status as Meta says it, and rule sets.
	"draft": {plain, "circle-dashed"}, "published": {good, "circle-check"}, "throttled": {warn, "triangle-alert"},
	"blocked": {bad, "ban"}, "deprecated": {plain, "archive"}, "archived": {plain, "archive"},
	// Responses, visits and deliveries.
	"complete": {good, "circle-check"}, "unreadable": {bad, "circle-alert"}, "unmatched": {warn, "link"},
	"open": {info, "circle-play"}, "expired": {plain, "clock"}, "finished": {good, "circle-check"},
	"pending": {plain, "clock"}, "done": {good, "circle-check"}, "failed": {bad, "circle-x"}, "test": {info, "play"},
	// Anything else.
	"ok": {good, "circle-check"}, "good": {good, "circle-check"}, "error": {bad, "circle-x"}, "bad": {bad, "circle-x"},
	"warn": {warn, "triangle-alert"}, "info": {info, "info"}, "off": {plain, "circle-slash"}, "waiting": {plain, "circle-dashed"},
}
