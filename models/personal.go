package models

// A treatment is what erasing does with the rows of a table. A row goes when its column names the response, visit, message or
// contact that goes, and when its text names the person.
type treatment struct {
	response, visit, message, contact string // columns
	text                              string // columns of text, joined
	body                              string // a column with JSON, out of which the person is taken
	plain                             string // a column of text, in which numbers and ids are hidden
	ends                              string // instead of removing the row whose text names the person: what is set
	filter                            bool   // the text is a filter that people kept, which may ask for a name or an answer
	kind                              string // of ErasureKinds
	why                               string // of tables that stay as they are, or are treated in their own way
}

// personal says of every table whether it holds something of customers, and what erasing does with that. A test holds it
// against the schema: who adds a table says it here.
var personal = map[string]treatment{
	"answers":   {response: "response_id", kind: "answers"},
	"responses": {response: "id", kind: "responses"},
	"steps":     {visit: "visit_id", kind: "steps"},
	"visits":    {visit: "id", kind: "visits"},
	"files":     {why: "removed from the store, then here: eraseFiles"},
	"messages":  {message: "wamid", body: "body", kind: "messages"},
	"statuses":  {message: "wamid", kind: "statuses"},

	"contacts":   {contact: "id", kind: "contacts"},
	"former_ids": {why: "goes at once with the name: Erase"},
	"mappings":   {why: "those of a contact go: eraseContacts"},

	"deliveries":     {why: "scrubbed: eraseBodies"},
	"delivery_keys":  {why: "hashes of bodies, by which a redelivery of the same bytes is known"},
	"forwards":       {why: "states; what is sent is the body of the delivery as it is then"},
	"account_events": {text: "body || subject || summary || search", kind: "events"},

	"response_notes":  {response: "response_id", plain: "text", kind: "others"},
	"reveals":         {response: "response_id", visit: "visit_id", plain: "reason", kind: "others"},
	"response_tags":   {response: "response_id"},
	"response_looks":  {response: "response_id"},
	"mentions":        {response: "response_id"},
	"triage_changes":  {response: "response_id"},
	"triage_acts":     {text: "filter", filter: true, ends: "state = 'done', filter = ''"},
	"triage_statuses": {why: "named by administrators"},
	"tags":            {why: "named by people who work here"},

	"exports":          {text: "plan || ' ' || file", filter: true, kind: "others"},
	"export_links":     {text: "plan || ' ' || name", filter: true, kind: "others"},
	"export_schedules": {text: "plan || ' ' || name", filter: true, kind: "others"},

	"response_views":  {text: "name || ' ' || query", filter: true, kind: "others"},
	"response_tables": {why: "columns of a person who works here; a key that is a number is of no one answer"},
	"assignments":     {text: "value", kind: "others"},
	"dismissals":      {text: "reason", kind: "others"},
	"replays":         {text: "filter", filter: true, kind: "others"},

	"erasures":     {why: "the receipts; who it is is sealed while one runs, then removed"},
	"erased_marks": {why: "hashes"},

	"export_files":   {why: "names of files by schedule and time; the files: exported"},
	"retentions":     {why: "days"},
	"retention_runs": {why: "counts"},
	"removed_marks":  {why: "hashes"},

	"responses_search": {why: "follows responses by triggers; purge merges it, so that nothing of what was deleted stays"},
	"contacts_search":  {why: "follows contacts by triggers; likewise"},

	"receivers": {why: "people who work here"}, "notifications": {why: "of alerts"}, "posts": {why: "of alerts"},
	"flow_events": {why: "of flows"}, "alert_events": {why: "of flows"},
	"alerts": {plain: "ack_note"}, "alert_acts": {plain: "note"},
	"tallies": {why: "counts"}, "limits": {why: "of flows"}, "watches": {why: "of flows"}, "marks": {why: "observations; none names a customer"},
	"flows": {why: "set up by people who work here"}, "flow_aliases": {why: "of flows"}, "flow_jsons": {why: "of flows"}, "rule_sets": {why: "of flows"},
	"sensitive_answers": {why: "keys of answers of flows"}, "sensitive_flows": {why: "of flows"},
	"draft_edits": {why: "of flows"}, "presences": {why: "of people who work here"}, "lists": {why: "options"}, "list_versions": {why: "options"},
	"targets": {why: "other systems"}, "target_health": {why: "other systems"}, "target_tries": {why: "counts"}, "allowed_hosts": {why: "other systems"},
	"users": {why: "people who work here"}, "sessions": {why: "people who work here"}, "setup_token": {why: "people who work here"},
	"account_throttles": {why: "hashes of sign-ins"}, "address_failures": {why: "addresses of sign-ins"},
	"audit": {why: "append-only; holds no personal data of customers"},
	"keys":  {why: "secrets"}, "settings": {why: "settings"}, "master_check": {why: "a check of the master key"}, "revision": {why: "a number"},
	"probes": {why: "a time"}, "copying": {why: "the place of a copy"},
}
