package main

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/web"
)

func deployFile(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// found are the distinct first groups of all matches.
func found(text, pattern string) []string {
	var all []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// deployVariables are what compose.yaml sets for an instance, with the variables of a filled-in .env put in.
func deployVariables(t *testing.T) map[string]string {
	t.Helper()
	env := map[string]string{"PUBLIC_HOST": "flows.example.com", "POSTGRES_PASSWORD": "0123abcd", "SWITCHYARD_MASTER_KEY": testKey}
	vars := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^ +(SWITCHYARD_\w+): "([^"]*)"`).FindAllStringSubmatch(deployFile(t, "compose.yaml"), -1) {
		vars[m[1]] = regexp.MustCompile(`\$\{(\w+)[^}]*\}`).ReplaceAllStringFunc(m[2], func(s string) string {
			return env[regexp.MustCompile(`\w+`).FindString(s)]
		})
	}
	return vars
}

func TestComposeConfiguresTheServerAsItCanBe(t *testing.T) {
	vars := deployVariables(t)
	known := map[string]bool{}
	for field := range reflect.TypeFor[web.Config]().Fields() {
		known[field.Tag.Get("env")] = true
	}
	for name := range vars {
		if !known[name] {
			t.Errorf("compose.yaml sets %s, which nothing reads", name)
		}
	}
	for _, name := range []string{"SWITCHYARD_PUBLIC_URL", "SWITCHYARD_DATABASE", "SWITCHYARD_MASTER_KEY", "SWITCHYARD_TRUSTED_PROXIES"} {
		if vars[name] == "" {
			t.Errorf("compose.yaml does not set %s", name)
		}
	}
	if _, err := web.ConfigFromEnv(func(name string) (string, bool) { v, ok := vars[name]; return v, ok }); err != nil {
		t.Errorf("ConfigFromEnv(what compose.yaml sets) = %v; want no error", err)
	}
	subnet := found(deployFile(t, "compose.yaml"), `subnet: (\S+)`)
	if !slices.Equal(subnet, []string{vars["SWITCHYARD_TRUSTED_PROXIES"]}) {
		t.Errorf("trusted are %s, Caddy is in %v", vars["SWITCHYARD_TRUSTED_PROXIES"], subnet)
	}
}

func TestComposeHoldsNoSecretAndPinsItsImages(t *testing.T) {
	compose, example := deployFile(t, "compose.yaml"), deployFile(t, "env.example")
	for _, m := range regexp.MustCompile(`(?m)^ +(\w*(?:PASSWORD|SECRET|KEY|TOKEN)): (.*)$`).FindAllStringSubmatch(compose, -1) {
		if !regexp.MustCompile(`^"\$\{\w+(:\?[^}]+|:-)\}"`).MatchString(m[2]) {
			t.Errorf("%s is %s; want it from .env, without a default", m[1], m[2])
		}
	}
	for _, m := range regexp.MustCompile(`://\w+:([^@]*)@`).FindAllStringSubmatch(compose, -1) {
		if !strings.HasPrefix(m[1], "${POSTGRES_PASSWORD:?") {
			t.Errorf("a URL holds the password %s; want it from .env", m[1])
		}
	}
	for _, line := range found(example, `(?m)^(\w*(?:PASSWORD|SECRET|KEY|HOST)=.+)$`) {
		t.Errorf("env.example has %q; want it empty", line)
	}
	for _, image := range found(compose, `(?m)^ +image: (\S+)`) {
		if _, tag, _ := strings.Cut(image, ":"); tag == "" || tag == "latest" {
			t.Errorf("image %s is not pinned", image)
		}
	}
}

func TestEnvExampleNamesWhatComposeAsksFor(t *testing.T) {
	asked := found(deployFile(t, "compose.yaml"), `\$\{(\w+)`)
	if told := found(deployFile(t, "env.example"), `(?m)^(\w+)=`); !slices.Equal(told, asked) {
		t.Errorf("env.example names %v; compose.yaml asks for %v", told, asked)
	}
}

func TestCaddyfileNamesOnlyRoutesAndInstancesThatExist(t *testing.T) {
	caddyfile := deployFile(t, "Caddyfile")
	app, err := web.New(web.Config{Listen: "127.0.0.1:0", Database: web.Database("sqlite:" + filepath.Join(t.TempDir(), "switchyard.db"))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { app.Close() })
	for _, path := range found(caddyfile, `(?m)^\s+(?:handle|health_uri|lb_retry_match path) (/\S+)`) {
		prefix, some := strings.CutSuffix(path, "*")
		if !slices.ContainsFunc(app.Routes(), func(r web.Route) bool { return r.Path == path || some && strings.HasPrefix(r.Path, prefix) }) {
			t.Errorf("the Caddyfile names %s, which is no route", path)
		}
	}
	compose, port := deployFile(t, "compose.yaml"), deployVariables(t)["SWITCHYARD_LISTEN"]
	var instances []string
	for _, name := range found(compose, `(?m)^  (\w+):\n    <<: \*app$`) {
		instances = append(instances, name+port)
	}
	want := []string{strings.Join(instances, " ")}
	if got := found(caddyfile, `(?m)^\s+reverse_proxy (.*) \{`); len(instances) < 2 || !slices.Equal(got, want) {
		t.Errorf("Caddy balances %v; the instances are %v", got, want)
	}
}

func TestComposeBuildsEachImageOnce(t *testing.T) {
	compose := deployFile(t, "compose.yaml")
	shared, services, _ := strings.Cut(compose, "\nservices:")
	if strings.Contains(shared, "build:") {
		t.Error("what all instances share has build:; want it in one of them, because builds run at once")
	}
	for name, how := range map[string]string{"app1": "build:", "app2": "pull_policy: never"} {
		if !strings.Contains(services, "\n  "+name+":\n    <<: *app\n    "+how) {
			t.Errorf("%s has no %s; want its image built here and pulled from nowhere", name, how)
		}
	}
	if n := len(regexp.MustCompile(`(?m)^    build:`).FindAllString(services, -1)); n != 1 {
		t.Errorf("compose.yaml builds its one image %d times; want once", n)
	}
}

// A stop takes: drain, 250 ms, last answers (20 s), queues and worker (10 s).
func TestComposeWaitsForAStop(t *testing.T) {
	vars := deployVariables(t)
	drain, err := time.ParseDuration(vars["SWITCHYARD_DRAIN"])
	if err != nil {
		t.Fatal(err)
	}
	app, _, _ := strings.Cut(deployFile(t, "compose.yaml"), "\nservices:")
	said := found(app, `stop_grace_period: (\S+)`)
	if len(said) != 1 {
		t.Fatalf("the instances have %d stop_grace_period; want one", len(said))
	}
	if grace, err := time.ParseDuration(said[0]); err != nil || grace < drain+40*time.Second {
		t.Errorf("stop_grace_period is %s, %v; want 40 s more than the drain of %s", said[0], err, drain)
	}
}
