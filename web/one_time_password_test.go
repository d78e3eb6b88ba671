package web_test

import (
	"net/url"
	"testing"

	"switchyard/models"
)

// TestAOneTimePasswordOpensOnlyThePageWhereItIsChanged signs in somebody whose password an administrator chose.
func TestAOneTimePasswordOpensOnlyThePageWhereItIsChanged(t *testing.T) {
	s := openSite(t)
	_, err := s.DB().CreateUser(t.Context(), models.User{Email: email("operator"), Name: "Olga", Role: models.Operator, MustChange: true}, password, tester)
	must(t, err)
	change := func(next string) url.Values { return url.Values{"current": {password}, "password": {next}} }
	const other = "unrelated velvet lantern"
	s.run(t, []scenario{
		{name: "the overview", as: "operator", path: "/", status: 303, to: "/profile"},
		{name: "any page", as: "operator", path: "/responses/export", status: 303, to: "/profile"},
		{name: "any change", as: "operator", method: "POST", path: "/flows", form: url.Values{"name": {"X"}, "slug": {"x"}, "mode": {"plain"}}, status: 303, to: "/profile"},
		{name: "the page itself", as: "operator", path: "/profile", status: 200, contains: []string{"your own password"}},
		{name: "the same again", as: "operator", method: "POST", path: "/profile/password", form: change(password), status: 422, contains: []string{"Choose another password than the current one."}},
		{name: "still", as: "operator", path: "/", status: 303, to: "/profile"},
		{name: "another", as: "operator", method: "POST", path: "/profile/password", form: change(other), status: 303, to: "/profile"},
		{name: "free", as: "operator", path: "/", status: 200, absent: []string{other}},
	})
}
