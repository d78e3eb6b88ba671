package outbound

import "errors"

// Kinds of failure, for errors.Is.
var (
	ErrAddress    = errors.New("address cannot be called")
	ErrHost       = errors.New("host is not one of those fixed")
	ErrPlain      = errors.New("plain http")
	ErrPrivate    = errors.New("private address")
	ErrName       = errors.New("name not found")
	ErrTimeout    = errors.New("no answer in time")
	ErrTLS        = errors.New("no trusted TLS connection")
	ErrConnection = errors.New("connection failed")
	ErrTooLarge   = errors.New("answer too large")
	ErrCanceled   = errors.New("canceled by us")
	ErrUnknown    = errors.New("request not started")
)

// An Error is a request that was refused or failed.
type Error struct {
	kind  error
	text  string // for people: what happened and what to do; without path or query
	cause error  // nil, or what the standard library said
}

// Error is the sentence for people.
func (e *Error) Error() string { return e.text }

// Is tells the kind to errors.Is.
func (e *Error) Is(kind error) bool { return e.kind == kind }

// Unwrap returns what the standard library said, which may hold the whole address: not for people, not for logs.
func (e *Error) Unwrap() error { return e.cause }

// Refused tells whether we did not start the request, so that trying again is of no use until someone changes
// something here.
func Refused(err error) bool {
	for _, kind := range []error{ErrAddress, ErrHost, ErrPlain, ErrPrivate} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

func private(who, host string) *Error {
	return &Error{kind: ErrPrivate, text: who + " a private address; an administrator can allow " + host + " on the page Forwarding."}
}
