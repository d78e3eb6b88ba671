package models

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"switchyard/models/modelstest/pgtest"
)

// openEngines opens a database of each engine; where the suite runs once on each, of the one of this run.
func openEngines(tb testing.TB) map[string]*DB {
	tb.Helper()
	only, dbs := os.Getenv("SWITCHYARD_TEST_ENGINE"), make(map[string]*DB)
	if only != "postgres" {
		dbs["sqlite"] = openFor(tb, "sqlite:"+filepath.Join(tb.TempDir(), "s.db"))
	}
	if only != "sqlite" {
		dbs["postgres"] = openOnPostgres(tb)
	}
	return dbs
}

func openOnPostgres(tb testing.TB) *DB {
	tb.Helper()
	server, err := pgtest.Shared()
	if err != nil {
		tb.Fatalf("pgtest.Shared() = %v", err)
	}
	return openFor(tb, server.NewDatabase(tb))
}

func openFor(tb testing.TB, url string) *DB {
	tb.Helper()
	db, err := Open(context.Background(), Options{URL: url, MasterKey: bytes.Repeat([]byte{7}, 32), Migrate: true})
	if err != nil {
		tb.Fatalf("Open() = %v", err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Errorf("Close() = %v", err)
		}
	})
	return db
}

// manySearched writes n responses of n/5 contacts, one each second until now, as applying would, but many at once.
func manySearched(tb testing.TB, db *DB, n int) {
	tb.Helper()
	const atOnce = 1000
	begin := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC).Add(-time.Duration(n) * time.Second)
	for first := 0; first < n; first += atOnce {
		var contacts, responses []any
		for i := first; i < first+atOnce; i++ {
			c := searchedContact(i / 5)
			if i%5 == 0 {
				contacts = append(contacts, c.ID, c.Phone, c.Name, nameSearch(c))
			}
			answers := searchedAnswers(i)
			text, err := encodeJSON(answers)
			if err != nil {
				tb.Fatal(err)
			}
			token := fmt.Sprint("claim.", i)
			responses = append(responses, fmt.Sprint("wamid.", i), i, 1+i%2, Complete, token, c.ID, at(begin.Add(time.Duration(i)*time.Second)), text,
				searchText(c, token, answers, Sensitive{}))
		}
		err := db.tx(context.Background(), func(tx *gorm.DB) error {
			return firstError(tx,
				stmtArgs{`INSERT INTO contacts (id, phone, name, search) VALUES ` + rowsOf(4, len(contacts)), contacts},
				stmtArgs{`INSERT INTO responses (wamid, delivery_id, flow_id, state, token, contact_id, received_at, answers, search) VALUES ` + rowsOf(9, len(responses)), responses})
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
	analyze := `ANALYZE`
	if db.Shared() {
		analyze = `VACUUM ANALYZE` // which also puts what is pending into the trigram index
	}
	if _, err := db.writer().Exec(analyze); err != nil {
		tb.Fatal(err)
	}
}

// rowsOf is "(?, ?), (?, ?)" for values of rows with that many columns.
func rowsOf(columns, values int) string {
	return strings.TrimSuffix(strings.Repeat("("+placeholders(columns)+"), ", values/columns), ", ")
}

// searchedContact has a name that one in 400 has, and one letter of 20 that tells apart.
func searchedContact(i int) Contact {
	first := []string{"João", "Maria", "José", "Ana", "Élodie", "Müller", "Zoë", "Søren", "Łukasz", "Ngọc", "İrem", "محمد", "देवी", "田中", "Ольга", "Ada", "Grace", "Alan", "Edsger", "Barbara"}
	last := []string{"Conceição", "da Silva", "Souza", "Martínez", "Straße", "O'Neil", "Yılmaz", "Nguyễn", "Kowalski", "الأحمد", "शर्मा", "太郎", "Иванова", "Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov", "Knuth", "Hamilton"}
	return Contact{ID: int64(i + 1), Phone: fmt.Sprint(5511900000000 + i*7919%100_000_000), Name: first[i%20] + " " + last[i/20%20]}
}

// searchedAnswers has words of every frequency: one in all, in 1 of 2, 50, 1000, 25,000, and in the oldest tenth.
func searchedAnswers(i int) map[string]any {
	a := map[string]any{
		"department": []string{"dental", "surgery"}[i%2], "date": "2026-12-01", "time": "10:30", "email": fmt.Sprintf("s%d@example.com", i),
		"terms": true, "symptoms": []any{"0_pain", "2_swelling"}, "notes": "after work, please — “late” is fine", "age": json.Number(fmt.Sprint(i % 90)),
		"country": "BR", "city": "São Paulo", "plan": []string{"gold", "silver", "bronze"}[i%3],
	}
	for every, word := range map[int]string{50: "ambulance", 1000: "helicopter", 25_000: "submarine"} {
		if i%every == 7 {
			a["transport"] = word
		}
	}
	if i < 2500 {
		a["campaign"] = "launchweek"
	}
	return a
}

// BenchmarkSearch is the first page and its count, on both engines in one run.
func BenchmarkSearch(b *testing.B) {
	const n = 100_000
	for engine, db := range openEngines(b) {
		manySearched(b, db, n)
		for name, f := range map[string]ResponseFilter{
			"rare": {Text: "submarine"}, "absent": {Text: "zeppelin"}, "common": {Text: "sao paulo"}, "some": {Text: "ambulance"}, "few": {Text: "helicopter"},
			"old": {Text: "launchweek"}, "two": {Text: "joao submarine"}, "flow": {Text: "helicopter", FlowID: 2}, "short": {Text: "zq"},
			"name": {Text: "joao conceicao", NamesOnly: true}, "name/absent": {Text: "zeppelin", NamesOnly: true}, "name/common": {Text: "joao", NamesOnly: true},
		} {
			b.Run("page/"+name+"/"+engine, func(b *testing.B) {
				for b.Loop() {
					if _, err := db.Responses(b.Context(), f); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("count/"+name+"/"+engine, func(b *testing.B) {
				for b.Loop() {
					if _, err := db.CountResponses(b.Context(), f); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkSearchIndexing is what applying one response costs with the trigram index of SQLite and without.
func BenchmarkSearchIndexing(b *testing.B) {
	for name, drop := range map[string]string{"with": ``, "without": `DROP TRIGGER responses_search_insert; DROP TRIGGER contacts_search_insert`} {
		b.Run(name, func(b *testing.B) {
			db := openFor(b, "sqlite:"+filepath.Join(b.TempDir(), "s.db"))
			if _, err := db.writer().Exec(drop); err != nil {
				b.Fatal(err)
			}
			const atOnce = 100
			n := 0
			for b.Loop() {
				if err := db.StoreDeliveries(b.Context(), []Delivery{{Source: "meta", Body: fmt.Append(nil, n)}}); err != nil {
					b.Fatal(err)
				}
				pending, err := db.PendingDeliveries(b.Context(), 1)
				if err != nil {
					b.Fatal(err)
				}
				d := Decoded{ID: pending[0].ID}
				for range atOnce {
					c := searchedContact(n / 5)
					d.Messages = append(d.Messages, InMessage{WAMID: fmt.Sprint("wamid.", n), Type: "interactive", Contact: InContact{Phone: c.Phone, Name: c.Name},
						Body: []byte(`{}`), Flow: &InResponse{Token: fmt.Sprint("claim.", n), Raw: "{}", Answers: searchedAnswers(n)}})
					n++
				}
				if err := db.ApplyDeliveries(b.Context(), []Decoded{d}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(n), "µs/response")
		})
	}
}
