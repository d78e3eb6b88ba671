package models

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"switchyard/models/filter"
)

// A lead is what a filter asks for that has an index, in which all of its responses are found.
type lead struct {
	part  int        // of responseSearch.must; -1: none, with mark nil the contacts
	exact bool       // whether it makes sure of its part
	arms  []stmtArgs // conditions on answers a, each a range of one index
	key   string     // of the answer
	text  string     // the one text that is asked for, whose rows the index has in the order of the list; "" for none
	mark  *markedBy  // a question of the FollowUp, held against each row all the same; nil: none
	n     int        // how many it names, as far as they were counted
}

// inTurn tells whether the index of the lead has its rows in the order of the list.
func (l *lead) inTurn() bool { return l.text != "" || l.mark != nil && l.mark.inTurn }

// leads are all of a filter, without its words.
func (s *responseSearch) leads() (all []*lead) {
	if len(s.f.Contacts) > 0 {
		all = append(all, &lead{part: -1})
	}
	for _, m := range s.f.followed(s.d) {
		all = append(all, &lead{part: -1, mark: &m})
	}
	for i, c := range s.must {
		l := lead{part: i, exact: true, key: c.Key}
		switch c.Op {
		case filter.Is, filter.OneOf:
			so, args := itemSQL(s.d, c)
			if l.arms = []stmtArgs{{so, args}}; len(c.Values) == 1 {
				l.text = c.Values[0]
			}
			all = append(all, &l)
		case filter.Yes:
			l.arms, l.text = []stmtArgs{{`a.text = ?`, []any{"true"}}}, "true"
			all = append(all, &l)
		case filter.HasAll:
			for _, v := range c.Values {
				all = append(all, &lead{part: i, exact: len(c.Values) == 1, key: c.Key, arms: []stmtArgs{{`a.text = ?`, []any{v}}}, text: v})
			}
		case filter.Eq, filter.Lt, filter.Lte, filter.Gt, filter.Gte, filter.Between:
			so, args := numberSQL(c)
			l.arms = []stmtArgs{{so, args}}
			all = append(all, &l)
		case filter.On, filter.Before, filter.After, filter.During:
			byText, byNumber := dateSQL(s.d, c)
			l.arms = []stmtArgs{byText, byNumber}
			all = append(all, &l)
		}
	}
	return all
}

// items reads the index: the responses of an arm, with those that are not in the time asked for left out.
func (l *lead) items(s *responseSearch, arm stmtArgs) (text string, w where) {
	w.and(`a.flow_id = ? AND a.key = ?`, s.f.FlowID, l.key)
	w.and(arm.text, arm.args...)
	w.between(`a.received_at`, s.f.From, s.f.To)
	return `SELECT a.response_id FROM answers a ` + w.sql(), w
}

// named reads the ids of the responses that it names; one may come twice.
func (l *lead) named(s *responseSearch) (q stmtArgs) {
	if l.mark != nil {
		return l.mark.ids()
	}
	if l.part < 0 {
		var w where
		w.in(`contact_id`, s.f.Contacts)
		return stmtArgs{`SELECT id AS response_id FROM responses ` + w.sql(), w.args}
	}
	var texts []string
	for _, arm := range l.arms {
		text, w := l.items(s, arm)
		texts, q.args = append(texts, text), append(q.args, w.args...)
	}
	q.text = strings.Join(texts, ` UNION ALL `)
	return q
}

// led is a FROM of the responses r that all of some leads name, each once.
func (s *responseSearch) led() (from stmtArgs) {
	q := s.lead.named(s)
	from.text, from.args = `(SELECT DISTINCT response_id FROM (`+q.text+`) AS named `, q.args
	for i, l := range s.beside {
		q := l.named(s)
		from.text += map[bool]string{true: `WHERE`, false: ` AND`}[i == 0] + ` response_id IN (` + q.text + `)`
		from.args = append(from.args, q.args...)
	}
	from.text += `) AS l` + s.d.leading
	return from
}

// count counts what it names, up to limit.
func (l *lead) count(ctx context.Context, s *responseSearch, limit int) error {
	q := l.named(s)
	return s.db.reader().QueryRowContext(ctx, `SELECT count(*) FROM (`+q.text+` LIMIT ?) AS probed`, append(q.args, limit)...).Scan(&l.n)
}

// depth is how far back so many rows of its one text reach: the further, the rarer it is.
func (l *lead) depth(ctx context.Context, s *responseSearch, rows int) (t Time, err error) {
	q := stmtArgs{}
	if l.mark != nil {
		q = stmtArgs{`SELECT a.received_at FROM ` + strings.TrimSuffix(l.mark.rows().text, ` l`) + ` a`, l.mark.named.args}
	} else {
		text, w := l.items(s, l.arms[0])
		q = stmtArgs{`SELECT a.received_at` + text[len(`SELECT a.response_id`):], w.args}
	}
	err = s.db.reader().QueryRowContext(ctx, q.text+` ORDER BY a.received_at DESC LIMIT 1 OFFSET ?`, slices.Concat(q.args, []any{rows - 1})...).Scan(&t)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return t, err
}

