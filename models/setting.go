package models

import "context"

// Setting names a setting.
type Setting string

// The settings. Secrets are sealed with the master key.
const (
	AppSecret         Setting = "app_secret"          // secret
	PreviousAppSecret Setting = "app_secret_previous" // secret
	VerifyToken       Setting = "verify_token"        // secret; shown to administrators on Setup
	AccessToken       Setting = "access_token"        // secret
	SessionIdle       Setting = "session_idle"        // Go duration; default 2h
	SessionMax        Setting = "session_max"         // Go duration; default 12h
	InstanceZone      Setting = "timezone"            // IANA; default UTC
)

// Setting returns a value, "" when not set.
func (db *DB) Setting(ctx context.Context, s Setting) (string, error) { panic("contract") }

// SetSetting writes a value; "" removes it. The audit row names the setting, never a secret value.
func (db *DB) SetSetting(ctx context.Context, s Setting, value string, by By) error {
	panic("contract")
}

// EnsureSetting returns a value, making and keeping it by make when it is not set (e.g. the verify token).
func (db *DB) EnsureSetting(ctx context.Context, s Setting, make func() string) (string, error) {
	panic("contract")
}

// A Mark is evidence that something was observed: the setup page turns green by these only.
type Mark struct {
	Name   string
	At     Time // last
	Count  int64
	Detail string // e.g. a shortened address; never a secret or a number
}

// The marks.
const (
	MarkChallenge    = "challenge"     // Meta verified the callback URL
	MarkChallengeBad = "challenge_bad" // … with a wrong verify token
	MarkSigned       = "signed"        // a delivery with a good signature
	MarkBadSignature = "bad_signature" // a delivery with a bad one; Detail: shortened address
	MarkNoSecret     = "no_secret"     // a delivery while no app secret is known
	MarkPing         = "ping"          // a ping decrypted; per flow: "ping:SLUG"
	MarkOpened       = "opened"        // any envelope opened
	MarkCannotOpen   = "cannot_open"   // an envelope that no key opens
	MarkBadFlowSig   = "bad_flow_sig"  // 432
	MarkUnboundToken = "unbound_token" // valid flow_token_signature without the token
)

// Note counts an observation; cheap enough for each request because it is written at most once a second per name
// by the caller's batching.
func (db *DB) Note(ctx context.Context, marks []Mark) error { panic("contract") }

// Marks returns all by name.
func (db *DB) Marks(ctx context.Context) (map[string]Mark, error) { panic("contract") }

// An AuditRow is one entry of the append-only log.
type AuditRow struct {
	ID     int64
	At     Time
	Actor  string
	IP     string
	Action string // "alert.acknowledge", "rules.publish", "user.role", "export", …
	Object string // "alert 12"
	Detail string // JSON without personal data
}

// Audit appends a row of its own (sign-outs, exports, denials); changes write theirs in their own transaction.
func (db *DB) Audit(ctx context.Context, by By, action, object string, detail map[string]any) error {
	panic("contract")
}

// AuditRows lists the newest, before an id (0 = newest).
func (db *DB) AuditRows(ctx context.Context, before int64, limit int) ([]AuditRow, error) {
	panic("contract")
}
