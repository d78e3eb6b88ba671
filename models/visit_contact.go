package models

import (
	"context"
	"slices"
)

const (
	// maxContactVisits is how many visits of people are looked at: those behind their newest responses.
	maxContactVisits = 1000
	// maxRuns bounds the runs of one token on a page.
	maxRuns = 50
)

// WhatsApp's requests name no customer: whose visit it is, is known when the response with its token has come. The other
// runs of that token are of the same customer then. A visit that nobody completed is of nobody.

// contactVisits are the ids of visits of a filter's contacts, at most 2,000.
func (db *DB) contactVisits(ctx context.Context, f VisitFilter) ([]int64, error) {
	var completed []int64
	if f.Name != "" {
		all := ResponseFilter{FlowID: f.FlowID, Text: f.Name, NamesOnly: true, Tests: true}
		looked := 0
		for r, err := range db.EachResponse(ctx, all) {
			if err != nil {
				return nil, err
			}
			if looked++; looked > maxContactVisits {
				break
			}
			if r.VisitID != 0 && (len(f.Contacts) == 0 || slices.Contains(f.Contacts, r.Contact.ID)) {
				completed = append(completed, r.VisitID)
			}
		}
	} else {
		args := append(each(f.Contacts, func(id int64) any { return id }), maxContactVisits)
		rows, err := db.reader().QueryContext(ctx, `SELECT visit_id FROM responses WHERE contact_id IN (`+placeholders(len(f.Contacts))+`) AND visit_id > 0
			ORDER BY id DESC LIMIT ?`, args...)
		if completed, err = collect(rows, err, scanID); err != nil {
			return nil, err
		}
	}
	if len(completed) == 0 {
		return nil, nil
	}
	args := append(each(completed, func(id int64) any { return id }), 2*maxContactVisits)
	rows, err := db.reader().QueryContext(ctx, `SELECT DISTINCT o.id FROM visits v JOIN visits o ON o.flow_id = v.flow_id AND o.token = v.token
		WHERE v.id IN (`+placeholders(len(completed))+`) LIMIT ?`, args...)
	return collect(rows, err, scanID)
}

func scanID(id *int64, s scanner) error { return s.Scan(id) }

// VisitContacts tells who completed which visit, by the visit's id.
func (db *DB) VisitContacts(ctx context.Context, visits []Visit) (map[int64]Contact, error) {
	who := map[int64]Contact{}
	if len(visits) == 0 {
		return who, nil
	}
	rows, err := db.reader().QueryContext(ctx, `SELECT r.visit_id, c.id, c.phone, c.user_id, c.name, c.username
		FROM responses r JOIN contacts c ON c.id = r.contact_id WHERE r.visit_id > 0 AND r.visit_id IN (`+placeholders(len(visits))+`) ORDER BY r.id`,
		each(visits, func(v Visit) any { return v.ID })...)
	_, err = collect(rows, err, func(c *Contact, s scanner) error {
		var visit int64
		err := s.Scan(&visit, &c.ID, &c.Phone, &c.UserID, &c.Name, &c.Username)
		who[visit] = *c
		return err
	})
	return who, err
}

// VisitResponses are the responses of a visit, oldest first; several only when the customer's phone sent several.
func (db *DB) VisitResponses(ctx context.Context, visitID int64) ([]Response, error) {
	rows, err := db.reader().QueryContext(ctx, selectResponses+`WHERE r.visit_id = ? AND r.visit_id > 0 ORDER BY r.id LIMIT ?`, visitID, maxRuns)
	return collect(rows, err, (*Response).scan)
}

// VisitRuns are all runs of a visit's token in its flow, the newest 50 first, as a VisitPage has them.
func (db *DB) VisitRuns(ctx context.Context, v Visit) ([]Visit, error) {
	rows, err := db.reader().QueryContext(ctx, selectVisits+`visits v WHERE v.flow_id = ? AND v.token = ? ORDER BY v.run DESC LIMIT ?`, v.FlowID, v.Token, maxRuns)
	return collect(rows, err, (*Visit).scan)
}

// VisitsByToken are the newest 50 visits of a token, in whatever flow.
func (db *DB) VisitsByToken(ctx context.Context, token string) ([]Visit, error) {
	if !usable(token) {
		return nil, nil
	}
	rows, err := db.reader().QueryContext(ctx, selectVisits+`visits v WHERE v.token = ? ORDER BY v.id DESC LIMIT ?`, bounded(token), maxRuns)
	return collect(rows, err, (*Visit).scan)
}

// ContactsByPhone are the ids of the contacts with a number, however it is written; a few at most.
func (db *DB) ContactsByPhone(ctx context.Context, phone string) ([]int64, error) {
	number := digits(phone)
	if number == "" {
		return nil, nil
	}
	rows, err := db.reader().QueryContext(ctx, `SELECT id FROM contacts WHERE phone = ? AND phone <> '' ORDER BY id DESC LIMIT 10`, number)
	return collect(rows, err, scanID)
}

// Contacts are those with the ids, by id.
func (db *DB) Contacts(ctx context.Context, ids []int64) ([]Contact, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var w where
	w.in(`id`, ids)
	rows, err := db.reader().QueryContext(ctx, `SELECT id, phone, user_id, name, username FROM contacts `+w.sql()+` ORDER BY id`, w.args...)
	return collect(rows, err, func(c *Contact, s scanner) error { return s.Scan(&c.ID, &c.Phone, &c.UserID, &c.Name, &c.Username) })
}

// ContactsByName are the ids of contacts in whose name every word occurs (folded: case and accents), at most limit, the
// newest first. Invalid: a search that is too long.
func (db *DB) ContactsByName(ctx context.Context, name string, limit int) ([]int64, error) {
	all, err := words(name)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	d := db.engine.dialect()
	var w where
	from := `contacts n`
	if !d.postgres && d.indexes(all) {
		from = `contacts_search CROSS JOIN contacts n ON n.id = contacts_search.rowid`
		w.and(`contacts_search MATCH ?`, trigrams(all))
	}
	d.search().inFew(&w, `n.search`, all)
	rows, err := db.reader().QueryContext(ctx, `SELECT n.id FROM `+from+` `+w.sql()+` ORDER BY n.id DESC LIMIT ?`, append(w.args, limit)...)
	return collect(rows, err, scanID)
}