// decide counts what the indexes name, as far as that matters, and takes the one that names fewest.
func (s *responseSearch) decide(ctx context.Context) error {
	if s.by != undecided {
		return nil
	}
	least := s.candidates + 1
	if s.d.indexes(s.words) {
		from, w := s.probe()
		err := s.db.reader().QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM `+from+` `+w.sql()+` LIMIT ?) AS probed`, append(w.args, least)...).Scan(&least)
		if err != nil {
			return err
		}
	}
	few := least <= s.candidates
	leads := s.leads()
	for _, l := range leads {
		if err := l.count(ctx, s, s.candidates+1); err != nil {
			return err
		}
		if l.n < least {
			least, few, s.lead = l.n, true, l
		}
	}
	if few {
		s.by = byIndex
		s.takeBeside(leads, s.candidates)
		return nil
	}
	return s.decideMany(ctx, leads)
}

// takeBeside takes more leads to be held against the first, where reading their index costs less than a look at each row.
func (s *responseSearch) takeBeside(leads []*lead, most int) {
	for _, l := range leads {
		if s.lead != nil && l != s.lead && l.n <= most && l.n <= besideWorth*s.lead.n {
			s.beside = append(s.beside, l)
		}
	}
}

// seldom is how many of the newest rows at a glance tell that a page is found in the order of the list.
const seldom = 4

// besideWorth is how many entries of an index are read in the time of one look into another.
const besideWorth = 8

// decideMany is for want of a lead that names few. What the newest rows show often is found in the order of the list; what
// they do not show is what several leads name together; else the rarest lead is read whose index has the order of the list.
func (s *responseSearch) decideMany(ctx context.Context, leads []*lead) error {
	s.by = byOrder
	if len(leads) > 1 {
		some, err := s.tallySome(ctx, s.glance)
		if err != nil {
			return err
		}
		if some.N < seldom {
			s.by, s.lead = byIndex, leads[0]
			s.takeBeside(leads, s.candidates+1)
			return nil
		}
	}
	var rarest Time
	for _, l := range leads {
		if !l.inTurn() {
			continue
		}
		t, err := l.depth(ctx, s, s.candidates)
		if err != nil {
			return err
		}
		if s.lead == nil || t.Before(rarest.Time) {
			rarest, s.lead, s.by = t, l, byLead
		}
	}
	return nil
}

// inTurn reads the rows of the lead, which its index has in the order of the list, and holds the filter against each.
func (s *responseSearch) inTurn(key listKey, newer bool, n int) stmtArgs {
	from, order := s.inLead(key, newer, true)
	return stmtArgs{`WITH page AS MATERIALIZED (SELECT r.id ` + from.text + order + ` LIMIT ?)
		` + selectResponses + `WHERE r.id IN (SELECT id FROM page)` + orderOf(`+r.received_at`, `+r.id`, newer), append(from.args, n)}
}

// inLead is FROM and WHERE of the rows of the lead beyond a key, and their order; held: with the filter. A list that holds
// the text twice counts once.
func (s *responseSearch) inLead(key listKey, newer, held bool) (from stmtArgs, order string) {
	var w where
	table := stmtArgs{text: `answers l`}
	if s.lead.mark != nil {
		table = s.lead.mark.rows()
	} else {
		w.and(`l.flow_id = ? AND l.key = ? AND l.text = ?`, s.f.FlowID, s.lead.key, s.lead.text)
		w.between(`l.received_at`, s.f.From, s.f.To)
	}
	if key.id != 0 {
		w.and(`(l.received_at, l.response_id) `+map[bool]string{true: `>`, false: `<`}[newer]+` (?, ?)`, key.received, key.id)
	}
	if s.lead.mark == nil {
		w.and(`(l.n = 0 OR NOT EXISTS (SELECT 1 FROM answers o WHERE o.response_id = l.response_id AND o.key = l.key AND o.n < l.n
			AND o.text = l.text AND o.received_at = l.received_at))`)
	}
	if held {
		rest := s.whole()
		w.parts, w.args = append(w.parts, rest.parts...), append(w.args, rest.args...)
	}
	return stmtArgs{`FROM ` + table.text + s.d.leading + ` ` + w.sql(), append(table.args, w.args...)}, orderOf(`l.received_at`, `l.response_id`, newer)
}

func orderOf(received, id string, newer bool) string {
	direction := map[bool]string{true: ` ASC`, false: ` DESC`}[newer]
	return ` ORDER BY ` + received + direction + `, ` + id + direction
}
