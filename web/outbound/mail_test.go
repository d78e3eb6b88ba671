package outbound_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"

	"switchyard/web/outbound"
)

func TestMailIsHandedOverTheConnectionThatWasChosen(t *testing.T) {
	for _, tt := range []struct {
		name, security, user, password string
		box                            func(*mailbox)
		kind                           error
		text                           string // of what went wrong
	}{
		{"STARTTLS and PLAIN", "starttls", "ada", "hunter2", func(m *mailbox) { m.auth = "LOGIN PLAIN" }, nil, ""},
		{"TLS and LOGIN", "tls", "ada", "hunter2", func(m *mailbox) { m.tlsFirst, m.auth = true, "LOGIN" }, nil, ""},
		{"STARTTLS without a user", "starttls", "", "", nil, nil, ""},
		{"an allowed host without TLS", "none", "", "", func(m *mailbox) { m.noTLS = true }, nil, ""},
		{"no STARTTLS there", "starttls", "ada", "hunter2", func(m *mailbox) { m.noTLS, m.auth = true, "PLAIN" }, outbound.ErrTLS, "offers no STARTTLS"},
		{"a wrong password", "starttls", "ada", "wrong", func(m *mailbox) { m.auth = "PLAIN" }, nil, "The mail server answered 535: it refuses the user name or password."},
		{"no way to sign in", "starttls", "ada", "hunter2", func(m *mailbox) { m.auth = "GSSAPI" }, outbound.ErrConnection, "no way to sign in"},
		{"TLS where there is none", "tls", "", "", nil, outbound.ErrTLS, "does not speak TLS"},
		{"plain where TLS is spoken", "starttls", "", "", func(m *mailbox) { m.tlsFirst = true }, outbound.ErrConnection, ""},
	} {
		m := newMailbox(t, tt.box)
		s := outbound.MailServer{Host: "127.0.0.1", Port: m.port, Security: tt.security, User: tt.user, Password: tt.password}
		ctx := t.Context()
		if tt.name == "plain where TLS is spoken" { // both wait for the other
			var cancel context.CancelFunc
			ctx, cancel = context.WithCancel(ctx)
			cancel()
		}
		refused, err := m.client(t).SendMail(ctx, s, "alerts@example.com", []string{"ada@example.com"}, []byte("Subject: x\r\n\r\n.hidden\r\n"))
		lines, mails := m.took()
		if tt.name == "plain where TLS is spoken" {
			if !errors.Is(err, outbound.ErrCanceled) {
				t.Errorf("%s: %v; want it ended by us", tt.name, err)
			}
			continue
		}
		if good := tt.kind == nil && tt.text == ""; good && (err != nil || refused != 0 || len(mails) != 1 || !strings.Contains(mails[0], "\r\n.hidden\r\n")) || !good && (err == nil || len(mails) != 0) {
			t.Errorf("%s: SendMail = %d, %v; %q arrived", tt.name, refused, err, mails)
		}
		if tt.kind != nil && !errors.Is(err, tt.kind) || err != nil && (!strings.Contains(err.Error(), tt.text) || strings.Contains(err.Error(), "ada@")) {
			t.Errorf("%s: %v; want %v, %q, and no address", tt.name, err, tt.kind, tt.text)
		}
		for _, l := range lines {
			if strings.HasPrefix(l, "AUTH") {
				t.Errorf("%s: %q came without TLS", tt.name, l)
			}
		}
	}
}

func TestWhatAMailServerRefusesSaysWhetherItLasts(t *testing.T) {
	for _, tt := range []struct {
		says    map[string]string
		refused int
		code    int
		lasting bool
	}{
		{map[string]string{"RCPT TO:<bob": "550 5.1.1 bob@example.com unknown"}, 1, 0, false},
		{map[string]string{"RCPT": "550 5.1.1 unknown"}, 0, 550, true},
		{map[string]string{"RCPT": "451 4.7.1 greylisted"}, 0, 451, false},
		{map[string]string{"MAIL": "530 5.7.0 authentication required"}, 0, 530, false},
		{map[string]string{"DATA": "554 5.6.0 looks bad"}, 0, 554, true},
		{map[string]string{"EHLO": "421 closing", "HELO": "421 closing"}, 0, 421, false},
	} {
		m := newMailbox(t, func(m *mailbox) { m.says = tt.says })
		refused, err := m.client(t).SendMail(t.Context(), outbound.MailServer{Host: "127.0.0.1", Port: m.port, Security: "none"}, "alerts@example.com",
			[]string{"ada@example.com", "bob@example.com"}, []byte("Subject: x\r\n\r\n"))
		said, ok := errors.AsType[*outbound.MailError](err)
		if refused != tt.refused || ok != (tt.code != 0) || ok && (said.Code != tt.code || said.Lasting() != tt.lasting || strings.Contains(err.Error(), "@")) {
			t.Errorf("%v: SendMail = %d, %v; want %d refused, code %d, lasting %t", tt.says, refused, err, tt.refused, tt.code, tt.lasting)
		}
	}
}

func TestMailGoesNowhereThatIsNotAllowed(t *testing.T) {
	bird := newCanary(t)
	port, _ := strconv.Atoi(bird.Port)
	inside := resolver(t, func(string) [4]byte { return [4]byte{127, 0, 0, 1} })
	c := newClient(t, outbound.Options{Resolver: inside, Allowed: allow("127.0.0.1:1")})
	for _, tt := range []struct {
		host, security string
		port           int
		kind           error
	}{
		{"127.0.0.1", "tls", port, outbound.ErrPrivate}, {"mail.example", "starttls", port, outbound.ErrPrivate}, {"10.0.0.5", "tls", 465, outbound.ErrPrivate},
		{"mail.example", "none", port, outbound.ErrPlain}, {"", "tls", port, outbound.ErrAddress}, {"a b", "tls", port, outbound.ErrAddress}, {"mail.example", "tls", 0, outbound.ErrAddress},
		{"::1", "tls", port, outbound.ErrPrivate}, {"::ffff:127.0.0.1", "tls", port, outbound.ErrPrivate},
	} {
		s := outbound.MailServer{Host: tt.host, Port: tt.port, Security: tt.security}
		_, err := c.SendMail(t.Context(), s, "alerts@example.com", []string{"ada@example.com"}, nil)
		wantKind(t, "SendMail to "+tt.host, err, tt.kind)
	}
	bird.wantNobody(t)
	m := newMailbox(t, nil)
	strange := newClient(t, outbound.Options{Allowed: allow("127.0.0.1:" + strconv.Itoa(m.port))})
	_, err := strange.SendMail(t.Context(), outbound.MailServer{Host: "127.0.0.1", Port: m.port, Security: "starttls"}, "alerts@example.com", []string{"ada@example.com"}, nil)
	wantKind(t, "SendMail to an unknown certificate", err, outbound.ErrTLS)
}
