package models_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

const fileURL = "https://mmg.whatsapp.net/v/confided"

// attached is one photo that a request tells of.
func attached(content byte) models.InFile {
	sum := bytes.Repeat([]byte{content}, 32)
	return models.InFile{Screen: "PHOTOS", Field: "photos", CDNID: "cdn-1", Name: "IMG <b>.jpg", SHA256: sum,
		Source: &models.FileSource{URL: fileURL, Key: []byte("0123456789abcdef0123456789abcdef"), PlainHash: sum}}
}

// inResponse is the same photo as a response tells of it.
func inResponse(content byte) models.InFile {
	return models.InFile{Field: "pictures", MetaID: "7001", Name: "IMG <b>.jpg", Declared: "image/jpeg", SHA256: bytes.Repeat([]byte{content}, 32)}
}

func recordFile(t *testing.T, db *modelstest.DB, token string, n int, files ...models.InFile) models.Visit {
	t.Helper()
	r := record(db, token, n)
	r.Files = files
	recordSteps(t, db, r)
	return newest(t, db, token)
}

// oneFile is the only one of a response and a visit.
func oneFile(t *testing.T, db *modelstest.DB, responseID, visitID int64) models.File {
	t.Helper()
	all, err := db.ResponseFiles(t.Context(), responseID, visitID)
	if err != nil || len(all) != 1 {
		t.Fatalf("ResponseFiles(%d, %d) = %+v, %v; want one", responseID, visitID, all, err)
	}
	return all[0]
}

func claimOne(t *testing.T, db *modelstest.DB) models.DueFile {
	t.Helper()
	due, err := db.ClaimFiles(t.Context(), 10, time.Minute)
	if err != nil || len(due) != 1 {
		t.Fatalf("ClaimFiles = %+v, %v; want one", due, err)
	}
	return due[0]
}

func TestAFileOfAVisitAndOfItsResponseIsOne(t *testing.T) {
	for _, first := range []string{"request", "response"} {
		db := modelstest.Open(t)
		f := db.NewFlow("claim")
		v := db.NewVisit(f, "claim.1", func(v *models.Visit) { v.Steps = 1 })
		request := func() {
			r := record(db, "claim.1", 2)
			r.Visit.FlowID, r.Step.FlowID, r.Files = f.ID, f.ID, []models.InFile{attached(1)}
			recordSteps(t, db, r)
		}
		if first == "request" {
			request()
		}
		response := db.NewResponse().Token("claim.1").File(inResponse(1)).Save()
		if first == "response" {
			request()
		}
		request() // once more changes nothing
		got := oneFile(t, db, response.ID, v.ID)
		if got.VisitID != v.ID || got.ResponseID != response.ID || got.MetaID != "7001" || got.CDNID != "cdn-1" || got.Screen != "PHOTOS" ||
			got.Name != "IMG <b>.jpg" || got.Declared != "image/jpeg" || got.State != models.FilePending {
			t.Errorf("%s first: file = %+v", first, got)
		}
		if due := claimOne(t, db); due.Source == nil || due.Source.URL != fileURL {
			t.Errorf("%s first: claimed source = %+v; want the CDN's address", first, due.Source)
		}
	}
}

func TestAnotherFileOrAnotherVisitIsAnotherFile(t *testing.T) {
	db := modelstest.Open(t)
	a := recordFile(t, db, "one", 1, attached(1), attached(2))
	b := recordFile(t, db, "two", 1, attached(1))
	none := record(db, "", 1)
	none.Visit = models.Visit{}
	none.Files = []models.InFile{attached(1)}
	recordSteps(t, db, none)
	for visit, want := range map[int64]int{a.ID: 2, b.ID: 1} {
		if got, err := db.ResponseFiles(t.Context(), 0, visit); err != nil || len(got) != want {
			t.Errorf("files of visit %d = %d, %v; want %d", visit, len(got), err, want)
		}
	}
	if due, err := db.ClaimFiles(t.Context(), 10, time.Minute); err != nil || len(due) != 4 {
		t.Errorf("ClaimFiles = %d, %v; want 4", len(due), err)
	}
	if got, err := db.ResponseFiles(t.Context(), 0, 0); err != nil || len(got) != 0 {
		t.Errorf("files of nothing = %d, %v; want none", len(got), err)
	}
}

