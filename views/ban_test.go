package views_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// banned is what no template may say: each would let text run as code, or be barred by the policy
// of the pages.
var banned = map[string]*regexp.Regexp{
	"inline style":                          regexp.MustCompile(`\sstyle\??=|<style`),
	"inline handler":                        regexp.MustCompile(`(?i)\s(on[a-z]+|hx-on[:\w-]*)\??=`),
	"inline script":                         regexp.MustCompile(`<script(>|\s+[^s])|^script\s`),
	"unescaped or unchecked text":           regexp.MustCompile(`templ\.(Raw|SafeURL|SafeCSS|SafeClass|JSUnsafeFuncCall|JSExpression)|SafeURL\(`),
	"attributes from a map":                 regexp.MustCompile(`\{\s*([\w.]+\.\.\.|templ\.Attributes)`),
	"htmx value or trigger that needs eval": regexp.MustCompile(`hx-(vals|headers)=["'{ ]*js:|hx-trigger=["'{ ]*[^"']*\[|morph:\{`),
	"address that templ does not check":     regexp.MustCompile(`\s(src|srcset|formaction|hx-get|hx-post|hx-put|hx-patch|hx-delete|sse-connect)=\{`),
}

// ours is an address made by one of our own functions, which have URL or action in their name.
var ours = regexp.MustCompile(`=\{\s*[\w.]*(URL|[aA]ction)\w*\(`)

// violations is the kinds of banned things in a template, with their lines.
func violations(source string) []string {
	var found []string
	for line := range strings.Lines(source) {
		line = strings.TrimRight(line, "\n")
		for kind, re := range banned {
			if !re.MatchString(strings.ReplaceAll(line, "{ children... }", "")) {
				continue
			}
			if kind == "address that templ does not check" && !unchecked(re, line) {
				continue
			}
			found = append(found, kind+": "+strings.TrimSpace(line))
		}
	}
	return found
}

// unchecked reports whether any of the addresses in the line is not of our making.
func unchecked(re *regexp.Regexp, line string) bool {
	for _, at := range re.FindAllStringIndex(line, -1) {
		if loc := ours.FindStringIndex(line[at[1]-2:]); loc == nil || loc[0] != 0 {
			return true
		}
	}
	return false
}

func TestTemplatesSayNothingThatIsBanned(t *testing.T) {
	files, err := filepath.Glob("*.templ")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates", err)
	}
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range violations(string(source)) {
			t.Errorf("%s: %s", name, v)
		}
	}
}

func TestTheBanFindsWhatItBans(t *testing.T) {
	for _, bad := range []string{
		`<p style="x">`, `<p style={ x }>`, `<style>`, `<a onclick="x">`, `<a hx-on:click="x">`, `<a hx-on::after-swap="x">`, `<script>alert(1)</script>`,
		`script hello() {`, `@templ.Raw(x)`, `<a href={ templ.SafeURL(x) }>`, `<p { attrs... }>`, `<p { p.Attrs... }>`, `<p hx-vals="js:{a:1}">`,
		`<p hx-trigger="click[x]">`, `<p hx-swap="morph:{ignoreActive:true}">`, `<img src={ x }>`, `<button formaction={ x }>`, `<p hx-get={ p.Next }>`, `<p hx-post={ FlowURL(s) } hx-get={ x }>`,
	} {
		if len(violations(bad)) == 0 {
			t.Errorf("%s is not found", bad)
		}
	}
	for _, good := range []string{
		`{ children... }`, `<script src={ static.URL("js/app.js") } defer></script>`, `<p hx-post={ AlertURL(a.ID) + "/acknowledge" }>`, `<p hx-post={ p.action() }>`,
		`<p hx-trigger="change, input delay:300ms from:#q">`, `<p hx-vals='{"do":"refresh"}'>`, `<p hx-swap="morph:outerHTML">`, `<a href={ templ.URL(x) }>`,
	} {
		if v := violations(good); len(v) > 0 {
			t.Errorf("%s is found: %q", good, v)
		}
	}
}
