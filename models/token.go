package models

import (
	"crypto/rand"
	"strings"
)

// TestToken begins the tokens of tests (design/decisions.md 35): what comes with one is marked, and no figure counts it.
// No flow has this slug.
const TestToken = "test."

// MintToken makes a flow_token for one message with a flow: its slug, a dot, and at least 128 random bits in letters and
// digits, so that a response finds its flow and nobody guesses another customer's. Nothing is stored until it is used.
func MintToken(slug string) string { return slug + "." + rand.Text() }

// MintTestToken makes one whose visit is a test.
func MintTestToken(slug string) string { return TestToken + MintToken(slug) }

// minted is how many letters and digits (A–Z, 2–7) MintToken puts after the dot.
const minted = 26

// Minted tells whether a token is one that MintToken makes for a flow with that slug, of a test or not.
func Minted(slug, token string) bool {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(token, TestToken), slug+".")
	return ok && len(rest) == minted && strings.Trim(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}
