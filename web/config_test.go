package web_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"switchyard/web"
)

func lookup(vars map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := vars[name]; return v, ok }
}

func TestConfigDefaultsAreThoseOfTheTable(t *testing.T) {
	c, err := web.ConfigFromEnv(lookup(nil))
	if err != nil {
		t.Fatalf("ConfigFromEnv(nothing) = %v; want no error", err)
	}
	got := fmt.Sprint(c.Listen, " ", c.PublicURL, " ", c.Database, " ", c.MetricsListen, " ", c.Drain, " ", c.Budget, " ", c.AllowHTTP)
	want := "127.0.0.1:8080  sqlite:data/switchyard.db 127.0.0.1:9464 0s 2s false"
	if got != want {
		t.Errorf("defaults = %s; want %s", got, want)
	}
}

func TestReadmeNamesEveryVariableAndNoOther(t *testing.T) {
	raw, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	inReadme := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `((?:SWITCHYARD|AWS)_[A-Z_]+)`").FindAllStringSubmatch(string(raw), -1) {
		inReadme[row[1]] = true
	}
	for field := range reflect.TypeFor[web.Config]().Fields() {
		name := field.Tag.Get("env")
		if name != "" && !inReadme[name] {
			t.Errorf("the README's table has no row for %s", name)
		}
		delete(inReadme, name)
	}
	if len(inReadme) > 0 {
		t.Errorf("the README's table has rows for %v, which nothing reads", inReadme)
	}
}

func TestConfigRefusesWhatCannotBeMeantAndNamesTheVariable(t *testing.T) {
	key := "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=" // 32 bytes
	cases := []struct {
		name string
		vars map[string]string
		want []string // parts of the error, none = accepted
	}{
		{"everything good", map[string]string{"LISTEN": ":8080", "PUBLIC_URL": "https://Flows.example.com/", "MASTER_KEY": key,
			"TRUSTED_PROXIES": "10.0.0.0/8, ::1,192.0.2.7", "DRAIN": "0s", "METRICS_LISTEN": ""}, nil},
		{"open address, plain http", map[string]string{"LISTEN": ":8080"},
			[]string{"SWITCHYARD_LISTEN", "SWITCHYARD_PUBLIC_URL", "SWITCHYARD_TLS_HOST", "SWITCHYARD_ALLOW_HTTP=1"}},
		{"open address, http public URL", map[string]string{"LISTEN": "0.0.0.0:80", "PUBLIC_URL": "http://flows.example.com"}, []string{"SWITCHYARD_ALLOW_HTTP=1"}},
		{"a name is not loopback", map[string]string{"LISTEN": "host:80"}, []string{"SWITCHYARD_ALLOW_HTTP=1"}},
		{"plain http that is meant", map[string]string{"LISTEN": ":8080", "ALLOW_HTTP": "1"}, nil},
		{"own certificates", map[string]string{"LISTEN": ":443", "TLS_HOST": "flows.example.com"}, nil},
		{"IPv6 loopback", map[string]string{"LISTEN": "[::1]:8080"}, nil},
		{"localhost", map[string]string{"LISTEN": "localhost:8080"}, nil},
		{"no port", map[string]string{"LISTEN": "127.0.0.1"}, []string{"SWITCHYARD_LISTEN: write host:port"}},
		{"address without scheme", map[string]string{"PUBLIC_URL": "flows.example.com"}, []string{"SWITCHYARD_PUBLIC_URL"}},
		{"address with a path", map[string]string{"PUBLIC_URL": "https://flows.example.com/x"}, []string{"SWITCHYARD_PUBLIC_URL"}},
		{"address with a password", map[string]string{"PUBLIC_URL": "https://a:hush@flows.example.com"}, []string{"SWITCHYARD_PUBLIC_URL"}},
		{"short master key", map[string]string{"MASTER_KEY": "aHVzaA=="}, []string{"SWITCHYARD_MASTER_KEY"}},
		{"PostgreSQL", map[string]string{"DATABASE": "postgres://u:hush@h:5432/db?sslmode=verify-full"}, nil},
		{"PostgreSQL by its other name", map[string]string{"DATABASE": "postgresql:///db?host=/run/postgresql"}, nil},
		{"another engine", map[string]string{"DATABASE": "mysql://u:hush@h/db"}, []string{"SWITCHYARD_DATABASE: write sqlite:", "postgres://USER:PASSWORD@HOST/DATABASE"}},
		{"PostgreSQL without a URL", map[string]string{"DATABASE": "host=h user=u password=hush"}, []string{"SWITCHYARD_DATABASE"}},
		{"a password that breaks the URL", map[string]string{"DATABASE": "postgres://u:hush%zz@h/db"}, []string{"SWITCHYARD_DATABASE", "%40"}},
		{"no file", map[string]string{"DATABASE": "sqlite:"}, []string{"SWITCHYARD_DATABASE"}},
		{"bad ranges", map[string]string{"TRUSTED_PROXIES": "10.0.0.0/33"}, []string{"SWITCHYARD_TRUSTED_PROXIES"}},
		{"bad time", map[string]string{"DRAIN": "hush"}, []string{"SWITCHYARD_DRAIN: write a time"}},
		{"negative time", map[string]string{"DRAIN": "-1s"}, []string{"SWITCHYARD_DRAIN"}},
		{"the longest budget", map[string]string{"ENDPOINT_BUDGET": "7s"}, nil},
		{"a budget beyond WhatsApp's patience", map[string]string{"ENDPOINT_BUDGET": "7001ms"}, []string{"SWITCHYARD_ENDPOINT_BUDGET: write a time from 100ms to 7s"}},
		{"no budget", map[string]string{"ENDPOINT_BUDGET": "0"}, []string{"SWITCHYARD_ENDPOINT_BUDGET"}},
		{"bad truth", map[string]string{"ALLOW_HTTP": "hush"}, []string{"SWITCHYARD_ALLOW_HTTP: write 1 or 0"}},
		{"host with scheme", map[string]string{"TLS_HOST": "https://h"}, []string{"SWITCHYARD_TLS_HOST"}},
		{"RSA by whom", map[string]string{"CRYPTO": "hush"}, []string{"SWITCHYARD_CRYPTO: write auto", "or go"}},
		{"RSA by Go", map[string]string{"CRYPTO": "go"}, nil},
		{"all problems at once", map[string]string{"LISTEN": "x", "DRAIN": "y", "MASTER_KEY": "z", "METRICS_LISTEN": "w"},
			[]string{"SWITCHYARD_LISTEN", "SWITCHYARD_DRAIN", "SWITCHYARD_MASTER_KEY", "SWITCHYARD_METRICS_LISTEN"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			vars := map[string]string{}
			for k, v := range tc.vars {
				vars["SWITCHYARD_"+k] = v
			}
			_, err := web.ConfigFromEnv(lookup(vars))
			if (err != nil) != (len(tc.want) > 0) {
				t.Fatalf("ConfigFromEnv(%v) = %v; want an error: %v", tc.vars, err, len(tc.want) > 0)
			}
			for _, part := range tc.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("ConfigFromEnv(%v) = %q; want it to contain %q", tc.vars, err, part)
				}
			}
			if err != nil && strings.Contains(err.Error(), "hush") {
				t.Errorf("ConfigFromEnv(%v) = %q; want no value in it", tc.vars, err)
			}
		})
	}
}

