package models

import (
	"context"
	"crypto/sha256"
	"slices"
	"time"
)

const (
	// lease is how long a claimed delivery is not due to others: far longer than a batch takes.
	lease = 30 * time.Second
	// claimAtOnce bounds one claim, and with it the locks of one transaction.
	claimAtOnce = 64
	// dropKeysAfter is after how many deliveries old keys are dropped.
	dropKeysAfter = 1000
)

const (
	// One statement is one transaction and one way to the server and back, however many deliveries there are. Ids are in
	// the order of arrival; keys are taken in one order, so that two processes with the same bodies wait for each other once.
	postgresStore = `WITH sent AS (
			SELECT * FROM unnest(?::bytea[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::boolean[], ?::bytea[])
				WITH ORDINALITY AS t (sha256, source, received_at, signature, content_type, test, body, place)
		), placed AS MATERIALIZED (
			SELECT sha256, source, nextval('deliveries_id') AS id, received_at FROM sent ORDER BY place
		), fresh AS (
			INSERT INTO delivery_keys AS k (sha256, source, delivery_id, at)
			SELECT sha256, source, id, received_at FROM placed ORDER BY sha256, source
			ON CONFLICT (sha256, source) DO UPDATE SET delivery_id = excluded.delivery_id, at = excluded.at WHERE k.at < excluded.at - ?::bigint
			RETURNING sha256, source, delivery_id
		)
		INSERT INTO deliveries (id, source, received_at, next_at, sha256, signature, content_type, test, body)
		SELECT f.delivery_id, s.source, s.received_at, least(s.received_at, ?::bigint), s.sha256, s.signature, s.content_type, s.test, s.body
		FROM fresh f JOIN sent s ON s.sha256 = f.sha256 AND s.source = f.source
		RETURNING sha256, source`
	postgresSeen = `WITH met AS MATERIALIZED (
			SELECT d.id, d.received_at, r.n FROM unnest(?::bytea[], ?::text[], ?::bigint[]) AS r (sha256, source, n)
				JOIN delivery_keys k ON k.sha256 = r.sha256 AND k.source = r.source
				JOIN deliveries d ON d.id = k.delivery_id AND d.received_at = k.at
			ORDER BY d.id FOR NO KEY UPDATE OF d
		)
		UPDATE deliveries d SET seen = d.seen + met.n FROM met WHERE d.id = met.id AND d.received_at = met.received_at`
	postgresDropKeys = `DELETE FROM delivery_keys k USING (SELECT sha256, source FROM delivery_keys WHERE at < ? ORDER BY at LIMIT ?
		FOR UPDATE SKIP LOCKED) AS old WHERE k.sha256 = old.sha256 AND k.source = old.source`
	// A claim moves next_at, so that what a killed process had claimed is due again after the lease.
	postgresClaim = `WITH due AS MATERIALIZED (
			SELECT id, received_at, next_at, octet_length(body) AS size FROM deliveries
			WHERE state = 'pending' AND next_at <= ? ORDER BY next_at, id LIMIT ? FOR UPDATE SKIP LOCKED
		), fitting AS (
			SELECT id, received_at FROM (SELECT *, sum(size) OVER (ORDER BY next_at, id) AS total FROM due) AS summed WHERE total - size < ?
		)
		UPDATE deliveries SET next_at = ? FROM fitting WHERE deliveries.id = fitting.id AND deliveries.received_at = fitting.received_at
		RETURNING deliveries.id, source, deliveries.received_at, sha256, signature, content_type, state, attempts, deliveries.next_at, reason, kinds, seen, test, replayed, replay_id, body`
)

// A deliveryKey tells bodies apart.
type deliveryKey struct {
	sha256 [sha256.Size]byte
	source string
}

func (k *deliveryKey) scan(rows scanner) error {
	var sum []byte
	err := rows.Scan(&sum, &k.source)
	copy(k.sha256[:], sum)
	return err
}

