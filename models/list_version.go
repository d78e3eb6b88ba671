package models

import (
	"context"

	"gorm.io/gorm"

	"switchyard/models/rules"
)

// A ListVersion is one state of a list.
type ListVersion struct {
	rules.List // without columns and rows in ListVersions
	Version    int
	Size       int
	Did        ListAct
	Note       string
	Author     string
	At         Time
}

type listVersionRow struct {
	Name    string `gorm:"primaryKey"`
	Version int    `gorm:"primaryKey;autoIncrement:false"`
	Columns jsonColumn[[]rules.Column]
	Rows    jsonColumn[[]rules.Row]
	Size    int
	Did     ListAct
	Note    string
	Author  string
	At      Time
}

func (listVersionRow) TableName() string { return "list_versions" }

func (r listVersionRow) version() ListVersion {
	return ListVersion{rules.List{Name: r.Name, Columns: r.Columns.V, Rows: r.Rows.V}, r.Version, r.Size, r.Did, r.Note, r.Author, r.At}
}

// How many versions of a list stay: the newest, as long as they are not too much together.
const (
	listVersions     = 100
	listVersionsLow  = 10
	listVersionsSize = 64 << 20 // characters
)

func lastListVersion(tx *gorm.DB, name string) (last int, err error) {
	err = tx.Raw("SELECT COALESCE(MAX(version), 0) FROM list_versions WHERE name = ?", name).Scan(&last).Error
	return last, err
}

func pruneList(tx *gorm.DB, name string) error {
	return tx.Exec(`DELETE FROM list_versions WHERE name = ? AND version IN (
		SELECT v.version FROM (SELECT version, ROW_NUMBER() OVER (ORDER BY version DESC) AS n, SUM(LENGTH(rows)) OVER (ORDER BY version DESC) AS held
			FROM list_versions WHERE name = ?) AS v WHERE v.n > ? OR v.n > ? AND v.held > ?)
		AND version <> COALESCE((SELECT version FROM lists WHERE name = ?), 0)`,
		name, name, listVersions, listVersionsLow, listVersionsSize, name).Error
}

// ListVersions lists the versions of a list, also of one that was deleted, newest first, without columns and rows.
func (db *DB) ListVersions(ctx context.Context, name string) ([]ListVersion, error) {
	var rows []listVersionRow
	err := db.read.WithContext(ctx).Omit("columns", "rows").Where("name = ?", name).Order("version DESC").Find(&rows).Error
	versions := make([]ListVersion, len(rows))
	for i, r := range rows {
		versions[i] = r.version()
	}
	return versions, err
}

// ListVersion returns one version whole.
func (db *DB) ListVersion(ctx context.Context, name string, version int) (ListVersion, error) {
	var row listVersionRow
	err := db.read.WithContext(ctx).Where("name = ? AND version = ?", name, version).Take(&row).Error
	return row.version(), kindOf(err)
}

// DeletedLists are the newest versions of lists that are gone, the last deleted first, at most 100, without columns and
// rows.
func (db *DB) DeletedLists(ctx context.Context) ([]ListVersion, error) {
	var rows []listVersionRow
	err := db.read.WithContext(ctx).Omit("columns", "rows").
		Where("did = ? AND NOT EXISTS (SELECT 1 FROM lists l WHERE l.name = list_versions.name)", string(ListDeleted)).
		Where("NOT EXISTS (SELECT 1 FROM list_versions n WHERE n.name = list_versions.name AND n.version > list_versions.version AND n.did = ?)", string(ListDeleted)).
		Order("at DESC, name").Limit(100).Find(&rows).Error
	gone := make([]ListVersion, len(rows))
	for i, r := range rows {
		gone[i] = r.version()
	}
	return gone, err
}

// RestoreList makes an earlier version the list again, as a new version; seen as in ListEdit.
func (db *DB) RestoreList(ctx context.Context, name string, version, seen int, by By) (int, error) {
	v, err := db.ListVersion(ctx, name, version)
	if err != nil {
		return 0, err
	}
	return db.ChangeList(ctx, v.List, ListEdit{Seen: seen, Did: ListRestored}, by)
}
