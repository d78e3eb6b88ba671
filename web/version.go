package web

import "runtime/debug"

// release is the version that the build of an image sets by -ldflags "-X switchyard/web.release=…".
var release = ""

// Version is what the build was told, else the commit that Go noted, else "devel".
func Version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "devel " + s.Value[:12]
		}
	}
	return "devel"
}
