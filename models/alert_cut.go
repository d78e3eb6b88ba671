package models

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"switchyard/models/alert"
)

// An alertRow is an alert as it is written.
type alertRow struct {
	ID         int64
	Key        string
	MetaID     string
	Kind       alert.Kind
	Status     alert.Status
	Severity   alert.Severity
	Thresholds string
	SinceAt    Time
	ResolvedAt Time
	ReopenedAt Time
	LastEvent  int64
	AckBy      int64
	AckName    string
	AckAt      Time
	AckNote    string

	SnoozedUntil Time
	AssignedTo   int64
	AssignedName string
	ClosedName   string
	ClosedNote   string
}

func (alertRow) TableName() string { return "alerts" }

// recut folds all events and acts of one flow and kind, and brings alerts, their events and acts to what comes
// out: a late event may lengthen, join or split alerts (design/decisions.md 38). Who is to hear of what changed does so in
// the same transaction.
func (db *DB) recut(ctx context.Context, tx *gorm.DB, metaID string, kind alert.Kind) error {
	const one = "meta_id = ? AND kind = ?"
	events, err := gorm.G[alertEventRow](tx).Where(one, metaID, kind).Find(ctx)
	if err != nil {
		return err
	}
	acts, err := gorm.G[alertActRow](tx).Where(one, metaID, kind).Find(ctx)
	if err != nil {
		return err
	}
	rows, err := gorm.G[alertRow](tx).Where(one, metaID, kind).Find(ctx)
	if err != nil {
		return err
	}
	stretches, orphans := alert.Fold(kind, foldEvents(events), foldActs(acts))
	kept := keepRows(rows, stretches)
	for _, r := range rows {
		if !slices.Contains(kept, r.ID) {
			if err := tx.Exec(`DELETE FROM alerts WHERE id = ?`, r.ID).Error; err != nil {
				return err
			}
		}
	}
	c := newCutting(tx, rows, events, acts)
	var all []news
	for i, s := range stretches {
		id, err := c.save(alertRow{ID: kept[i], MetaID: metaID, Kind: kind}, s)
		if err != nil {
			return err
		}
		if m := momentOf(rowByID(rows, kept[i]), s); m != "" {
			all = append(all, news{m, id, metaID, kind, s, c.events[telling(kind, s).Key]})
		}
	}
	if err := c.moveEvents(orphans, 0); err != nil {
		return err
	}
	return db.notify(ctx, tx, all)
}

// rowByID is an alert as it was, nil when there was none.
func rowByID(rows []alertRow, id int64) *alertRow {
	if i := slices.IndexFunc(rows, func(r alertRow) bool { return r.ID == id }); i >= 0 {
		return &rows[i]
	}
	return nil
}

// keepRows gives each stretch the row that it had: by its key, else one whose first event it now holds; 0: a new
// one. So the address of an alert survives a late event.
func keepRows(rows []alertRow, stretches []alert.Stretch) []int64 {
	free := map[string]int64{}
	for _, r := range rows {
		free[r.Key] = r.ID
	}
	kept := make([]int64, len(stretches))
	for i, s := range stretches {
		kept[i] = free[s.Key]
		delete(free, s.Key)
	}
	for i, s := range stretches {
		for _, e := range s.Events {
			if id, ok := free[e.Key]; ok && kept[i] == 0 {
				kept[i] = id
				delete(free, e.Key)
			}
		}
	}
	return kept
}

// A cutting is one recut at work.
type cutting struct {
	tx     *gorm.DB
	rows   map[int64]alertRow // as they were
	events map[string]alertEventRow
	acts   map[int64]alertActRow
}

func newCutting(tx *gorm.DB, rows []alertRow, events []alertEventRow, acts []alertActRow) cutting {
	c := cutting{tx: tx, rows: map[int64]alertRow{}, events: map[string]alertEventRow{}, acts: map[int64]alertActRow{}}
	for _, r := range rows {
		c.rows[r.ID] = r
	}
	for _, e := range events {
		c.events[e.Key] = e
	}
	for _, a := range acts {
		c.acts[a.ID] = a
	}
	return c
}

// save writes an alert, unless it is as it was, and returns its id. A flow has more and more of them, of which an event
// changes the last.
func (c cutting) save(row alertRow, s alert.Stretch) (int64, error) {
	thresholds, err := encodeJSON(append([]float64{}, s.Thresholds...))
	if err != nil {
		return 0, err
	}
	row.Key, row.Status, row.Severity, row.Thresholds = s.Key, s.Status, s.Severity, thresholds
	row.SinceAt, row.ResolvedAt, row.ReopenedAt = at(s.Since), at(s.ResolvedAt), at(s.ReopenedAt)
	row.LastEvent = c.events[s.Last.Key].ID
	row.SnoozedUntil = at(s.SnoozedUntil)
	if s.Assigned != nil {
		row.AssignedTo, row.AssignedName = s.Assigned.To, s.Assigned.ToName
	}
	if s.Closed != nil {
		row.ClosedName, row.ClosedNote = s.Closed.Name, s.Closed.Note
	}
	if s.Ack != nil {
		row.AckBy, row.AckName, row.AckAt, row.AckNote = s.Ack.By, s.Ack.Name, at(s.Ack.At), s.Ack.Note
	}
	if was, known := c.rows[row.ID]; !known || was != row {
		if err := c.tx.Save(&row).Error; err != nil {
			return 0, err
		}
	}
	if err := c.moveEvents(s.Events, row.ID); err != nil {
		return 0, err
	}
	for _, a := range s.Acts {
		if c.acts[a.ID].AlertID == row.ID {
			continue
		}
		if err := c.tx.Exec(`UPDATE alert_acts SET alert_id = ? WHERE id = ?`, row.ID, a.ID).Error; err != nil {
			return 0, err
		}
	}
	return row.ID, nil
}

func (c cutting) moveEvents(events []alert.Event, alertID int64) error {
	for place, e := range events {
		row := c.events[e.Key]
		if row.AlertID == alertID && row.Place == place {
			continue
		}
		if err := c.tx.Exec(`UPDATE alert_events SET alert_id = ?, place = ? WHERE id = ?`, alertID, place, row.ID).Error; err != nil {
			return err
		}
	}
	return nil
}

func foldEvents(rows []alertEventRow) []alert.Event {
	events := make([]alert.Event, len(rows))
	for i, e := range rows {
		events[i] = alert.Event{Key: e.Key, Own: e.Source == ownSource, Activated: e.Activated, Threshold: e.Threshold, At: e.At.Time, Arrived: e.ArrivedAt.Time}
	}
	return events
}

func foldActs(rows []alertActRow) []alert.Act {
	acts := make([]alert.Act, len(rows))
	for i, a := range rows {
		acts[i] = a.act()
	}
	return acts
}
