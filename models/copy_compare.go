package models

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math/bits"
	"sync"
)

// A tableSum is how many rows a table has and the sum of their SHA-256 modulo 2^256. It does not depend on the order
// of rows: the engines order a text with NUL differently.
type tableSum struct {
	rows int64
	sum  [4]uint64 // the lowest first
}

// add counts one more row, as appendValues writes it.
func (s *tableSum) add(row []byte) {
	h := sha256.Sum256(row)
	var carry uint64
	for i := range s.sum {
		s.sum[i], carry = bits.Add64(s.sum[i], binary.LittleEndian.Uint64(h[8*i:]), carry)
	}
	s.rows++
}

func (s tableSum) String() string {
	var b []byte
	for _, v := range s.sum {
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	return hex.EncodeToString(b)
}

// compare reads a table on both sides, both at once, and fills in its line of the report.
func (c *copier) compare(ctx context.Context, t copyTable) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var to tableSum
	var failed error
	var reading sync.WaitGroup
	reading.Go(func() {
		if to, failed = c.sum(ctx, c.to, t, func(int64) {}); failed != nil {
			stop()
		}
	})
	from, err := c.sum(ctx, c.from, t, func(rows int64) {
		c.progress(CopyProgress{Table: t.name, Rows: rows, Total: c.source.rows[t.name], Comparing: true})
	})
	if err != nil {
		stop()
	}
	reading.Wait()
	switch {
	case failed != nil:
		return failed
	case err != nil:
		return err
	case from != to || from.rows != c.source.rows[t.name]:
		return c.differs(ctx, t, from.rows, to.rows)
	}
	for i := range c.report.Tables {
		if line := &c.report.Tables[i]; line.Name == t.name {
			line.Rows, line.Sum = from.rows, from.String()
		}
	}
	return nil
}

// sum reads a whole table; seen hears how many rows were read.
func (c *copier) sum(ctx context.Context, s copySide, t copyTable, seen func(rows int64)) (sum tableSum, err error) {
	var buffer []byte
	err = c.eachBatch(ctx, s, t, nil, func(rows [][]any) error {
		c.mended(rows)
		for _, row := range rows {
			buffer = appendValues(buffer[:0], row)
			sum.add(buffer)
		}
		seen(sum.rows)
		return nil
	})
	return sum, err
}

// differs looks for the first row that is not the same on both sides.
func (c *copier) differs(ctx context.Context, t copyTable, from, to int64) error {
	d := &CopyDiffers{Table: t.name, From: from, To: to}
	key, err := c.firstMissing(ctx, t, c.from, c.to)
	if err == nil && key == nil {
		key, err = c.firstMissing(ctx, t, c.to, c.from)
	}
	if err != nil {
		return err
	}
	if key != nil {
		d.Key = shownKey(t.keyColumns(), key)
	}
	return d
}

// firstMissing is the key of the first row of one side that the other has not, or has otherwise.
func (c *copier) firstMissing(ctx context.Context, t copyTable, one, other copySide) (key []any, err error) {
	err = c.eachBatch(ctx, one, t, nil, func(rows [][]any) error {
		c.mended(rows)
		for _, row := range rows {
			there, err := c.has(ctx, other, t, row)
			if err != nil {
				return err
			}
			if !there {
				key = t.keyOf(row)
				return errEnough
			}
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return key, nil
	}
	return nil, err
}

func (c *copier) has(ctx context.Context, s copySide, t copyTable, row []any) (there bool, err error) {
	want := string(appendValues(nil, row))
	query, args := t.one(t.keyOf(row))
	err = s.each(ctx, query, args, func(found []any) error {
		if err := t.take(found); err != nil {
			return err
		}
		c.mended([][]any{found})
		there = there || string(appendValues(nil, found)) == want
		return nil
	})
	return there, err
}
