package models_test

import (
	"slices"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestOnPostgresEachSchemaInSearchPathIsADatabaseOfItsOwn(t *testing.T) {
	url := modelstest.PostgresURL(t)
	raw(t, url, "CREATE EXTENSION pg_trgm", "CREATE SCHEMA x", "CREATE SCHEMA y")
	for _, c := range []struct{ path, slug string }{{"x,public", "in-x"}, {"y,x,public", "in-y"}, {"public", "in-public"}, {"public,x", "more"}} {
		db := modelstest.OpenAt(t, url+"&search_path="+c.path)
		db.NewFlow(c.slug)
		db.Deliver(models.Delivery{Body: []byte(c.slug)}, models.Decoded{})
		flows, err := db.Flows(t.Context())
		if err != nil || !slices.ContainsFunc(flows, func(f models.Flow) bool { return f.Slug == c.slug }) || (len(flows) > 1) != (c.slug == "more") {
			t.Errorf("flows with search_path=%s: %v, %v; want those of the first schema", c.path, flows, err)
		}
	}
	db := modelstest.OpenAt(t, url)
	if n := count(t, db, `SELECT count(*) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
		WHERE c.relkind = 'r' AND c.relnamespace <> p.relnamespace`); n != 0 {
		t.Errorf("%d partitions are in another schema than their table", n)
	}
}

func TestOnPostgresWhatSearchPathLacksIsToldInOneSentence(t *testing.T) {
	url := modelstest.PostgresURL(t)
	raw(t, url, "CREATE SCHEMA x", "CREATE SCHEMA y", "CREATE EXTENSION pg_trgm SCHEMA x")
	for _, c := range []struct{ path, want string }{
		{"z", `the schema "z" does not exist`},
		{"y", `the extension pg_trgm is in the schema "x"; add it to search_path in SWITCHYARD_DATABASE (search_path=y,x)`},
		{"", `search_path names no schema`},
	} {
		for _, migrate := range []bool{true, false} {
			o := modelstest.Options(url + "&search_path=" + c.path)
			o.Migrate = migrate
			db, err := models.Open(t.Context(), o)
			if err == nil {
				db.Close()
			}
			if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("Open(search_path=%s, Migrate: %t) = %v; want %q", c.path, migrate, err, c.want)
			}
		}
	}
	modelstest.OpenAt(t, url+"&search_path=y,x").NewFlow("claim")
}
