// Package wire is the platform's formats byte for byte: payloads, signatures, the encrypted envelope, both directions.
package wire

import (
	"crypto"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"io"
	"time"
)

// SignatureHeader carries HMAC-SHA256 over the raw body (protocol.md §1.2).
const SignatureHeader = "X-Hub-Signature-256"

// Sign returns the header's value for body: "sha256=" and 64 lower-case hex digits.
func Sign(secret string, body []byte) string { panic("contract") }

// Signed tells whether header is exactly "sha256=" + 64 lower-case hex digits of HMAC-SHA256(body) under one of
// the secrets; empty secrets never match; constant time. Callers pass the header's only value.
func Signed(header string, body []byte, secrets ...string) bool { panic("contract") }

// ErrCannotOpen is the one error for every envelope that cannot be opened: answer 421, empty.
var ErrCannotOpen = errors.New("wire: cannot open envelope")

// A Decrypter is one private key that may open envelopes: crypto.Decrypter with an *rsa.PublicKey of 2048 bits.
type Decrypter = crypto.Decrypter

// Open opens an envelope (protocol.md §3.1) with the first key that fits. It returns the plaintext, the Reply
// that seals the answer, and the index of the key. Every failure is ErrCannotOpen; hostile input never panics.
func Open(body []byte, keys []Decrypter) (plain []byte, reply *Reply, key int, err error) {
	panic("contract")
}

// A Reply seals one answer under the request's AES key with the IV inverted.
type Reply struct {
	// contract: unexported fields
}

// Seal returns base64(AES-128-GCM(plain)): the whole text/plain body (protocol.md §3.2).
func (r *Reply) Seal(plain []byte) []byte { panic("contract") }

// SealRequest plays the client: it makes an envelope for plain to the holder of pub. random gives the AES key
// and IV. The Opener reads the answer.
func SealRequest(random io.Reader, pub *rsa.PublicKey, plain []byte) (body []byte, answer *Opener, err error) {
	panic("contract")
}

// An Opener reads the answer to one sealed request.
type Opener struct {
	// contract: unexported fields
}

// Open returns the plaintext of a 200 or 427 body.
func (o *Opener) Open(body []byte) ([]byte, error) { panic("contract") }

// A Request is a decrypted (or plain) endpoint request (protocol.md §3.3).
type Request struct {
	Version  string
	Action   string         // as it came: "INIT", "data_exchange", "BACK", "ping", or unknown
	Screen   string         // "" when absent
	Data     map[string]any // never nil; numbers are json.Number
	Token    string         // flow_token; "" when missing
	TokenJWT string         // flow_token_signature
}

// ParseRequest reads a plaintext request; anything but one JSON object of at most 1 MiB is an error.
// data that is absent or null is {}, any other type an error.
func ParseRequest(plain []byte) (Request, error) { panic("contract") }

// Ping tells whether it is a health check.
func (r Request) Ping() bool { panic("contract") }

// HasToken is false for a missing, empty or "unused" token: never a key (design/decisions.md 1).
func (r Request) HasToken() bool { panic("contract") }

// Notice returns the error and its message when the request is an error notification: data holds a text error or
// error_key and no keys but error, error_key, error_message (design/decisions.md 22). ordinary tells whether the
// screen's own payloads send such a key; then it is an ordinary request.
func (r Request) Notice(ordinary func(screen, key string) bool) (kind, message string, ok bool) {
	panic("contract")
}

// Answers, as plaintext JSON. version is the request's own and echoed when not empty; key order is fixed.
func AnswerPing(version string) []byte                                 { panic("contract") }
func AnswerAcknowledged(version string) []byte                         { panic("contract") }
func AnswerScreen(version, screen string, data map[string]any) []byte  { panic("contract") }
func AnswerFinish(version, token string, params map[string]any) []byte { panic("contract") }
func AnswerExpired(message string) []byte                              { panic("contract") }

// VerifyTokenSignature checks flow_token_signature: HS256 with one of the secrets. valid: the signature holds;
// bound: some string claim equals the token (design/decisions.md 26).
func VerifyTokenSignature(jwt, token string, secrets ...string) (valid, bound bool) {
	panic("contract")
}

// Source is the family of platform that a body came from.
type Source string

// The sources.
const (
	Meta      Source = "meta"
	Dialog360 Source = "360dialog"
)

// ErrNotJSON and ErrUnknownShape are the reasons why a body as a whole needs a person.
var (
	ErrNotJSON      = errors.New("the body is not JSON")
	ErrUnknownShape = errors.New("the body has a shape that is not known")
)

// Events are what one webhook body says, in its order.
type Events struct {
	Messages []Message
	Statuses []Status
	Flows    []FlowEvent
	Others   []Other // every other field, value-level errors, unknown fields
}

// ParseWebhook decodes a body by its shape, whatever route it came by: Meta's envelope, or the deprecated
// On-Premise one (contacts, messages, statuses at the root). It tolerates missing and unknown fields, and numbers
// as text or text as numbers (protocol.md §2). Bodies of another shape: ErrUnknownShape; no JSON: ErrNotJSON.
func ParseWebhook(body []byte, source Source) (Events, error) { panic("contract") }

// A Message is one entry of messages[].
type Message struct {
	ID          string // wamid
	Account     string // WABA id (entry.id)
	PhoneID     string // metadata.phone_number_id
	PhoneNumber string // metadata.display_phone_number
	From        string // wa_id; may be empty
	FromUser    string // business-scoped user id; may be empty
	Name        string // contact profile name
	Username    string
	Type        string
	At          time.Time // zero when missing
	ContextID   string
	Raw         json.RawMessage // the entry as it came
	Flow        *FlowReply      // of an nfm_reply
}

// A FlowReply is a completed flow: interactive.nfm_reply.
type FlowReply struct {
	Name, Body string
	Raw        string         // response_json as it came (an object's text when it was sent as an object)
	Answers    map[string]any // decoded, numbers as json.Number; nil when Raw is no JSON object
	Reason     string         // why it could not be decoded, for people; empty when it could
	Token      string         // flow_token among the answers
}

// A Status is one entry of statuses[].
type Status struct {
	MessageID, Account, PhoneID, Recipient, RecipientUser string
	State                                                 string // sent, delivered, read, played, failed, or as it came
	At                                                    time.Time
	Errors                                                []Fault
	Raw                                                   json.RawMessage
}

// A Fault is an error object of Meta's.
type Fault struct {
	Code           int
	Title, Details string
}

// A FlowEvent is one change of field "flows" (protocol.md §2.6).
type FlowEvent struct {
	Key       string // sha256 hex over source, account, field, entry time, canonical value (design/decisions.md 32)
	Account   string
	FlowID    string
	Event     string
	At        time.Time // entry time; zero when missing
	Message   string
	Warning   string
	OldStatus string
	NewStatus string
	State     string // ACTIVATED, DEACTIVATED, as it came
	Threshold *float64
	ErrorRate *float64
	P50, P90  *float64 // ms
	Requests  *float64
	Available *float64
	Errors    []ErrorCount
	Raw       json.RawMessage
}

// An ErrorCount is one row of errors[].
type ErrorCount struct {
	Type  string // as it came
	Count *float64
	Rate  *float64 // percent of the errors
}

// NormalError folds the spellings of an error type: lower case, "-" and space to "_" (protocol.md §2.6).
func NormalError(s string) string { panic("contract") }

// An Other is one change of any other field, or the value-level errors of "messages" (Field "messages.errors").
type Other struct {
	Key, Account, Field string
	At                  time.Time
	Raw                 json.RawMessage
}
