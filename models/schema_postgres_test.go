package models_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
)

// ours limits a query of pg_class c to tables that are no partition.
const ours = ` c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
	AND c.relname <> 'goose_db_version' `

// postgresFacts reads a schema from pg_catalog.
func postgresFacts(t *testing.T, p *sql.DB) facts {
	f := facts{}
	for _, row := range query(t, p, `SELECT c.relname, CASE WHEN c.relkind IN ('r', 'p') THEN 'table' ELSE c.relkind::text END FROM pg_class c WHERE `+ours) {
		f["table "+row[0]] = row[1]
	}
	f.postgresColumns(t, p)
	f.postgresIndexes(t, p)
	f.postgresRules(t, p)
	for _, row := range query(t, p, `SELECT g.tgname, c.relname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid WHERE NOT g.tgisinternal AND `+ours) {
		f["trigger "+row[0]] = row[1]
	}
	return f
}

func (f facts) postgresColumns(t *testing.T, p *sql.DB) {
	order := map[string][]string{}
	for _, row := range query(t, p, `SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text, coalesce(pg_get_expr(d.adbin, d.adrelid), ''),
			coalesce(l.collname, '')
			FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
			LEFT JOIN pg_collation l ON l.oid = a.attcollation WHERE a.attnum > 0 AND NOT a.attisdropped AND `+ours+` ORDER BY c.relname, a.attnum`) {
		table, name, kind, notNull, preset, collation := row[0], row[1], row[2], row[3] == "true", row[4], row[5]
		if kind == "text" {
			kind += fmt.Sprintf(" %q", strings.ToLower(collation))
		}
		if strings.HasPrefix(preset, "nextval(") { // SQLite numbers by itself
			preset = ""
		}
		f["column "+table+"."+name] = columnFact(kind, notNull, preset)
		order[table] = append(order[table], name)
	}
	for table, names := range order {
		f["order "+table] = strings.Join(names, ", ")
	}
}

func (f facts) postgresIndexes(t *testing.T, p *sql.DB) {
	for _, row := range query(t, p, `SELECT c.relname, i.relname, x.indisprimary::text, x.indisunique::text, coalesce(pg_get_expr(x.indpred, x.indrelid), ''),
			(SELECT string_agg(pg_get_indexdef(x.indexrelid, n, TRUE) || CASE WHEN x.indoption[n - 1] <> 0 THEN ' desc' ELSE '' END, ', ' ORDER BY n)
				FROM generate_series(1, x.indnkeyatts) AS n), (o.oid IS NOT NULL)::text, m.amname, x.indisvalid::text
			FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am m ON m.oid = i.relam
			LEFT JOIN pg_constraint o ON o.conindid = x.indexrelid AND o.contype = 'u' WHERE `+ours) {
		table, name, primary, unique, where, columns := row[0], row[1], row[2] == "true", row[3] == "true", row[4], row[5]
		switch {
		case primary:
			f["key "+table] = columns
		case row[6] == "true":
			f["unique "+table+" ("+columns+")"] = ""
		default:
			f["index "+name] = indexFact(table, strings.Split(columns, ", "), unique, where)
			if row[7] != "btree" || row[8] != "true" {
				f["index "+name] += fmt.Sprintf(", %s, valid %s", row[7], row[8])
			}
		}
	}
}

// postgresRules are checks and references.
func (f facts) postgresRules(t *testing.T, p *sql.DB) {
	deeds := map[string]string{"a": "NO ACTION", "c": "CASCADE", "r": "RESTRICT", "n": "SET NULL", "d": "SET DEFAULT"}
	for _, row := range query(t, p, `SELECT c.relname, pg_get_expr(o.conbin, o.conrelid) FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
			WHERE o.contype = 'c' AND `+ours) {
		f["check "+row[0]+": "+plain(row[1])] = ""
	}
	for _, row := range query(t, p, `SELECT c.relname, a.attname, r.relname, b.attname, o.confdeltype::text, o.confupdtype::text
			FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_class r ON r.oid = o.confrelid
			JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = o.conkey[1] JOIN pg_attribute b ON b.attrelid = o.confrelid AND b.attnum = o.confkey[1]
			WHERE o.contype = 'f' AND `+ours) {
		f["reference "+row[0]+"."+row[1]] = fmt.Sprintf("%s.%s, on delete %s, on update %s", row[2], row[3], deeds[row[4]], deeds[row[5]])
	}
}
