package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"code.dny.dev/ssrf"
)

// explain puts a failure of net/http into a sentence.
func explain(err error, u *url.URL, timeout time.Duration) *Error {
	host, _ := hostPort(u) // it was judged before
	say := func(kind error, format string, a ...any) *Error {
		return &Error{kind: kind, text: fmt.Sprintf(format, a...), cause: err}
	}
	if errors.Is(err, context.Canceled) {
		return say(ErrCanceled, "The request was ended from our side.")
	}
	if e := explainDial(err, u.Hostname(), host); e != nil {
		return e
	}
	if timedOut(err) {
		return say(ErrTimeout, "%s gave no whole answer in time (%g s).", host, timeout.Seconds())
	}
	if why := untrusted(err); why != "" {
		return say(ErrTLS, "No trusted TLS connection to %s: %s.", host, why)
	}
	return say(ErrConnection, "The connection to %s failed: %s.", host, failure(err))
}

// explainDial explains what went wrong before there was a connection; nil when there was one, or when the other side
// refused it.
func explainDial(err error, name, host string) *Error {
	say := func(kind error, text string) *Error { return &Error{kind: kind, text: text, cause: err} }
	dns, isDNS := errors.AsType[*net.DNSError](err)
	op, isOp := errors.AsType[*net.OpError](err)
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedNetwork), errors.Is(err, ssrf.ErrInvalidHostPort):
		return private(name+" leads to", host)
	case errors.Is(err, errLink):
		return say(ErrPrivate, name+" leads to an address of the local link, which is called only when it is allowed by its number.")
	case isDNS && dns.IsNotFound:
		return say(ErrName, "The name "+name+" was not found.")
	case isDNS:
		return say(ErrName, "The name "+name+" could not be looked up.")
	case isOp && op.Op == "dial" && timedOut(err):
		return say(ErrTimeout, host+" did not accept a connection in time.")
	}
	return nil
}

func timedOut(err error) bool {
	t, ok := errors.AsType[net.Error](err)
	return errors.Is(err, context.DeadlineExceeded) || ok && t.Timeout()
}

// untrusted says in our words what is wrong with the other side's certificate or TLS, "" when nothing is.
func untrusted(err error) string {
	if bad, ok := errors.AsType[x509.CertificateInvalidError](err); ok && bad.Reason == x509.Expired {
		return "its certificate has expired"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "its certificate is for another name"
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "its certificate is signed by nobody that we know"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "its certificate is not valid"
	}
	_, noTLS := errors.AsType[tls.RecordHeaderError](err)
	if noTLS || strings.Contains(err.Error(), "HTTP response to HTTPS client") {
		return "it does not speak TLS"
	}
	if _, ok := errors.AsType[tls.AlertError](err); ok {
		return "it refused the handshake"
	}
	return ""
}

// failure is the innermost reason, such as "connection refused". What net/http quotes of the other side's answer is
// left out.
func failure(err error) string {
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	switch text := err.Error(); {
	case text == "EOF" || text == "unexpected EOF":
		return "it was closed before the answer"
	case strings.Contains(text, "malformed"), strings.Contains(text, "headers exceeded"), len(text) > 60:
		return "the answer is not HTTP"
	default:
		return text
	}
}
