// Package views is what people see.
package views

import "time"

// A User is the person who is signed in, as the pages show them.
type User struct {
	ID       int64
	Name     string
	Role     string // viewer, support, operator or admin
	RoleWord string // the same for reading: "Administrator"
}

// A Flash is one sentence about what just happened, shown once.
type Flash struct {
	Kind FlashKind
	Text string
}

// A FlashKind says how a Flash looks, and whether it goes away by itself.
type FlashKind string

// Done and Note close themselves after some seconds; Failed stays until it is closed.
const (
	Done   FlashKind = "done"
	Note   FlashKind = "note"
	Failed FlashKind = "failed"
)

// Can is what the person may do; pages hide the buttons for the rest.
type Can struct{ Support, Operator, Admin bool }

// A Page is what Layout needs to know; the struct of every page embeds it.
type Page struct {
	Title        string // of the browser's tab, without the product's name
	User         *User  // nil when nobody is signed in
	Path         string // of this request; sign-in returns to it
	Flash        []Flash
	ActiveAlerts int    // active and not acknowledged: the number in the sidebar
	AlertMark    string // models.AlertPulse.Mark when the page was made
	AlertEvent   int64  // newest activation that it knows
	Banner       string // a standing remark over every page: "Demo data"; empty for none
	Section      string // the sidebar entry that is current, one of the Section constants
	Zone         *time.Location
	Now          time.Time
	Can          Can
	Views        []NavView // the saved filters of the list of responses
	ViewQuery    string    // the filter of the list that is shown
}

// The entries of the sidebar.
const (
	SectionAccountEvents = "account-events"
	SectionOverview      = "overview"
	SectionDeliveries    = "deliveries"
	SectionTargets       = "targets"
	SectionResponses     = "responses"
	SectionVisits        = "visits"
	SectionAlerts        = "alerts"
	SectionNotifications = "notifications"
	SectionFlows         = "flows"
	SectionLists         = "lists"
	SectionSetup         = "setup"
	SectionKeys          = "keys"
	SectionUsers         = "users"
	SectionPrivacy       = "privacy"
	SectionStatuses      = "statuses"
)

// A Link is an address with its words.
type Link struct{ Href, Text string }