// store writes all in one statement. Bodies that came before, and those twice in ds, are counted afterwards.
func (e *postgresEngine) store(ctx context.Context, db *DB, ds []Delivery) error {
	ctx, cancel := context.WithTimeout(ctx, longestWrite)
	defer cancel()
	e.clock.hold(ctx, e.writers)
	now := db.now()
	seen := map[deliveryKey]int64{}
	var c deliveryRows
	var times []time.Time
	for i := range ds {
		d := &ds[i]
		key := deliveryKey{sha256.Sum256(d.Body), d.Source}
		if seen[key]++; seen[key] > 1 {
			continue
		}
		received := d.received(now)
		times = append(times, received.Time)
		c.add(key, d, received)
	}
	var kept []deliveryKey
	err := e.months.write(ctx, e.writers, times, func() error {
		return untilDone(func() (err error) {
			rows, err := e.writers.QueryContext(ctx, postgresStore, append(c.args(), keysFor.Microseconds(), db.dueClock())...)
			kept, err = collect(rows, err, (*deliveryKey).scan)
			return err
		})
	})
	if err != nil {
		return kindOf(err)
	}
	for _, k := range kept {
		seen[k]--
	}
	if err := e.countSeen(ctx, seen); err != nil {
		return kindOf(err)
	}
	return kindOf(e.dropKeys(ctx, now, len(ds)))
}

// untilDone runs a statement again when PostgreSQL ended it for another one's sake.
func untilDone(statement func() error) (err error) {
	for range 1 + deadlocks {
		if err = statement(); !again(err) {
			break
		}
	}
	return err
}

// deliveryRows are rows by column, as unnest takes them.
type deliveryRows struct {
	sums, bodies                      [][]byte
	sources, signatures, contentTypes []string
	received                          []int64
	tests                             []bool
}

func (c *deliveryRows) add(key deliveryKey, d *Delivery, received Time) {
	c.sums, c.bodies = append(c.sums, key.sha256[:]), append(c.bodies, orEmpty(d.Body))
	c.sources, c.signatures, c.contentTypes = append(c.sources, d.Source), append(c.signatures, d.Signature), append(c.contentTypes, d.ContentType)
	c.received, c.tests = append(c.received, received.Micros()), append(c.tests, d.Test)
}

func (c *deliveryRows) args() []any {
	return []any{c.sums, c.sources, c.received, c.signatures, c.contentTypes, c.tests, c.bodies}
}

func (e *postgresEngine) countSeen(ctx context.Context, seen map[deliveryKey]int64) error {
	var sums [][]byte
	var sources []string
	var counts []int64
	for k, n := range seen {
		if n > 0 {
			sums, sources, counts = append(sums, k.sha256[:]), append(sources, k.source), append(counts, n)
		}
	}
	if len(sums) == 0 {
		return nil
	}
	return untilDone(func() error {
		_, err := e.writers.ExecContext(ctx, postgresSeen, sums, sources, counts)
		return err
	})
}

// dropKeys drops twice as many keys as came, now and then; each process does its share.
func (e *postgresEngine) dropKeys(ctx context.Context, now Time, came int) error {
	n := e.came.Add(int64(came))
	if n < dropKeysAfter || !e.came.CompareAndSwap(n, 0) {
		return nil
	}
	_, err := e.writers.ExecContext(ctx, postgresDropKeys, at(now.Add(-keysFor)), 2*n)
	return err
}

func (e *postgresEngine) claim(ctx context.Context, db *DB, limit int) ([]Delivery, error) {
	ctx, cancel := context.WithTimeout(ctx, longestWrite)
	defer cancel()
	e.clock.hold(ctx, e.writers)
	now := db.dueClock()
	rows, err := e.writers.QueryContext(ctx, postgresClaim, now, min(limit, claimAtOnce), pendingBytes, at(now.Add(lease)))
	ds, err := collect(rows, err, (*Delivery).scan)
	slices.SortFunc(ds, func(a, b Delivery) int { return int(a.ID - b.ID) })
	return ds, kindOf(err)
}
