package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var publicPEM = regexp.MustCompile(`^-----BEGIN PUBLIC KEY-----\n(?:[A-Za-z0-9+/=]+\n)+-----END PUBLIC KEY-----\n$`)

func TestKeyCommands(t *testing.T) {
	vars := database(t)
	vars["SWITCHYARD_META_GRAPH_URL"] = "https://graph.example.com/v24.0"
	got := step{"", []string{"key", "new"}, done, "", ""}.check(t, vars)
	if !publicPEM.MatchString(got.out) {
		t.Errorf("key new = %q; want the public key and only that", got.out)
	}
	for _, part := range []string{`curl -X POST "https://graph.example.com/v24.0/PHONE_NUMBER_ID/whatsapp_business_encryption"`, "@public.pem", "key retire ID --after 24h"} {
		if !strings.Contains(got.errOut, part) {
			t.Errorf("key new says %q; want %s in it", got.errOut, part)
		}
	}
	for _, s := range []step{
		{"", []string{"key", "new", "extra"}, misused, "", "flags only"},
		{"", []string{"key", "list"}, done, "live", ""},
		{"", []string{"key", "retire", "1"}, failed, "", "last live key"},
		{"", []string{"key", "retire", "one"}, misused, "", "number of a key"},
		{"", []string{"key", "retire", "1", "--after", "-1h"}, misused, "", "--after"},
		{"", []string{"key", "retire", "99"}, failed, "", "there is no key 99"},
		{"", []string{"key", "import", "testdata/none.pem"}, failed, "", "none.pem"},
		{"", []string{"key", "import", "testdata/public.pem"}, failed, "", "this is a public key"},
		{"", []string{"key", "import", "testdata/claim_kinds.csv"}, failed, "", "not a PEM file"},
		{"", []string{"key", "import", "testdata/locked.pem"}, misused, "", "write the passphrase of the key on standard input"},
		{"wrong\n", []string{"key", "import", "testdata/locked.pem"}, failed, "", "the passphrase is wrong"},
	} {
		s.check(t, vars)
	}
	public, err := os.ReadFile("testdata/public.pem")
	if err != nil {
		t.Fatal(err)
	}
	if got := (step{"sesame\n", []string{"key", "import", "testdata/locked.pem"}, done, "", ""}).check(t, vars); got.out != string(public) {
		t.Errorf("key import = %q; want its public key", got.out)
	}
	for _, s := range []step{
		{"", []string{"key", "import", "testdata/clear.pem"}, failed, "", "this key is here already"},
		{"", []string{"key", "retire", "--after", "24h", "1"}, done, "key 1 ends at ", ""},
		{"", []string{"key", "list"}, done, "live until ", ""},
		{"", []string{"key", "retire", "2"}, failed, "", "last live key"},
		{"", []string{"key", "retire", "1"}, done, "key 1 ends at ", ""},
		{"", []string{"key", "list"}, done, "retired", ""},
		{"", []string{"key", "retire", "1", "--after", "1h"}, failed, "", "has ended already"},
		{"", []string{"key", "import", "testdata/short.pem"}, failed, "", "1024 bits: WhatsApp accepts RSA keys of 2048 bits only"},
		{"", []string{"key", "new"}, done, "", ""}, {"", []string{"key", "new"}, done, "", ""}, {"", []string{"key", "new"}, done, "", ""},
		{"", []string{"key", "new"}, failed, "", "Retire one first"},
	} {
		if got := s.check(t, vars); strings.Contains(got.out, "PRIVATE") {
			t.Errorf("switchyard %q prints a private key", s.args)
		}
	}
}
