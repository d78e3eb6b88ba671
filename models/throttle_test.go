package models

import (
	"testing"
	"time"
)

func TestAccountWaitDoublesUpToItsLimit(t *testing.T) {
	for failures, want := range map[int]time.Duration{
		0: 0, 4: 0, 5: time.Second, 6: 2 * time.Second, 8: 8 * time.Second, 14: 512 * time.Second, 15: 15 * time.Minute, 1000: 15 * time.Minute,
	} {
		if got := accountWait(failures); got != want {
			t.Errorf("accountWait(%d) = %v; want %v", failures, got, want)
		}
	}
}

func TestAddressesAreCutForThrottleAndDisplay(t *testing.T) {
	for _, tt := range []struct{ ip, throttled, short string }{
		{"203.0.113.9", "203.0.113.9/32", "203.0.113.0/24"},
		{"::ffff:203.0.113.9", "203.0.113.9/32", "203.0.113.0/24"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"},
		{"2001:db8:1:2::/64", "2001:db8:1:2::/64", "2001:db8:1::/48"},
		{"fe80::1%eth0", "fe80::/64", "fe80::/48"},
		{"", "", ""},
		{"x'; DROP", "unknown", "unknown"},
	} {
		if got := throttledAddress(tt.ip); got != tt.throttled {
			t.Errorf("throttledAddress(%q) = %q; want %q", tt.ip, got, tt.throttled)
		}
		if got := ShortIP(tt.ip); got != tt.short {
			t.Errorf("ShortIP(%q) = %q; want %q", tt.ip, got, tt.short)
		}
	}
}
