package models_test

import (
	"strings"
	"testing"

	"switchyard/models"
)

func TestMintedTokensAreKnown(t *testing.T) {
	token := models.MintToken("claim")
	for _, c := range []struct {
		slug, token string
		want        bool
	}{
		{"claim", token, true}, {"claim", models.MintTestToken("claim"), true}, {"claims", token, false}, {"other", token, false},
		{"claim", strings.ToLower(token), false}, {"claim", token + "A", false}, {"claim", token[:len(token)-1], false},
		{"claim", "claim.7f3c2a90", false}, {"claim", "unused", false}, {"claim", "", false},
	} {
		if got := models.Minted(c.slug, c.token); got != c.want {
			t.Errorf("Minted(%q, %q) = %t; want %t", c.slug, c.token, got, c.want)
		}
	}
}
