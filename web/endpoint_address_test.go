package web_test

import (
	"net/http"
	"testing"

	"switchyard/models"
)

// TestTheEndpointsAddressMayEndInASlash: it is typed by hand, at Meta or at a provider.
func TestTheEndpointsAddressMayEndInASlash(t *testing.T) {
	s := openSite(t)
	f, err := s.DB().CreateFlow(t.Context(), models.Flow{Slug: "odd", Mode: models.Plain}, tester)
	must(t, err)
	ping := func(name, path string, status int, header map[string]string) scenario {
		return scenario{name: name, method: "POST", path: path, body: `{"action":"ping"}`, header: header, status: status}
	}
	eventually(t, "the flow is served", func() bool { return s.send(t, ping("", "/flow-endpoint/odd", 0, nil)).status == http.StatusOK })
	s.run(t, []scenario{ping("a slash", "/flow-endpoint/odd/", 200, nil), ping("no flow", "/flow-endpoint/none/", 404, nil)})
	must(t, s.DB().SetFlowSecret(t.Context(), f.ID, "0123456789abcdef", tester))
	eventually(t, "the secret is asked for", func() bool {
		return s.send(t, ping("", "/flow-endpoint/odd", 0, nil)).status == http.StatusUnauthorized
	})
	s.run(t, []scenario{
		ping("a slash without the secret", "/flow-endpoint/odd/", 401, nil),
		ping("a slash with the secret", "/flow-endpoint/odd/", 200, map[string]string{"X-Switchyard-Secret": "0123456789abcdef"}),
		ping("the secret in the address", "/flow-endpoint/odd/0123456789abcdef", 200, nil),
	})
}
