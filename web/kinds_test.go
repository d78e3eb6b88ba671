package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"switchyard/web"
)

// kinds are what the fixtures of "more" must do, each row on a line.
var kinds = []struct{ name, query, want string }{
	{"types of messages", `SELECT DISTINCT type FROM messages WHERE wamid LIKE 'wamid.M%' ORDER BY type`,
		"a_type_meta_adds_next_year| audio| button| contacts| document| edit| group_invite| image| interactive| location| order| reaction| request_welcome| revoke| sticker| system| text| unknown| unsupported| video|"},
	{"messages that are about another one", `SELECT wamid, context_id FROM messages WHERE context_id <> '' ORDER BY wamid`,
		"wamid.H2|wamid.H1| wamid.H4|wamid.H1| wamid.M10|wamid.OURS| wamid.M11|wamid.OURS| wamid.M19|wamid.M0| wamid.M20|wamid.M0| wamid.M8|wamid.OURS| wamid.M9|wamid.OURS|"},
	{"chat history of both sides, one of it live and one with its picture", `SELECT m.wamid, m.direction, m.type, m.status, c.phone, c.user_id, m.history FROM messages m
			JOIN contacts c ON c.id = m.contact_id WHERE m.wamid LIKE 'wamid.H%' OR m.wamid LIKE 'wamid.PH%' ORDER BY m.wamid`,
		`wamid.H1|out|text|read|16315551234|US.13491208655302741918|true|
		wamid.H2|in|text||16315551234|US.13491208655302741918|false|
		wamid.H3|in|image||16315551234|US.13491208655302741918|true|
		wamid.H4|in|reaction||16315551234|US.13491208655302741918|true|
		wamid.H5|out|text|failed|16315551235||true|
		wamid.H6|out|text||16315551235||true|
		wamid.H7|in|text||16315551234|US.13491208655302741918|true|
		wamid.H8|out|text|delivered|16315551234|US.13491208655302741918|true|
		wamid.PH1|in|text||4917112345||true|
		wamid.PH2|out|text|played|4917112345||true|`},
	{"echoes", `SELECT m.wamid, m.direction, m.type, c.phone, c.user_id FROM messages m JOIN contacts c ON c.id = m.contact_id WHERE m.wamid LIKE 'wamid.E%' ORDER BY m.wamid`,
		"wamid.E1|out|text|16315551234|US.13491208655302741918| wamid.E2|out|interactive||US.1|"},
	{"customers, by the names that they and the business gave", `SELECT phone, user_id, name, username, saved_name FROM contacts ORDER BY phone, user_id`,
		`|TR.2222222222||cem|Cem| |US.1|||| 16315550002|US.73|||| 16315551234|US.13491208655302741918|Ana|ana|Ana P. (dentist)|
		16315551235|||bo|| 4917112345||||Dana|`},
	{"customers that were called otherwise", `SELECT kind, value, c.phone, c.user_id FROM former_ids f JOIN contacts c ON c.id = f.contact_id ORDER BY kind, value`,
		"phone|16315550001|16315550002|US.73| user|US.71|16315550002|US.73| user|US.72|16315550002|US.73|"},
	{"statuses", `SELECT s.wamid, s.state, m.status, m.direction, CASE WHEN s.errors LIKE '%131026%' THEN '131026' ELSE s.errors END, CASE WHEN s.pricing LIKE '%"utility"%' THEN 'utility' ELSE s.pricing END
			FROM statuses s JOIN messages m ON m.wamid = s.wamid WHERE NOT m.history ORDER BY s.wamid, s.state`,
		"wamid.G|delivered|delivered|out||| wamid.O|failed|failed|out|131026|| wamid.OUT1|played|played|out||| wamid.OUT1|sent|played|out||utility| wamid.P|played|played|out|||"},
	{"words of account events", `SELECT kind, subject, summary FROM account_events WHERE field IN ('calls', 'group_lifecycle_update', 'history', 'HISTORY', 'smb_app_state_sync', 'SMB_APP_STATE_SYNC', 'user_id_update',
			'user_preferences', 'messages.errors', 'account_settings_update') ORDER BY field, summary`,
		`history|Clinic Berlin|Chat history is not shared: History sync is turned off by the business from the WhatsApp Business App, History sharing is turned off by the business.|
		history|Clinic Berlin|Chat history: phase 1, part 3, 70 % done, 2 messages of 1 chat.|
		contacts|Clinic Berlin|Contacts of the WhatsApp Business app changed: 1 added or edited, 0 removed.|
		account||Account settings changed: phone number settings.|
		other||Call: user initiated, terminate, 42 s long.|
		other|Y2FwaV9ncm91cDox|Group created, changed or ended: group create.|
		history||Chat history is not shared: History sync is turned off by the business.|
		history||Chat history: media of 1 message.|
		history||Chat history: phase 0, part 1, 55 % done, 8 messages of 3 chats.|
		errors|15550783881|Error 131000: Unsupported webhook payload.|
		contacts||Contacts of the WhatsApp Business app changed: 4 added or edited, 1 removed.|
		contacts||Business-scoped ids of customers changed: 1 change.|
		contacts|marketing messages|A customer stopped marketing messages.|`},
	{"how many account events", `SELECT count(*) FROM account_events`, "27|"},
	{"account events that hold a chat", `SELECT count(*) FROM account_events WHERE body LIKE '%threads%' OR body LIKE '%Thanks%'`, "0|"},
	{"flow events", `SELECT meta_id, new_status FROM flow_events ORDER BY meta_id, at`, "6627390910605886|PUBLISHED| 6627390910605886|PUBLISHED|"},
	{"what needs a person", `SELECT reason FROM deliveries WHERE state <> 'done'`, "interactive of a message is not an object|"},
}

func TestEachKindOfDeliveryHasItsEffect(t *testing.T) {
	var cfg web.Config
	s := openSite(t, func(c *web.Config) { cfg = *c })
	names := fixturesOf(t, "more")
	for _, round := range []string{"once", "twice and in reverse"} {
		for _, name := range names {
			if got := s.deliver(t, fixture(t, "more", name)); got.status != http.StatusOK {
				t.Errorf("%s = %d %s; want 200", name, got.status, got.body)
			}
		}
		s.decoded(t)
		for _, e := range kinds {
			if got := strings.Join(query(t, cfg, e.query), " "); got != strings.Join(strings.Fields(e.want), " ") {
				t.Errorf("delivered %s: %s =\n%s\nwant\n%s", round, e.name, got, e.want)
			}
		}
		slices.Reverse(names)
	}
}
