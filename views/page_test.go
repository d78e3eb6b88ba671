package views_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"switchyard/views"
)

// sidebar is the words of the entries that a person sees.
func sidebar(t *testing.T, p views.Page) []string {
	t.Helper()
	var words []string
	page(t, views.Layout(p)).Find("#sidebar a.nav-link > span:first-of-type").Each(func(_ int, s *goquery.Selection) {
		words = append(words, s.Text())
	})
	return words
}

func TestSidebarHasOnlyWhatTheRoleMayOpen(t *testing.T) {
	all := []string{"Overview", "Responses", "Visits", "Deliveries", "Forwarding", "Account events", "Alerts", "Flows", "Lists", "Setup", "Notifications", "Keys", "Statuses", "Users", "Erase a person"}
	for _, c := range []struct {
		can  views.Can
		want []string
	}{
		{views.Can{}, all[:8]},
		{views.Can{Support: true}, all[:8]},
		{views.Can{Support: true, Operator: true}, all[:9]},
		{views.Can{Support: true, Operator: true, Admin: true}, all},
	} {
		if got := sidebar(t, views.Page{Can: c.can}); !slices.Equal(got, c.want) {
			t.Errorf("sidebar for %+v = %q; want %q", c.can, got, c.want)
		}
	}
}

func TestSidebarMarksTheCurrentEntryAndCountsAlerts(t *testing.T) {
	doc := page(t, views.Layout(views.Page{Section: views.SectionAlerts, ActiveAlerts: 120}))
	if got := doc.Find(`#sidebar [aria-current="page"]`).AttrOr("href", ""); got != "/alerts" {
		t.Errorf("current entry leads to %q; want /alerts", got)
	}
	if got := doc.Find("#alert-count .nav-count").Text(); got != "99+" {
		t.Errorf("120 active alerts are shown as %q; want 99+", got)
	}
	if n := page(t, views.Layout(views.Page{})).Find(".nav-count").Not("[hidden] .nav-count").Length(); n != 0 {
		t.Errorf("no alerts: %d numbers; want none", n)
	}
}

func TestSigningOutIsAPostAndOnlyForThoseSignedIn(t *testing.T) {
	doc := page(t, views.Layout(views.Page{User: &views.User{Name: "Ana Lopes", RoleWord: "Viewer"}}))
	form := doc.Find(`form[action="/sign-out"]`)
	if form.AttrOr("method", "") != "post" || form.Find("button").Length() != 1 {
		t.Error("no form with a button that posts to /sign-out")
	}
	if got := doc.Find(".user-mark").Text(); got != "AL" {
		t.Errorf("mark of Ana Lopes = %q; want AL", got)
	}
	if page(t, views.Bare(views.Page{})).Find(`#sidebar, form[action="/sign-out"]`).Length() > 0 {
		t.Error("a page without a person offers the sidebar or to sign out")
	}
}

func TestEveryPageHasTheSettingsThatThePolicyNeeds(t *testing.T) {
	doc := page(t, views.Layout(views.Page{Title: "Alerts"}))
	if got := doc.Find("title").First().Text(); got != "Alerts · Switchyard" {
		t.Errorf("title = %q; want Alerts · Switchyard", got)
	}
	var config map[string]any
	if err := json.Unmarshal([]byte(doc.Find(`meta[name="htmx-config"]`).AttrOr("content", "")), &config); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{
		"includeIndicatorStyles": false, "allowEval": false, "allowScriptTags": false, "selfRequestsOnly": true,
		"historyCacheSize": 0.0, "refreshOnHistoryMiss": true, "historyRestoreAsHxRequest": false,
	} {
		if config[key] != want {
			t.Errorf("htmx-config %s = %v; want %v", key, config[key], want)
		}
	}
}

