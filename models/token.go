package models

import "crypto/rand"

// TestToken begins the tokens of tests (design/decisions.md 35): what comes with one is marked, and no figure counts it.
// No flow has this slug.
const TestToken = "test."

// MintToken makes a flow_token for one message with a flow: its slug, a dot, and at least 128 random bits in letters and
// digits, so that a response finds its flow and nobody guesses another customer's. Nothing is stored until it is used.
func MintToken(slug string) string { return slug + "." + rand.Text() }

// MintTestToken makes one whose visit is a test.
func MintTestToken(slug string) string { return TestToken + MintToken(slug) }
