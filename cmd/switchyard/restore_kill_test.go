package main

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"switchyard/models/modelstest"
)

// TestARestoreThatIsKilledLeavesTheOldDatabaseOrTheNewOne kills it at moments that chance chooses.
func TestARestoreThatIsKilledLeavesTheOldDatabaseOrTheNewOne(t *testing.T) {
	vars := migrated(t, modelstest.SQLiteURL(t))
	file := strings.TrimPrefix(vars["SWITCHYARD_DATABASE"], "sqlite:")
	copies := t.TempDir()
	older, newer := filepath.Join(copies, "older.db"), filepath.Join(copies, "newer.db")
	for _, s := range []step{
		{"", []string{"backup", older}, done, "", ""},
		{"", []string{"flow", "add", "--slug", "later"}, done, "", ""},
		{"", []string{"backup", newer}, done, "", ""},
	} {
		s.check(t, vars)
	}
	ends := map[bool]int{}
	for i := range verify(10, 200) {
		from := older // one after the other, so that each changes something
		if strings.Contains(call(t, vars, "", "flow", "list").out, "later") == false {
			from = newer
		}
		killed := killRestore(t, vars, file, from, time.Duration(rand.IntN(40))*time.Millisecond)
		got := call(t, vars, "", "check")
		if got.code != done {
			t.Fatalf("check after restore %d was killed (%t) = %d %q\n%s", i, killed, got.code, got.errOut, got.out)
		}
		ends[strings.Contains(call(t, vars, "", "flow", "list").out, "later") == (from == newer)]++
	}
	t.Logf("the new database was there after %d, the old one after %d", ends[true], ends[false])
	for _, name := range filesIn(t, filepath.Dir(file)) {
		if strings.HasSuffix(name, "-wal") {
			t.Errorf("%s is left; want no log of another database", name)
		}
	}
}

func killRestore(t *testing.T, vars map[string]string, file, from string, after time.Duration) (killed bool) {
	t.Helper()
	os.Remove(file + ".restoring") // of the one before
	cmd := exec.CommandContext(t.Context(), os.Args[0], "restore", from)
	cmd.Env = append(os.Environ(), "SWITCHYARD_TEST_AS_PROGRAM=1")
	for k, v := range vars {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if _, err := os.Stat(file + ".restoring"); err == nil {
			break
		}
	}
	time.Sleep(after)
	cmd.Process.Kill()
	return cmd.Wait() != nil
}