// TestWhatHtmxSwaps reads the list as htmx does: the first expression that matches decides.
func TestWhatHtmxSwaps(t *testing.T) {
	var config struct {
		ResponseHandling []struct {
			Code string
			Swap bool
		}
	}
	raw := page(t, views.Layout(views.Page{})).Find(`meta[name="htmx-config"]`).AttrOr("content", "")
	if err := json.Unmarshal([]byte(raw), &config); err != nil {
		t.Fatal(err)
	}
	for status, want := range map[string]bool{"200": true, "303": true, "204": false, "422": true, "409": true, "400": false, "403": false, "404": false, "500": false, "503": false} {
		i := slices.IndexFunc(config.ResponseHandling, func(h struct {
			Code string
			Swap bool
		}) bool {
			return regexp.MustCompile(h.Code).MatchString(status)
		})
		if i < 0 || config.ResponseHandling[i].Swap != want {
			t.Errorf("status %s: rule %d of %+v; want swap = %v", status, i, config.ResponseHandling, want)
		}
	}
}

func TestTimesCarryTheMomentInFull(t *testing.T) {
	at := time.Date(2026, 11, 20, 8, 12, 4, 0, time.UTC)
	s := page(t, views.TimeAgo(at, at.Add(3*time.Minute), time.UTC)).Find("time")
	if s.Text() != "3 min ago" || s.AttrOr("datetime", "") != "2026-11-20T08:12:04Z" || s.AttrOr("title", "") != "20 Nov 2026, 08:12:04 UTC" {
		html, _ := goquery.OuterHtml(s)
		t.Errorf("TimeAgo = %s", html)
	}
	if got := page(t, views.TimeAgo(time.Time{}, at, nil)).Text(); got != "–" {
		t.Errorf("TimeAgo of no time = %q; want a dash", got)
	}
}

func TestFieldsAreTiedToTheirHintAndError(t *testing.T) {
	in := views.Input{Name: "slug", Label: "Slug", Value: "a b", Hint: "Small letters.", Error: "Leave out the space."}
	for kind, doc := range map[string]*goquery.Document{
		"TextInput": page(t, views.TextInput(in)), "TextArea": page(t, views.TextArea(in)), "Select": page(t, views.Select(in, nil)),
	} {
		control := doc.Find("#slug")
		if control.AttrOr("aria-invalid", "") != "true" || control.AttrOr("aria-describedby", "") != "slug-hint slug-error" {
			t.Errorf("%s: control has aria-invalid %q, aria-describedby %q", kind, control.AttrOr("aria-invalid", ""), control.AttrOr("aria-describedby", ""))
		}
		if doc.Find(`label[for="slug"]`).Text() != "Slug" || doc.Find("#slug-hint").Text() != "Small letters." || !strings.Contains(doc.Find("#slug-error").Text(), in.Error) {
			t.Errorf("%s: label, hint or error is missing", kind)
		}
	}
	if doc := page(t, views.TextInput(views.Input{Name: "p", Type: "password", Value: "secret"})); doc.Find("#p").AttrOr("value", "") != "" {
		t.Error("a password is written back into the page")
	}
}

// iconUse finds the names of icons in templates and in the table of states.
var iconUse = regexp.MustCompile(`Icon\("([^"]*)"\)|(?:LinkButton|IconButton)\((?:views\.)?\w+, "([^"]+)"|EmptyState\("([^"]+)"|\{tone\w+, "([^"]+)"\}|icon: "([^"]+)"|Icon: +"([^"]+)"`)

func TestEveryIconThatIsUsedExists(t *testing.T) {
	templates, _ := filepath.Glob("*.templ")
	used := 0
	for _, name := range append(templates, "badge.go", "nav.go") {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range iconUse.FindAllStringSubmatch(string(source), -1) {
			icon := strings.Join(m[1:], "")
			used++
			if page(t, views.Icon(icon)).Find("path").Length() == 0 {
				t.Errorf("%s uses the icon %q, which does not exist", name, icon)
			}
		}
	}
	if used < 40 {
		t.Errorf("found %d uses of icons; the pattern has gone blind", used)
	}
}
