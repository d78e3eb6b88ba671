package outbound_test

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"switchyard/web/outbound"
)

func TestNoPrivateAddressIsReachedHoweverItIsWritten(t *testing.T) {
	bird := newCanary(t)
	inside := resolver(t, func(string) [4]byte { return [4]byte{127, 0, 0, 1} })
	// An entry for the port on another host, and plain http allowed by it, must help none of these.
	c := newClient(t, outbound.Options{Resolver: inside, Allowed: allow("other.example:" + bird.Port)})
	hosts := []string{
		"127.0.0.1", "127.1.2.3", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]", "0.0.0.0", "localhost", "LOCALHOST.",
		"169.254.169.254", "[fe80::1]", "100.64.0.1", "100.127.255.254", "10.0.0.5", "172.16.0.1", "192.168.1.1", "[fc00::1]", "[fd12::1]",
		"[64:ff9b::7f00:1]", "[2002:7f00:1::]", "198.18.0.1", "224.0.0.1", "255.255.255.255", "192.0.0.1", "203.0.113.7", "[2001:db8::1]",
		"2130706433", "0x7f000001", "017700000001", "0177.0.0.1", "0x7f.0.0.1", "127.1", "127.0.0.1.", "a.name.that.leads.inside", "１２７.0.0.1",
	}
	hosts = append(hosts, ownAddresses(t)...)
	for _, host := range hosts {
		for _, scheme := range []string{"https://", "http://"} {
			url := scheme + host + ":" + bird.Port + "/hook"
			if _, _, err := get(t, c, url, outbound.Policy{}); err == nil {
				t.Errorf("Do(%s) = nil error; want a refusal", url)
			} else if scheme == "https://" && netip.Addr.IsValid(literal(host)) {
				wantKind(t, "Do("+url+")", err, outbound.ErrPrivate)
			}
		}
	}
	bird.wantNobody(t)
}

func TestANameThatLeadsInsideAtItsSecondLookupIsNotReached(t *testing.T) {
	bird := newCanary(t)
	var asked atomic.Int64
	rebinding := resolver(t, func(string) [4]byte {
		if asked.Add(1) == 1 {
			return [4]byte{93, 184, 215, 14} // somewhere public
		}
		return [4]byte{127, 0, 0, 1}
	})
	first, err := rebinding.LookupIP(t.Context(), "ip4", "rebind.example.com")
	if err != nil || first[0].IsLoopback() {
		t.Fatalf("first lookup = %v, %v; want a public address", first, err)
	}
	c := newClient(t, outbound.Options{Resolver: rebinding})
	_, _, err = get(t, c, "https://rebind.example.com:"+bird.Port+"/", outbound.Policy{})
	wantKind(t, "Do after the name changed", err, outbound.ErrPrivate)
	if err != nil && !strings.Contains(err.Error(), "an administrator can allow rebind.example.com:"+bird.Port) {
		t.Errorf("Do = %q; want the host and port to allow", err)
	}
	bird.wantNobody(t)
}

func TestARedirectInsideIsGivenBackNotFollowed(t *testing.T) {
	bird := newCanary(t)
	for _, status := range []int{301, 302, 303, 307, 308} {
		url, host := answering(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:"+bird.Port+"/secret", status)
		})
		c := newClient(t, outbound.Options{Allowed: allow(host, "127.0.0.1:"+bird.Port)}) // even where it could go
		if got, _, err := get(t, c, url, outbound.Policy{}); got != status || err != nil {
			t.Errorf("Do = %d, %v; want the %d given back", got, err, status)
		}
	}
	bird.wantNobody(t)
}

func TestNoProxyOfTheEnvironmentIsAsked(t *testing.T) {
	url, host := answering(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("direct")) })
	inside := resolver(t, func(string) [4]byte { return [4]byte{127, 0, 0, 1} })
	_, port, _ := strings.Cut(host, ":")
	c := newClient(t, outbound.Options{Resolver: inside, Allowed: allow("n8n.internal:"+port, strings.TrimPrefix(proxy, "http://"))})
	if _, text, err := get(t, c, "http://n8n.internal:"+port, outbound.Policy{}); text != "direct" || err != nil {
		t.Errorf("Do = %q, %v; want the host of %s to answer", text, err, url)
	}
	if n := proxied.Load(); n != 0 {
		t.Errorf("the proxy of the environment accepted %d connections; want 0", n)
	}
}

func TestAnEntryTakenAwayCountsAtOnceThoughAConnectionIsOpen(t *testing.T) {
	url, host := answering(t, func(w http.ResponseWriter, _ *http.Request) {})
	entries := []string{host}
	c := newClient(t, outbound.Options{Allowed: func(context.Context) ([]string, error) { return entries, nil }})
	if _, _, err := get(t, c, url, outbound.Policy{}); err != nil {
		t.Fatalf("Do to an allowed host = %v", err)
	}
	entries = nil
	_, _, err := get(t, c, url, outbound.Policy{})
	wantKind(t, "Do over http", err, outbound.ErrPlain)
	_, _, err = get(t, c, strings.Replace(url, "http:", "https:", 1), outbound.Policy{})
	wantKind(t, "Do over https", err, outbound.ErrPrivate)
}

// ownAddresses are those of this machine's interfaces: a canary answers there.
func ownAddresses(t *testing.T) (hosts []string) {
	t.Helper()
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		p, err := netip.ParsePrefix(a.String())
		if err != nil {
			continue
		}
		host := p.Addr().String()
		if p.Addr().Is6() {
			host = "[" + host + "]"
		}
		if !p.Addr().IsGlobalUnicast() || p.Addr().IsPrivate() {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

func literal(host string) netip.Addr {
	ip, _ := netip.ParseAddr(strings.Trim(host, "[]"))
	return ip
}
