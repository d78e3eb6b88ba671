package web

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
)

// A mailbox is a real mail server without TLS, which can be away, or put off what comes.
type mailbox struct {
	t       *testing.T
	address string
	l       net.Listener

	mu    sync.Mutex
	later string // what it answers to DATA; "" takes the mail
	mails []string
}

func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	m := &mailbox{t: t, address: "127.0.0.1:0"}
	m.come()
	t.Cleanup(func() { m.l.Close() })
	return m
}

// come listens at the address where it was before.
func (m *mailbox) come() {
	m.t.Helper()
	l, err := net.Listen("tcp", m.address)
	if err != nil {
		m.t.Fatal(err)
	}
	m.l, m.address = l, l.Addr().String()
	go func() {
		for c, err := l.Accept(); err == nil; c, err = l.Accept() {
			go m.speak(c)
		}
	}()
}

func (m *mailbox) says(later string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.later = later
}

func (m *mailbox) took() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string{}, m.mails...)
}

func (m *mailbox) speak(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	fmt.Fprint(c, "220 mail.example\r\n")
	for s, err := r.ReadString('\n'); err == nil; s, err = r.ReadString('\n') {
		m.mu.Lock()
		later := m.later
		m.mu.Unlock()
		switch word, _, _ := strings.Cut(strings.TrimSpace(s), " "); {
		case word == "DATA" && later != "":
			fmt.Fprint(c, later+"\r\n")
		case word == "DATA":
			fmt.Fprint(c, "354 go on\r\n")
			var mail strings.Builder
			for s, err := r.ReadString('\n'); err == nil && s != ".\r\n"; s, err = r.ReadString('\n') {
				mail.WriteString(s)
			}
			m.mu.Lock()
			m.mails = append(m.mails, mail.String())
			m.mu.Unlock()
			fmt.Fprint(c, "250 taken\r\n")
		case word == "QUIT":
			fmt.Fprint(c, "221 bye\r\n")
			return
		default:
			fmt.Fprint(c, "250 ok\r\n")
		}
	}
}
