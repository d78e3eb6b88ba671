package models_test

import (
	"database/sql"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"switchyard/models/modelstest"
)

// A fact is one thing that a schema says, such as "column visits.token" = "text, not null"; facts are all of them.
type facts map[string]string

// apart are the facts that differ, and why. Nothing else may.
var apart = map[string]string{
	// Tables kept by month on PostgreSQL: a key must hold the column that tells the month.
	"key deliveries": "partitioned", "key steps": "partitioned", "key answers": "partitioned",
	// A response is looked up by its search text through FTS5 on SQLite, through a trigram index on PostgreSQL.
	"index contacts_search": "full text", "index responses_search": "full text",
	"table contacts_search": "full text", "table responses_search": "full text",
	"trigger contacts_search_insert": "full text", "trigger contacts_search_update": "full text", "trigger contacts_search_delete": "full text",
	"trigger responses_search_insert": "full text", "trigger responses_search_update": "full text", "trigger responses_search_delete": "full text",
	// SQLite has no TRUNCATE.
	"trigger audit_no_truncate": "no such statement",
}

func TestOnPostgresBothEnginesHaveTheSameSchema(t *testing.T) {
	urls := map[string]string{"sqlite": modelstest.SQLiteURL(t), "postgres": modelstest.PostgresURL(t)}
	for _, url := range urls {
		modelstest.OpenAt(t, url)
	}
	lite, post := sqliteFacts(t, modelstest.SQL(t, urls["sqlite"])), postgresFacts(t, modelstest.SQL(t, urls["postgres"]))
	for name, n := range map[string]int{"table ": 30, "column ": 250, "key ": 30, "unique ": 8, "check ": 12, "reference ": 3, "index ": 25, "trigger ": 2} {
		if lite.count(name) < n || post.count(name) < n {
			t.Errorf("facts about %q: %d on SQLite, %d on PostgreSQL; want at least %d: are they read?", name, lite.count(name), post.count(name), n)
		}
	}
	union := maps.Clone(lite)
	maps.Copy(union, post)
	for _, what := range slices.Sorted(maps.Keys(union)) {
		l, onLite := lite[what]
		p, onPost := post[what]
		same := onLite == onPost && l == p
		if why := apart[what]; why != "" && same {
			t.Errorf("%s is the same on both; the list says that it is not (%s)", what, why)
		} else if why == "" && !same {
			t.Errorf("%s:\nSQLite     %t %s\nPostgreSQL %t %s", what, onLite, l, onPost, p)
		}
	}
	for what := range apart {
		if _, known := union[what]; !known {
			t.Errorf("the list names %s, which neither has", what)
		}
	}
}

func (f facts) count(prefix string) (n int) {
	for what := range f {
		if strings.HasPrefix(what, prefix) {
			n++
		}
	}
	return n
}

func TestBothEnginesHaveTheSameMigrations(t *testing.T) {
	if lite, post := migrationsOf(t, "sqlite"), migrationsOf(t, "postgres"); !slices.Equal(lite, post) || len(lite) < 2 {
		t.Errorf("migrations of SQLite %q, of PostgreSQL %q; want the same numbers and names", lite, post)
	}
}

func migrationsOf(t *testing.T, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir("migrations/" + folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// columnFact says a column's class of type, so that INTEGER and bigint are one.
func columnFact(kind string, notNull bool, preset string) string {
	classes := map[string]string{"BLOB": "bytea", "INTEGER": "bigint", "REAL": "double precision", "TEXT": `text "C"`}
	if class, ok := classes[kind]; ok {
		kind = class
	}
	return fmt.Sprintf("%s, not null %t, default %q", strings.ToLower(kind), notNull, plain(preset))
}

// indexFact says what an index does.
func indexFact(table string, columns []string, unique bool, where string) string {
	return fmt.Sprintf("%s (%s), unique %t, where %q", table, strings.Join(columns, ", "), unique, plain(where))
}

var (
	casts = regexp.MustCompile(`::[a-z]+`)
	lists = regexp.MustCompile(`= any array\[(.*?)\]`)
	space = regexp.MustCompile(`\s+`)
)

// plain is an expression without what each engine adds: brackets, casts, its own way to write a list.
func plain(expression string) string {
	s := casts.ReplaceAllString(strings.ToLower(expression), "")
	s = strings.NewReplacer("(", " ", ")", " ").Replace(s)
	s = strings.TrimSpace(space.ReplaceAllString(s, " "))
	return lists.ReplaceAllString(s, "in $1")
}

// query reads all rows of a query as texts.
func query(t *testing.T, p *sql.DB, text string, args ...any) (all [][]string) {
	t.Helper()
	rows, err := p.Query(text, args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		row := make([]string, len(values))
		for i, v := range values {
			row[i] = v.String
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return all
}
