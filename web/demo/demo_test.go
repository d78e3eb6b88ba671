package demo_test

import (
	"bytes"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/modelstest"
	"switchyard/models/modelstest/pgtest"
	"switchyard/web"
	"switchyard/web/demo"
	"switchyard/web/keys"
)

var masterKey = bytes.Repeat([]byte{9}, 32)

var now = time.Date(2026, 11, 20, 10, 30, 0, 0, time.UTC)

// The past that tests read, made once.
var (
	folder string
	past   struct {
		once   sync.Once
		o      demo.Options
		filled demo.Filled
	}
)

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "demo-test-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// lasting names a database that is there until the last test ends.
func lasting(t *testing.T) string {
	t.Helper()
	if !modelstest.Postgres() {
		return "sqlite:" + folder + "/switchyard.db"
	}
	server, err := pgtest.Shared()
	if err == nil {
		err = server.Exec("CREATE DATABASE past")
	}
	if err != nil {
		t.Fatal(err)
	}
	return server.URL("past")
}

// made is that past, open for reading, with the clock at its end.
func made(t *testing.T) (*models.DB, demo.Filled) {
	t.Helper()
	past.once.Do(func() { past.o, past.filled = fill(t, lasting(t), 700) })
	return open(t, past.o), past.filled
}

// fill makes sample data in a new database, with cheap passwords.
func fill(t testing.TB, database string, responses int) (demo.Options, demo.Filled) {
	t.Helper()
	key, err := keys.Generate()
	if err != nil {
		t.Fatal(err)
	}
	private, err := keys.MarshalPrivate(key)
	if err != nil {
		t.Fatal(err)
	}
	o := demo.Options{
		Database: database, MasterKey: masterKey, Now: now, Seed: 1, Responses: responses, Settle: web.Settle,
		Key:       demo.Key{Fingerprint: keys.Fingerprint(&key.PublicKey), PublicPEM: keys.PublicPEM(&key.PublicKey), Private: private},
		Passwords: models.Passwords{Memory: 64, Iterations: 1}, Receiver: "systems.internal:8080",
	}
	filled, err := demo.Fill(t.Context(), o)
	if err != nil {
		t.Fatalf("Fill = %v", err)
	}
	return o, filled
}

