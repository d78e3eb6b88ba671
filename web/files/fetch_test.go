package files_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/web/files"
)

func TestAnAttachedPhotoIsFetchedOpenedAndStoredSealed(t *testing.T) {
	b := newBench(t)
	photo := jpegOf(t, 40, 30)
	f := b.fetched(t, b.upload(t, "m1", "../../etc/passwd", photo))
	if f.State != models.FileStored || f.Type != "image/jpeg" || f.Size != int64(len(photo)) || !f.Picture || f.Name != "../../etc/passwd" {
		t.Fatalf("file = %+v; want it stored, with its name as it was", f)
	}
	if got, err := b.keeper.Open(t.Context(), f, files.Whole); err != nil || !bytes.Equal(got, photo) {
		t.Errorf("Open = %d bytes, %v; want the photo", len(got), err)
	}
	for path, data := range stored(t, b.folder) {
		if bytes.Contains(data, []byte("JFIF")) || bytes.Contains(data, photo[:20]) || strings.Contains(path, "passwd") {
			t.Errorf("%s lies in the folder in clear text, or under a name that a phone chose", path)
		}
	}
	if finding, err := b.keeper.Check(t.Context()); err != nil || finding.Verdict != models.Good || !strings.HasPrefix(finding.Text, "1 stored") {
		t.Errorf("Check = %+v, %v; want one good file", finding, err)
	}
}

func TestAFileOfACompletedFlowIsFetchedWithTheToken(t *testing.T) {
	b := newBench(t)
	photo := jpegOf(t, 40, 30)
	b.token = ""
	f := b.fetched(t, b.hold("7001", "a.jpg", photo))
	if f.State != models.FilePending || f.Reason != files.NoToken || f.Attempts != 0 || len(b.asked) != 0 {
		t.Fatalf("without a token: %+v, asked %v; want it to wait and to say what to do", f, b.asked)
	}
	b.token = "wrong"
	if f = b.again(t); f.State != models.FilePending || !strings.Contains(f.Reason, "refuses the access token") || f.Attempts != 0 {
		t.Errorf("with a wrong token: %+v", f)
	}
	b.token = token
	if f = b.again(t); f.State != models.FileStored {
		t.Fatalf("with the token: %+v; want it stored", f)
	}
	if got, err := b.keeper.Open(t.Context(), f, files.Whole); err != nil || !bytes.Equal(got, photo) {
		t.Errorf("Open = %d bytes, %v; want the photo", len(got), err)
	}
	if b.Holds(token) || strings.Contains(b.log.String(), token) {
		t.Error("the token stands in the database or the log")
	}
}

func TestWhatTheCDNHasNotComesFromTheGraphAPI(t *testing.T) {
	b := newBench(t)
	photo := jpegOf(t, 40, 30)
	both := b.upload(t, "m1", "a.jpg", photo)
	both.MetaID = b.hold("7001", "a.jpg", photo).MetaID
	delete(b.sealed, "m1")
	b.attach(t, both)
	for range 3 {
		b.again(t)
	}
	if f := b.only(t); f.State != models.FileStored {
		t.Errorf("file = %+v; want it stored, from Meta", f)
	}
}

func TestWhatIsNotWholeIsTriedAgainAndGivenUp(t *testing.T) {
	b := newBench(t)
	bad := b.upload(t, "m1", "a.jpg", []byte("a photo"))
	b.sealed["m1"][0] ^= 1
	f := b.fetched(t, bad)
	if f.State != models.FilePending || !strings.Contains(f.Reason, "hash differs") || f.Attempts != 1 || f.NextAt.IsZero() {
		t.Fatalf("after the first attempt: %+v; want it to wait", f)
	}
	b.again(t)
	if f = b.again(t); f.State != models.FileFailed || f.Attempts != 3 {
		t.Errorf("after the third: %+v; want it failed", f)
	}
	b.sealed["m1"][0] ^= 1
	must(t, b.RetryFile(t.Context(), f.ID, models.By{}))
	if f = b.again(t); f.State != models.FileStored {
		t.Errorf("after somebody tried again: %+v; want it stored", f)
	}
}

