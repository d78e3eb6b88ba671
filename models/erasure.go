package models

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"gorm.io/gorm"
)

// An Erasure is the receipt of a person who was erased. It does not say who that was.
type Erasure struct {
	ID        int64
	Running   bool
	Removed   map[string]int64 // how many of what went so far, by the words of ErasureKinds
	UserID    int64            // who asked for it
	Name      string
	StartedAt Time
	EndedAt   Time
	Read      int64 // bodies of deliveries up to here were read through; of ToRead
	ToRead    int64
}

// ErasureKinds are the kinds of which an Erasure counts, in the order in which people read them.
var ErasureKinds = []string{"responses", "answers", "files", "visits", "steps", "messages", "statuses", "deliveries", "events", "contacts", "others", "exported", "export_files", "kept_files"}

// BackupDays is how many days backups are kept at most (see README): until then an erased person is in them.
const BackupDays = 35

// ErrNobody: nobody is known by what was said.
var ErrNobody = errors.New("nobody is known by this number or id")

// A Person is one customer with all that names one: several contacts when a number was given to somebody else.
type Person struct {
	Phones   []string // digits
	UserIDs  []string // business-scoped
	Contacts []int64

	KeepFiles bool       // files of exports by the clock are left as they are
	Spans     []FlowSpan // when the responses were received; Erase fills it in
	Words     []string   // names, and answers that nobody else gave, folded: filters that ask for them go; Erase fills it in
}

func (p *Person) scrubber() scrubber { return scrubber{phones: p.Phones, ids: p.UserIDs} }

// clean drops what is empty or there twice.
func (p *Person) clean() {
	for _, all := range []*[]string{&p.Phones, &p.UserIDs} {
		slices.Sort(*all)
		*all = slices.DeleteFunc(slices.Compact(*all), func(s string) bool { return s == "" })
	}
	slices.Sort(p.Contacts)
	p.Contacts = slices.Compact(p.Contacts)
}

// PersonByNumber finds everything that goes by a phone number, however it is written, or by a business-scoped id. A number of
// nobody is a Person without contacts: bodies may still name it. Invalid: number.
func (db *DB) PersonByNumber(ctx context.Context, said string) (Person, error) {
	number := digits(said)
	if strings.ContainsFunc(said, unicode.IsLetter) {
		p, err := db.person(ctx, `c.user_id = ? OR EXISTS (SELECT 1 FROM former_ids f WHERE f.contact_id = c.id AND f.kind = 'user' AND f.value = ?)`, said, said)
		if err == nil && len(p.Contacts) == 0 {
			err = &Invalid{"number", "Nobody here has this id. Enter the phone number with its country code, or the id as WhatsApp writes it."}
		}
		return p, err
	}
	if len(number) < fewestDigits || len(number) > 15 {
		return Person{}, &Invalid{"number", "Enter the whole phone number with its country code: 7 to 15 digits."}
	}
	p, err := db.person(ctx, `c.phone = ? OR EXISTS (SELECT 1 FROM former_ids f WHERE f.contact_id = c.id AND f.kind = 'phone' AND f.value = ?)`, number, number)
	p.Phones = append(p.Phones, number)
	p.clean()
	return p, err
}

// PersonByContact is PersonByNumber of a contact; ErrNotFound when there is none.
func (db *DB) PersonByContact(ctx context.Context, id int64) (Person, error) {
	p, err := db.person(ctx, `c.id = ?`, id)
	if err == nil && len(p.Contacts) == 0 {
		err = ErrNotFound
	}
	return p, err
}

// person gathers what contacts are and were called.
func (db *DB) person(ctx context.Context, condition string, args ...any) (p Person, err error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT c.id, c.phone, c.user_id FROM contacts c WHERE `+condition+` ORDER BY c.id LIMIT 100`, args...)
	_, err = collect(rows, err, func(_ *struct{}, s scanner) error {
		var c Contact
		err := s.Scan(&c.ID, &c.Phone, &c.UserID)
		p.Contacts, p.Phones, p.UserIDs = append(p.Contacts, c.ID), append(p.Phones, c.Phone), append(p.UserIDs, c.UserID)
		return err
	})
	if err != nil || len(p.Contacts) == 0 {
		return p, err
	}
	var w where
	w.in(`contact_id`, p.Contacts)
	rows, err = db.reader().QueryContext(ctx, `SELECT kind, value FROM former_ids `+w.sql(), w.args...)
	_, err = collect(rows, err, func(_ *struct{}, s scanner) error {
		var kind, value string
		err := s.Scan(&kind, &value)
		if kind == "phone" {
			p.Phones = append(p.Phones, value)
		} else {
			p.UserIDs = append(p.UserIDs, value)
		}
		return err
	})
	p.clean()
	return p, err
}

// Erase begins to erase a person, for good. From now on what comes late of them is not kept, and the contact has no name and
// no number any more. ContinueErasures does the rest.
func (db *DB) Erase(ctx context.Context, p Person, by By) (id int64, err error) {
	p.clean()
	if len(p.Phones)+len(p.UserIDs) == 0 {
		return 0, ErrNobody
	}
	if p.Spans, err = db.spans(ctx, p); err != nil {
		return 0, err
	}
	if p.Words, err = db.personWords(ctx, p); err != nil {
		return 0, err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return 0, err
	}
	err = db.tx(ctx, func(tx *gorm.DB) error {
		if err := db.engine.exclude(tx, lockInbox); err != nil {
			return err
		}
		q := inTx(tx)
		err := q.QueryRowContext(ctx, `INSERT INTO erasures (state, last_id, user_id, name, started_at)
			VALUES ('running', (SELECT coalesce(max(id), 0) FROM deliveries), ?, ?, ?) RETURNING id`, by.UserID, asUTF8(by.Name), db.now()).Scan(&id)
		if err != nil {
			return err
		}
		sealed, err := db.sealer.seal(inRow("erasures", id, "sealed_person"), text)
		if err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE erasures SET sealed_person = ? WHERE id = ?`, sealed, id).Error; err != nil {
			return err
		}
		if err := db.mark(tx, append(phoneMarks(p.Phones), userMarks(p.UserIDs)...)); err != nil {
			return err
		}
		for _, c := range p.Contacts {
			err := tx.Exec(`UPDATE contacts SET phone = '', user_id = ?, name = '', username = '', search = '', saved_name = '' WHERE id = ?`, fmt.Sprintf("erased %d", c), c).Error
			if err != nil {
				return err
			}
			if err := tx.Exec(`DELETE FROM former_ids WHERE contact_id = ?`, c).Error; err != nil {
				return err
			}
		}
		return db.audit(tx, by, "person.erase", fmt.Sprintf("erasure %d", id), nil)
	})
	return id, err
}

