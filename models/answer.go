package models

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
)

const (
	maxAnswerRows = 1000 // of one response that filters can see; the response itself holds all
	maxAnswerKey  = 200  // bytes
	maxAnswerText = 500  // bytes of one value in the index
)

// MaxAnswerKeys is how many keys AnswerKeys lists at most.
const MaxAnswerKeys = 1000

// An answerRow is one plain value of a response, typed for filters.
type answerRow struct {
	Key    string
	N      int
	Text   string
	Number *float64
}

// answerRows flattens answers: objects by keys with dots ("period.start-date"), lists by item. An empty value
// has a row too, so that its key is known.
func answerRows(answers map[string]any) []answerRow {
	rows := make([]answerRow, 0, len(answers)+4)
	for _, k := range sortedKeys(answers) {
		rows = appendAnswer(rows, k, answers[k])
	}
	return rows[:min(len(rows), maxAnswerRows)]
}

func appendAnswer(rows []answerRow, key string, v any) []answerRow {
	if len(key) > maxAnswerKey || len(rows) >= maxAnswerRows {
		return rows
	}
	switch v := v.(type) {
	case map[string]any:
		for _, k := range sortedKeys(v) {
			rows = appendAnswer(rows, key+"."+k, v[k])
		}
		if len(v) > 0 {
			return rows
		}
		return append(rows, answerRow{Key: key})
	case []any:
		for n, item := range v[:min(len(v), maxAnswerRows)] {
			rows = append(rows, plainAnswer(key, n, item))
		}
		if len(v) > 0 {
			return rows
		}
		return append(rows, answerRow{Key: key})
	}
	return append(rows, plainAnswer(key, 0, v))
}

// plainAnswer types one value; a text that is a number counts as one too, because inputs submit texts.
func plainAnswer(key string, n int, v any) answerRow {
	row := answerRow{Key: key, N: n, Text: shorten(answerText(v), maxAnswerText)}
	if row.Text == "" || row.Text[0] > '9' { // as most are: an error costs more than all else
		return row
	}
	if f, err := strconv.ParseFloat(row.Text, 64); err == nil && f-f == 0 { // neither infinite nor NaN
		row.Number = &f
	}
	return row
}

// answerText is a value as text: what it says, or its JSON.
func answerText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	text, err := encodeJSON(v)
	if err != nil {
		return "" // nothing that came as JSON
	}
	return text
}

// encodeJSON keeps <, > and & as they are: what is stored is not HTML.
func encodeJSON(v any) (string, error) {
	b, err := asIs.appendTo(make([]byte, 0, 512), v)
	return string(b), err
}

// AnswerKeys lists the answer keys that occur in responses of a flow (0: of all), by name; the parts of an object
// are keys with dots, as in an export.
func (db *DB) AnswerKeys(ctx context.Context, flowID int64) ([]string, error) {
	flows := []int64{flowID}
	if flowID == 0 {
		var err error
		if flows, err = db.answerFlows(ctx); err != nil {
			return nil, err
		}
	}
	var all []string
	for _, id := range flows {
		keys, err := db.answerKeys(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, keys...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return all[:min(len(all), MaxAnswerKeys)], nil
}

// Both take one step of the index for each key or flow.
const (
	sqlAnswerKeys = `WITH RECURSIVE k (key) AS (
			SELECT min(key) FROM answers WHERE flow_id = ?
			UNION ALL SELECT (SELECT min(key) FROM answers WHERE flow_id = ? AND key > k.key) FROM k WHERE k.key IS NOT NULL)
		SELECT key FROM k WHERE key IS NOT NULL`
	sqlAnswerFlows = `WITH RECURSIVE k (id) AS (
			SELECT min(flow_id) FROM answers
			UNION ALL SELECT (SELECT min(flow_id) FROM answers WHERE flow_id > k.id) FROM k WHERE k.id IS NOT NULL)
		SELECT id FROM k WHERE id IS NOT NULL`
)

// answerKeys jumps from key to key through the index, whatever the number of answers.
func (db *DB) answerKeys(ctx context.Context, flowID int64) ([]string, error) {
	rows, err := db.reader().QueryContext(ctx, sqlAnswerKeys+` LIMIT ?`, flowID, flowID, MaxAnswerKeys+1)
	return collect(rows, err, func(k *string, s scanner) error { return s.Scan(k) })
}

// answerFlows lists the flows that have answers, those of no flow (0) among them.
func (db *DB) answerFlows(ctx context.Context) ([]int64, error) {
	rows, err := db.reader().QueryContext(ctx, sqlAnswerFlows)
	return collect(rows, err, func(id *int64, s scanner) error { return s.Scan(id) })
}

// NestedKeys lists the keys of a flow under which responses hold objects, or lists, inside of lists: as filters know these, one
// text holds several answers.
func (db *DB) NestedKeys(ctx context.Context, flowID int64) ([]string, error) {
	const begins = `EXISTS (SELECT 1 FROM answers a WHERE a.flow_id = ? AND a.key = k.key AND a.text >= ? AND a.text < ?)`
	rows, err := db.reader().QueryContext(ctx, sqlAnswerKeys+` AND (`+begins+` OR `+begins+`) LIMIT ?`,
		flowID, flowID, flowID, `{"`, `{#`, flowID, `[`, `\`, MaxAnswerKeys)
	return collect(rows, err, func(k *string, s scanner) error { return s.Scan(k) })
}
