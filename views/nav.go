package views

import "strconv"

type navEntry struct {
	section, href, text, icon string
	count                     int // shown as a red number; 0 for none
}

type navGroup struct {
	title   string
	entries []navEntry
}

// navGroups is the sidebar as this person may use it.
func navGroups(p Page) []navGroup {
	build := []navEntry{{section: SectionFlows, href: FlowsURL, text: "Flows", icon: "workflow"}}
	if p.Can.Operator {
		build = append(build, navEntry{section: SectionLists, href: ListsURL, text: "Lists", icon: "table-2"})
	}
	groups := []navGroup{
		{"Operate", []navEntry{
			{section: SectionOverview, href: OverviewURL, text: "Overview", icon: "layout-dashboard"},
			{section: SectionResponses, href: ResponsesURL(nil), text: "Responses", icon: "inbox"},
			{section: SectionVisits, href: VisitsURL(""), text: "Visits", icon: "users"},
			{section: SectionDeliveries, href: DeliveriesURL(nil), text: "Deliveries", icon: "activity"},
			{section: SectionTargets, href: TargetsURL, text: "Forwarding", icon: "share-2"},
			{section: SectionAccountEvents, href: AccountEventsURL(nil), text: "Account events", icon: "flag"},
			{section: SectionAlerts, href: AlertsURL(""), text: "Alerts", icon: "bell", count: p.ActiveAlerts},
		}},
		{"Build", build},
	}
	if p.Can.Admin {
		groups = append(groups, navGroup{"Configure", []navEntry{
			{section: SectionSetup, href: SetupURL, text: "Setup", icon: "plug"},
			{section: SectionNotifications, href: NotificationsURL, text: "Notifications", icon: "mail"},
			{section: SectionKeys, href: KeysURL, text: "Keys", icon: "key-round"},
			{section: SectionStatuses, href: StatusesURL, text: "Statuses", icon: "tag"},
			{section: SectionUsers, href: UsersURL, text: "Users", icon: "users"},
			{section: SectionPrivacy, href: PrivacyURL, text: "Erase a person", icon: "shield"},
		}})
	}
	return groups
}

// alertCount is the number in the sidebar, short enough for its place.
func alertCount(n int) string {
	if n > 99 {
		return "99+"
	}
	return strconv.Itoa(n)
}
