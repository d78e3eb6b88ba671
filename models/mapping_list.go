package models

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"time"
)

const selectMappings = `SELECT m.id, m.kind, m.value, m.flow_id, coalesce(f.slug, ''), coalesce(f.name, ''), m.name, m.at, m.removed_at, m.removed_by
	FROM mappings m LEFT JOIN flows f ON f.id = m.flow_id `

func (m *Mapping) scan(s scanner) error {
	return s.Scan(&m.ID, &m.Like.Kind, &m.Like.Value, &m.FlowID, &m.FlowSlug, &m.FlowName, &m.Name, &m.At, &m.RemovedAt, &m.RemovedBy)
}

// Mappings lists those in force in the order in which they are tried, with their hits.
func (db *DB) Mappings(ctx context.Context) ([]Mapping, error) {
	rows, err := db.reader().QueryContext(ctx, selectMappings+`WHERE m.removed_at = 0 ORDER BY m.id`)
	all, err := collect(rows, err, (*Mapping).scan)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, Mapping.more)
	for i := range all {
		if err := db.besideMapping(ctx, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Mapping returns one, also one that was removed.
func (db *DB) Mapping(ctx context.Context, id int64) (m Mapping, err error) {
	err = m.scan(db.reader().QueryRowContext(ctx, selectMappings+`WHERE m.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return m, ErrNotFound
	}
	if err != nil {
		return m, err
	}
	return m, db.besideMapping(ctx, &m)
}

func (db *DB) besideMapping(ctx context.Context, m *Mapping) error {
	err := db.reader().QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 AS one FROM responses
		WHERE attribution = 'mapping' AND attributed_by > 0 AND attributed_by = ? LIMIT ?) AS found`, m.ID, countCap).Scan(&m.Hits)
	if err != nil || m.Like.Kind != LikeContact {
		return err
	}
	id, _ := strconv.ParseInt(m.Like.Value, 10, 64)
	err = db.reader().QueryRowContext(ctx, `SELECT id, phone, user_id, name, username FROM contacts WHERE id = ?`, id).
		Scan(&m.Contact.ID, &m.Contact.Phone, &m.Contact.UserID, &m.Contact.Name, &m.Contact.Username)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// A LikeCount is how many unmatched responses are meant; All is false when counting took too long: then there may be more.
type LikeCount struct {
	N   int
	All bool
}

// CountLike counts the unmatched responses that are meant, for each of some likenesses.
func (db *DB) CountLike(ctx context.Context, likes ...Like) ([]LikeCount, error) {
	until, counts := time.Now().Add(lookFor), make([]LikeCount, len(likes))
	for last := int64(0); ; {
		some, err := candidatesAfter(ctx, db.reader(), waiting, last, fewestLooked)
		if err != nil {
			return nil, err
		}
		for _, c := range some {
			last = c.id
			for i, l := range likes {
				if l.matches(c.evidence) {
					counts[i].N++
				}
			}
		}
		if len(some) < fewestLooked {
			for i := range counts {
				counts[i].All = true
			}
			return counts, nil
		}
		if time.Now().After(until) {
			return counts, nil
		}
	}
}

// LikesOf lists how other responses may be like one, the most telling first, LikeOne left out; those that say nothing are
// left out, too.
func (db *DB) LikesOf(ctx context.Context, r Response) ([]Like, error) {
	c, err := candidatesAfter(ctx, db.reader(), `r.id = ?`, 0, 1, r.ID)
	if err != nil || len(c) == 0 {
		return nil, err
	}
	e, likes := c[0].evidence, []Like(nil)
	if pattern := TokenPattern(e.token); pattern != "" {
		likes = append(likes, Like{LikeToken, pattern})
	}
	if len(e.answers) > 0 {
		likes = append(likes, Like{LikeKeys, keysOf(e.answers)})
	}
	if number := digits(e.phoneNumber); number != "" {
		likes = append(likes, Like{LikeNumber, number})
	}
	if e.contact > 0 {
		likes = append(likes, Like{LikeContact, strconv.FormatInt(e.contact, 10)})
	}
	return likes, nil
}
