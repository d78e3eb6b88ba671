package files_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/web/files"
)

// stored reads all that lies in a folder, by path.
func stored(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	must(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all[path], err = os.ReadFile(path)
		}
		return err
	}))
	return all
}

// aged makes all that lies in a folder older.
func aged(t *testing.T, folder string, by time.Duration) {
	t.Helper()
	for path := range stored(t, folder) {
		must(t, os.Chtimes(path, time.Time{}, time.Now().Add(-by)))
	}
}

// stores are both kinds.
func stores(t *testing.T) map[string]files.Store {
	folder := files.NewFolder(filepath.Join(t.TempDir(), "files"))
	return map[string]files.Store{"folder": folder, "bucket": newBucket(t, "prefix/below")}
}

func TestBothStoresKeepObjectsWhole(t *testing.T) {
	for kind, s := range stores(t) {
		ctx := t.Context()
		big := bytes.Repeat([]byte("0123456789abcdef"), 20<<16) // 20 MiB: no upload in parts
		for _, data := range [][]byte{[]byte("one"), big, {}} {
			must(t, s.Put(ctx, "abcdef.file", data))
			if got, err := s.Get(ctx, "abcdef.file"); err != nil || !bytes.Equal(got, data) {
				t.Errorf("%s: Get = %d bytes, %v; want %d", kind, len(got), err, len(data))
			}
		}
		must(t, s.Put(ctx, "abxyz.small", []byte("two")))
		var names []string
		for o, err := range s.Each(ctx) {
			must(t, err)
			names = append(names, o.Name)
			if age := time.Since(o.At); age < -time.Minute || age > time.Hour {
				t.Errorf("%s: %s was written %s ago; want just now", kind, o.Name, age)
			}
		}
		slices.Sort(names)
		if want := []string{"abcdef.file", "abxyz.small"}; !slices.Equal(names, want) {
			t.Errorf("%s: Each = %q; want %q", kind, names, want)
		}
		for range s.Each(ctx) {
			break // may be left early
		}
		must(t, s.Remove(ctx, "abcdef.file"))
		must(t, s.Remove(ctx, "abcdef.file"))
		if _, err := s.Get(ctx, "abcdef.file"); !errors.Is(err, files.ErrMissing) {
			t.Errorf("%s: Get of what was removed = %v; want ErrMissing", kind, err)
		}
	}
}

func TestNoNameLeadsOutOfTheFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "files")
	s := files.NewFolder(folder)
	must(t, os.Mkdir(folder, 0o700))
	outside := filepath.Join(folder, "..", "outside.file")
	must(t, os.WriteFile(outside, []byte("x"), 0o600))
	for _, name := range []string{"", "a", "../outside.file", "ab/../../outside.file", "/etc/passwd", `..\outside.file`, "ab.file/x", "AB.file", "ab.", ".file", "ab.fi.le", "../.part-x", "ab/.part-../../x"} {
		_, bad := s.Get(t.Context(), name)
		for verb, err := range map[string]error{"Get": bad, "Put": s.Put(t.Context(), name, nil), "Remove": s.Remove(t.Context(), name)} {
			if err == nil && !strings.HasPrefix(name, "ab/.part-") {
				t.Errorf("%s(%q) = nil; want it refused", verb, name)
			}
		}
	}
	if _, err := os.Stat(outside); err != nil {
		t.Errorf("the file outside: %v", err)
	}
}

func TestAFolderIsItsOwnersAloneAndForgetsHalfWrites(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "files")
	s := files.NewFolder(folder)
	for o, err := range s.Each(t.Context()) {
		t.Errorf("Each before the first object = %v, %v; want nothing", o, err)
	}
	must(t, s.Put(t.Context(), "abcdef.file", []byte("x")))
	must(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %s; want it closed to others", path, info.Mode())
		}
		return err
	}))
	must(t, os.WriteFile(filepath.Join(folder, "ab", ".part-123"), []byte("half"), 0o600))
	must(t, os.WriteFile(filepath.Join(folder, "README"), []byte("somebody else's"), 0o600))
	var names []string
	for o, err := range s.Each(t.Context()) {
		must(t, err)
		names = append(names, o.Name)
	}
	if want := []string{"ab/.part-123", "abcdef.file"}; !slices.Equal(names, want) {
		t.Fatalf("Each = %q; want %q", names, want)
	}
	must(t, s.Remove(t.Context(), names[0]))
	if left := stored(t, folder); len(left) != 2 {
		t.Errorf("%d files are left; want the object and somebody else's", len(left))
	}
}

func TestAPlaceIsReadAndNeverPrinted(t *testing.T) {
	env := files.Credentials{Key: "ENVKEY", Secret: "ENVSECRET"}
	for text, want := range map[string]string{
		"data/files": "data/files",
		"s3://K:confided%2F1@minio.internal:9000/media/a/b?region=eu-west-1&plain=1": "s3://minio.internal:9000/media/a/b/",
		"s3://s3.eu-central-1.amazonaws.com/media":                                   "s3://s3.eu-central-1.amazonaws.com/media/",
		"":                                "",
		"s3://host":                       "",
		"s3:///bucket":                    "",
		"https://host/bucket":             "",
		"s3://K:confided@host/b?regoin=x": "",
		"s3://K:conf%ided@host/b":         "",
		"s3://K@host/b":                   "",
	} {
		p, err := files.ParsePlace(text, env)
		got := ""
		if err == nil {
			got = p.String()
		}
		if got != want {
			t.Errorf("ParsePlace(%q) = %q, %v; want %q", text, got, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "confided") {
			t.Errorf("ParsePlace(%q) tells a secret: %v", text, err)
		}
	}
	if _, err := files.ParsePlace("s3://host/bucket", files.Credentials{}); err == nil || !strings.Contains(err.Error(), "AWS_ACCESS_KEY_ID") {
		t.Errorf("a bucket without credentials = %v; want to be told where to write them", err)
	}
}
