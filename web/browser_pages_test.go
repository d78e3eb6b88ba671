package web_test

import "testing"

func TestBrowserPagesAreAccessibleAndFit(t *testing.T) {
	t.Parallel()
	s := lived(t)
	id := s.ids(t)
	rule := func(path string) string { return "/flows/appointment/rules/" + path }
	s.look(t, "at the door", []shown{
		{name: "sign-in", path: "/sign-in", sees: "Sign in"},
		{name: "sign-in refused", path: "/sign-in", refused: true, sees: "There is a problem", fill: func(b *tab) {
			b.fill("#email", "nobody@example.com")
			b.fill("#password", "wrong horse battery")
			b.leave("Sign in")
		}},
		{name: "signed out of nowhere", path: "/setup?token=WRONG", refused: true, sees: "does not work any more"},
	})
	s.look(t, "operating", []shown{
		{name: "overview", as: "support", path: "/", sees: "Active alerts"},
		{name: "responses", as: "support", path: "/responses", sees: hostile},
		{name: "responses of a flow", as: "support", path: "/responses?flow=appointment", sees: "=1+1"},
		{name: "responses as a viewer", as: "viewer", path: "/responses?flow=appointment", sees: "••••"},
		{name: "responses, filtered and sorted", as: "support", path: "/responses?flow=appointment&sort=-notes&w=any(notes~not_empty,all(department~one_of~dental~x,age~between~1~99))", sees: "Filter (3)"},
		{name: "columns", as: "support", path: "/responses/columns?flow=appointment", sees: "Save columns"},
		{name: "distribution", as: "support", path: "/responses/distribution?flow=appointment&w=department~not_empty", sees: "Take off", fill: func(b *tab) { b.click("Show the figures as a table") }},
		{name: "distribution of all", as: "viewer", path: "/responses/distribution", sees: "Distribution of responses"},
		{name: "views", as: "support", path: "/views", sees: "None yet"},
		{name: "export", as: "admin", path: "/responses/export?flow=appointment&w=age~gt~1", sees: "Filtered as the list was", fill: func(b *tab) { b.click("Export by the clock") }},
		{name: "export refused", as: "support", path: "/responses/export", refused: true, sees: "There is a problem", fill: func(b *tab) {
			b.fill("#zone", "Mars")
			b.leave("Export")
		}},
		{name: "export link", as: "admin", path: "/responses/export", sees: "With curl", fill: func(b *tab) {
			b.click("Link for a script")
			b.fill("#link-name", longWord[:60])
			b.leave("Make a link")
		}},
		{name: "export by the clock", as: "admin", path: "/responses/export", sees: "Has not run yet", fill: func(b *tab) {
			b.click("Export by the clock")
			b.fill("#schedule-name", "Every night")
			b.leave("Make a schedule")
		}},
		{name: "exports", as: "support", path: "/exports", sees: "Nothing was exported"},
		{name: "responses, wrong filter", as: "viewer", path: "/responses?flow=appointment&w=age~gt~" + longWord, refused: true, sees: "is no number"},
		{name: "responses, none match", as: "viewer", path: "/responses?q=nothing-like-this", sees: "No responses match"},
		{name: "responses, wrong date", as: "viewer", path: "/responses?from=soon", refused: true, sees: "There is a problem"},
		{name: "response", as: "support", path: id.response, sees: "The visit behind it"},
		{name: "response as a viewer", as: "viewer", path: id.response, sees: "Follow-up"},
		{name: "bulk changes", as: "viewer", path: "/triage", sees: "Nothing was changed in bulk"},
		{name: "hostile response", as: "support", path: id.hostile, sees: hostile},
		{name: "unreadable response", as: "viewer", path: id.unreadable, sees: "Could not decode"},
		{name: "visits", as: "support", path: "/visits", sees: "Find by flow token"},
		{name: "visits of a flow", as: "viewer", path: "/flows/appointment/visits?outcome=open&tests=1", sees: "Your details"},
		{name: "visits, none match", as: "viewer", path: "/visits?name=nothing-like-this", sees: "No visits match"},
		{name: "visits, wrong date", as: "viewer", path: "/visits?from=soon", refused: true, sees: "There is a problem"},
		{name: "visit", as: "operator", path: id.visit, sees: "What was sent"},
		{name: "visit as a viewer", as: "viewer", path: id.visit, sees: "••••"},
		{name: "sensitive answers", as: "operator", path: "/flows/claim/sensitive", sees: "By the Flow JSON"},
		{name: "unmatched", as: "support", path: "/unmatched", sees: "May belong to"},
		{name: "unmatched as a viewer", as: "viewer", path: "/unmatched", sees: "May belong to"},
		{name: "unreadable in the tray", as: "support", path: "/unmatched?show=unreadable", sees: "Open one to see its text"},
		{name: "bodies in the tray", as: "support", path: "/unmatched?show=bodies", sees: "Deliveries", fill: func(b *tab) { b.click("Dismiss…") }},
		{name: "assigning a response", as: "operator", path: id.unmatched + "/assign", sees: "Which responses"},
		{name: "assignments", as: "viewer", path: "/assignments", sees: "One response"},
		{name: "mappings", as: "operator", path: "/mappings", sees: "Token begins with mapped-", fill: func(b *tab) { b.click("Remove…") }},
		{name: "mapping, counted", as: "operator", path: "/mappings", sees: "fits it now", fill: func(b *tab) {
			b.fill("#value", "crm-*")
			b.choose("#flow", "survey")
			b.leave("See what it matches")
		}},
		{name: "mapping refused", as: "operator", path: "/mappings", refused: true, sees: "There is a problem", fill: func(b *tab) {
			b.fill("#value", "*")
			b.leave("See what it matches")
		}},
		{name: "assigned response", as: "support", path: id.assigned, sees: "Assigned by"},
		{name: "deliveries", as: "operator", path: "/deliveries", sees: "Replay all that match"},
		{name: "deliveries, paused", as: "support", path: "/deliveries?state=unmatched", sees: "Paused", fill: func(b *tab) { b.click("Pause") }},
		{name: "deliveries as a viewer", as: "viewer", path: "/deliveries?kind=response", sees: "New deliveries appear"},
		{name: "deliveries with a word", as: "support", path: "/deliveries?q=Donau", sees: "Looked for in the bodies"},
		{name: "deliveries, none match", as: "support", path: "/deliveries?source=nobody", sees: "No deliveries match"},
		{name: "deliveries, wrong date", as: "support", path: "/deliveries?from=soon", refused: true, sees: "There is a problem"},
		{name: "delivery", as: "support", path: id.delivery, sees: "Download body"},
		{name: "delivery as a viewer", as: "viewer", path: id.delivery, sees: "Only support and above"},
		{name: "replay of all that match", as: "operator", path: "/deliveries/replay?kind=response", sees: "What happens"},
		{name: "replay of nothing", as: "operator", path: "/deliveries/replay?state=failed", sees: "There is nothing to replay"},
		{name: "replay", as: "operator", path: id.replay, sees: "put back"},
		{name: "replays", as: "viewer", path: "/replays", sees: "chosen one by one"},
		{name: "forwarding", as: "admin", path: "/targets", sees: "Dead letters"},
		{name: "forwarding as a viewer", as: "viewer", path: "/targets", sees: hostile},
		{name: "notifications", as: "admin", path: "/notifications", sees: hostile},
		{name: "receiver", as: "admin", path: id.receiver, sees: "Nothing was sent yet", fill: func(b *tab) { b.click("Delete…") }},
		{name: "target with dead letters", as: "admin", path: id.target + "?state=dead", sees: "Switched off by itself", fill: func(b *tab) { b.click("In Node.js") }},
		{name: "target as a viewer", as: "viewer", path: id.target, sees: "410 Gone"},
		{name: "target that got something", as: "support", path: id.well, sees: "Well"},
		{name: "retry of all dead letters", as: "support", path: id.target + "/retry", sees: "Each keeps its webhook-id"},
		{name: "delivery that was forwarded", as: "support", path: id.forwarded, sees: "Forwarded"},
		{name: "account events", as: "viewer", path: "/account-events", sees: "Channel is live: Clinic Berlin"},
		{name: "account events, none match", as: "viewer", path: "/account-events?kind=template&q=nothing-like-this", sees: "No account events match"},
		{name: "account events, wrong date", as: "viewer", path: "/account-events?from=soon", refused: true, sees: "There is a problem"},
		{name: "account event", as: "support", path: s.accountEvent(t, "channel_live"), sees: "Xy12345CH"},
		{name: "account event as a viewer", as: "viewer", path: s.accountEvent(t, "message_template_status_update"), sees: "Only support and above"},
		{name: "active alerts", as: "support", path: "/alerts", sees: "Acknowledge"},
		{name: "acknowledged alerts", as: "support", path: "/alerts?state=acknowledged", sees: hostile},
		{name: "resolved alerts", as: "viewer", path: "/alerts?state=resolved", sees: "Resolved"},
		{name: "handover", as: "viewer", path: "/alerts/handover?from=2020-01-01&to=2100-01-01", sees: "Time to acknowledge"},
		{name: "active alert", as: "support", path: id.active, sees: "What to do"},
		{name: "alert of a flow that is not added", as: "operator", path: id.stranger, sees: "Add this flow"},
		{name: "acknowledged alert", as: "support", path: id.acknowledged, sees: hostile},
		{name: "resolved alert", as: "support", path: id.resolved, sees: "nobody needs to act"},
		{name: "flows", as: "operator", path: "/flows", sees: "Add a flow"},
		{name: "flow", as: "operator", path: "/flows/appointment", sees: "Endpoint URL"},
		{name: "self-test", as: "operator", path: "/flows/appointment", sees: "The visit was stored, as a test", fill: func(b *tab) { b.leave("Test") }},
		{name: "self-test that fails", as: "operator", path: "/flows/bare", sees: "no Flow JSON that can be read", fill: func(b *tab) { b.leave("Test") }},
		{name: "flow token", as: "support", path: "/flows/appointment", sees: "How it is sent", fill: func(b *tab) { b.leave("Make a token") }},
		{name: "flow with a timeline", as: "operator", path: "/flows/survey", sees: "Version expires"},
		{name: "odd plain flow", as: "admin", path: "/flows/odd", sees: "Make a new secret"},
		{name: "flow without Flow JSON", as: "operator", path: "/flows/bare", sees: "Import"},
		{name: "flow settings", as: "operator", path: "/flows/appointment/settings", sees: "When no rule can decide"},
		{name: "how long a flow is kept", as: "operator", path: "/flows/appointment/retention", sees: "all is kept for ever"},
		{name: "keeping less, the question", as: "admin", path: "/flows/appointment/retention", sees: "Keep only 30 days?", fill: func(b *tab) {
			b.fill("#days", "30")
			b.leave("Save")
		}},
		{name: "new flow", as: "operator", path: "/flows/new", sees: "Add a flow"},
		{name: "new flow refused", as: "operator", path: "/flows/new", refused: true, sees: "There is a problem", fill: func(b *tab) {
			b.fill("#name", "Twice")
			b.fill("#slug", "appointment")
			b.leave("Add flow")
		}},
	})
	s.look(t, "building and configuring", []shown{
		{name: "erasing, before", as: "admin", path: "/privacy", sees: "Nobody was erased so far"},
		{name: "erasing, the question", as: "admin", path: "/privacy", sees: "Erase for good", fill: func(b *tab) {
			b.fill("#number", "+15550001234")
			b.leave("See what there is")
		}},
		{name: "rules", as: "operator", path: "/flows/appointment/rules", sees: "Minors need a parent"},
		{name: "rules as a viewer", as: "viewer", path: "/flows/appointment/rules", sees: "Minors need a parent"},
		{name: "rules with problems", as: "operator", path: "/flows/odd/rules", sees: "Errors stop publishing", fill: func(b *tab) { b.click("Discard…") }},
		{name: "publish", as: "operator", path: "/flows/odd/rules/publish", sees: "What changes"},
		{name: "try", as: "operator", path: "/flows/appointment/try", sees: "Rule 1 “Minors need a parent” holds", fill: func(b *tab) {
			b.click("Open the form")
			b.click("Continue")
			b.fill(`[name="in.age"]`, "17")
			b.click("Review")
			b.seesIn("#try-last", "Please ask a parent")
		}},
		{name: "versions", as: "operator", path: "/flows/appointment/versions", sees: "Version 1"},
		{name: "version", as: "viewer", path: "/flows/appointment/versions/1", sees: "Minors need a parent"},
		{name: "versions compared", as: "viewer", path: "/flows/appointment/versions/compare?from=1&to=1", sees: "Both versions have the same rules"},
		{name: "rules as a list beside the picture", as: "viewer", path: "/flows/claim/rules?zoom=fit", sees: "on the phone without asking", fill: func(b *tab) { b.click("As a list") }},
		{name: "picture", as: "viewer", path: "/flows/odd/rules/picture?zoom=150", sees: "Screens and rules of"},
		{name: "rules without Flow JSON", as: "operator", path: "/flows/bare/rules", sees: "Import the Flow JSON first"},
		{name: "new rule", as: "operator", path: rule("DETAILS/new"), sees: "New rule", fill: func(b *tab) { b.choose("#kind", "go"); b.choose("#screen", "SUMMARY") }},
		{name: "rule that stays", as: "operator", path: rule("DETAILS/" + id.rules["Minors need a parent"]), sees: "Error message"},
		{name: "rule that goes", as: "operator", path: rule("DETAILS/" + id.rules["Bleeding, or swelling with pain, costs nothing"]), sees: "With sample answers"},
		{name: "rule that denies", as: "operator", path: rule("DETAILS/" + id.rules["E-mail must look like one"]), sees: "When not"},
		{name: "group and formula", as: "operator", path: rule("DETAILS/new"), sees: "is not expected here", fill: func(b *tab) {
			b.click("Add group")
			b.choose(`[name="field.2"]`, "answers.APPOINTMENT.department")
			b.choose(`[name="op.2"]`, "one_of")
			b.click("Add formula to group 2")
			b.fill(`[name="formula.3"]`, "data.age > and 3")
			b.sees("is not expected here")
			ask[any](b, `document.querySelector("#rule-form").removeAttribute("data-guard"), 1`) // leaving asks nothing
		}},
		{name: "otherwise that finishes", as: "operator", path: rule("SUMMARY/otherwise"), sees: "What the response carries"},
		{name: "otherwise that ends the token", as: "operator", path: rule("SUMMARY/otherwise"), sees: "What the customer reads", fill: func(b *tab) { b.choose("#kind", "expire") }},
		{name: "back", as: "operator", path: rule("DETAILS/back"), sees: "goes back"},
		{name: "rule refused", as: "operator", path: rule("DETAILS/new"), refused: true, sees: "There is a problem", fill: func(b *tab) {
			b.click("Save to draft")
			b.sees("There is a problem")
		}},
		{name: "lists", as: "operator", path: "/lists", sees: "claim_kinds"},
		{name: "list", as: "operator", path: "/lists/claim_kinds", sees: "2 rules use it", fill: func(b *tab) { b.click("Rename…") }},
		{name: "what an upload changes", as: "operator", path: "/lists/claim_kinds", sees: "1 added, 4 removed", fill: func(b *tab) {
			b.fill("#text", "id,title\nhail,Hail")
			b.leave("See what it changes")
		}},
		{name: "versions of a list", as: "operator", path: "/lists/claim_kinds/versions", sees: "Uploaded"},
		{name: "screens of a flow", as: "viewer", path: "/flows/appointment/screens", sees: "Data that it declares"},
		{name: "screens with problems", as: "operator", path: "/flows/odd/screens", sees: "Screens"},
		{name: "versions of a Flow JSON", as: "operator", path: "/flows/appointment/json", sees: "Import a Flow JSON"},
		{name: "version of a Flow JSON", as: "operator", path: "/flows/appointment/json/1", sees: "The text", fill: func(b *tab) { b.click("Show the Flow JSON") }},
		{name: "what an import changes", as: "operator", path: "/flows/odd/json", sees: "What the import changes", fill: func(b *tab) {
			b.fill("#text", `{"version":"9.9","screens":[{"id":"A","title":"A","layout":{"type":"SingleColumnLayout","children":[]}}]}`)
			b.leave("Import")
		}},
		{name: "version of a list", as: "operator", path: "/lists/claim_kinds/versions/1", sees: "Leaks, floods"},
		{name: "version of an odd list", as: "operator", path: "/lists/odd_list/versions/1", sees: hostile},
		{name: "compared lists", as: "operator", path: "/lists/claim_kinds/compare?from=1&to=1", sees: "Nothing differs"},
		{name: "odd list", as: "operator", path: "/lists/odd_list", sees: "Delete the list odd_list?", fill: func(b *tab) { b.click("Delete…") }},
		{name: "new receiver", as: "admin", path: "/notifications/new", sees: "How is it reached?"},
		{name: "new receiver refused", as: "admin", path: "/notifications/new?channel=chat", refused: true, sees: "This service is not supported", fill: func(b *tab) {
			b.fill("#name", "Chat")
			b.fill("#address", "teams://x")
			b.leave("Add receiver")
		}},
		{name: "web hook settings", as: "admin", path: id.hook + "/settings", sees: "High severity at any hour"},
		{name: "mail server", as: "admin", path: "/notifications/mail-server", sees: "A small mail to one address", fill: func(b *tab) { b.click("Remove…") }},
		{name: "new target", as: "admin", path: "/targets/new", sees: "Fields of the webhook"},
		{name: "new target refused", as: "admin", path: "/targets/new", refused: true, sees: "10.0.0.5:443", fill: func(b *tab) {
			b.fill("#name", "Inside")
			b.fill("#url", "https://10.0.0.5/hook")
			b.leave("Add target")
		}},
		{name: "target settings", as: "admin", path: id.target + "/settings", sees: "Which bodies"},
		{name: "test of a target", as: "operator", path: id.well, sees: "The target took it", fill: func(b *tab) { b.leave("Send a test") }},
		{name: "test that is refused", as: "operator", path: id.target, sees: "nothing at this address", fill: func(b *tab) { b.leave("Send a test") }},
		{name: "allowed hosts", as: "admin", path: "/targets/hosts", sees: hostile, fill: func(b *tab) { b.click("Remove…") }},
		{name: "setup", as: "admin", path: "/setup/connect", sees: "Callback URL"},
		{name: "keys", as: "admin", path: "/keys", sees: "Retires", fill: func(b *tab) { b.click("Retire…") }},
		{name: "statuses", as: "admin", path: "/statuses", sees: "Always there"},
		{name: "users", as: "admin", path: "/users", sees: hostile, fill: func(b *tab) { b.click("New password…") }},
		{name: "profile", as: "viewer", path: "/profile", sees: "Sign out everywhere else"},
		{name: "help", as: "viewer", path: "/profile", sees: "Search on this page", fill: func(b *tab) { b.click("Keyboard shortcuts") }},
		{name: "not found", as: "viewer", path: "/responses/987654321", refused: true, sees: "Not found"},
		{name: "not allowed", as: "viewer", path: "/users", refused: true, sees: "Not allowed"},
	})
}

