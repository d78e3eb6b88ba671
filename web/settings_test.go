package web_test

import (
	"net/url"
	"testing"
)

// TestSettingsOfAFlowAreKeptAsTheFormSaysThem ticks each box alone: a box that stands for another would show.
func TestSettingsOfAFlowAreKeptAsTheFormSaysThem(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addFlow(t, "claim", "12345678")
	const page = "/flows/claim/settings"
	boxes := []string{"check_signature", "token_once", "keep_version"}
	settings := func() url.Values {
		return formValues(t, s.send(t, scenario{as: "operator", path: page}).body, `form[action="`+page+`"]`)
	}
	for _, ticked := range boxes {
		form := settings()
		for _, name := range boxes {
			form.Del(name)
		}
		form.Set(ticked, "1")
		s.run(t, []scenario{{name: "save " + ticked, as: "operator", method: "POST", path: page, form: form, status: 303, to: "/flows/claim"}})
		got := settings()
		for _, name := range boxes {
			if got.Has(name) != (name == ticked) {
				t.Errorf("after ticking only %s the form says %s = %q", ticked, name, got.Get(name))
			}
		}
		if f, err := s.DB().Flow(t.Context(), "claim"); err != nil || f.KeepVersion != (ticked == "keep_version") {
			t.Errorf("after ticking only %s KeepVersion = %t, %v", ticked, f.KeepVersion, err)
		}
	}
}
