package main

import (
	"bytes"
	"flag"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// TestMain lets a test start this very program as a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("SWITCHYARD_TEST_AS_PROGRAM") == "1" {
		main()
	}
	os.Exit(m.Run())
}

// A result is what a command left behind.
type result struct {
	code        int
	out, errOut string
}

// call runs a command in this process with its own environment.
func call(t *testing.T, vars map[string]string, stdin string, args ...string) result {
	t.Helper()
	var out, errOut bytes.Buffer
	env := environment{func(name string) (string, bool) { v, ok := vars[name]; return v, ok }, strings.NewReader(stdin), &out, &errOut}
	code := run(t.Context(), env, args)
	return result{code, out.String(), errOut.String()}
}

// testKey are 32 zero bytes; on PostgreSQL a file in the working folder would be the key, otherwise.
const testKey = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

// database makes an empty, migrated database and names it as the environment does.
func database(t *testing.T) map[string]string {
	t.Helper()
	return migrated(t, modelstest.URL(t))
}

func migrated(t *testing.T, url string) map[string]string {
	t.Helper()
	db, err := models.Open(t.Context(), models.Options{URL: url, Migrate: true, Now: time.Now, MasterKey: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"SWITCHYARD_DATABASE": url, "SWITCHYARD_MASTER_KEY": testKey, "SWITCHYARD_METRICS_LISTEN": ""}
}

func TestFlagsMayStandBeforeOrAfterArguments(t *testing.T) {
	cases := []struct {
		args       []string
		want       int
		name       string
		undo       bool
		rest       []string
		wantsError bool
	}{
		{[]string{"--name", "a", "--undo", "FILE"}, 1, "a", true, []string{"FILE"}, false},
		{[]string{"FILE", "--name", "a", "--undo"}, 1, "a", true, []string{"FILE"}, false},
		{[]string{"--name=a", "ONE", "-undo", "TWO"}, 2, "a", true, []string{"ONE", "TWO"}, false},
		{[]string{"--name", "a", "--", "--undo"}, 1, "a", false, []string{"--undo"}, false},
		{[]string{"ONE", "--", "--undo", "TWO"}, 3, "", false, []string{"ONE", "--undo", "TWO"}, false},
		{[]string{"-"}, 1, "", false, []string{"-"}, false},
		{[]string{"ONE", "TWO"}, 1, "", false, nil, true},
		{nil, 1, "", false, nil, true},
		{[]string{"--other"}, 0, "", false, nil, true},
		{[]string{"--name"}, 0, "", false, nil, true},
	}
	for _, tc := range cases {
		fs := flag.NewFlagSet("thing do", flag.ContinueOnError)
		name, undo := fs.String("name", "", ""), fs.Bool("undo", false, "")
		rest, err := parse(fs, tc.args, tc.want)
		if (err != nil) != tc.wantsError {
			t.Errorf("parse(%q) = %v; want an error: %v", tc.args, err, tc.wantsError)
			continue
		}
		if err == nil && (*name != tc.name || *undo != tc.undo || !slices.Equal(rest, tc.rest)) {
			t.Errorf("parse(%q) = name %q, undo %v, rest %q; want %q, %v, %q", tc.args, *name, *undo, rest, tc.name, tc.undo, tc.rest)
		}
	}
}

func TestWrongUseIsCode2AndOneSentence(t *testing.T) {
	vars := database(t)
	for _, args := range [][]string{
		{"user"}, {"user", "nothing"}, {"user", "add"}, {"user", "add", "--email"}, {"user", "add", "--email", "a@example.com", "--role", "king"},
		{"user", "add", "--email", "a@example.com"}, {"user", "list", "extra"}, {"user", "role", "--email", "a@example.com"}, {"version", "--loud"}, {"serve", "now"},
		{"health", "now"},
	} {
		got := call(t, vars, "", args...)
		if got.code != misused || got.out != "" || !strings.HasPrefix(got.errOut, "switchyard: ") || strings.Count(got.errOut, "\n") != 1 {
			t.Errorf("switchyard %q = %d, out %q, err %q; want 2 and one sentence", args, got.code, got.out, got.errOut)
		}
	}
}

func TestUnknownCommandIsCode2AndNamed(t *testing.T) {
	got := call(t, nil, "", "nothing")
	if got.code != misused || got.out != "" || !strings.HasPrefix(got.errOut, `switchyard: there is no command "nothing"`) {
		t.Errorf("switchyard nothing = %d, out %q, err %q; want 2 and a sentence that names it", got.code, got.out, got.errOut)
	}
}

func TestUserCommandsDoWhatTheySay(t *testing.T) {
	vars := database(t)
	const password = "correct horse battery\n"
	steps := []struct {
		stdin    string
		args     []string
		code     int
		out, err string // parts
	}{
		{password, []string{"user", "add", "--email", "Ada@Example.com", "--role", "admin", "--name", "Ada"}, done, "ada@example.com may sign in as admin", ""},
		{password, []string{"user", "add", "--email", "bob@example.com"}, done, "as viewer", ""},
		{password, []string{"user", "add", "--email", "bob@example.com"}, failed, "", "switchyard: "},
		{"short\n", []string{"user", "add", "--email", "eve@example.com"}, failed, "", "12"},
		{"", []string{"user", "role", "--email", "bob@example.com", "--role", "support"}, done, "", ""},
		{"", []string{"user", "role", "--email", "ada@example.com", "--role", "viewer"}, failed, "", "switchyard: "},
		{"", []string{"user", "disable", "--email", "bob@example.com"}, done, "", ""},
		{"", []string{"user", "disable", "--email", "ada@example.com"}, failed, "", "switchyard: "},
		{"another horse battery", []string{"user", "password", "--email", "bob@example.com"}, done, "", ""},
		{"", []string{"user", "role", "--email", "nobody@example.com", "--role", "support"}, failed, "", "there is no user nobody@example.com"},
	}
	for _, s := range steps {
		got := call(t, vars, s.stdin, s.args...)
		if got.code != s.code || !strings.Contains(got.out, s.out) || !strings.Contains(got.errOut, s.err) || s.code == done && got.errOut != "" {
			t.Errorf("switchyard %q = %d, out %q, err %q; want %d, %q, %q", s.args, got.code, got.out, got.errOut, s.code, s.out, s.err)
		}
		if strings.Contains(got.out+got.errOut, "horse battery") || strings.Contains(got.errOut, "models:") {
			t.Errorf("switchyard %q printed %q %q; want no password and no inner words", s.args, got.out, got.errOut)
		}
	}
	list := call(t, vars, "", "user", "list")
	for _, line := range []string{"ada@example.com  admin    active    Ada", "bob@example.com  support  disabled"} {
		if !strings.Contains(list.out, line) {
			t.Errorf("user list = %q; want %q in it", list.out, line)
		}
	}
}

func TestCommandsDoNotMakeADatabase(t *testing.T) {
	file := filepath.Join(t.TempDir(), "none.db")
	got := call(t, map[string]string{"SWITCHYARD_DATABASE": "sqlite:" + file}, "", "user", "list")
	if _, err := os.Stat(file); got.code != failed || !os.IsNotExist(err) {
		t.Errorf("user list without a database = %d %q, file: %v; want 1 and none made", got.code, got.errOut, err)
	}
}

func TestConfigurationProblemsStopEveryCommand(t *testing.T) {
	for _, args := range [][]string{{"serve"}, {}, {"user", "list"}, {"health"}} {
		got := call(t, map[string]string{"SWITCHYARD_LISTEN": ":8080", "SWITCHYARD_DRAIN": "soon"}, "", args...)
		if got.code != failed || !strings.Contains(got.errOut, "SWITCHYARD_ALLOW_HTTP=1") || !strings.Contains(got.errOut, "SWITCHYARD_DRAIN") {
			t.Errorf("switchyard %q = %d %q; want 1 and both problems", args, got.code, got.errOut)
		}
	}
}

func TestHelpAndVersion(t *testing.T) {
	help := call(t, nil, "", "help")
	for _, c := range commands() {
		if !strings.Contains(help.out, "  "+c.name+" ") {
			t.Errorf("help has no line of %s:\n%s", c.name, help.out)
		}
	}
	for setting, rsa := range map[string]string{"": `libcrypto of OpenSSL 3\.\d+\.\d+[^\n]*`, "auto": `libcrypto of OpenSSL 3\.[^\n]*`, "go": `crypto/rsa of go1\.[^\n]*`} {
		want := regexp.MustCompile(`^switchyard \S[^\n]* \(go1\.[^\n]*\)\nRSA by ` + rsa + `\n$`)
		if got := call(t, map[string]string{"SWITCHYARD_CRYPTO": setting}, "", "version"); got.code != done || got.errOut != "" || !want.MatchString(got.out) {
			t.Errorf("version with SWITCHYARD_CRYPTO=%q = %d %q, err %q; want %s", setting, got.code, got.out, got.errOut, want)
		}
	}
}

// program starts this program as a process and waits until it is alive.
func program(t *testing.T, extra ...string) (*exec.Cmd, *bytes.Buffer, map[string]string) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free.Close()
	vars := map[string]string{"SWITCHYARD_LISTEN": free.Addr().String(), "SWITCHYARD_METRICS_LISTEN": "",
		"SWITCHYARD_DATABASE": "sqlite:" + filepath.Join(t.TempDir(), "data", "switchyard.db")}
	if modelstest.Postgres() {
		vars["SWITCHYARD_DATABASE"], vars["SWITCHYARD_MASTER_KEY"] = modelstest.URL(t), testKey
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), append(extra, "SWITCHYARD_TEST_AS_PROGRAM=1")...)
	for k, v := range vars {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(15 * time.Second); call(t, vars, "", "health").code != done; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			cmd.Process.Kill()
			t.Fatalf("switchyard health: not alive within 15 s\n%s", &log)
		}
	}
	return cmd, &log, vars
}

func TestServeEndsWith0OnASignal(t *testing.T) {
	cmd, log, vars := program(t)
	cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err != nil {
		t.Errorf("serve after SIGTERM = %v; want exit 0\n%s", err, log)
	}
	if got := call(t, vars, "", "health"); got.code != failed || strings.Count(got.errOut, "\n") != 1 {
		t.Errorf("health of a stopped server = %d %q; want 1 and a sentence", got.code, got.errOut)
	}
	file, ok := strings.CutPrefix(vars["SWITCHYARD_DATABASE"], "sqlite:")
	if !ok {
		return
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("database file = %v, %v; want mode 0600", info, err)
	}
}

func TestSecondSignalEndsAtOnce(t *testing.T) {
	cmd, _, _ := program(t, "SWITCHYARD_DRAIN=60s")
	cmd.Process.Signal(syscall.SIGTERM)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for begin := time.Now(); ; {
		select {
		case <-ended:
			return
		case <-time.After(50 * time.Millisecond):
			cmd.Process.Signal(syscall.SIGTERM)
		}
		if time.Since(begin) > 5*time.Second {
			t.Fatal("serve still drains 5 s after a second signal; want it ended")
		}
	}
}