func TestAClaimedFileIsNobodyElsesUntilTheLeaseEnds(t *testing.T) {
	db := modelstest.Open(t)
	recordFile(t, db, "one", 1, attached(1))
	if due := claimOne(t, db); due.Attempts != 1 {
		t.Errorf("attempts = %d; want 1", due.Attempts)
	}
	if due, err := db.ClaimFiles(t.Context(), 10, time.Minute); err != nil || len(due) != 0 {
		t.Errorf("ClaimFiles in the lease = %d, %v; want none", len(due), err)
	}
	db.Advance(2 * time.Minute)
	if modelstest.Postgres() {
		return // leases go by the server's clock, so that several processes have one
	}
	if due := claimOne(t, db); due.Attempts != 2 {
		t.Errorf("attempts after the lease = %d; want 2", due.Attempts)
	}
}

func TestWhatOpensAFileIsSealedAndErasedWhenItServed(t *testing.T) {
	db := modelstest.Open(t)
	v := recordFile(t, db, "one", 1, attached(1))
	if db.Holds(fileURL) || db.Holds("IMG <b>") {
		t.Error("address or name of a file lie in the database in clear text")
	}
	f := claimOne(t, db).File
	f.Type, f.Size, f.Picture = "image/jpeg", 12, true
	if err := db.FileStored(t.Context(), f); err != nil {
		t.Fatalf("FileStored = %v", err)
	}
	if got := oneFile(t, db, 0, v.ID); got.State != models.FileStored || got.Size != 12 || !got.Picture || got.StoredAt.IsZero() || got.Name != "IMG <b>.jpg" {
		t.Errorf("stored file = %+v", got)
	}
	if err := db.FileStored(t.Context(), f); !errors.Is(err, models.ErrConflict) {
		t.Errorf("FileStored again = %v; want ErrConflict", err)
	}
	raw(t, db.URL, "UPDATE files SET state = 'pending', next_at = 0")
	if due := claimOne(t, db); due.Source != nil {
		t.Errorf("source after it was stored = %+v; want it erased", due.Source)
	}
}

func TestAFileThatFailedWaitsIsGivenUpOrIsGone(t *testing.T) {
	db := modelstest.Open(t)
	v := recordFile(t, db, "one", 1, attached(1))
	fail := func(state models.FileState, wait time.Duration, spent bool) models.File {
		t.Helper()
		raw(t, db.URL, "UPDATE files SET next_at = 0")
		f := claimOne(t, db).File
		if err := db.FileFailed(t.Context(), f, state, "why", wait, spent); err != nil {
			t.Fatalf("FileFailed = %v", err)
		}
		return oneFile(t, db, 0, v.ID)
	}
	if f := fail(models.FilePending, time.Hour, true); f.State != models.FilePending || f.Attempts != 1 || f.Reason != "why" || f.NextAt.IsZero() {
		t.Errorf("put back: %+v", f)
	}
	if f := fail(models.FilePending, time.Hour, false); f.Attempts != 1 {
		t.Errorf("attempts after a wait that was nobody's fault = %d; want 1", f.Attempts)
	}
	if f := fail(models.FileFailed, 0, true); f.State != models.FileFailed {
		t.Errorf("given up: %+v", f)
	}
	if c, err := db.FileCounts(t.Context()); err != nil || c != (models.FileCount{Failed: 1}) {
		t.Errorf("FileCounts = %+v, %v; want one failed", c, err)
	}
	if err := db.RetryFile(t.Context(), oneFile(t, db, 0, v.ID).ID, models.By{}); err != nil {
		t.Fatalf("RetryFile = %v", err)
	}
	if f := fail(models.FileGone, 0, true); f.State != models.FileGone {
		t.Errorf("gone: %+v", f)
	}
	if err := db.RetryFile(t.Context(), oneFile(t, db, 0, v.ID).ID, models.By{}); !errors.Is(err, models.ErrConflict) {
		t.Errorf("RetryFile of what is gone = %v; want ErrConflict", err)
	}
	recordFile(t, db, "one", 2, attached(1)) // the customer sends it again
	if due := claimOne(t, db); due.Source == nil || due.Attempts != 1 {
		t.Errorf("a file that comes again = %+v; want it tried again", due)
	}
}