func open(t *testing.T, o demo.Options) *models.DB {
	t.Helper()
	db, err := models.Open(t.Context(), models.Options{URL: o.Database, MasterKey: o.MasterKey, Now: func() time.Time { return now }, Passwords: o.Passwords})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestFillMakesResponsesInEveryState(t *testing.T) {
	db, _ := made(t)
	for state, want := range map[models.ResponseState][2]int{models.Complete: {560, 840}, models.Unreadable: {3, 3}, models.UnmatchedResponse: {16, 16}} {
		n, err := db.CountResponses(t.Context(), models.ResponseFilter{State: state})
		if err != nil || n < want[0] || n > want[1] {
			t.Errorf("responses that are %s = %d, %v; want %d to %d", state, n, err, want[0], want[1])
		}
	}
	counts := modelstest.States(t, past.o.Database)
	if counts[models.Pending] != 0 || counts[models.Failed] != 0 || counts[models.Unmatched] != 21 || counts[models.Done] < 600 {
		t.Errorf("deliveries = %v; want nothing pending or failed, 21 unmatched (19 responses, 2 bodies), the rest done", counts)
	}
	longest, formulas, by := 0, 0, map[models.Attribution]int{}
	for r, err := range db.EachResponse(t.Context(), models.ResponseFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if r.ReceivedAt.After(now) || r.ReceivedAt.Before(now.AddDate(0, 0, -63)) {
			t.Errorf("response %d was received at %v; want it in the two months before %v", r.ID, r.ReceivedAt, now)
		}
		if r.State == models.Complete && r.FlowSlug != "survey" && r.VisitID == 0 {
			t.Errorf("response %d of %s belongs to no visit", r.ID, r.FlowSlug)
		}
		by[r.Attribution]++
		comment, _ := r.Answers["comment"].(string)
		longest = max(longest, len(comment))
		if strings.HasPrefix(comment, "=HYPERLINK") {
			formulas++
		}
	}
	if by[models.ByMapping] != 6 || by[models.ByHand] != 1 || by[models.ByContext] != 1 {
		t.Errorf("responses by their reason: %v; want 6 by a mapping, 1 by hand, 1 by the message that it answers", by)
	}
	if longest < 300 || formulas != 2 {
		t.Errorf("longest comment %d, formulas %d; want a long one and 2", longest, formulas)
	}
}

func TestFillMakesAlertsOfEveryKindInEveryState(t *testing.T) {
	db, _ := made(t)
	counts, err := db.AlertCounts(t.Context(), models.AlertFilter{})
	if err != nil || counts[alert.Active] != 3 || counts[alert.Acknowledged] != 1 || counts[alert.Resolved] != 6 {
		t.Errorf("AlertCounts = %v, %v; want 3 active, 1 acknowledged, 6 resolved", counts, err)
	}
	kinds, acked, reopened, unknown := map[alert.Kind]int{}, 0, 0, 0
	for a, err := range db.EachAlert(t.Context(), models.AlertFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		kinds[a.Kind]++
		if a.AckName != "" && a.AckNote != "" {
			acked++
		}
		if a.Status == alert.Active && !a.ReopenedAt.IsZero() {
			reopened++
		}
		if a.FlowSlug == "" {
			unknown++
		}
	}
	if len(kinds) != 4 || acked != 5 || reopened != 1 || unknown != 1 {
		t.Errorf("kinds %v, acknowledged with a note %d, active again %d, of an unknown flow %d; want 4 kinds, 5, 1, 1", kinds, acked, reopened, unknown)
	}
}

func TestFillPublishesFlowsThatHaveALife(t *testing.T) {
	db, _ := made(t)
	flows, err := db.Flows(t.Context())
	if err != nil || len(flows) != 3 {
		t.Fatalf("Flows = %v, %v; want three", flows, err)
	}
	for _, f := range flows {
		wantRules := map[string]int{"appointment": 2, "claim": 1, "survey": 0}[f.Slug]
		if f.Status != "PUBLISHED" || f.MetaID == "" || f.JSONVersion != 1 || f.PublishedRules != wantRules {
			t.Errorf("flow %s: status %q, Meta id %q, Flow JSON %d, rules %d; want PUBLISHED, one, 1, %d", f.Slug, f.Status, f.MetaID, f.JSONVersion, f.PublishedRules, wantRules)
		}
		events, err := db.FlowEvents(t.Context(), f.MetaID)
		if err != nil || len(events) < 2 {
			t.Errorf("timeline of %s = %d events, %v; want at least DRAFT and PUBLISHED", f.Slug, len(events), err)
		}
		visits, err := db.Visits(t.Context(), models.VisitFilter{FlowID: f.ID, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		outcomes := map[models.Outcome]int{}
		for _, v := range visits.Rows {
			outcomes[v.Outcome]++
			if v.LastAt.After(now) {
				t.Errorf("visit %d of %s goes on at %v, after the end of the past", v.ID, f.Slug, v.LastAt)
			}
		}
		if wantRules > 0 && (outcomes[models.VisitFinished] < 20 || outcomes[models.VisitOpen] < 8) {
			t.Errorf("visits of %s = %v; want finished ones and some that stopped", f.Slug, outcomes)
		}
	}
}

func TestTheSameSeedMakesTheSamePast(t *testing.T) {
	export := func() string {
		o, _ := fill(t, modelstest.URL(t), 60)
		db := open(t, o)
		var b bytes.Buffer
		for _, what := range []web.Exported{web.ExportedResponses, web.ExportedAlerts} {
			if err := web.Export(t.Context(), db, &b, web.ExportOptions{What: what, Format: web.JSONLines}); err != nil {
				t.Fatal(err)
			}
		}
		return b.String()
	}
	if first, second := export(), export(); first != second || first == "" {
		t.Errorf("two pasts of the same seed differ (%d and %d bytes)", len(first), len(second))
	}
}

func TestEverybodySignsInWithThePasswordThatIsTold(t *testing.T) {
	db, filled := made(t)
	if len(filled.People) != 4 || filled.People[0].Role != models.Admin {
		t.Fatalf("People = %v; want four, the administrator first", len(filled.People))
	}
	for _, p := range filled.People {
		u, err := db.Authenticate(t.Context(), p.Email, p.Password, "192.0.2.1")
		if err != nil || u.Role != p.Role {
			t.Errorf("Authenticate(%s) = %v, %v; want a %s", p.Email, u.Role, err, p.Role)
		}
	}
	if _, _, err := db.VerifyAudit(t.Context()); err != nil {
		t.Errorf("VerifyAudit = %v", err)
	}
}

func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		fill(b, modelstest.URL(b), 0)
	}
}
