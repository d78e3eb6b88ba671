package models

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// jsonColumn keeps a value as JSON text. Numbers in an any come back as json.Number, digit by digit.
type jsonColumn[T any] struct{ V T }

// Value implements driver.Valuer.
func (c jsonColumn[T]) Value() (driver.Value, error) {
	return textOf(c)
}

// textOf is what is stored.
func textOf[T any](c jsonColumn[T]) (string, error) {
	raw, err := json.Marshal(c.V)
	return string(raw), err
}

// Scan implements sql.Scanner.
func (c *jsonColumn[T]) Scan(v any) error {
	var raw []byte
	switch v := v.(type) {
	case string:
		raw = []byte(v)
	case []byte:
		raw = v
	default:
		return fmt.Errorf("models: JSON cannot be read from %T", v)
	}
	return decodeJSON(raw, &c.V)
}

// decodeJSON reads JSON from a column, with numbers digit by digit.
func decodeJSON(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(into)
}

// GormDataType tells GORM that it is a column, not a relation.
func (jsonColumn[T]) GormDataType() string { return "text" }
