package models_test

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sqliteFacts reads a schema from SQLite's pragmas, and from its own text what they do not tell.
func sqliteFacts(t *testing.T, p *sql.DB) facts {
	f := facts{}
	for _, row := range query(t, p, `SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND type <> 'shadow'
			AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name <> 'goose_db_version'`) {
		table, kind := row[0], row[1]
		f["table "+table] = kind
		if kind == "table" {
			f.sqliteColumns(t, p, table)
			f.sqliteIndexes(t, p, table)
			f.sqliteRules(t, p, table)
		}
	}
	for _, row := range query(t, p, `SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'`) {
		f["trigger "+row[0]] = row[1]
	}
	return f
}

func (f facts) sqliteColumns(t *testing.T, p *sql.DB, table string) {
	key := map[string]string{}
	var names []string
	for _, row := range query(t, p, `SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)`, table) {
		name, kind, notNull, preset, place := row[0], row[1], row[2] == "1", row[3], row[4]
		names = append(names, name)
		if place != "0" {
			key[place] = name
		}
		f["column "+table+"."+name] = columnFact(kind, notNull || place != "0", preset)
	}
	f["order "+table] = strings.Join(names, ", ")
	var columns []string
	for i := range len(key) {
		columns = append(columns, key[fmt.Sprint(i+1)])
	}
	f["key "+table] = strings.Join(columns, ", ")
}

func (f facts) sqliteIndexes(t *testing.T, p *sql.DB, table string) {
	for _, row := range query(t, p, `SELECT l.name, l."unique", l.origin, coalesce(m.sql, '') FROM pragma_index_list(?) l
			LEFT JOIN sqlite_master m ON m.type = 'index' AND m.name = l.name`, table) {
		name, unique, origin, text := row[0], row[1] == "1", row[2], row[3]
		var columns []string
		for _, c := range query(t, p, `SELECT name, "desc", coll FROM pragma_index_xinfo(?) WHERE key`, name) {
			column := c[0]
			if c[1] != "0" || c[2] != "BINARY" {
				column += " desc " + c[1] + " " + c[2]
			}
			columns = append(columns, column)
		}
		_, where, _ := strings.Cut(text, " WHERE ")
		switch origin {
		case "u":
			f["unique "+table+" ("+strings.Join(columns, ", ")+")"] = ""
		case "c":
			f["index "+name] = indexFact(table, columns, unique, where)
		}
	}
}

var checks = regexp.MustCompile(`CHECK \(((?:[^()]|\([^()]*\))*)\)`)

// sqliteRules are checks and references.
func (f facts) sqliteRules(t *testing.T, p *sql.DB, table string) {
	var all []string
	for _, m := range checks.FindAllStringSubmatch(query(t, p, `SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?`, table)[0][0], -1) {
		all = append(all, plain(m[1]))
	}
	slices.Sort(all)
	for _, c := range all {
		f["check "+table+": "+c] = ""
	}
	for _, row := range query(t, p, `SELECT "from", "table", "to", on_delete, on_update FROM pragma_foreign_key_list(?)`, table) {
		f["reference "+table+"."+row[0]] = fmt.Sprintf("%s.%s, on delete %s, on update %s", row[1], row[2], row[3], row[4])
	}
}
