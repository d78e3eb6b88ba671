package views

import (
	"strconv"
	"strings"

	"switchyard/models"
)

// PrivacyURL is where a person is erased.
const PrivacyURL = "/privacy"

// ErasureURL is the receipt of one erasure.
func ErasureURL(id int64) string { return PrivacyURL + "/erasures/" + strconv.FormatInt(id, 10) }

// erasedWords are the kinds of what goes, for people.
var erasedWords = map[string]string{
	"responses": "Responses", "answers": "Answers", "files": "Attached files", "visits": "Visits", "steps": "Steps", "messages": "Messages",
	"statuses": "Statuses of messages", "deliveries": "Deliveries that named the person", "events": "Account events", "contacts": "Contacts",
	"others": "Notes, reasons, views and mappings", "exported": "Rows of files of exports", "export_files": "Files of exports removed", "kept_files": "Files of exports left as they were",
}

// filesListed is how many files of exports are named before somebody is erased.
const filesListed = 50

// WhoSaid is whom an administrator is about to erase: names and numbers of the contacts, or the number that was entered.
func WhoSaid(contacts []models.Contact, number string) string {
	if len(contacts) == 0 {
		return Phone(number)
	}
	var all []string
	for _, c := range contacts {
		name, phone := ContactWords(c, false)
		switch {
		case phone == "" || phone == name:
			all = append(all, name)
		default:
			all = append(all, name+" ("+phone+")")
		}
	}
	return strings.Join(all, ", ")
}

func personTerms(counts []models.PersonCount, p Page) (terms []Term) {
	for _, c := range counts {
		said := Number(c.N)
		if !c.First.IsZero() {
			said += ", from " + DateTime(c.First, p.Zone) + " to " + DateTime(c.Last, p.Zone)
		}
		terms = append(terms, Term{Label: erasedWords[c.Kind], Value: said})
	}
	return terms
}

func erasureTerms(e models.Erasure, p Page) (terms []Term) {
	terms = append(terms, Term{Label: "Asked by", Value: e.Name}, Term{Label: "Began", Value: DateTime(e.StartedAt.Time, p.Zone)})
	if !e.Running {
		terms = append(terms, Term{Label: "Ended", Value: DateTime(e.EndedAt.Time, p.Zone)})
	}
	for _, kind := range models.ErasureKinds {
		terms = append(terms, Term{Label: erasedWords[kind], Value: Number(e.Removed[kind])})
	}
	return terms
}

func erasureProgress(e models.Erasure) string {
	if e.Read == 0 || e.ToRead == 0 {
		return "Rows of the person are being removed."
	}
	return "Deliveries are being read through: " + Percent(float64(e.Read)/float64(e.ToRead)) + "."
}

func backupSentence() string {
	return "Backups still hold the person until they are dropped: keep none longer than " + strconv.Itoa(models.BackupDays) + " days."
}
