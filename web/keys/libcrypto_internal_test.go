package keys

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestTheListNamesEveryFunctionOfOpenSSL3ThatTheBindingTakes(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/golang-fips/openssl/v2").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	header, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "shims.h"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, m := range regexp.MustCompile(`(?m)^DEFINEFUNC(?:_1_1|_1_1_1|_3_0|_RENAMED_1_1|_RENAMED_3_0)?\([^,]+, *(\w+),`).FindAllStringSubmatch(string(header), -1) {
		want = append(want, m[1])
	}
	slices.Sort(want)
	got := strings.Fields(symbols)
	slices.Sort(got)
	if !slices.Equal(got, slices.Compact(want)) {
		t.Errorf("libcrypto.txt has %d names, the binding %d; it must be\n%s", len(got), len(want), strings.Join(want, "\n"))
	}
}

// The binding would end the process.
func TestALibraryThatLacksAFunctionIsRefused(t *testing.T) {
	dir := t.TempDir()
	source, library := filepath.Join(dir, "c.c"), filepath.Join(dir, "libcrypto.so.3")
	if err := os.WriteFile(source, []byte("unsigned OPENSSL_version_major(void) { return 3; } void BN_bin2bn(void) {}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "cc", "-shared", "-fPIC", "-o", library, source).CombinedOutput(); err != nil {
		t.Fatalf("cc: %v\n%s", err, out)
	}
	if _, err := load(library); err == nil || !strings.HasSuffix(err.Error(), "libcrypto.so.3 was built without BN_bn2binpad") {
		t.Errorf("load() = %v; want the first function that it lacks", err)
	}
	if err := lacks(library, "OPENSSL_version_major\nBN_bin2bn\n"); err != nil {
		t.Errorf("lacks() = %v; want nil", err)
	}
}

func TestALibraryThatIsNotThereIsAnError(t *testing.T) {
	for _, file := range []string{"libcrypto.so.77", filepath.Join(t.TempDir(), "libcrypto.so.3"), "/etc/passwd"} {
		if _, err := load(file); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("load(%s) = %v; want an error that names it", file, err)
		}
	}
}

func TestOldLibrariesAreRefused(t *testing.T) {
	for version, good := range map[string]bool{
		"OpenSSL 3.0.8 7 Feb 2023": true, "OpenSSL 3.0.19 27 Jan 2026": true, "OpenSSL 3.5.0 8 Apr 2025": true, "OpenSSL 3.2.0-dev": true,
		"OpenSSL 3.0.7 1 Nov 2022": false, "OpenSSL 3.0.2 15 Mar 2022": false, "OpenSSL 1.1.1w  11 Sep 2023": false, "OpenSSL 4.0.0": false,
		"LibreSSL 3.9.2": false, "": false, "BoringSSL": false,
	} {
		if err := recent(version); (err == nil) != good {
			t.Errorf("recent(%q) = %v; want it taken: %t", version, err, good)
		}
	}
}
