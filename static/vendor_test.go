package static_test

import (
	"crypto/sha512"
	"encoding/base64"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// vendored reads the lock: path from the repository's root → the columns after it.
func vendored(t *testing.T) map[string][]string {
	t.Helper()
	lock, err := os.ReadFile("vendor/vendor.lock")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]string{}
	for line := range strings.Lines(string(lock)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cols := strings.Split(line, "\t")
		if len(cols) != 6 {
			t.Fatalf("vendor.lock: %q has %d columns; want path, name, version, source, licence, sha384", line, len(cols))
		}
		files[cols[0]] = cols[1:]
	}
	return files
}

func TestVendoredFilesAreAsLocked(t *testing.T) {
	files := vendored(t)
	if len(files) < 8 {
		t.Fatalf("vendor.lock lists %d files; want at least 8", len(files))
	}
	for path, cols := range files {
		body, err := os.ReadFile(filepath.Join("..", path))
		if err != nil {
			t.Error(err)
			continue
		}
		sum := sha512.Sum384(body)
		if got := "sha384-" + base64.StdEncoding.EncodeToString(sum[:]); got != cols[4] {
			t.Errorf("%s is not as published: %s; vendor.lock says %s", path, got, cols[4])
		}
	}
}

func TestEveryVendoredFileIsLockedAndHasItsLicence(t *testing.T) {
	files := vendored(t)
	for _, root := range []string{"vendor", "../web/testdata/axe"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || d.Name() == "vendor.lock" {
				return err
			}
			abs := filepath.ToSlash(filepath.Join("static", path))
			if files[abs] == nil {
				t.Errorf("%s is not in vendor.lock", abs)
			}
			if found, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "LICENSE*")); len(found) == 0 {
				t.Errorf("%s has no licence beside it", abs)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
