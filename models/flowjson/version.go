package flowjson

import (
	"strconv"
	"strings"
)

// A version is major.minor; 1.10 follows 1.9, so it is never a float.
type version struct{ major, minor int }

// The versions of Flow JSON that matter here: the oldest that can still be opened, the oldest that can
// still be published, and the newest whose components and limits are known here.
var (
	oldest    = version{2, 1}
	published = version{5, 1}
	newest    = version{7, 3}
)

func parseVersion(text string) (v version, ok bool) {
	major, minor, ok := strings.Cut(text, ".")
	if !ok || !digits(major) || !digits(minor) {
		return version{}, false
	}
	v.major, _ = strconv.Atoi(major)
	v.minor, _ = strconv.Atoi(minor)
	return v, true
}

func digits(s string) bool {
	return len(s) > 0 && len(s) < 4 && strings.Trim(s, "0123456789") == ""
}

func (v version) before(w version) bool {
	return v.major < w.major || v.major == w.major && v.minor < w.minor
}

func (v version) String() string { return strconv.Itoa(v.major) + "." + strconv.Itoa(v.minor) }
