package outbound

import (
	"errors"
	"net/smtp"
	"slices"
	"strings"
)

// errNoAuth is a mail server without a way to sign in that we know.
var errNoAuth = errors.New("no known way to sign in")

// authOf picks how to sign in: PLAIN, or LOGIN where a server has only that. Both show the password, so neither is used
// without TLS.
func authOf(m *smtp.Client, s MailServer) smtp.Auth {
	_, ways := m.Extension("AUTH")
	all := strings.Fields(strings.ToUpper(ways))
	if slices.Contains(all, "LOGIN") && !slices.Contains(all, "PLAIN") {
		return &loginAuth{s}
	}
	return plainAuth{s}
}

type plainAuth struct{ MailServer }

// Start implements smtp.Auth.
func (a plainAuth) Start(server *smtp.ServerInfo) (string, []byte, error) {
	if !server.TLS || !slices.Contains(server.Auth, "PLAIN") {
		return "", nil, errNoAuth
	}
	return "PLAIN", []byte("\x00" + a.User + "\x00" + a.Password), nil
}

// Next implements smtp.Auth.
func (plainAuth) Next(_ []byte, more bool) ([]byte, error) {
	if more {
		return nil, errNoAuth
	}
	return nil, nil
}

type loginAuth struct{ MailServer }

// Start implements smtp.Auth.
func (a *loginAuth) Start(server *smtp.ServerInfo) (string, []byte, error) {
	if !server.TLS {
		return "", nil, errNoAuth
	}
	return "LOGIN", nil, nil
}

// Next implements smtp.Auth.
func (a *loginAuth) Next(asked []byte, more bool) ([]byte, error) {
	switch word := strings.ToLower(string(asked)); {
	case !more:
		return nil, nil
	case strings.HasPrefix(word, "user"):
		return []byte(a.User), nil
	case strings.HasPrefix(word, "pass"):
		return []byte(a.Password), nil
	}
	return nil, errNoAuth
}
