package models_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/modelstest"
)

// beside makes a database and opens it as a command does, so that a copy may run while it is open.
func beside(t testing.TB, url string) *modelstest.DB {
	t.Helper()
	db, err := models.Open(context.Background(), modelstest.Options(url))
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		t.Fatalf("make %s: %v", url, err)
	}
	return modelstest.Open(t, func(o *models.Options) { o.URL, o.Migrate = url, false })
}

// lived makes a database with rows in most tables: secrets, months, large bodies, texts that engines dislike.
func lived(t testing.TB, url string, responses int) {
	t.Helper()
	db, ctx, by := beside(t, url), context.Background(), models.By{Name: "test"}
	flow := db.NewFlow("claim", func(f *models.Flow) { f.MetaID = "77" })
	_, badKey := db.AddKey(ctx, "aa:bb", "PEM", []byte("private"), by)
	_, badUser := db.CreateUser(ctx, models.User{Email: "ada@example.com", Role: models.Admin}, "correct horse battery", by)
	err := errors.Join(badKey, badUser,
		db.SetFlowSecret(ctx, flow.ID, copiedSecret, by), db.SetSetting(ctx, models.AppSecret, copiedSecret, by),
		db.RecordSteps(ctx, []models.StepRecord{confided(db, "sealed", "9182.73")}))
	if err != nil {
		t.Fatal(err)
	}
	db.NewAlert("77", alert.EndpointLatency, 3000)
	db.NewVisit(flow, "plain")
	db.Store(models.Delivery{Body: bytes.Repeat([]byte("b\x00"), 2<<20)})
	for i := range responses {
		at := models.Time{Time: modelstest.Start.AddDate(0, -i%8, 0).Add(time.Duration(i) * time.Millisecond)}
		db.NewResponse().Flow(flow).Answer("age", i).Answer("odd\x00key", "nul \x00, \uFDD0 and \uFDD1").
			Contact(fmt.Sprintf("4477009%05d", i), "Zoë\x00").ReceivedAt(at).Save()
	}
}

const copiedSecret = "0123456789abcdef0123456789abcdef"

// ends are the four ways between the engines.
var ends = [][2]string{{"sqlite", "postgres"}, {"postgres", "sqlite"}, {"postgres", "postgres"}, {"sqlite", "sqlite"}}

func newURL(t testing.TB, engine string) string {
	if engine == "postgres" {
		return modelstest.PostgresURL(t)
	}
	return modelstest.SQLiteURL(t)
}

func mustCopy(t testing.TB, o models.CopyOptions) models.CopyReport {
	t.Helper()
	r, err := models.Copy(t.Context(), o)
	if err != nil {
		t.Fatalf("Copy = %v", err)
	}
	return r
}

func TestACopyIsTheSameOnEveryEngineThereAndBackAgain(t *testing.T) {
	first := modelstest.SQLiteURL(t)
	lived(t, first, 40)
	postgres, again, last := modelstest.PostgresURL(t), modelstest.PostgresURL(t), modelstest.SQLiteURL(t)
	want := mustCopy(t, models.CopyOptions{From: first, To: postgres})
	for _, hop := range [][2]string{{postgres, again}, {again, last}, {last, modelstest.SQLiteURL(t)}} {
		got := mustCopy(t, models.CopyOptions{From: hop[0], To: hop[1], Batch: 7})
		if !slices.Equal(got.Tables, want.Tables) {
			t.Errorf("Copy from %s to %s = %v\nwant %v", got.From, got.To, got.Tables, want.Tables)
		}
	}
	if want.Rows() < 200 {
		t.Errorf("Copy copied %d rows; want all of those made", want.Rows())
	}
	for _, url := range []string{postgres, again, last} {
		holdsSecrets(t, url)
	}
}

