package outbound_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"switchyard/web/outbound"
)

// A mailbox is a mail server that keeps what it takes. Set what it offers before the first mail.
type mailbox struct {
	auth     string            // the ways to sign in that it offers; "" for none
	noTLS    bool              // no STARTTLS
	says     map[string]string // what it answers to a command, by its beginning; else it takes all
	tlsFirst bool

	conf  *tls.Config
	roots *x509.CertPool
	port  int
	mu    sync.Mutex
	lines []string // what came, a mark [tls] before what came over TLS
	mails []string
}

func newMailbox(t *testing.T, change func(*mailbox)) *mailbox {
	t.Helper()
	https := httptest.NewTLSServer(nil) // for its certificate
	https.Close()
	m := &mailbox{conf: &tls.Config{Certificates: https.TLS.Certificates}, roots: x509.NewCertPool()}
	m.roots.AddCert(https.Certificate())
	if change != nil {
		change(m)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m.port = l.Addr().(*net.TCPAddr).Port
	t.Cleanup(func() { l.Close() })
	go func() {
		for c, err := l.Accept(); err == nil; c, err = l.Accept() {
			go m.speak(c)
		}
	}()
	return m
}

func (m *mailbox) speak(c net.Conn) {
	defer func() { c.Close() }()
	mark := ""
	if m.tlsFirst {
		c, mark = tls.Server(c, m.conf), "[tls] "
	}
	r := bufio.NewReader(c)
	say := func(text string) { fmt.Fprint(c, strings.ReplaceAll(text, "\n", "\r\n")+"\r\n") }
	line := func() string { s, _ := r.ReadString('\n'); return strings.TrimSpace(s) }
	say("220 mail.example ready")
	for {
		s := line()
		if s == "" {
			return
		}
		m.mu.Lock()
		m.lines = append(m.lines, mark+s)
		m.mu.Unlock()
		said := false
		for begin, answer := range m.says {
			if strings.HasPrefix(s, begin) {
				say(answer)
				said = true
			}
		}
		switch word, _, _ := strings.Cut(s, " "); {
		case said:
		case word == "EHLO":
			offers := "250-mail.example"
			if !m.noTLS && mark == "" {
				offers += "\n250-STARTTLS"
			}
			if m.auth != "" {
				offers += "\n250-AUTH " + m.auth
			}
			say(offers + "\n250 8BITMIME")
		case word == "STARTTLS":
			say("220 go on")
			c, mark = tls.Server(c, m.conf), "[tls] "
			r = bufio.NewReader(c)
		case s == "AUTH LOGIN":
			say("334 " + base64.StdEncoding.EncodeToString([]byte("Username:")))
			user := line()
			say("334 " + base64.StdEncoding.EncodeToString([]byte("Password:")))
			m.signedIn(say, user+" "+line(), base64.StdEncoding.EncodeToString([]byte("ada"))+" "+base64.StdEncoding.EncodeToString([]byte("hunter2")))
		case word == "AUTH":
			m.signedIn(say, s, "AUTH PLAIN "+base64.StdEncoding.EncodeToString([]byte("\x00ada\x00hunter2")))
		case word == "DATA":
			say("354 go on")
			var mail strings.Builder
			for s, err := r.ReadString('\n'); err == nil && s != ".\r\n"; s, err = r.ReadString('\n') {
				mail.WriteString(strings.TrimPrefix(s, "."))
			}
			m.mu.Lock()
			m.mails = append(m.mails, mail.String())
			m.mu.Unlock()
			say("250 taken")
		case word == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (m *mailbox) signedIn(say func(string), got, want string) {
	if got == want {
		say("235 welcome")
		return
	}
	say("535 5.7.8 no such user ada@example.com")
}

func (m *mailbox) took() (lines, mails []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string{}, m.lines...), append([]string{}, m.mails...)
}

// client trusts the mailbox's certificate and may reach it.
func (m *mailbox) client(t *testing.T) *outbound.Client {
	return newClient(t, outbound.Options{Allowed: allow("127.0.0.1:" + strconv.Itoa(m.port)), Roots: m.roots})
}
