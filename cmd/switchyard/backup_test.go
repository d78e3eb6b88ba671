package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"switchyard/models/modelstest"
)

// filesIn are the files of a folder, without locks.
func filesIn(t *testing.T, folder string) (names []string) {
	t.Helper()
	all, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if !strings.HasSuffix(f.Name(), ".lock") {
			names = append(names, f.Name())
		}
	}
	return names
}

func TestBackupRestoreAndCheckDoWhatTheySay(t *testing.T) {
	vars := migrated(t, modelstest.SQLiteURL(t))
	folder := t.TempDir()
	file := filepath.Join(folder, "a.db")
	for _, s := range []step{
		{"", []string{"check"}, done, "warning  Last backup: none was made yet", ""},
		{"", []string{"backup"}, misused, "", "one argument"},
		{"", []string{"backup", filepath.Join(folder, "none", "a.db")}, failed, "", "no such file"},
		{"", []string{"flow", "add", "--slug", "one"}, done, "", ""},
		{"", []string{"backup", file}, done, "The master key is not in it", ""},
		{"", []string{"backup", file}, failed, "", "is there already"},
		{"", []string{"backup", folder}, done, "sha256 ", ""},
		{"", []string{"check"}, done, "ok       Last backup: 20", ""},
		{"", []string{"flow", "add", "--slug", "two"}, done, "", ""},
		{"", []string{"restore"}, misused, "", "one argument"},
		{"", []string{"restore", filepath.Join(folder, "none.db")}, failed, "", "there is no file"},
		{"", []string{"restore", file}, done, ".before-", ""},
		{"", []string{"check"}, done, "ok       Sealed values: ", ""},
	} {
		s.check(t, vars)
	}
	if list := call(t, vars, "", "flow", "list").out; !strings.Contains(list, "one") || strings.Contains(list, "two") {
		t.Errorf("flow list after restore = %q; want that of the backup", list)
	}
	other := map[string]string{"SWITCHYARD_DATABASE": modelstest.SQLiteURL(t), "SWITCHYARD_METRICS_LISTEN": ""}
	step{"", []string{"restore", file}, failed, "", "master.key is missing"}.check(t, other)
	onDatabase(t, vars["SWITCHYARD_DATABASE"], "UPDATE master_check SET created_at = 1", "INSERT INTO answers (response_id, flow_id, key, text, received_at) VALUES (7, 1, 'a', 'b', 1)")
	step{"", []string{"check"}, failed, "BROKEN   Orphans: 1 row of answers", "one check says BROKEN"}.check(t, vars)
}

func TestBackupAndRestoreNamePostgreSQLsTools(t *testing.T) {
	vars := migrated(t, modelstest.PostgresURL(t))
	step{"", []string{"backup", t.TempDir()}, failed, "", "pg_dump"}.check(t, vars)
	step{"", []string{"restore", "a.db"}, failed, "", "pg_restore"}.check(t, vars)
	step{"", []string{"check"}, done, "ok       Partitions: ", ""}.check(t, vars)
}

func TestABackupThatTheDiskCannotHoldLeavesNothing(t *testing.T) {
	vars := migrated(t, modelstest.SQLiteURL(t))
	folder := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `ulimit -f 300; exec "$0" backup "$1"`, os.Args[0], filepath.Join(folder, "a.db"))
	cmd.Env = append(os.Environ(), "SWITCHYARD_TEST_AS_PROGRAM=1")
	for k, v := range vars {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "the disk of "+folder+" is full") || strings.Count(string(out), "\n") != 1 {
		t.Errorf("backup onto a full disk = %v, %q; want one sentence", err, out)
	}
	if left := filesIn(t, folder); len(left) != 0 {
		t.Errorf("it leaves %q; want nothing", left)
	}
}
