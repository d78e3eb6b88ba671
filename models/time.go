package models

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// A Time is stored as UTC epoch microseconds; the zero time as 0. As JSON it is RFC 3339.
type Time struct{ time.Time }

// at is t as it comes back from the database.
func at(t time.Time) Time {
	if t.IsZero() {
		return Time{}
	}
	return Time{time.UnixMicro(t.UnixMicro()).UTC()}
}

// Micros is what is stored.
func (t Time) Micros() int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Value implements driver.Valuer.
func (t Time) Value() (driver.Value, error) { return t.Micros(), nil }

// Scan implements sql.Scanner.
func (t *Time) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*t = Time{}
	case int64:
		*t = fromMicros(v)
	case time.Time:
		*t = at(v)
	default:
		return fmt.Errorf("models: a time cannot be read from %T", v)
	}
	return nil
}

func fromMicros(v int64) Time {
	if v == 0 {
		return Time{}
	}
	return Time{time.UnixMicro(v).UTC()}
}
