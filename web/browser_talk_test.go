package web_test

import (
	"bytes"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"switchyard/models"
)

// A conversation is what a phone asks and must get, as plaintext, with what decided. The endpoint's own tests hold the rules of
// the fixtures against the same files.
type conversation struct {
	Flow      string
	Exchanges []struct {
		Ask    json.RawMessage
		Status int
		Answer json.RawMessage
		Step   string
	}
}

var flowToken = regexp.MustCompile(`"(appointment|claim)\.[0-9a-f]+"`)

// converse plays one of those files sealed, under a token of its own, and holds every answer against it byte by byte.
func (s *site) converse(t *testing.T, pub *rsa.PublicKey, name string) {
	t.Helper()
	raw, err := os.ReadFile("../handlers/whatsapp/testdata/conversations/" + name + ".json")
	must(t, err)
	token := `"` + strings.ReplaceAll(name, "-", ".") + `"`
	var x conversation
	must(t, json.Unmarshal(flowToken.ReplaceAll(raw, []byte(token)), &x))
	var decided []string
	for i, turn := range x.Exchanges {
		status, answer := s.sealed(t, pub, x.Flow, turn.Ask)
		var want bytes.Buffer
		must(t, json.Compact(&want, turn.Answer))
		if status != turn.Status || string(answer) != want.String() {
			t.Errorf("%s, request %d %s\n got %d %s\nwant %d %s", name, i+1, turn.Ask, status, answer, turn.Status, want.String())
		}
		if turn.Step != "" {
			decided = append(decided, turn.Step)
		}
	}
	s.decided(t, x.Flow, strings.Trim(token, `"`), decided)
}

// decided waits until the steps of a visit are recorded, and holds what decided them against what should.
func (s *site) decided(t *testing.T, slug, token string, want []string) {
	t.Helper()
	f, err := s.DB().Flow(t.Context(), slug)
	must(t, err)
	var steps []models.Step
	eventually(t, fmt.Sprintf("%d steps of %s recorded", len(want), token), func() bool {
		v, err := s.DB().NewestVisit(t.Context(), f.ID, token)
		if err == nil {
			steps, err = s.DB().VisitSteps(t.Context(), v.ID)
		}
		return err == nil && len(steps) >= len(want)
	})
	var got []string
	for _, x := range steps {
		got = append(got, strings.TrimSpace(x.Kind+" "+x.Rule))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s was decided by\n%s\nwant\n%s", token, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