func TestEmptyMetricsListenIsOff(t *testing.T) {
	c, _ := web.ConfigFromEnv(lookup(map[string]string{"SWITCHYARD_METRICS_LISTEN": ""}))
	if c.MetricsListen != "" {
		t.Errorf("MetricsListen = %q; want off", c.MetricsListen)
	}
}

func TestDrainIsFiveSecondsBeyondLoopback(t *testing.T) {
	for listen, want := range map[string]time.Duration{":8080": 5 * time.Second, "127.0.0.1:1": 0} {
		c, err := web.ConfigFromEnv(lookup(map[string]string{"SWITCHYARD_LISTEN": listen, "SWITCHYARD_ALLOW_HTTP": "1"}))
		if err != nil || c.Drain != want {
			t.Errorf("Drain with LISTEN=%s = %v, %v; want %v", listen, c.Drain, err, want)
		}
	}
}

func TestPasswordOfTheDatabaseIsNeverPrinted(t *testing.T) {
	for url, want := range map[string]string{
		"postgres://ada:hush@db.example.com:5432/switchyard?sslmode=verify-full": "postgres://db.example.com:5432/switchyard",
		"postgres://db.example.com/switchyard?user=ada&password=hush":            "postgres://db.example.com/switchyard",
		"postgres://ada:hush@x:y@h/db":                                           "postgres://h/db",
		"postgres://ada:hush%zz@h/db":                                            "…",
		"sqlite:data/switchyard.db":                                              "sqlite:data/switchyard.db",
	} {
		d := web.Database(url)
		if got := d.String(); got != want {
			t.Errorf("Database(%q).String() = %q; want %q", url, got, want)
		}
		c := web.Config{Database: d}
		asJSON, err := json.Marshal(map[string]any{"c": c.Database, "in": struct{ D *web.Database }{&d}})
		if err != nil {
			t.Fatal(err)
		}
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "d", d, "config", c.Database)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "d", d, "in", struct{ D web.Database }{d})
		for _, out := range []string{fmt.Sprint(d), fmt.Sprintf("%v %s %q %x %X %+v %#v", d, d, d, d, d, d, d), fmt.Sprintf("%v %+v %#v", c, c, c),
			fmt.Errorf("open %v: %w", d, io.EOF).Error(), string(asJSON), log.String()} {
			if strings.Contains(out, "hush") || strings.Contains(strings.ToLower(out), "68757368") {
				t.Errorf("printed %q; want the password hidden", out)
			}
		}
	}
}

func TestSecretIsNeverPrinted(t *testing.T) {
	s := web.Secret("hush")
	asJSON, _ := json.Marshal(map[string]any{"s": s})
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "s", s)
	for _, out := range []string{fmt.Sprint(s), fmt.Sprintf("%v %s %q %x %#v", s, s, s, s, s), fmt.Sprintf("%+v %#v", struct{ S web.Secret }{s}, struct{ S web.Secret }{s}),
		string(asJSON), log.String()} {
		if strings.Contains(out, "hush") || strings.Contains(out, "68757368") {
			t.Errorf("printed %q; want the secret hidden", out)
		}
	}
}