func TestEveryBadDownloadSaysWhyAndStoresNothing(t *testing.T) {
	huge := bytes.Repeat([]byte("x"), files.MaxSize+1)
	for _, tt := range []struct {
		name   string
		attach func(*bench) models.InFile
		answer func(http.ResponseWriter, *http.Request) bool
		state  models.FileState // after three attempts
		reason string
	}{
		{"wrong hmac", func(b *bench) models.InFile {
			f := b.upload(t, "m1", "a", []byte("x"))
			f.Source.HMACKey = bytes.Repeat([]byte{9}, 32)
			return f
		}, nil, models.FileFailed, "authentication code is wrong"},
		{"wrong plaintext hash", func(b *bench) models.InFile {
			f := b.upload(t, "m1", "a", []byte("x"))
			f.Source.PlainHash = bytes.Repeat([]byte{9}, 32)
			return f
		}, nil, models.FileFailed, "not what the phone attached"},
		{"no keys", func(b *bench) models.InFile {
			f := b.upload(t, "m1", "a", []byte("x"))
			f.Source.Key = nil
			return f
		}, nil, models.FileFailed, "keys do not have the lengths"},
		{"26 MiB", func(b *bench) models.InFile { return b.upload(t, "m1", "a", append(huge, make([]byte, 1<<20)...)) }, nil, models.FileFailed, "larger than 25 MiB"},
		{"one byte too large", func(b *bench) models.InFile { return b.upload(t, "m1", "a", huge) }, nil, models.FileFailed, "larger than 25 MiB"},
		{"endless", func(b *bench) models.InFile { return b.upload(t, "m1", "a", []byte("x")) }, func(w http.ResponseWriter, _ *http.Request) bool {
			for chunk := huge[:1<<20]; ; {
				if _, err := w.Write(chunk); err != nil {
					return true
				}
			}
		}, models.FileFailed, "larger than 25 MiB"},
		{"redirect to a private host", func(b *bench) models.InFile { return b.upload(t, "m1", "a", []byte("x")) }, func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Location", "http://169.254.169.254/latest/meta-data")
			w.WriteHeader(http.StatusFound)
			return true
		}, models.FileFailed, "another address"},
		{"another host", func(b *bench) models.InFile {
			f := b.upload(t, "m1", "a", []byte("x"))
			f.Source.URL = "https://mmg.whatsapp.net.evil.example/x?key=confided"
			return f
		}, nil, models.FileFailed, "only WhatsApp's own hosts"},
		{"plain http", func(b *bench) models.InFile {
			f := b.upload(t, "m1", "a", []byte("x"))
			f.Source.URL = strings.Replace(f.Source.URL, "https:", "http:", 1)
			return f
		}, nil, models.FileFailed, "only WhatsApp's own hosts"},
		{"no address", func(b *bench) models.InFile {
			f := b.upload(t, "m1", "a", []byte("x"))
			f.Source.URL = "https://[::1/x"
			return f
		}, nil, models.FileFailed, "cannot be called"},
		{"gone", func(b *bench) models.InFile {
			f := b.upload(t, "m1", "a", []byte("x"))
			delete(b.sealed, "m1")
			return f
		}, nil, models.FileGone, "not have it any more (status 404)"},
		{"a server that is ill", func(b *bench) models.InFile { return b.upload(t, "m1", "a", []byte("x")) }, func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusBadGateway)
			return true
		}, models.FilePending, "status 502"},
		{"another file at Meta", func(b *bench) models.InFile {
			f := b.hold("7001", "a", []byte("x"))
			b.told = hex.EncodeToString(bytes.Repeat([]byte{1}, 32))
			return f
		}, nil, models.FileFailed, "not what was announced"},
		{"an id that is a path", func(b *bench) models.InFile { return b.hold("../me", "a", []byte("x")) }, nil, models.FileFailed, "none that the Graph API has"},
		{"an answer without an address", func(b *bench) models.InFile { return b.hold("7001", "a", []byte("x")) }, func(w http.ResponseWriter, _ *http.Request) bool {
			w.Write([]byte("{}"))
			return true
		}, models.FilePending, "did not say where"},
		{"an address elsewhere", func(b *bench) models.InFile { return b.hold("7001", "a", []byte("x")) }, func(w http.ResponseWriter, _ *http.Request) bool {
			fmt.Fprint(w, `{"url":"https://evil.example/x"}`)
			return true
		}, models.FileFailed, "only WhatsApp's own hosts"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			b.answer = tt.answer
			b.attach(t, tt.attach(b))
			for range 3 {
				b.again(t)
			}
			f := b.only(t)
			if f.State != tt.state || !strings.Contains(f.Reason, tt.reason) {
				t.Errorf("file = %s, %q; want %s, with %q", f.State, f.Reason, tt.state, tt.reason)
			}
			if left := stored(t, b.folder); len(left) != 0 {
				t.Errorf("%d objects are in the store; want none", len(left))
			}
			if text := b.log.String() + f.Reason; strings.Contains(text, "confided") {
				t.Errorf("an address is told: %s", text)
			}
		})
	}
}

