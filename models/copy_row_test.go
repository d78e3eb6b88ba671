package models

import (
	"bytes"
	"math"
	"reflect"
	"testing"
)

func TestRowsHaveOneFormOnBothEngines(t *testing.T) {
	for _, tt := range []struct {
		kind            columnKind
		sqlite, pg, not any
	}{
		{kindBoolean, int64(1), true, false},
		{kindReal, int64(2), 2.0, 2.5},
		{kindReal, 0.0, math.Copysign(0, -1), nil},
		{kindText, []byte("a"), "a", "b"},
		{kindText, "", "", nil},
		{kindBlob, "", []byte{}, nil},
		{kindInteger, int64(0), int64(0), nil},
	} {
		form := func(v any) string {
			taken, err := tt.kind.take(v)
			if err != nil {
				t.Fatalf("take(%T) = %v", v, err)
			}
			return string(appendValues(nil, []any{taken}))
		}
		if form(tt.sqlite) != form(tt.pg) || form(tt.sqlite) == form(tt.not) {
			t.Errorf("kind %d: %#v and %#v must be the same, %#v another", tt.kind, tt.sqlite, tt.pg, tt.not)
		}
	}
	for kind, v := range map[columnKind]any{kindInteger: "1", kindBoolean: "true", kindText: int64(1), kindBlob: 1.5} {
		if got, err := kind.take(v); err == nil {
			t.Errorf("kind %d: take(%#v) = %#v; want an error", kind, v, got)
		}
	}
}

func FuzzValuesOf(f *testing.F) {
	for _, seed := range [][]any{nil, {int64(-1)}, {"a\xff\x00", int64(7)}, {[]byte{1, 2}, "claim"}} {
		f.Add(appendValues(nil, seed))
	}
	f.Add([]byte{byte(kindText), 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		values, err := valuesOf(b)
		if err != nil {
			return
		}
		written := appendValues(nil, values)
		again, err := valuesOf(written)
		if err != nil || !reflect.DeepEqual(again, values) || len(written) > len(b) {
			t.Errorf("valuesOf(%x) = %v, and when written again %v, %v", b, values, again, err)
		}
		if len(written) == len(b) && !bytes.Equal(written, b) {
			t.Errorf("valuesOf(%x) is written as %x", b, written)
		}
	})
}
