package web_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// arrows says which packages may import which: ours by their path below the module, others by the start of theirs.
// Imports of test files are free. To change it is to change the design.
var arrows = map[string]struct{ ours, others []string }{
	"cmd/switchyard": {ours: []string{"web", "web/demo", "web/play", "web/keys", "models", "models/rules", "models/flowjson", "handlers/whatsapp/wire"}},
	"web": {
		ours: []string{"web/session", "web/outbound", "web/keys", "web/files", "handlers/admin", "handlers/whatsapp", "handlers/whatsapp/wire", "views", "static",
			"models", "models/rules", "models/alert", "models/flowjson", "models/ingest"},
		others: []string{"github.com/labstack/echo/v4", "github.com/caarlos0/env/v11", "github.com/prometheus/client_golang",
			"golang.org/x/time/rate", "golang.org/x/net/netutil", "golang.org/x/crypto/acme/autocert"},
	},
	"web/session":  {ours: []string{"models"}, others: []string{"github.com/labstack/echo/v4", "github.com/gorilla/sessions"}},
	"web/outbound": {ours: []string{"handlers/whatsapp/wire"}, others: []string{"code.dny.dev/ssrf", "github.com/nicholas-fedor/shoutrrr"}},
	"web/files": {
		ours:   []string{"web/outbound", "models", "handlers/whatsapp/wire"},
		others: []string{"github.com/minio/minio-go/v7", "golang.org/x/image"},
	},
	"web/keys": {others: []string{"github.com/golang-fips/openssl", "github.com/youmark/pkcs8"}},
	"web/demo": {ours: []string{"models", "models/rules", "models/flowjson", "handlers/whatsapp/wire"}},
	"web/play": {ours: []string{"handlers/whatsapp/wire"}},
	"handlers/whatsapp": {
		ours:   []string{"handlers/whatsapp/wire", "models", "models/rules", "models/alert", "models/flowjson", "models/ingest"},
		others: []string{"github.com/labstack/echo/v4"},
	},
	"handlers/whatsapp/wire":          {},
	"handlers/whatsapp/wire/wiretest": {ours: []string{"handlers/whatsapp/wire"}}, // beside the program
	"handlers/admin": {
		ours:   []string{"models", "models/filter", "models/rules", "models/alert", "models/flowjson", "views", "web/session"},
		others: []string{"github.com/labstack/echo/v4", "github.com/a-h/templ"},
	},
	"views": {
		ours:   []string{"models", "models/filter", "models/rules", "models/alert", "models/flowjson", "models/graph", "static"},
		others: []string{"github.com/a-h/templ", "github.com/xuri/excelize/v2"},
	},
	"models": {
		ours: []string{"models/filter", "models/rules", "models/alert", "models/flowjson"},
		others: []string{"gorm.io/gorm", "gorm.io/driver/sqlite", "gorm.io/driver/postgres", "github.com/mattn/go-sqlite3", "github.com/jackc/pgx",
			"github.com/pressly/goose/v3", "golang.org/x/crypto", "golang.org/x/text",
			"github.com/alexedwards/argon2id"}, // the wrapper of x/crypto/argon2
	},
	"models/rules":      {ours: []string{"models/flowjson"}, others: []string{"github.com/expr-lang/expr"}},
	"models/alert":      {},
	"models/filter":     {ours: []string{"models/flowjson"}},
	"models/graph":      {},
	"models/flowjson":   {},
	"models/ingest":     {},
	"models/migrations": {},
	"models/modelstest": {
		ours:   []string{"models", "models/modelstest/pgtest", "models/rules", "models/alert", "models/flowjson"},
		others: []string{"github.com/mattn/go-sqlite3", "github.com/jackc/pgx"}, // beside the program
	},
	"models/modelstest/pgtest": {others: []string{"github.com/jackc/pgx"}},
	"static":                   {},
}

const module = "switchyard/"

func TestPackagesImportOnlyWhatTheTableAllows(t *testing.T) {
	for _, p := range listPackages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		may, known := arrows[name]
		if !known {
			t.Errorf("package %s is not in the table of arrows", name)
			continue
		}
		for _, path := range p.Imports {
			own, ours := strings.CutPrefix(path, module)
			switch {
			case ours && !slices.Contains(may.ours, own):
				t.Errorf("%s imports %s: the table of arrows has no such arrow", name, own)
			case !ours && foreign(path) && !slices.ContainsFunc(may.others, func(o string) bool { return path == o || strings.HasPrefix(path, o+"/") }):
				t.Errorf("%s imports %s: the table of arrows does not have it", name, path)
			}
		}
	}
}

func TestEchoStaysInFourPackages(t *testing.T) {
	var with []string
	for name, may := range arrows {
		if slices.Contains(may.others, "github.com/labstack/echo/v4") {
			with = append(with, name)
		}
	}
	slices.Sort(with)
	want := []string{"handlers/admin", "handlers/whatsapp", "web", "web/session"}
	if !slices.Equal(with, want) {
		t.Errorf("packages that may import Echo = %v; want %v", with, want)
	}
}

func TestViewsNeverNameTheDatabase(t *testing.T) {
	db := regexp.MustCompile(`\bmodels\.(DB|Open|Options)\b`)
	files, err := filepath.Glob("../views/*.*")
	if err != nil || len(files) == 0 {
		t.Fatalf("Glob(../views/*.*) = %d files, %v", len(files), err)
	}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if found := db.Find(text); found != nil {
			t.Errorf("%s names %s", f, found)
		}
	}
}

type listed struct {
	ImportPath string
	Imports    []string
}

func listPackages(t *testing.T) (all []listed) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-tags=sqlite_fts5", "-json=ImportPath,Imports", "./...")
	cmd.Dir = ".."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var p listed
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

// foreign tells a module's path from the standard library's.
func foreign(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return strings.Contains(first, ".")
}
