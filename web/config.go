// Package web puts the parts together and runs them: configuration, routes, middleware, errors, metrics, start and stop.
package web

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"switchyard/models"
	"switchyard/web/keys"
)

// The bounds of Config.Budget: rules need some time on a busy machine, and WhatsApp gives up after 10 s, of which
// decrypting and recording take their part.
const shortestBudget, longestBudget = 100 * time.Millisecond, 7 * time.Second

// A Config is all that can be set from outside, read once. Nothing below web sees it.
type Config struct {
	Listen         string        `env:"SWITCHYARD_LISTEN" envDefault:"127.0.0.1:8080"` // host:port; empty host is every address
	PublicURL      Address       `env:"SWITCHYARD_PUBLIC_URL"`                         // the address that Meta reaches
	Database       Database      `env:"SWITCHYARD_DATABASE" envDefault:"sqlite:data/switchyard.db"`
	MasterKey      Secret        `env:"SWITCHYARD_MASTER_KEY"` // base64 of 32 bytes; empty: master.key beside the database
	AppSecret      Secret        `env:"SWITCHYARD_META_APP_SECRET"`
	VerifyToken    Secret        `env:"SWITCHYARD_META_VERIFY_TOKEN"`
	AccessToken    Secret        `env:"SWITCHYARD_META_ACCESS_TOKEN"` // for the Graph API
	GraphURL       Address       `env:"SWITCHYARD_META_GRAPH_URL" envDefault:"https://graph.facebook.com/v23.0"`
	Files          Secret        `env:"SWITCHYARD_FILES"`           // a folder, or s3://… with a key in it; empty: files beside the database
	Exports        string        `env:"SWITCHYARD_EXPORTS"`         // the folder of scheduled exports; empty: exports beside the database
	TLSHost        string        `env:"SWITCHYARD_TLS_HOST"`        // serve HTTPS for this name with ACME certificates
	TrustedProxies Networks      `env:"SWITCHYARD_TRUSTED_PROXIES"` // whose X-Forwarded-For counts; default none
	MetricsListen  string        `env:"SWITCHYARD_METRICS_LISTEN" envDefault:"127.0.0.1:9464"`
	Drain          time.Duration `env:"SWITCHYARD_DRAIN"`                           // serving goes on this long after a stop signal; default 5s, 0 on loopback
	Budget         time.Duration `env:"SWITCHYARD_ENDPOINT_BUDGET" envDefault:"2s"` // an endpoint request may be decided this long; then the fallback
	AllowHTTP      bool          `env:"SWITCHYARD_ALLOW_HTTP"`                      // plain HTTP beyond loopback is meant
	KeepDeliveries Days          `env:"SWITCHYARD_KEEP_DELIVERIES" envDefault:"30"` // those that are done; 0: for ever, else at least 15
	KeepMessages   Days          `env:"SWITCHYARD_KEEP_MESSAGES"`                   // with statuses, account events; 0: for ever, else at least 15
	KeepSteps      Days          `env:"SWITCHYARD_KEEP_STEPS"`                      // 0: for ever
	KeepMinutes    Days          `env:"SWITCHYARD_KEEP_MINUTES" envDefault:"35"`    // what the endpoint did by minute; 0: for ever; hours and days stay
	Crypto         string        `env:"SWITCHYARD_CRYPTO"`                          // who does RSA: keys.Auto (the default), keys.Go
	KeepFiles      Days          `env:"SWITCHYARD_KEEP_FILES" envDefault:"90"`      // what customers attached; 0: for ever

	AWSKey     Secret `env:"AWS_ACCESS_KEY_ID"` // of a bucket that SWITCHYARD_FILES names without a key
	AWSSecret  Secret `env:"AWS_SECRET_ACCESS_KEY"`
	AWSSession Secret `env:"AWS_SESSION_TOKEN"`
	AWSRegion  string `env:"AWS_REGION"`

	Banner    string           // a standing remark over every page
	Now       func() time.Time // the clock; nil is time.Now
	Log       io.Writer        // where log lines go; nil is standard error
	WhatsApp  WhatsApp         // stands in for WhatsApp's hosts in tests
	Passwords models.Passwords // costs of password hashing; zero is the default; tests set cheap ones
}

// ConfigFromEnv reads the configuration through lookup, which is os.LookupEnv but in tests. All problems come in
// one error, a line each, naming the variable and what to write; values of secrets are never in it.
func ConfigFromEnv(lookup func(string) (string, bool)) (Config, error) {
	var c Config
	params, err := env.GetFieldParams(&c)
	if err != nil {
		return c, fmt.Errorf("read configuration: %w", err)
	}
	vars := map[string]string{}
	for _, p := range params {
		if v, ok := lookup(p.Key); ok {
			vars[p.Key] = strings.TrimSpace(v)
		}
	}
	problems := plainProblems(env.ParseWithOptions(&c, env.Options{Environment: vars}))
	if v, set := vars["SWITCHYARD_METRICS_LISTEN"]; set && v == "" {
		c.MetricsListen = "" // set and empty is off, not the default
	}
	if vars["SWITCHYARD_DRAIN"] == "" && !loopback(c.Listen) {
		c.Drain = 5 * time.Second
	}
	return c, errors.Join(append(problems, c.check()...)...)
}

// plainProblems turns the library's errors into sentences that name the variable.
func plainProblems(err error) (problems []error) {
	var all env.AggregateError
	if err != nil && !errors.As(err, &all) {
		return []error{err}
	}
	for _, e := range all.Errors {
		var bad env.ParseError
		if !errors.As(e, &bad) {
			problems = append(problems, e)
			continue
		}
		field, _ := reflect.TypeFor[Config]().FieldByName(bad.Name)
		problems = append(problems, fmt.Errorf("%s: %w", field.Tag.Get("env"), reason(bad)))
	}
	return problems
}

