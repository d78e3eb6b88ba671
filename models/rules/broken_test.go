package rules_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"switchyard/models/rules"
)

// TestBrokenRuleSetsAreToldAsWritten holds what each broken rule set is told, and what is offered to mend it, against
// the text beside it.
func TestBrokenRuleSetsAreToldAsWritten(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.json")
	if err != nil || len(files) < 10 {
		t.Fatalf("broken rule sets: %v, %v", files, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			var set struct {
				Flow  string
				Rules json.RawMessage
			}
			if err := json.Unmarshal(read(t, "broken/"+name+".json"), &set); err != nil {
				t.Fatal(err)
			}
			doc, f := parse(t, set.Rules), flow(t, set.Flow)
			_, problems := rules.Compile(doc, f, lists(), time.UTC)
			fixer := rules.NewFixer(doc, f, lists(), time.UTC)
			var b strings.Builder
			for _, p := range problems {
				fmt.Fprintf(&b, "%s %s %s\n  %s\n", p.Severity, p.Code, p.Path, p.Message)
				if part := p.Part(); part != "" {
					fmt.Fprintf(&b, "  at %s\n", part)
				}
				if len(p.Others) > 0 {
					fmt.Fprintf(&b, "  about %s\n", strings.Join(p.Others, ", "))
				}
				for _, x := range fixer.Fixes(p) {
					fmt.Fprintf(&b, "  > %s\n", x.Label)
				}
				if p.Screen == "" && p.Code != "unknown-timezone" || p.Path == "" {
					t.Errorf("%s names no place: %+v", name, p)
				}
			}
			golden := "testdata/broken/" + name + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want := string(read(t, "broken/"+name+".txt")); b.String() != want {
				t.Errorf("told:\n%s\nwant:\n%s", b.String(), want)
			}
			checkFixes(t, name, doc, f)
		})
	}
}