func TestBrowserEmptyPagesAreAccessibleAndFit(t *testing.T) {
	t.Parallel()
	s := openSite(t).addUsers(t)
	s.look(t, "inside", []shown{
		{name: "overview", as: "admin", path: "/", sees: "No flow yet"},
		{name: "responses", as: "admin", path: "/responses", sees: "No responses yet"},
		{name: "deliveries", as: "admin", path: "/deliveries", sees: "No deliveries yet"},
		{name: "visits", as: "admin", path: "/visits", sees: "No visit yet"},
		{name: "replays", as: "admin", path: "/replays", sees: "Nothing was replayed so far"},
		{name: "notifications", as: "admin", path: "/notifications", sees: "Nobody is told yet"},
		{name: "unmatched", as: "admin", path: "/unmatched", sees: "Everything is matched"},
		{name: "forwarding", as: "admin", path: "/targets", sees: "Nothing is forwarded yet"},
		{name: "allowed hosts", as: "admin", path: "/targets/hosts", sees: "No host is allowed"},
		{name: "assignments", as: "admin", path: "/assignments", sees: "Nothing was assigned so far"},
		{name: "mappings", as: "admin", path: "/mappings", sees: "No mapping yet"},
		{name: "alerts", as: "admin", path: "/alerts", sees: "No alert so far"},
		{name: "flows", as: "admin", path: "/flows", sees: "No flow yet"},
		{name: "lists", as: "admin", path: "/lists", sees: "No list yet"},
		{name: "setup", as: "admin", path: "/setup/connect", sees: "There is no key yet"},
		{name: "keys", as: "admin", path: "/keys", sees: "No key yet"},
	})
	first := openSite(t)
	token, err := first.DB().SetupToken(t.Context())
	must(t, err)
	first.look(t, "first start", []shown{{name: "first administrator", path: "/setup?token=" + token, sees: "Create administrator"}})
}
