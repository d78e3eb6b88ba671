package pgtest

import (
	"os"
	"path/filepath"
	"testing"
)

func TestNewestServerIsChosen(t *testing.T) {
	root := t.TempDir()
	for version, programs := range map[string][]string{
		"9.6": {"initdb", "postgres"},
		"13":  {"initdb", "postgres"},
		"17":  {"psql"}, // the clients alone
	} {
		install(t, root, version, programs...)
	}
	if got := newest(root); got != "" {
		t.Errorf("newest() of too old ones and clients = %s; want none", got)
	}
	install(t, root, "14", "initdb", "postgres")
	install(t, root, "16", "initdb", "postgres")
	if got, want := newest(root), filepath.Join(root, "16", "bin"); got != want {
		t.Errorf("newest() = %s; want %s", got, want)
	}
	install(t, root, "100", "initdb", "postgres")
	if got, want := newest(root), filepath.Join(root, "100", "bin"); got != want {
		t.Errorf("newest() = %s; want %s", got, want)
	}
}

func install(t *testing.T, root, version string, programs ...string) {
	t.Helper()
	bin := filepath.Join(root, version, "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range programs {
		if err := os.WriteFile(filepath.Join(bin, name), nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func TestVersionIsTheFirstNumber(t *testing.T) {
	for text, want := range map[string]int{"postgres (PostgreSQL) 15.4 (Debian 15.4-1)": 15, "9.6": 9, "common": 0} {
		if got := major(text); got != want {
			t.Errorf("major(%q) = %d; want %d", text, got, want)
		}
	}
}
