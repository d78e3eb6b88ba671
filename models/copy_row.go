package models

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// A columnKind is what the values of a column are, on both engines.
type columnKind byte

const (
	kindNull columnKind = iota // of a value only
	kindInteger
	kindReal
	kindBoolean
	kindText
	kindBlob
)

// columnKinds knows the types that the migrations use, in lower case.
var columnKinds = map[string]columnKind{
	"integer": kindInteger, "bigint": kindInteger, "real": kindReal, "double precision": kindReal,
	"boolean": kindBoolean, "text": kindText, "blob": kindBlob, "bytea": kindBlob,
}

// take makes a value as a driver gives it one of the kind: SQLite keeps values of any type in any column.
func (k columnKind) take(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case int64:
		switch k {
		case kindInteger:
			return v, nil
		case kindReal:
			return float64(v), nil
		case kindBoolean:
			return v != 0, nil
		}
	case float64:
		if k == kindReal {
			return v, nil
		}
	case bool:
		if k == kindBoolean {
			return v, nil
		}
	case string:
		switch k {
		case kindText:
			return v, nil
		case kindBlob:
			return []byte(v), nil
		}
	case []byte:
		switch k {
		case kindText:
			return string(v), nil
		case kindBlob:
			return v, nil
		}
	}
	return nil, fmt.Errorf("it holds a %T where another type belongs", v)
}

// mendTexts makes the texts of a row UTF-8, as PostgreSQL would, and counts those that were not.
func mendTexts(row []any) (mended int64) {
	for i, v := range row {
		if s, ok := v.(string); ok && !utf8.ValidString(s) {
			row[i] = strings.ToValidUTF8(s, "\uFFFD")
			mended++
		}
	}
	return mended
}

// sizeOf is about what a row takes in memory, in bytes.
func sizeOf(row []any) (n int) {
	for _, v := range row {
		n += 24
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		}
	}
	return n
}

// appendValues writes values in the one form that is the same for both engines: kind, length, bytes. It panics on a
// value that take did not give.
func appendValues(to []byte, values []any) []byte {
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			to = append(to, byte(kindNull))
		case int64:
			to = binary.BigEndian.AppendUint64(append(to, byte(kindInteger)), uint64(v))
		case float64:
			if v == 0 {
				v = 0 // SQLite keeps no sign of zero
			}
			to = binary.BigEndian.AppendUint64(append(to, byte(kindReal)), math.Float64bits(v))
		case bool:
			to = append(to, byte(kindBoolean), 0)
			if v {
				to[len(to)-1] = 1
			}
		case string:
			to = append(binary.AppendUvarint(append(to, byte(kindText)), uint64(len(v))), v...)
		case []byte:
			to = append(binary.AppendUvarint(append(to, byte(kindBlob)), uint64(len(v))), v...)
		default:
			panic(fmt.Sprintf("models: %T in a row that is copied", v))
		}
	}
	return to
}

var errValues = errors.New("the place of the copy cannot be read")

// valuesOf undoes appendValues for the kinds that keys have.
func valuesOf(from []byte) (values []any, err error) {
	for len(from) > 0 {
		kind := columnKind(from[0])
		from = from[1:]
		switch kind {
		case kindInteger:
			if len(from) < 8 {
				return nil, errValues
			}
			values, from = append(values, int64(binary.BigEndian.Uint64(from))), from[8:]
		case kindText, kindBlob:
			size, n := binary.Uvarint(from)
			if n <= 0 || size > uint64(len(from)-n) {
				return nil, errValues
			}
			part := from[n : n+int(size)]
			from = from[n+int(size):]
			if kind == kindText {
				values = append(values, string(part))
			} else {
				values = append(values, part)
			}
		default:
			return nil, errValues
		}
	}
	return values, nil
}

// shownKey names a row for a person: "id 17".
func shownKey(columns []string, key []any) string {
	var parts []string
	for i, v := range key {
		switch v := v.(type) {
		case string:
			parts = append(parts, fmt.Sprintf("%s %q", columns[i], v))
		case []byte:
			parts = append(parts, columns[i]+" "+hex.EncodeToString(v))
		default:
			parts = append(parts, fmt.Sprintf("%s %v", columns[i], v))
		}
	}
	return strings.Join(parts, ", ")
}
