package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// A step is one command and what it must leave behind; parts of out and err must occur.
type step struct {
	stdin    string
	args     []string
	code     int
	out, err string
}

// check runs the command on the database that vars name.
func (s step) check(t *testing.T, vars map[string]string) result {
	t.Helper()
	got := call(t, vars, s.stdin, s.args...)
	if got.code != s.code || !strings.Contains(got.out, s.out) || !strings.Contains(got.errOut, s.err) {
		t.Errorf("switchyard %q = %d, out %q, err %q; want %d, %q, %q", s.args, got.code, got.out, got.errOut, s.code, s.out, s.err)
	}
	if s.code != done && s.err == "" || s.code == misused && got.out != "" {
		t.Errorf("switchyard %q = %d without saying why on standard error only: out %q", s.args, got.code, got.out)
	}
	if strings.Contains(got.errOut, "models:") {
		t.Errorf("switchyard %q speaks inner words: %q", s.args, got.errOut)
	}
	return got
}

func TestFlowCommands(t *testing.T) {
	vars := database(t)
	for _, s := range []step{
		{"", []string{"flow", "list"}, done, "", ""},
		{"", []string{"flow", "add", "--name", "x"}, misused, "", "needs --slug"},
		{"", []string{"flow", "add", "--slug", "a", "extra"}, misused, "", "flags only"},
		{"", []string{"flow", "add", "--slug", "Not Good"}, failed, "", "--slug: Use small letters"},
		{"", []string{"flow", "add", "--slug", "a", "--mode", "loud"}, failed, "", "--mode: Choose encrypted or plain"},
		{"", []string{"flow", "add", "--slug", "123"}, failed, "", "--slug: Use small letters"},
		{"", []string{"flow", "add", "--slug", "a", "--meta-id", "x1"}, failed, "", "--meta-id: Meta's flow ID"},
		{"", []string{"flow", "add", "--slug", "a", "--name", strings.Repeat("n", 101)}, failed, "", "--name: Use at most"},
		{"s", []string{"flow", "add", "--slug", "a", "--secret"}, misused, "", "only a flow with --mode plain"},
		{"", []string{"flow", "add", "--slug", "a", "--json", "testdata/claim_kinds.csv"}, failed, "", "not a Flow JSON"},
		{"", []string{"flow", "add", "--slug", "a", "--json", "testdata/none.json"}, failed, "", "none.json"},
		{"", []string{"flow", "add", "--slug", "appointment", "--name", "Appointments", "--meta-id", "1234", "--json", "testdata/appointment.json"}, done, "/flow-endpoint/appointment", ""},
		{"", []string{"flow", "add", "--slug", "appointment"}, failed, "", "--slug: Another flow"},
		{"", []string{"flow", "add", "--json", "testdata/invalid.json", "--slug", "odd"}, done, "odd is added", "error: /screens/4/id: "},
		{"0123456789abcdef-secret\n", []string{"flow", "add", "--slug", "plain", "--mode", "plain", "--secret"}, done, "plain is added", ""},
		{"short\n", []string{"flow", "add", "--slug", "weak", "--mode", "plain", "--secret"}, failed, "", "--secret: Use 16 to 200"},
		{"{}", []string{"flow", "add", "--slug", "piped", "--json", "-"}, failed, "", "not a Flow JSON"},
		{"", []string{"flow", "token", "appointment"}, done, "appointment.", ""},
		{"", []string{"flow", "token", "1234", "--test"}, done, "test.appointment.", ""},
		{"", []string{"flow", "token", "none"}, failed, "", "there is no flow none"},
		{"", []string{"flow", "token"}, misused, "", "flow token takes"},
	} {
		s.check(t, vars)
	}
	list := call(t, vars, "", "flow", "list").out
	for _, want := range []string{"appointment  1234  encrypted  -  JSON 1   no rules  Appointments", "odd          -     encrypted  -  JSON 1 ", "plain        -     plain "} {
		if !strings.Contains(list, want) {
			t.Errorf("flow list = %q; want %q in it", list, want)
		}
	}
	if strings.Contains(list, "piped") || strings.Contains(list, "\na ") || strings.Contains(list, "weak") || strings.Contains(list, "secret") {
		t.Errorf("flow list = %q; want nothing that was refused, and no secret", list)
	}
}

func TestADatabaseThatCannotBeWrittenIsToldInOneSentence(t *testing.T) {
	for err, want := range map[error]string{
		models.ErrLocked:   "another program is writing to the database; try again in a moment",
		models.ErrReadOnly: "the database cannot be written: its file, folder or disk is read-only",
	} {
		if got := plain(fmt.Errorf("PRAGMA journal_mode = WAL: %w: SQLite's own words", err)); got != want {
			t.Errorf("plain(%v) = %q; want %q", err, got, want)
		}
	}
	vars := migrated(t, modelstest.SQLiteURL(t))
	if _, err := modelstest.SQL(t, vars["SWITCHYARD_DATABASE"]).Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	(&step{"", []string{"flow", "add", "--slug", "a"}, failed, "", "switchyard: another program is writing to the database; try again in a moment\n"}).check(t, vars)
}

