package web

import (
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// A Secret is text that is never printed: every way to format it gives "…".
type Secret string

// String hides the value, for fmt.
func (s Secret) String() string { return "…" }

// GoString hides the value, for %#v.
func (s Secret) GoString() string { return "…" }

// LogValue hides the value, for slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue("…") }

// MarshalText hides the value, for JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte("…"), nil }

// UnmarshalText takes the value.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = Secret(text)
	return nil
}

// An Address is an absolute http or https URL without a slash at its end, "" for none.
type Address string

// UnmarshalText accepts scheme, host and path, nothing else.
func (a *Address) UnmarshalText(text []byte) error {
	u, err := url.Parse(strings.TrimRight(string(text), "/"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" ||
		u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("write an address such as https://flows.example.com")
	}
	u.Host = strings.ToLower(u.Host)
	*a = Address(u.String())
	return nil
}

// Scheme is http or https, "" for none.
func (a Address) Scheme() string { return a.parts().Scheme }

// Host is the host without its port.
func (a Address) Host() string { return a.parts().Hostname() }

// Path is "" for an address that is scheme and host only.
func (a Address) Path() string { return a.parts().Path }

func (a Address) parts() *url.URL {
	u, err := url.Parse(string(a))
	if err != nil {
		return &url.URL{}
	}
	return u
}

// Networks are address ranges.
type Networks []*net.IPNet

// UnmarshalText reads addresses and ranges (CIDR) separated by commas.
func (n *Networks) UnmarshalText(text []byte) error {
	for part := range strings.SplitSeq(string(text), ",") {
		part = strings.TrimSpace(part)
		prefix, err := netip.ParsePrefix(part)
		if addr, bad := netip.ParseAddr(part); err != nil && bad == nil {
			prefix, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return errors.New("write addresses or ranges such as 10.0.0.0/8, separated by commas")
		}
		prefix = prefix.Masked()
		*n = append(*n, &net.IPNet{IP: prefix.Addr().AsSlice(), Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen())})
	}
	return nil
}

// A Database is the URL of one: "sqlite:" and a path, or "postgres://…", which may hold a password and is not printed
// whole.
type Database string

// String is the URL without user and password, for fmt.
func (d Database) String() string {
	if _, ok := d.file(); ok {
		return string(d)
	}
	u, err := url.Parse(string(d))
	if err != nil {
		return "…"
	}
	return u.Scheme + "://" + u.Host + u.Path
}

// GoString is String, for %#v.
func (d Database) GoString() string { return d.String() }

// LogValue is String, for slog.
func (d Database) LogValue() slog.Value { return slog.StringValue(d.String()) }

// MarshalText is String, for JSON.
func (d Database) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText takes the value.
func (d *Database) UnmarshalText(text []byte) error {
	*d = Database(text)
	return nil
}

// file is the path of SQLite's file.
func (d Database) file() (path string, ok bool) { return strings.CutPrefix(string(d), "sqlite:") }

// readable tells whether a URL can be taken apart.
func (d Database) readable() bool {
	_, err := url.Parse(string(d))
	_, ok := d.file()
	return ok || err == nil
}

func (d Database) known() bool {
	path, ok := d.file()
	return ok && path != "" || strings.HasPrefix(string(d), "postgres://") || strings.HasPrefix(string(d), "postgresql://")
}