func TestAKillBetweenObjectAndRowLosesNothing(t *testing.T) {
	b := newBench(t)
	photo := jpegOf(t, 40, 30)
	b.attach(t, b.upload(t, "m1", "a.jpg", photo))
	due, err := b.ClaimFiles(t.Context(), 1, time.Millisecond)
	must(t, err)
	if _, err := b.keeper.Save(t.Context(), due[0].File, photo); err != nil { // and no word of it to the database
		t.Fatal(err)
	}
	before := len(stored(t, b.folder))
	f := b.again(t)
	if got, err := b.keeper.Open(t.Context(), f, files.Whole); f.State != models.FileStored || err != nil || !bytes.Equal(got, photo) {
		t.Errorf("file = %+v, %v; want it stored", f, err)
	}
	if after := len(stored(t, b.folder)); after != before {
		t.Errorf("%d objects; want the same %d, written again", after, before)
	}
}

func TestAFileWhoseTimeAtWhatsAppIsOverIsGone(t *testing.T) {
	b := newBench(t)
	b.attach(t, b.upload(t, "m1", "a.jpg", []byte("x")))
	b.Advance(21 * 24 * time.Hour)
	if f := b.again(t); f.State != models.FileGone || len(b.asked) != 0 {
		t.Errorf("file = %+v, asked %v; want it gone without asking", f, b.asked)
	}
}

func TestOldFilesGoAndStraysAreSwept(t *testing.T) {
	b := newBench(t)
	f := b.fetched(t, b.upload(t, "m1", "a.jpg", jpegOf(t, 40, 30)))
	stray, err := b.SealFile("strayobject", "file", []byte("x"))
	must(t, err)
	must(t, b.keeper.Store.Put(t.Context(), "strayobject.file", stray))
	must(t, b.keeper.Store.Put(t.Context(), "otherdatabase.file", []byte("SWF1ffffffff…")))
	if n, err := b.keeper.Sweep(t.Context()); n != 0 || err != nil {
		t.Errorf("Sweep of what is new = %d, %v; want none", n, err)
	}
	aged(t, b.folder, 25*time.Hour)
	if finding, err := b.keeper.Check(t.Context()); err != nil || finding.Verdict != models.Doubtful || !strings.Contains(finding.Text, "2 objects there belong to no file") {
		t.Errorf("Check with a stray = %+v, %v", finding, err)
	}
	if n, err := b.keeper.Sweep(t.Context()); n != 1 || err != nil {
		t.Errorf("Sweep = %d, %v; want the stray", n, err)
	}
	if done, err := b.keeper.Retire(t.Context(), 90*24*time.Hour); err != nil || done != (files.Done{}) {
		t.Errorf("Retire at once = %+v, %v; want nothing", done, err)
	}
	b.Advance(91 * 24 * time.Hour)
	if done, err := b.keeper.Retire(t.Context(), 90*24*time.Hour); err != nil || done.Removed != 1 {
		t.Errorf("Retire = %+v, %v; want one", done, err)
	}
	if left := stored(t, b.folder); len(left) != 1 {
		t.Errorf("%d objects are left; want only another database's", len(left))
	}
	if f = b.only(t); f.State != models.FileRemoved || f.Reason != "Removed after 90 days." {
		t.Errorf("file = %+v; want a row that says when it was removed", f)
	}
	if _, err := b.keeper.Open(t.Context(), f, files.Whole); !errors.Is(err, files.ErrMissing) {
		t.Errorf("Open = %v; want ErrMissing", err)
	}
}

func TestCheckFindsWhatTheStoreLost(t *testing.T) {
	b := newBench(t)
	f := b.fetched(t, b.upload(t, "m1", "a.jpg", jpegOf(t, 40, 30)))
	must(t, b.keeper.Store.Remove(t.Context(), f.Object+".small"))
	if finding, err := b.keeper.Check(t.Context()); err != nil || finding.Verdict != models.Broken || !strings.Contains(finding.Text, "1 of 1 are not in") {
		t.Errorf("Check = %+v, %v; want it broken", finding, err)
	}
}
