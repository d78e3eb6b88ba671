package outbound_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// A canary listens where nobody may come, and counts who does.
type canary struct {
	Port    string
	accepts atomic.Int64
}

// newCanary listens on every address of this machine.
func newCanary(t *testing.T) *canary {
	t.Helper()
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	c := &canary{}
	_, c.Port, _ = net.SplitHostPort(l.Addr().String())
	go http.Serve(counted{l, &c.accepts}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("inside")) }))
	return c
}

func (c *canary) wantNobody(t *testing.T) {
	t.Helper()
	if n := c.accepts.Load(); n != 0 {
		t.Errorf("the canary accepted %d connections; want 0", n)
	}
}

type counted struct {
	net.Listener
	accepts *atomic.Int64
}

func (l counted) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		l.accepts.Add(1)
	}
	return c, err
}

// answering is a server for plain http, with its host:port.
func answering(t *testing.T, h http.HandlerFunc) (url, host string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL, strings.TrimPrefix(s.URL, "http://")
}

// resolver asks a DNS server that answers every question for an IPv4 address with what answer returns at that time.
func resolver(t *testing.T, answer func(name string) [4]byte) *net.Resolver {
	t.Helper()
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pc.Close() })
	go serveDNS(pc, answer)
	return &net.Resolver{PreferGo: true, Dial: dialer(pc.LocalAddr().String())}
}

func serveDNS(pc net.PacketConn, answer func(string) [4]byte) {
	buf := make([]byte, 512)
	for {
		n, from, err := pc.ReadFrom(buf)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
			continue
		}
		q := m.Questions[0]
		m.Response, m.Authoritative, m.Additionals = true, true, nil
		if q.Type == dnsmessage.TypeA {
			m.Answers = []dnsmessage.Resource{{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 0},
				Body:   &dnsmessage.AResource{A: answer(q.Name.String())},
			}}
		}
		if out, err := m.Pack(); err == nil {
			pc.WriteTo(out, from)
		}
	}
}
