package models

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"
)

var errPostgresURL = errors.New("the database URL cannot be read; write it as postgres://USER:PASSWORD@HOST:5432/DATABASE, with special characters of the password escaped as %40 and the like")

// urlSettings are the settings of a URL in which pgx itself finds mistakes, and what each must be.
var urlSettings = []struct{ name, must string }{
	{"sslmode", "disable, allow, prefer, require, verify-ca or verify-full"},
	{"connect_timeout", "a number of seconds"},
	{"target_session_attrs", "read-write or primary, because Switchyard writes"},
	{"sslrootcert", "a file of certificates that can be read"},
	{"sslcert", "a certificate file that can be read, beside sslkey"},
	{"sslkey", "a key file that can be read, beside sslcert"},
	{"sslpassword", "the passphrase of the file that sslkey names"},
	{"sslnegotiation", "postgres or direct, direct with sslmode=require or more"},
	{"sslcertmode", "disable, allow or require"},
	{"channel_binding", "disable, prefer or require"},
	{"require_auth", "a list of ways to sign in, such as scram-sha-256"},
	{"min_protocol_version", "3.0 or 3.2"},
	{"max_protocol_version", "3.0 or 3.2"},
	{"port", "a number"},
	{"service", "a service that the file of services names"},
}

// wrongURL says what is wrong with a URL that pgx does not read: a setting, where it is readable without settings.
// What pgx says may hold a part of the password, so it is found by trying.
func wrongURL(text string) error {
	u, err := url.Parse(text)
	if err != nil {
		return errPostgresURL
	}
	said := u.Query()
	readable := func(settings url.Values) bool {
		u.RawQuery = settings.Encode()
		_, err := pgx.ParseConfig(u.String())
		return err == nil
	}
	if !readable(nil) {
		return errPostgresURL
	}
	for _, s := range urlSettings {
		if said.Has(s.name) && !readable(url.Values{s.name: said[s.name]}) {
			return wrongSetting(s.name)
		}
	}
	for _, s := range urlSettings { // or two of them together
		value, there := said[s.name]
		delete(said, s.name)
		if there && readable(said) {
			return wrongSetting(s.name)
		}
		if there {
			said[s.name] = value
		}
	}
	return errPostgresURL
}

func wrongSetting(name string) error {
	for _, s := range urlSettings {
		if s.name == name {
			return fmt.Errorf("the setting %s in the URL of the database must be %s; correct it in SWITCHYARD_DATABASE", name, s.must)
		}
	}
	return errPostgresURL
}