func TestListCommands(t *testing.T) {
	vars := database(t)
	file := filepath.Join(t.TempDir(), "out.csv")
	for _, s := range []step{
		{"", []string{"list", "import", "claim_kinds"}, misused, "", "2 arguments"},
		{"", []string{"list", "export", "claim_kinds", "-"}, failed, "", "there is no list claim_kinds"},
		{"", []string{"list", "import", "claim_kinds", "testdata/claim_kinds.csv"}, done, "claim_kinds has 4 rows", ""},
		{"", []string{"list", "import", "Bad Name", "testdata/claim_kinds.csv"}, failed, "", "switchyard: "},
		{"name\nx\n", []string{"list", "import", "colours", "-"}, failed, "", "id"},
		{"id,title\nred,Red\nred,Again\n", []string{"list", "import", "colours", "-"}, failed, "", "red"},
		{"id,title\nred,Red\n", []string{"list", "import", "colours", "-"}, done, "colours has 1 rows", ""},
		{"", []string{"list", "export", "colours", "-"}, done, "red,Red", ""},
		{"", []string{"list", "export", "claim_kinds", file}, done, "", ""},
		{"", []string{"list", "import", "claim_kinds", file}, done, "claim_kinds has 4 rows", ""},
		{"", []string{"list", "list"}, done, "claim_kinds  4 rows", ""},
	} {
		s.check(t, vars)
	}
	was, err := os.ReadFile("testdata/claim_kinds.csv")
	if err != nil {
		t.Fatal(err)
	}
	if got := call(t, vars, "", "list", "export", "claim_kinds", "-"); got.out != strings.ReplaceAll(string(was), "\r\n", "\n") {
		t.Errorf("list export = %q; want what was imported, %q", got.out, was)
	}
}

func TestRulesCommands(t *testing.T) {
	vars := database(t)
	const nowhere = `{"switchyard":1,"opening":{"rules":[],"otherwise":{"go":"NOWHERE"}},"screens":{}}`
	for _, s := range []step{
		{"", []string{"flow", "add", "--slug", "appointment", "--json", "testdata/appointment.json"}, done, "", ""},
		{"", []string{"rules", "check", "testdata/rules.json"}, misused, "", "needs --flow"},
		{"", []string{"rules", "check", "--flow", "none", "testdata/rules.json"}, failed, "", "there is no flow none"},
		{"", []string{"rules", "check", "--flow", "appointment"}, misused, "", "one argument"},
		{"", []string{"rules", "export", "--flow", "appointment"}, failed, "", "no published rules"},
		{"", []string{"rules", "export", "--flow", "appointment", "--draft"}, failed, "", "no draft"},
		{"", []string{"rules", "check", "testdata/rules.json", "--flow", "appointment"}, done, "", ""},
		{nowhere, []string{"rules", "check", "--flow", "appointment", "-"}, failed, "error: /opening/otherwise/go: ", "cannot run"},
		{"{", []string{"rules", "check", "--flow", "appointment", "-"}, failed, "error: ", "cannot run"},
		{"{", []string{"rules", "import", "--flow", "appointment", "-"}, failed, "", "cannot be read"},
		{"", []string{"rules", "export", "--flow", "appointment", "--draft"}, failed, "", "no draft"},
		{nowhere, []string{"rules", "import", "--flow", "appointment", "-"}, done, "version 1", "NOWHERE"},
		{nowhere, []string{"rules", "import", "--flow", "appointment", "--publish", "-"}, failed, "", "not published"},
		{"", []string{"rules", "export", "--flow", "appointment"}, failed, "", "no published rules"},
		{"", []string{"rules", "export", "--flow", "appointment", "--draft"}, done, "NOWHERE", ""},
		{"", []string{"rules", "import", "testdata/rules.json", "--publish", "--flow", "appointment", "--note", "From a file"}, done, "version 1 of the rules of appointment is published", ""},
		{"", []string{"rules", "export", "--flow", "appointment", "-"}, done, "Minors need a parent", ""},
		{"", []string{"flow", "list"}, done, "rules 1", ""},
	} {
		s.check(t, vars)
	}
	out := call(t, vars, "", "rules", "export", "--flow", "appointment").out
	step{out, []string{"rules", "import", "--flow", "appointment", "-", "--publish"}, done, "version 2", ""}.check(t, vars)
	if again := call(t, vars, "", "rules", "export", "--flow", "appointment").out; again != out {
		t.Errorf("rules that were exported, imported and exported again differ:\n%s\n%s", out, again)
	}
}

func TestHelpOfEveryCommandIsCode0(t *testing.T) {
	all := [][]string{}
	for _, c := range commands() {
		all = append(all, []string{c.name, "-h"})
		for _, v := range c.verbs {
			all = append(all, []string{c.name, v.name, "--help"}, []string{c.name, v.name, "extra", "-h"})
		}
	}
	for _, args := range all {
		got := call(t, nil, "", args...)
		if want := "Use: switchyard " + args[0]; got.code != done || got.errOut != "" || !strings.HasPrefix(got.out, want) {
			t.Errorf("switchyard %q = %d, out %q, err %q; want 0 and %q", args, got.code, got.out, got.errOut, want)
		}
	}
}
