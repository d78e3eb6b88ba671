package models

import (
	"context"
	"fmt"
)

// unsettled names the visits whose run is not known, for locking.
func unsettled(rs []StepRecord) (names []string) {
	for _, r := range rs {
		if v := r.Visit; v.Token != "" && v.Run == 0 {
			names = append(names, fmt.Sprintf("visit %d/%s", v.FlowID, v.Token))
		}
	}
	return names
}

// settleRuns finds the runs of visits that began while they could not be read: one that started at the same moment is
// theirs, else they are the next.
func settleRuns(ctx context.Context, q querier, rs []StepRecord) error {
	type start struct {
		flowID int64
		token  string
		micros int64
	}
	found, newest := map[start]int{}, map[visitKey]int{}
	for i := range rs {
		v := &rs[i].Visit
		if v.Token == "" || v.Run != 0 {
			continue
		}
		key, any := start{v.FlowID, v.Token, v.StartedAt.Micros()}, visitKey{v.FlowID, v.Token, 0}
		if found[key] == 0 {
			var same, last int
			err := q.QueryRowContext(ctx, `SELECT coalesce(max(CASE WHEN started_at = ? THEN run END), 0), coalesce(max(run), 0)
				FROM visits WHERE flow_id = ? AND token = ?`, v.StartedAt, v.FlowID, v.Token).Scan(&same, &last)
			if err != nil {
				return fmt.Errorf("find the run of a visit of flow %d: %w", v.FlowID, err)
			}
			newest[any] = max(newest[any], last)
			if found[key] = same; same == 0 {
				newest[any]++
				found[key] = newest[any]
			}
		}
		v.Run = found[key]
	}
	return nil
}