const erasureColumns = `id, state, removed, user_id, name, started_at, ended_at, next_id, last_id`

func (e *Erasure) scan(s scanner) error {
	var state, removed string
	if err := s.Scan(&e.ID, &state, &removed, &e.UserID, &e.Name, &e.StartedAt, &e.EndedAt, &e.Read, &e.ToRead); err != nil {
		return err
	}
	e.Running = state == "running"
	return json.Unmarshal([]byte(removed), &e.Removed)
}

// Erasure is one receipt; ErrNotFound.
func (db *DB) Erasure(ctx context.Context, id int64) (e Erasure, err error) {
	err = e.scan(db.reader().QueryRowContext(ctx, `SELECT `+erasureColumns+` FROM erasures WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return e, err
}

// Erasures are the newest receipts.
func (db *DB) Erasures(ctx context.Context, limit int) ([]Erasure, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT `+erasureColumns+` FROM erasures ORDER BY id DESC LIMIT ?`, limit)
	return collect(rows, err, (*Erasure).scan)
}

// A PersonCount is how much of a kind there is of a person, and from when to when.
type PersonCount struct {
	Kind        string // one of ErasureKinds
	N           int64
	First, Last time.Time // zero: nobody knows, or there is none
}

// CountPerson tells what erasing would remove, as far as it is found without reading through all deliveries.
func (db *DB) CountPerson(ctx context.Context, p Person) ([]PersonCount, error) {
	if len(p.Contacts) == 0 {
		return nil, nil
	}
	in := `(` + placeholders(len(p.Contacts)) + `)`
	args := each(p.Contacts, func(id int64) any { return id })
	counts := []struct{ kind, text string }{
		{"responses", `SELECT count(*), min(received_at), max(received_at) FROM responses WHERE contact_id IN ` + in},
		{"visits", `SELECT count(*), min(started_at), max(last_at) FROM visits WHERE id IN (` + sqlPersonVisits + in + `)`},
		{"files", `SELECT count(*), min(at), max(at) FROM files WHERE id IN (SELECT f.id FROM files f JOIN responses r ON r.id = f.response_id AND f.response_id > 0 WHERE r.contact_id IN ` + in +
			` UNION SELECT f.id FROM files f JOIN visits v ON v.id = f.visit_id AND f.visit_id > 0 WHERE v.id IN (` + sqlPersonVisits + in + `))`},
		{"messages", `SELECT count(*), min(received_at), max(received_at) FROM messages WHERE contact_id IN ` + in},
		{"statuses", `SELECT count(*), min(s.at), max(s.at) FROM messages m JOIN statuses s ON s.wamid = m.wamid WHERE m.contact_id IN ` + in},
		{"contacts", `SELECT count(*), NULL, NULL FROM contacts WHERE id IN ` + in},
	}
	all := make([]PersonCount, len(counts))
	for i, c := range counts {
		all[i].Kind = c.kind
		given := args
		if c.kind == "files" {
			given = append(slices.Clone(args), args...)
		}
		var first, last sql.NullInt64
		if err := db.reader().QueryRowContext(ctx, c.text, given...).Scan(&all[i].N, &first, &last); err != nil {
			return nil, err
		}
		if first.Valid {
			all[i].First, all[i].Last = time.UnixMicro(first.Int64), time.UnixMicro(last.Int64)
		}
	}
	return all, nil
}

// sqlPersonVisits are the visits behind responses of contacts, and the other runs of their tokens.
const sqlPersonVisits = `SELECT o.id FROM responses r JOIN visits v ON v.id = r.visit_id AND r.visit_id > 0
	JOIN visits o ON o.flow_id = v.flow_id AND o.token = v.token WHERE r.contact_id IN `