// reason leaves out the value: it may be a secret in the wrong variable.
func reason(bad env.ParseError) error {
	switch bad.Type {
	case reflect.TypeFor[time.Duration]():
		return errors.New("write a time such as 5s")
	case reflect.TypeFor[bool]():
		return errors.New("write 1 or 0")
	}
	return bad.Err
}

func (c Config) check() (problems []error) {
	say := func(name, format string, a ...any) { problems = append(problems, fmt.Errorf(name+": "+format, a...)) }
	if !hostPort(c.Listen) {
		say("SWITCHYARD_LISTEN", "write host:port, such as 127.0.0.1:8080")
	}
	if c.MetricsListen != "" && !hostPort(c.MetricsListen) {
		say("SWITCHYARD_METRICS_LISTEN", "write host:port, such as 127.0.0.1:9464, or nothing to switch it off")
	}
	switch {
	case !c.Database.known():
		say("SWITCHYARD_DATABASE", "write sqlite: and the path of a file, such as sqlite:data/switchyard.db, or postgres://USER:PASSWORD@HOST/DATABASE")
	case !c.Database.readable():
		say("SWITCHYARD_DATABASE", "this is no URL: write special characters of the password as %%40 for @, %%2F for / and the like")
	}
	if _, err := c.masterKey(); err != nil {
		say("SWITCHYARD_MASTER_KEY", "write base64 of exactly 32 bytes (openssl rand -base64 32)")
	}
	if c.Drain < 0 || c.Drain > 5*time.Minute {
		say("SWITCHYARD_DRAIN", "write a time from 0s to 5m")
	}
	if c.Budget < shortestBudget || c.Budget > longestBudget {
		say("SWITCHYARD_ENDPOINT_BUDGET", "write a time from %s to %s: WhatsApp gives up after 10s", shortestBudget, longestBudget)
	}
	if c.Crypto != "" && c.Crypto != keys.Auto && c.Crypto != keys.Go {
		say("SWITCHYARD_CRYPTO", "write %s (libcrypto when it is there) or %s (Go's own)", keys.Auto, keys.Go)
	}
	if _, err := c.place(); err != nil {
		say("SWITCHYARD_FILES", "%w", err)
	}
	if c.GraphURL != "" && c.GraphURL.Scheme() != "https" {
		say("SWITCHYARD_META_GRAPH_URL", "write an https:// address: the access token travels there")
	}
	for _, keep := range []struct {
		name string
		days Days
	}{{"SWITCHYARD_KEEP_DELIVERIES", c.KeepDeliveries}, {"SWITCHYARD_KEEP_MESSAGES", c.KeepMessages}} {
		if keep.days > 0 && keep.days < fewestDays {
			say(keep.name, "write at least %d days: Meta repeats deliveries for a week, and they are told apart for two", fewestDays)
		}
	}
	if strings.ContainsAny(c.TLSHost, ":/ ") {
		say("SWITCHYARD_TLS_HOST", "write a host name only, such as flows.example.com")
	}
	if c.PublicURL.Path() != "" {
		say("SWITCHYARD_PUBLIC_URL", "write scheme and host only, such as https://flows.example.com")
	}
	if hostPort(c.Listen) && !loopback(c.Listen) && !c.secure() && !c.AllowHTTP {
		say("SWITCHYARD_LISTEN", "%s can be reached from other machines, and sign-ins would travel unencrypted: "+
			"set SWITCHYARD_PUBLIC_URL to an https:// address, or SWITCHYARD_TLS_HOST, or SWITCHYARD_ALLOW_HTTP=1 if plain HTTP is meant", c.Listen)
	}
	return problems
}

// secure tells whether people reach us by HTTPS.
func (c Config) secure() bool { return c.TLSHost != "" || c.PublicURL.Scheme() == "https" }

// origin is the public origin, "" when no variable tells it.
func (c Config) origin() string {
	if c.PublicURL == "" && c.TLSHost != "" {
		return "https://" + c.TLSHost
	}
	return string(c.PublicURL)
}

func (c Config) masterKey() ([]byte, error) {
	if c.MasterKey == "" {
		return nil, nil
	}
	key, err := base64.StdEncoding.DecodeString(string(c.MasterKey))
	if err != nil || len(key) != 32 {
		return nil, errors.New("not base64 of 32 bytes")
	}
	return key, nil
}

// exports is the folder of scheduled exports.
func (c Config) exports() string { return cmp.Or(c.Exports, filepath.Join(c.folder(), "exports")) }

// folder is where files beside the database lie.
func (c Config) folder() string {
	if file, ok := c.Database.file(); ok {
		return filepath.Dir(file)
	}
	return "data"
}

func (c Config) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

func hostPort(s string) bool {
	_, port, err := net.SplitHostPort(s)
	return err == nil && port != ""
}

// loopback tells whether only this machine can reach the address.
func loopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// banner is the remark over every page: plain HTTP that others can reach must not be forgotten.
func (c Config) banner() string {
	if c.Banner == "" && !c.secure() && !loopback(c.Listen) {
		return "This server speaks plain HTTP: passwords and answers travel unencrypted."
	}
	return c.Banner
}

// appSecrets are those of the environment, which win over the settings.
func (c Config) appSecrets() []string {
	if c.AppSecret == "" {
		return nil
	}
	return []string{string(c.AppSecret)}
}

// Local is how this machine reaches a server that listens there: an address of every interface is not one to call.
func Local(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}
