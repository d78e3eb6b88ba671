package main

import (
	"testing"
)

func TestErase(t *testing.T) {
	vars := delivered(t, firstDay, "flow-response.json", "flow-response-no-token.json")
	for _, s := range []step{
		{"", []string{"erase"}, misused, "", "phone number or id"},
		{"12\n", []string{"erase"}, failed, "", "7 to 15 digits"},
		{"nobody.at.all\n", []string{"erase"}, failed, "", "Nobody here has this id"},
		{"447700900123\nno\n", []string{"erase"}, failed, "", "nobody is erased"},
		{"447700900999\n", []string{"erase", "--yes"}, done, "no contact goes by this", ""},
		{"447700900123\nyes\n", []string{"erase"}, done, "receipt 2", "Write yes"},
	} {
		s.check(t, vars)
	}
}
