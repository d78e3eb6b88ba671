package models

import "context"

// FixedHits are the decisions that no rule of a screen took, by screen; the opening is "opening".
type FixedHits struct {
	Otherwise map[string]int
	Back      map[string]int // where the screen says itself what back does
}

// FixedHits counts since then how often what a screen has beside its rules decided, tests left out.
func (db *DB) FixedHits(ctx context.Context, flowID int64, since Time) (FixedHits, error) {
	var rows []struct {
		Action, Screen, Rule string
		N                    int
	}
	err := db.read.WithContext(ctx).Raw(`SELECT action, screen, rule, COUNT(*) AS n FROM steps
		WHERE flow_id = ? AND at >= ? AND rule_id = '' AND rule IN ('Otherwise', 'Back') AND NOT test
		GROUP BY action, screen, rule`, flowID, since).Scan(&rows).Error
	hits := FixedHits{Otherwise: map[string]int{}, Back: map[string]int{}}
	for _, r := range rows {
		switch {
		case r.Rule == "Back":
			hits.Back[r.Screen] += r.N
		case r.Action == "INIT":
			hits.Otherwise["opening"] += r.N
		default:
			hits.Otherwise[r.Screen] += r.N
		}
	}
	return hits, err
}
