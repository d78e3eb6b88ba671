package outbound_test

import (
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"switchyard/web/outbound"
)

func TestFailuresAreSentencesWithoutPathOrQuery(t *testing.T) {
	secure := strings.TrimPrefix(newTLSServer(t).URL, "https://")
	_, plain := answering(t, func(http.ResponseWriter, *http.Request) {})
	rude, silent, closed := talking(t, "<script>not http</script>\r\n\r\n"), talking(t, ""), closedPort(t)
	strange := newClient(t, outbound.Options{Allowed: allow(secure, plain, rude, silent, closed, "2130706433:443")})
	for _, test := range []struct {
		url  string
		kind error
		text string
	}{
		{"https://" + secure, outbound.ErrTLS, "its certificate is signed by nobody that we know"},
		{"https://" + plain, outbound.ErrTLS, "it does not speak TLS"},
		{"http://" + closed, outbound.ErrConnection, "connection refused"},
		{"http://" + rude, outbound.ErrConnection, "the answer is not HTTP"},
		{"http://" + silent, outbound.ErrConnection, "it was closed before the answer"},
		{"https://2130706433", outbound.ErrName, "The name 2130706433 was not found."},
	} {
		_, _, err := get(t, strange, test.url+"/hook/4711?key=hidden", outbound.Policy{})
		wantKind(t, "Do("+test.url+")", err, test.kind)
		if err == nil {
			continue
		}
		if text := err.Error(); !strings.Contains(text, test.text) || strings.Contains(text, "4711") || strings.Contains(text, "hidden") || strings.Contains(text, "script") {
			t.Errorf("Do(%s) = %q; want %q, without path, query and what the other side wrote", test.url, text, test.text)
		}
	}
}

func TestACertificateIsAskedForItsName(t *testing.T) {
	s := newTLSServer(t)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	host := strings.TrimPrefix(s.URL, "https://")
	_, port, _ := strings.Cut(host, ":")
	c := newClient(t, outbound.Options{Roots: roots, Allowed: allow(host, "localhost:"+port)})
	if status, _, err := get(t, c, s.URL, outbound.Policy{Hosts: []string{host}}); status != 404 || err != nil {
		t.Errorf("Do to a host with a known certificate = %d, %v; want 404", status, err)
	}
	_, _, err := get(t, c, "https://localhost:"+port, outbound.Policy{})
	wantKind(t, "Do to another name", err, outbound.ErrTLS)
}

func newTLSServer(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// talking is a listener that says text to everybody and hangs up.
func talking(t *testing.T, text string) (host string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Read(make([]byte, 4096))
			c.Write([]byte(text))
			c.Close()
		}
	}()
	return l.Addr().String()
}

func closedPort(t *testing.T) (host string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
