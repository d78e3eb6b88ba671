package outbound

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// ParseHost reads an entry of the form host:port and returns it in the one way that entries are compared: lower case,
// addresses in their shortest form. Its error is a sentence for people.
func ParseHost(entry string) (string, error) {
	host, port, err := net.SplitHostPort(strings.TrimSpace(entry))
	if err != nil || !goodHost(host) {
		return "", &Error{kind: ErrAddress, text: "Write host and port, such as n8n.internal:5678 or [fd00::5]:443."}
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", &Error{kind: ErrAddress, text: "Write a port from 1 to 65535 after the colon."}
	}
	return join(host, strings.TrimLeft(port, "0")), nil
}

// hostPort is the host and port that an address leads to, as ParseHost writes them.
func hostPort(u *url.URL) (string, error) {
	bad := func(text string) (string, error) { return "", &Error{kind: ErrAddress, text: text} }
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return bad("Write an address that starts with https://.")
	case u.User != nil:
		return bad("Leave user and password out of the address.")
	case u.Opaque != "" || u.Hostname() == "":
		return bad("Write an address with a host, such as https://example.com/hook.")
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return bad("Write a port from 1 to 65535 after the colon.")
	}
	return join(u.Hostname(), strings.TrimLeft(port, "0")), nil
}

// withPort completes a host that names no port.
func withPort(host string) string {
	if h, port, err := net.SplitHostPort(host); err == nil {
		return join(h, port)
	}
	return join(host, "443")
}

func join(host, port string) string {
	if ip, err := netip.ParseAddr(host); err == nil {
		return net.JoinHostPort(ip.Unmap().String(), port)
	}
	return net.JoinHostPort(strings.TrimSuffix(strings.ToLower(host), "."), port)
}

// goodHost accepts an address, or a name of plain letters, digits, dots, dashes and underscores.
func goodHost(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return host != "" && len(host) <= 253 && !strings.ContainsFunc(host, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune(".-_", r))
	})
}

// list joins host names for a sentence.
func list(hosts []string) string {
	if len(hosts) < 2 {
		return strings.Join(hosts, "")
	}
	hosts = slices.Clone(hosts)
	last := len(hosts) - 1
	return strings.Join(hosts[:last], ", ") + " and " + hosts[last]
}
