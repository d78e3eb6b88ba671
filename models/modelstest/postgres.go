package modelstest

import (
	"context"
	"sync"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest/pgtest"
)

// PostgresURL names a new database on the PostgreSQL server of this process. It is empty.
func PostgresURL(t testing.TB) string {
	t.Helper()
	return postgres(t).NewDatabase(t)
}

func postgres(t testing.TB) *pgtest.Server {
	t.Helper()
	server, err := pgtest.Shared()
	if err != nil {
		t.Fatalf("pgtest.Shared() = %v", err)
	}
	return server
}

// migrated is the name of a database that Open has opened once: to copy it takes less time than to migrate.
var migrated = sync.OnceValues(func() (name string, err error) {
	server, err := pgtest.Shared()
	if err != nil {
		return "", err
	}
	name = "migrated"
	if err := server.Exec("CREATE DATABASE " + name); err != nil {
		return "", err
	}
	db, err := models.Open(context.Background(), Options(server.URL(name)))
	if err != nil {
		return "", err
	}
	return name, db.Close()
})

// readyURL is URL of a database that may be migrated already.
func readyURL(t testing.TB) string {
	t.Helper()
	if !Postgres() {
		return SQLiteURL(t)
	}
	server := postgres(t)
	name, err := migrated()
	if err != nil {
		t.Fatalf("make the database that others are copies of: %v", err)
	}
	return server.NewDatabaseFrom(t, name)
}
