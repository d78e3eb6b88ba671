package models

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"
)

// A TriageStatus is how far somebody came with a response.
type TriageStatus struct {
	Key     string // in addresses and rows; it never changes
	Name    string
	Closed  bool // nothing is left to do
	Own     bool // an administrator named it
	Removed bool // it is not offered any more; responses keep it
}

// The statuses that are always there.
const (
	StatusNew        = "new"
	StatusInProgress = "in-progress"
	StatusDone       = "done"
)

const (
	maxStatuses   = 20 // that are named by administrators
	maxStatusName = 40 // characters
)

// TriageStatuses are all in the order in which work goes on, those that were removed last.
func (db *DB) TriageStatuses(ctx context.Context) ([]TriageStatus, error) {
	return triageStatuses(ctx, db.reader())
}

func triageStatuses(ctx context.Context, q querier) ([]TriageStatus, error) {
	rows, err := q.QueryContext(ctx, `SELECT key, name, closed, removed_at > 0 FROM triage_statuses ORDER BY removed_at > 0, lower(name), key`)
	own, err := collect(rows, err, func(s *TriageStatus, row scanner) error {
		s.Own = true
		return row.Scan(&s.Key, &s.Name, &s.Closed, &s.Removed)
	})
	all := []TriageStatus{{Key: StatusNew, Name: "New"}, {Key: StatusInProgress, Name: "In progress"}}
	closed := []TriageStatus{{Key: StatusDone, Name: "Done", Closed: true}}
	var removed []TriageStatus
	for _, s := range own {
		switch {
		case s.Removed:
			removed = append(removed, s)
		case s.Closed:
			closed = append(closed, s)
		default:
			all = append(all, s)
		}
	}
	return append(append(all, closed...), removed...), err
}

// AddTriageStatus names one more. Invalid: name.
func (db *DB) AddTriageStatus(ctx context.Context, s TriageStatus, by By) error {
	s.Name = strings.Join(strings.Fields(s.Name), " ")
	return db.tx(ctx, func(tx *gorm.DB) error {
		all, err := triageStatuses(ctx, inTx(tx))
		if err != nil {
			return err
		}
		if err := checkStatusName(all, s); err != nil {
			return err
		}
		if len(all) >= 3+maxStatuses {
			return &Invalid{"name", fmt.Sprintf("There are %d statuses of your own already, with those that were removed.", maxStatuses)}
		}
		s.Key = freeKey(all, s.Name)
		if err := tx.Exec(`INSERT INTO triage_statuses (key, name, closed) VALUES (?, ?, ?)`, s.Key, s.Name, s.Closed).Error; err != nil {
			return err
		}
		return db.changed(tx, by, "status.add", "status "+s.Key, map[string]any{"name": s.Name, "closed": s.Closed})
	})
}

// ChangeTriageStatus gives one that an administrator named another name, takes it out of use or brings it back. ErrNotFound:
// there is none of that key.
func (db *DB) ChangeTriageStatus(ctx context.Context, s TriageStatus, by By) error {
	s.Name = strings.Join(strings.Fields(s.Name), " ")
	return db.tx(ctx, func(tx *gorm.DB) error {
		all, err := triageStatuses(ctx, inTx(tx))
		if err != nil {
			return err
		}
		if err := checkStatusName(all, s); err != nil {
			return err
		}
		removed := Time{}
		if s.Removed {
			removed = db.now()
		}
		done := tx.Exec(`UPDATE triage_statuses SET name = ?, closed = ?, removed_at = ? WHERE key = ?`, s.Name, s.Closed, removed, s.Key)
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return ErrNotFound
		}
		return db.changed(tx, by, "status.change", "status "+s.Key, map[string]any{"name": s.Name, "closed": s.Closed, "removed": s.Removed})
	})
}

func checkStatusName(all []TriageStatus, s TriageStatus) error {
	if s.Name == "" {
		return &Invalid{"name", "Enter a name."}
	}
	if tooLong(s.Name, maxStatusName) {
		return &Invalid{"name", fmt.Sprintf("A name has at most %d characters.", maxStatusName)}
	}
	for _, other := range all {
		if other.Key != s.Key && fold(other.Name) == fold(s.Name) {
			return &Invalid{"name", "There is a status with this name already."}
		}
	}
	return nil
}

// freeKey makes a key of a name: "waiting-for-customer", with a number behind where that is taken.
func freeKey(all []TriageStatus, name string) string {
	taken := map[string]bool{"open": true, "closed": true} // that addresses use for several
	for _, s := range all {
		taken[s.Key] = true
	}
	base := strings.Join(strings.FieldsFunc(fold(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }), "-")
	if base == "" {
		base = "status"
	}
	for n := 1; ; n++ {
		key := base
		if n > 1 {
			key = fmt.Sprintf("%s-%d", base, n)
		}
		if !taken[key] {
			return key
		}
	}
}
