package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"testing"

	"switchyard/models"
)

// completed is a webhook with a response_json as it is.
func completed(t *testing.T, id, phone, inner string) []byte {
	t.Helper()
	raw, err := json.Marshal(inner)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Replace(reply(id, phone, "Ana", map[string]any{}), []byte(`"response_json":"{}"`), append([]byte(`"response_json":`), raw...), 1)
}

// TestViewersSeeNoTextThatNobodyCanMask delivers what cannot be decoded: in it a number, a token, an answer may stand
// anywhere and in any spelling.
func TestViewersSeeNoTextThatNobodyCanMask(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	whole := completed(t, "HBgMNTUyMTMzMzM0NDU1", "552133334455", `{"flow_token":"appointment.secretTOKENabc","notes":"PRIVATE"}`)
	s.deliver(t, whole[:len(whole)-3])
	s.deliver(t, completed(t, "BROKEN", "552133334455", `{"flow_token":"appointment.secretTOKENabc","phone":"+552133334455","name": "PRIVATE`))
	s.decoded(t)
	var broken int64
	for r, err := range s.DB().EachResponse(t.Context(), models.ResponseFilter{State: models.Unreadable}) {
		must(t, err)
		broken = r.ID
	}
	detail := fmt.Sprintf("/responses/%d", broken)
	secrets := []string{"secretTOKENabc", "PRIVATE", "HBgMNTUyMTMzMzM0NDU1", "2133334455", "••33"}
	s.run(t, []scenario{
		{name: "body for a viewer", as: "viewer", path: "/unmatched?show=bodies", status: 200, contains: []string{"Only support and above see the text as it came (", "Delivery "}, absent: append(secrets, "nfm_reply")},
		{name: "body for support", as: "support", path: "/unmatched?show=bodies", status: 200, contains: []string{"Hidden: it may hold sensitive answers ("}, absent: secrets},
		{name: "response for a viewer", as: "viewer", path: detail, status: 200, contains: []string{"Only support and above see the text as it came ("}, absent: secrets},
		{name: "response for support", as: "support", path: detail, status: 200, contains: []string{"Hidden: it may hold sensitive answers ("}, absent: []string{"PRIVATE"}},
		{name: "response for support with a reason", as: "support", method: "POST", path: detail + "/reveal", form: url.Values{"reason": {"why it broke"}}, status: 200, contains: []string{"secretTOKENabc", "552133334455", "PRIVATE"}},
	})
}

func TestEscapesHideNothingFromTheMask(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	s.deliver(t, completed(t, "1", "552133334455", `{"flow_token":"appointment.secretTOKENabc","notes":"call \u002b5521333344\u0035\u0035","x":["appointment.secret\u0054OKENabc"],"n":552133334455}`))
	s.decoded(t)
	detail := fmt.Sprintf("/responses/%d", s.newest(t).ID)
	s.run(t, []scenario{
		{name: "viewer", as: "viewer", path: detail, status: 200, contains: []string{"call +55 •••• 55"}, absent: []string{"5521333344", "\\u0035", "OKENabc"}},
		{name: "support", as: "support", path: detail, status: 200, contains: []string{"5521333344\\u0035", "552133334455", "secretTOKENabc"}},
	})
}
