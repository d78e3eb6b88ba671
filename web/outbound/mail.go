package outbound

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// How a connection to a mail server is secured.
const (
	MailStartTLS = "starttls" // asked for on a plain connection, and refused without
	MailTLS      = "tls"      // from the first byte
	MailPlain    = "none"     // only to hosts that someone allowed
)

// A MailServer takes mail.
type MailServer struct {
	Host           string
	Port           int
	Security       string
	User, Password string // "" for none
}

// mailTimeout bounds a whole mail.
const mailTimeout = 30 * time.Second

// A MailError is what a mail server answered instead of taking something.
type MailError struct {
	Code int
	text string
}

// Error is a sentence for people, without what the server said: it may hold addresses.
func (e *MailError) Error() string { return e.text }

// Lasting tells whether the server will say so again of this mail, whatever is done about user and password.
func (e *MailError) Lasting() bool { return e.Code >= 500 && (e.Code < 530 || e.Code > 538) }

// SendMail gives a mail to a server. refused counts the addresses that the server did not take while it took others. An
// error is an *Error, as of Do, or a *MailError.
func (c *Client) SendMail(ctx context.Context, s MailServer, from string, to []string, message []byte) (refused int, err error) {
	ctx, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	conn, err := c.dialMail(ctx, s)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	refused, err = c.hand(conn, s, from, to, message)
	if err != nil && ctx.Err() != nil {
		err = ctx.Err() // which closed the connection
	}
	return refused, explainMail(err, s)
}

// CheckMail tells whether SendMail would refuse a server before its name is looked up.
func (c *Client) CheckMail(ctx context.Context, s MailServer) error {
	_, err := c.judgeMail(ctx, s)
	return err
}

func (s MailServer) address() string { return join(s.Host, strconv.Itoa(s.Port)) }

// judgeMail refuses what can be refused by the address as it is written; allowed is a host that may be anywhere.
func (c *Client) judgeMail(ctx context.Context, s MailServer) (allowed bool, err error) {
	if !goodHost(s.Host) || s.Port < 1 || s.Port > 65535 {
		return false, &Error{kind: ErrAddress, text: "Write a host such as smtp.example.com, and a port from 1 to 65535."}
	}
	allowed, err = c.isAllowed(ctx, s.address())
	switch {
	case err != nil:
		return false, &Error{kind: ErrUnknown, text: "The list of allowed hosts could not be read.", cause: err}
	case allowed:
		return true, nil
	case s.Security == MailPlain:
		return false, &Error{kind: ErrPlain, text: "Mail goes only over TLS; an administrator can allow " + s.address() + " on the page Forwarding."}
	}
	return false, literal(&url.URL{Host: s.address()}, s.address())
}

func (c *Client) dialMail(ctx context.Context, s MailServer) (net.Conn, error) {
	allowed, err := c.judgeMail(ctx, s)
	if err != nil {
		return nil, err
	}
	look := guarded
	if allowed {
		look = asWritten
	}
	d := net.Dialer{Timeout: dialTimeout, Resolver: c.options.Resolver, Control: look(s.address())}
	conn, err := d.DialContext(ctx, "tcp", s.address())
	if err == nil && s.Security == MailTLS {
		secured := tls.Client(conn, c.mailTLS(s))
		if err = secured.HandshakeContext(ctx); err != nil {
			conn.Close()
		}
		conn = secured
	}
	if err != nil {
		return nil, explainMail(err, s)
	}
	return conn, nil
}

func (c *Client) mailTLS(s MailServer) *tls.Config {
	return &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12, RootCAs: c.options.Roots}
}

// hand speaks SMTP. What the server said after it took the mail is not asked for.
func (c *Client) hand(conn net.Conn, s MailServer, from string, to []string, message []byte) (refused int, err error) {
	m, err := smtp.NewClient(conn, s.Host)
	if err != nil {
		return 0, err
	}
	_, domain, _ := strings.Cut(from, "@")
	if err := m.Hello(OneLine(domain, 253)); err != nil {
		return 0, err
	}
	if s.Security == MailStartTLS {
		if ok, _ := m.Extension("STARTTLS"); !ok {
			return 0, &Error{kind: ErrTLS, text: s.address() + " offers no STARTTLS. Choose TLS from the start if it listens for that."}
		}
		if err := m.StartTLS(c.mailTLS(s)); err != nil {
			return 0, err
		}
	}
	if s.User != "" {
		if err := m.Auth(authOf(m, s)); err != nil {
			return 0, err
		}
	}
	if err := m.Mail(from); err != nil {
		return 0, err
	}
	var first error
	for _, address := range to {
		if err := m.Rcpt(address); err != nil {
			if _, answered := errors.AsType[*textproto.Error](err); !answered {
				return 0, err
			}
			refused++
			if first == nil {
				first = err
			}
		}
	}
	if refused == len(to) {
		return 0, first // which tells why
	}
	w, err := m.Data()
	if err != nil {
		return 0, err
	}
	if _, err := w.Write(message); err != nil {
		return 0, err
	}
	if err := w.Close(); err != nil {
		return 0, err
	}
	m.Quit()
	return refused, nil
}

// explainMail puts a failure into a sentence.
func explainMail(err error, s MailServer) error {
	if err == nil {
		return nil
	}
	if own, ok := errors.AsType[*Error](err); ok {
		return own
	}
	if said, ok := errors.AsType[*textproto.Error](err); ok {
		return &MailError{Code: said.Code, text: fmt.Sprintf("The mail server answered %d: %s.", said.Code, codeWords(said.Code))}
	}
	if errors.Is(err, errNoAuth) {
		return &Error{kind: ErrConnection, text: s.address() + " offers no way to sign in that is known here (PLAIN or LOGIN).", cause: err}
	}
	return explain(err, &url.URL{Scheme: "https", Host: s.address()}, mailTimeout)
}

// codeWords is what an answer of a mail server means.
func codeWords(code int) string {
	switch code {
	case 421:
		return "it is not available now"
	case 450, 451, 452:
		return "it cannot take the mail now"
	case 530:
		return "it wants a user name and password"
	case 534, 535, 538:
		return "it refuses the user name or password"
	case 550, 551, 553:
		return "it takes no mail from this sender, or for this address"
	case 552:
		return "the mailbox is full"
	case 554:
		return "it refuses the mail"
	}
	if code < 500 {
		return "it cannot take the mail now"
	}
	return "it does not take the mail"
}