func TestKeysAreForgottenWhenWhatsAppHasTheFileNoMore(t *testing.T) {
	db := modelstest.Open(t)
	v := recordFile(t, db, "one", 1, attached(1))
	if n, err := db.ForgetFiles(t.Context()); n != 0 || err != nil {
		t.Errorf("ForgetFiles at once = %d, %v; want none", n, err)
	}
	db.Advance(21 * day)
	if n, err := db.ForgetFiles(t.Context()); n != 1 || err != nil {
		t.Errorf("ForgetFiles after 21 days = %d, %v; want 1", n, err)
	}
	if f := oneFile(t, db, 0, v.ID); f.State != models.FileGone || !strings.Contains(f.Reason, "20 days") {
		t.Errorf("forgotten file = %+v", f)
	}
}

func TestOldFilesAreRemovedAndTheirRowsStay(t *testing.T) {
	db := modelstest.Open(t)
	v := recordFile(t, db, "one", 1, attached(1))
	f := claimOne(t, db).File
	if err := db.FileStored(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if known, err := db.KnownObjects(t.Context(), []string{f.Object, "stray"}); err != nil || !known[f.Object] || known["stray"] {
		t.Errorf("KnownObjects = %v, %v; want only the file's", known, err)
	}
	stored := 0
	for got, err := range db.EachStoredFile(t.Context()) {
		if stored++; err != nil || got.Object != f.Object {
			t.Errorf("EachStoredFile = %+v, %v", got, err)
		}
	}
	if stored != 1 {
		t.Errorf("EachStoredFile gave %d; want 1", stored)
	}
	db.Advance(91 * day)
	old, err := db.OldFiles(t.Context(), db.Now().Add(-90*day))
	if err != nil || len(old) != 1 {
		t.Fatalf("OldFiles = %d, %v; want 1", len(old), err)
	}
	if err := db.FilesRemoved(t.Context(), old, "removed after 90 days"); err != nil {
		t.Fatal(err)
	}
	if got := oneFile(t, db, 0, v.ID); got.State != models.FileRemoved || got.Reason != "removed after 90 days" || got.RemovedAt.IsZero() {
		t.Errorf("removed file = %+v", got)
	}
	if known, err := db.KnownObjects(t.Context(), []string{f.Object}); err != nil || known[f.Object] {
		t.Errorf("KnownObjects after it was removed = %v, %v; want none", known, err)
	}
}

func TestASealedFileOpensInItsPlaceOnly(t *testing.T) {
	db := modelstest.Open(t)
	sealed, err := db.SealFile("abc", "file", []byte("picture"))
	if err != nil || bytes.Contains(sealed, []byte("picture")) {
		t.Fatalf("SealFile = %q, %v", sealed, err)
	}
	if plain, err := db.OpenFile("abc", "file", sealed); err != nil || string(plain) != "picture" {
		t.Errorf("OpenFile = %q, %v", plain, err)
	}
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := db.OpenFile("abc", "file", bad); err == nil {
			t.Errorf("OpenFile with byte %d changed = nil; want an error", i)
		}
	}
	for _, tt := range []struct{ object, part string }{{"abd", "file"}, {"abc", "small"}} {
		if _, err := db.OpenFile(tt.object, tt.part, sealed); err == nil {
			t.Errorf("OpenFile(%s, %s) = nil; want an error", tt.object, tt.part)
		}
	}
	if _, err := db.OpenFile("abc", "file", sealed[:40]); err == nil {
		t.Error("OpenFile of a part = nil; want an error")
	}
}
