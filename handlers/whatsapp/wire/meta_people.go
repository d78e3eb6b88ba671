package wire

import (
	"slices"
	"strconv"
)

// What is said here is about customers: no number, name or id of theirs stands in it.

func userPreferences(o object) Said {
	var category, value string
	n := 0
	for e := range elements(o["user_preferences"]) {
		p := objectOf(e)
		category, value = plain(p.text("category")), plain(p.text("value"))
		n++
	}
	verb := map[string]string{"stop": "stopped", "resume": "resumed", "signup": "signed up for"}[value]
	if n != 1 || verb == "" {
		return Said{Kind: OfContacts, Summary: sentence("Preferences of customers changed", counted(n, "change", "changes"))}
	}
	return Said{Kind: OfContacts, Subject: category, Summary: "A customer " + verb + " " + or(category, "messages") + "."}
}

func userIDs(o object) Said {
	n := 0
	for range elements(o["user_id_update"]) {
		n++
	}
	return Said{Kind: OfContacts, Summary: sentence("Business-scoped ids of customers changed", counted(n, "change", "changes"))}
}

// historyDeclined is the code of an error that says that the business shares no chats.
const historyDeclined = 2593109

func history(o object) Said {
	s := Said{Kind: OfHistory}
	var first object
	chats, messages := 0, 0
	for e := range elements(o["history"]) {
		part := objectOf(e)
		if first == nil {
			first = part
		}
		for thread := range elements(part["threads"]) {
			chats++
			for range elements(objectOf(thread)["messages"]) {
				messages++
			}
		}
	}
	for e := range elements(first["errors"]) {
		said := fault(objectOf(e))
		if said.Code == historyDeclined && said.Title == "" {
			said.Title = "the business declined"
		}
		s.Summary = sentence("Chat history is not shared", said.Title, said.Details)
		return s
	}
	if media := len(slices.Collect(elements(o["messages"]))); first == nil && media > 0 {
		s.Summary = sentence("Chat history", "media of "+counted(media, "message", "messages"))
		return s
	}
	meta := objectOf(first["metadata"])
	done := ""
	if p := meta.number("progress"); p != nil {
		done = strconv.FormatFloat(*p, 'f', -1, 64) + " % done"
	}
	s.Summary = sentence("Chat history", with("phase", meta.text("phase")), with("part", meta.text("chunk_order")), done,
		counted(messages, "message", "messages")+" of "+counted(chats, "chat", "chats"))
	return s
}

func stateSync(o object) Said {
	added, removed := 0, 0
	for e := range elements(o["state_sync"]) {
		if plain(objectOf(e).text("action")) == "remove" {
			removed++
		} else {
			added++
		}
	}
	return Said{Kind: OfContacts, Summary: sentence("Contacts of the WhatsApp Business app changed",
		strconv.Itoa(added)+" added or edited", strconv.Itoa(removed)+" removed")}
}

// calls says what happened to a call; who called is a customer.
func calls(o object) Said {
	s := Said{Kind: OfOther, Summary: "Call."}
	for _, list := range []string{"calls", "statuses"} {
		for e := range elements(o[list]) {
			call := objectOf(e)
			lasted := ""
			if seconds := call.number("duration"); seconds != nil {
				lasted = strconv.FormatFloat(*seconds, 'f', -1, 64) + " s long"
			}
			s.Summary = sentence("Call", plain(call.text("direction")), plain(or(call.text("event"), call.text("status"))), lasted)
			return s
		}
	}
	return s
}

// group says what happened to a group by the first of its entries.
func group(words string) func(object) Said {
	return func(o object) Said {
		s := Said{Kind: OfOther, Summary: sentence(words, plain(o.text("event")))}
		for e := range elements(o["groups"]) {
			one := objectOf(e)
			s.Subject = one.text("group_id")
			s.Summary = sentence(words, plain(or(one.text("type"), one.text("event"))), reason(one.text("reason")))
			break
		}
		return s
	}
}
