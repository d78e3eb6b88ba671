package models

import (
	"math"
	"slices"
	"strings"
)

// maxTrigrams bounds what one search asks of SQLite's index; LIKE holds the whole words against what it names.
const maxTrigrams = 40

// batch reads the next n beyond a key as it was decided.
func (s *responseSearch) batch(key listKey, newer bool, n int) stmtArgs {
	switch s.by {
	case byIndex:
		return s.indexed(key, newer, n)
	case byLead:
		return s.inTurn(key, newer, n)
	}
	return s.inOrder(key, listKey{}, newer, n)
}

// inOrder reads rows in the order of the list, beyond a key and up to another one (id 0: to the end).
func (s *responseSearch) inOrder(key, edge listKey, newer bool, n int) stmtArgs {
	w := s.whole()
	order := s.beyond(&w, key, newer)
	w.upTo(edge, newer)
	return stmtArgs{selectResponses + w.sql() + order + ` LIMIT ?`, append(w.args, n)}
}

// beyond is where.beyond, from the end of a list too with a bound by which its index is known.
func (s *responseSearch) beyond(w *where, key listKey, newer bool) (order string) {
	if s.d.boundsList && key.id == 0 && s.f.From.IsZero() && s.f.To.IsZero() {
		if newer {
			w.and(`r.received_at >= 0`)
		} else {
			w.and(`r.received_at <= ?`, int64(math.MaxInt64))
		}
	}
	return w.beyond(key, newer)
}

// indexed finds all first, which are few, and sorts them: neither engine may take the order of the list for the way to
// them. The pluses keep it from being one.
func (s *responseSearch) indexed(key listKey, newer bool, n int) stmtArgs {
	from, w := s.found()
	order := w.beyond(key, newer)
	return stmtArgs{`WITH found AS MATERIALIZED (SELECT r.id, r.received_at FROM ` + from.text + ` ` + w.sql() + `)
		` + selectResponses + `WHERE r.id IN (SELECT id FROM (SELECT r.id FROM found r` + order + ` LIMIT ?) AS page)` +
		strings.ReplaceAll(order, `r.`, `+r.`), slices.Concat(from.args, w.args, []any{n})}
}

// besidesWords is the filter without its words and what is asked of answers.
func (s *responseSearch) besidesWords() where {
	w := s.f.besidesWords(s.d)
	if s.f.UpTo != 0 {
		w.and(`r.id <= ?`, s.f.UpTo)
	}
	if len(s.apart) > 0 {
		w.and(s.d.besides+`r.flow_id NOT IN (`+placeholders(len(s.apart))+`)`, asAny(s.apart)...)
	}
	return w
}

// whole is the filter for reading row by row.
func (s *responseSearch) whole() where {
	w := s.besidesWords()
	s.answered(&w)
	s.f.hold(&w, s.d, s.words)
	return w
}

// answered is what is asked of answers, without what the leads make sure of, and of what became of a response.
func (s *responseSearch) answered(w *where) {
	s.f.follow(w, s.d)
	for i, c := range s.must {
		sure := func(l *lead) bool { return l.exact && l.part == i }
		if s.lead == nil || !sure(s.lead) && !slices.ContainsFunc(s.beside, sure) {
			w.answered(s.d, c)
		}
	}
}

// found reads rows by an index, and holds the whole filter against them.
func (s *responseSearch) found() (from stmtArgs, w where) {
	if s.lead != nil {
		return s.led(), s.whole()
	}
	text, column := s.d.search().responses, `r.search`
	if s.f.NamesOnly {
		text, column = s.d.search().named, `n.search`
	}
	w = s.asked()
	s.d.search().inFew(&w, column, s.words)
	rest := s.besidesWords()
	s.answered(&rest)
	w.parts, w.args = append(w.parts, rest.parts...), append(w.args, rest.args...)
	return stmtArgs{text: text}, w
}

// probe reads no more than what tells how many candidates there are: contacts without a response count too.
func (s *responseSearch) probe() (from string, w where) {
	from, column := s.d.search().responsesProbed, `r.search`
	if s.f.NamesOnly {
		from, column = s.d.search().namedProbed, `n.search`
	}
	w = s.asked()
	if s.d.postgres {
		s.d.search().inFew(&w, column, s.words)
	}
	return from, w
}

// asked is what SQLite's index is asked; PostgreSQL's answers LIKE itself.
func (s *responseSearch) asked() (w where) {
	switch {
	case s.d.postgres:
	case s.f.NamesOnly:
		w.and(`contacts_search MATCH ?`, trigrams(s.words))
	default:
		w.and(`responses_search MATCH ?`, trigrams(s.words))
	}
	return w
}

// trigrams are every three characters of the words as a query of FTS5, quoted, so that nothing in them is an operator.
func trigrams(words []string) string {
	var all []string
	for _, word := range words {
		chars := []rune(word)
		for i := range max(0, len(chars)-2) {
			all = append(all, `"`+strings.ReplaceAll(string(chars[i:i+3]), `"`, `""`)+`"`)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return strings.Join(all[:min(len(all), maxTrigrams)], " AND ")
}
