package views_test

import (
	"net/url"
	"testing"

	"switchyard/views"
)

func TestAddresses(t *testing.T) {
	for got, want := range map[string]string{
		views.ResponsesURL(nil): "/responses",
		views.ResponsesURL(url.Values{"flow": {"book"}, "q": {"a&b=c"}}): "/responses?flow=book&q=a%26b%3Dc",
		views.ResponseURL(42):        "/responses/42",
		views.AlertsURL(""):          "/alerts",
		views.AlertsURL("resolved"):  "/alerts?state=resolved",
		views.AlertURL(7):            "/alerts/7",
		views.FlowURL("book"):        "/flows/book",
		views.FlowURL("../users?x#"): "/flows/..%2Fusers%3Fx%23",
		views.RulesURL("book"):       "/flows/book/rules",
		views.ListURL("departments"): "/lists/departments",
	} {
		if got != want {
			t.Errorf("got %q; want %q", got, want)
		}
	}
}
