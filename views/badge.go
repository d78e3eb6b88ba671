package views

// A tone is the colour of a badge, notice or mark; it is never the only thing that tells.
type tone string

const (
	tonePlain tone = "plain"
	toneGood  tone = "good"
	toneInfo  tone = "info"
	toneWarn  tone = "warn"
	toneBad   tone = "bad"
)

type look struct {
	tone tone
	icon string
}

// looks is how each state that the pages know is drawn. Keys are lower case.
var looks = map[string]look{
	// Alerts and their severity.
	"active": {toneBad, "octagon-alert"}, "acknowledged": {toneInfo, "user-check"}, "resolved": {toneGood, "circle-check"}, "snoozed": {tonePlain, "clock"},
	"critical": {toneBad, "octagon-alert"}, "warning": {toneWarn, "triangle-alert"},
	// Flow status as Meta says it, and rule sets.
	"draft": {tonePlain, "circle-dashed"}, "published": {toneGood, "circle-check"}, "throttled": {toneWarn, "triangle-alert"},
	"blocked": {toneBad, "ban"}, "deprecated": {tonePlain, "archive"}, "archived": {tonePlain, "archive"},
	// Responses, visits and deliveries.
	"complete": {toneGood, "circle-check"}, "unreadable": {toneBad, "circle-alert"}, "unmatched": {toneWarn, "link"},
	"open": {toneInfo, "circle-play"}, "expired": {tonePlain, "clock"}, "finished": {toneGood, "circle-check"}, "abandoned": {toneWarn, "circle-dashed"},
	"pending": {tonePlain, "clock"}, "done": {toneGood, "circle-check"}, "failed": {toneBad, "circle-x"}, "test": {toneInfo, "play"},
	// Targets and what is forwarded to them.
	"failing": {toneBad, "triangle-alert"}, "paused": {toneWarn, "pause"}, "dead": {toneBad, "circle-x"},
	// What became of a message.
	"sent": {tonePlain, "arrow-right"}, "delivered": {tonePlain, "check"}, "read": {toneGood, "eye"}, "played": {toneGood, "play"},
	// Anything else.
	"ok": {toneGood, "circle-check"}, "good": {toneGood, "circle-check"}, "error": {toneBad, "circle-x"}, "bad": {toneBad, "circle-x"},
	"warn": {toneWarn, "triangle-alert"}, "info": {toneInfo, "info"}, "note": {toneInfo, "info"}, "off": {tonePlain, "circle-slash"}, "waiting": {tonePlain, "circle-dashed"},
}
