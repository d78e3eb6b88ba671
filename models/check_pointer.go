package models

// pointers are columns that name a row of another table by its id, 0 for none, and are no foreign keys because both are
// written many times a second, with the schema version since which there are any: a backup may be older. Each column that
// ends in _id is here, a foreign key, or in unchecked: a test holds them against the schema.
var pointers = []struct {
	table, column, to string
	since             int64
}{
	{"answers", "response_id", "responses", 1},
	{"alert_events", "alert_id", "alerts", 1},
	{"alert_acts", "alert_id", "alerts", 1},
	{"messages", "contact_id", "contacts", 1},
	{"responses", "contact_id", "contacts", 1},
	{"responses", "visit_id", "visits", 1},
	{"steps", "visit_id", "visits", 1},
	{"files", "response_id", "responses", 5},
	{"files", "visit_id", "visits", 5},
	{"reveals", "response_id", "responses", 18},
	{"reveals", "visit_id", "visits", 18},
	{"former_ids", "contact_id", "contacts", 7},
	{"notifications", "receiver_id", "receivers", 14},
	{"notifications", "post_id", "posts", 14},
	{"posts", "receiver_id", "receivers", 14},
	{"response_notes", "response_id", "responses", 16},
	{"response_tags", "response_id", "responses", 16},
	{"response_tags", "tag_id", "tags", 16},
	{"response_looks", "response_id", "responses", 16},
	{"mentions", "response_id", "responses", 16},
	{"mentions", "note_id", "response_notes", 16},
	{"triage_changes", "response_id", "responses", 16},
	{"triage_changes", "act_id", "triage_acts", 16},
}

// unchecked are columns that end in _id and point to nothing that must be there, by their names or with their tables, and why.
var unchecked = map[string]string{
	"delivery_id": "what a delivery caused outlives it",
	"flow_id":     "what arrived stays, whatever becomes of its flow",
	"user_id":     "people are never deleted; 0 and numbers of old instances are commands",
	"assignee_id": "likewise",
	"meta_id":     "Meta's", "phone_id": "Meta's", "context_id": "a message's, which may be unknown here", "cdn_id": "WhatsApp's", "rule_id": "of a rule in a document",
	"next_id": "how far something came", "last_id": "where it ends",
	"contacts.user_id":           "WhatsApp's",
	"deliveries.replay_id":       "of the last replay, which erasing may have removed",
	"assignments.mapping_id":     "mappings of a contact go with it",
	"responses.dismissal_id":     "erasing removes reasons that name somebody",
	"dismissals.of_id":           "a delivery or a response, by its kind; the former goes by age",
	"alert_acts.to_id":           "a person",
	"alert_acts.of_id":           "an act of the same alert, which goes with it",
	"notifications.alert_id":     "at that time: alerts are cut anew",
	"exports.link_id":            "erasing removes links that ask for somebody",
	"exports.schedule_id":        "schedules are deleted by people, what they exported stays known",
	"export_files.schedule_id":   "likewise",
	"export_schedules.target_id": "the next run says that the target was deleted",
}