// holdsSecrets opens a copy as a server would and looks at what is sealed and signed.
func holdsSecrets(t *testing.T, url string) {
	t.Helper()
	db, err := models.Open(t.Context(), modelstest.Options(url))
	if err != nil {
		t.Fatalf("Open of the copy = %v", err)
	}
	defer db.Close()
	if s, err := db.Setting(t.Context(), models.AppSecret); s != copiedSecret || err != nil {
		t.Errorf("Setting(AppSecret) of the copy = %q, %v; want the secret", s, err)
	}
	live, err := db.Live(t.Context())
	if err != nil || len(live.Keys) != 1 || string(live.Keys[0].Private) != "private" || live.Flows[0].Secret != copiedSecret {
		t.Errorf("Live of the copy = %+v, %v; want the key and the flow's secret", live, err)
	}
	if v, err := db.NewestVisit(t.Context(), 1, "sealed"); err != nil || v.Answers["A"]["amount"] != "9182.73" {
		t.Errorf("NewestVisit of the copy = %+v, %v; want what was sealed", v, err)
	}
	if rows, _, err := db.VerifyAudit(t.Context()); rows == 0 || err != nil {
		t.Errorf("VerifyAudit of the copy = %d, %v; want every row as it was", rows, err)
	}
	rows, err := db.Responses(t.Context(), models.ResponseFilter{Text: "zoe"})
	if err != nil || len(rows.Rows) == 0 {
		t.Errorf("Responses(search) of the copy = %d, %v; want some: the copy is searched as the original", len(rows.Rows), err)
	}
}

func TestEveryTableIsCopied(t *testing.T) {
	var want []string
	for _, engine := range []string{"sqlite", "postgres"} {
		files, err := filepath.Glob("migrations/" + engine + "/*.sql")
		if err != nil || len(files) == 0 {
			t.Fatalf("migrations of %s: %d files, %v", engine, len(files), err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`CREATE TABLE (\w+)`).FindAllSubmatch(text, -1) {
				if name := string(m[1]); name != "copying" && !bytes.Contains(text, []byte("ALTER TABLE "+name+" RENAME TO ")) {
					want = append(want, name)
				}
			}
		}
	}
	slices.Sort(want)
	want = slices.Compact(want)
	for _, way := range ends {
		from := newURL(t, way[0])
		beside(t, from)
		var got []string
		for _, table := range mustCopy(t, models.CopyOptions{From: from, To: newURL(t, way[1])}).Tables {
			got = append(got, table.Name)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("Copy %v copies %v\nwant %v", way, got, want)
		}
	}
}

func TestIDsGoOnAboveTheHighestThatWasEverGiven(t *testing.T) {
	for _, way := range ends {
		from, to := newURL(t, way[0]), newURL(t, way[1])
		db := beside(t, from)
		for range 3 {
			db.Store(models.Delivery{})
			db.NewResponse().Save()
		}
		top := db.NewFlow("gone")
		p := modelstest.SQL(t, from)
		for _, statement := range []string{"DELETE FROM deliveries WHERE id > 2", "DELETE FROM flows"} {
			if _, err := p.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		mustCopy(t, models.CopyOptions{From: from, To: to})
		copied := modelstest.Open(t, func(o *models.Options) { o.URL = to })
		if d := copied.Store(models.Delivery{Body: []byte("new")}); d.ID != 7 {
			t.Errorf("%v: the first delivery after the copy has id %d; want 7", way, d.ID)
		}
		if f := copied.NewFlow("later"); f.ID != top.ID+1 {
			t.Errorf("%v: the first flow after the copy has id %d; want %d", way, f.ID, top.ID+1)
		}
		if r := copied.NewResponse().Save(); r.ID != 4 {
			t.Errorf("%v: the first response after the copy has id %d; want 4", way, r.ID)
		}
	}
}

func TestTextsThatAreNoUTF8AreMendedAndCounted(t *testing.T) {
	from := modelstest.SQLiteURL(t)
	beside(t, from)
	raw(t, from, "INSERT INTO marks (name, at, count, detail) VALUES ('a', 1, 1, CAST(x'61ff62' AS TEXT)), ('b', 1, 1, 'fine')",
		"INSERT INTO marks (name, at, count, detail) VALUES (CAST(x'63ff' AS TEXT), 1, 1, x'6465')")
	for engine, mended := range map[string]int64{"postgres": 2, "sqlite": 0} {
		to := newURL(t, engine)
		r := mustCopy(t, models.CopyOptions{From: from, To: to, Batch: 1})
		i := slices.IndexFunc(r.Tables, func(c models.CopiedTable) bool { return c.Name == "marks" })
		if r.Tables[i].Mended != mended || r.Tables[i].Rows != 3 {
			t.Errorf("Copy to %s: marks = %+v; want 3 rows, %d mended", engine, r.Tables[i], mended)
		}
		var detail string
		want := map[string]string{"postgres": "a\uFFFDb", "sqlite": "a\xffb"}[engine]
		if err := modelstest.SQL(t, to).QueryRow("SELECT detail FROM marks WHERE name = 'a'").Scan(&detail); err != nil || detail != want {
			t.Errorf("Copy to %s: detail = %q, %v; want %q", engine, detail, err, want)
		}
	}
}
