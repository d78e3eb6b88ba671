package models

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// DeliveryWords are the sources and the kinds that occur among the newest 2,000 deliveries, by name: what a filter offers.
func (db *DB) DeliveryWords(ctx context.Context) (sources, kinds []string, err error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT DISTINCT source, kinds FROM
		(SELECT source, kinds FROM deliveries ORDER BY received_at DESC, id DESC LIMIT 2000) AS newest`)
	all, err := collect(rows, err, func(w *[2]string, row scanner) error { return row.Scan(&w[0], &w[1]) })
	from, of := map[string]bool{}, map[string]bool{}
	for _, w := range all {
		from[w[0]] = true
		for k := range strings.FieldsSeq(w[1]) {
			of[k] = true
		}
	}
	return slices.Sorted(maps.Keys(from)), slices.Sorted(maps.Keys(of)), err
}
