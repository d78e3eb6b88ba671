package models

import (
	"context"
	"time"
)

// Role is a ladder: each may what those below may.
type Role string

// The roles.
const (
	Viewer   Role = "viewer"
	Support  Role = "support"
	Operator Role = "operator"
	Admin    Role = "admin"
)

// May tells whether r is at least needed.
func (r Role) May(needed Role) bool { panic("contract") }

// A User is a person who signs in.
type User struct {
	ID         int64
	Email      string // lower case
	Name       string
	Role       Role
	Zone       string // IANA; empty: the browser's
	MustChange bool   // a one-time password was set
	DisabledAt Time
	CreatedAt  Time
	LastSeenAt Time
}

// Passwords hashes and checks passwords: argon2id with its parameters, injected so that tests are cheap.
type Passwords struct {
	Memory, Iterations uint32 // KiB, rounds
}

// Users lists all by email.
func (db *DB) Users(ctx context.Context) ([]User, error) { panic("contract") }

// User returns one.
func (db *DB) User(ctx context.Context, id int64) (User, error) { panic("contract") }

// CreateUser adds a person; password 12–128 characters, not a common one; Invalid names the field.
func (db *DB) CreateUser(ctx context.Context, u User, password string, by By) (User, error) {
	panic("contract")
}

// SetRole changes the role and ends all sessions; the last active admin keeps it (Invalid).
func (db *DB) SetRole(ctx context.Context, id int64, role Role, by By) error { panic("contract") }

// SetPassword changes the password and ends all sessions but keep (a session id; "" none).
func (db *DB) SetPassword(ctx context.Context, id int64, password string, mustChange bool, keep string, by By) error {
	panic("contract")
}

// DisableUser bars or readmits a person; barring ends all sessions; not the last active admin (Invalid).
func (db *DB) DisableUser(ctx context.Context, id int64, disabled bool, by By) error {
	panic("contract")
}

// SetProfile changes one's own name and zone.
func (db *DB) SetProfile(ctx context.Context, id int64, name, zone string, by By) error {
	panic("contract")
}

// ErrThrottled says that sign-in must wait; ErrBadLogin that address or password is wrong, or the account disabled.
type ThrottledError struct{ Wait time.Duration }

func (e *ThrottledError) Error() string { return "models: too many attempts" }

// Authenticate checks a sign-in: throttled in the database per account and per address (ip: the whole IPv4 or the
// IPv6 /64), a dummy hash for unknown accounts, rehash when parameters changed, audit row for success and failure
// (reliability.md §5.4). ErrNotFound when address or password is wrong or the account is disabled.
func (db *DB) Authenticate(ctx context.Context, email, password, ip string) (User, error) {
	panic("contract")
}

// A Session is one sign-in of a browser.
type Session struct {
	ID        string // sha256 of the token, hex
	UserID    int64  // 0: nobody yet (setup, flash)
	Data      string // JSON
	UserAgent string
	IP        string // shortened
	CreatedAt Time
	SeenAt    Time
	IdleAt    Time
	EndsAt    Time
	RevokedAt Time
}

// LiveSession returns a session that is neither revoked nor over, ErrNotFound otherwise.
func (db *DB) LiveSession(ctx context.Context, id string) (Session, error) { panic("contract") }

// CreateSession keeps a new one; of more than 5 of a user the oldest end.
func (db *DB) CreateSession(ctx context.Context, s Session) error { panic("contract") }

// SaveSession writes Data, SeenAt and IdleAt of a live session: an UPDATE … WHERE revoked_at = 0, never an upsert;
// ErrNotFound when it is not live any more.
func (db *DB) SaveSession(ctx context.Context, s Session) error { panic("contract") }

// RevokeSession ends one; RevokeSessions all of a user but keep.
func (db *DB) RevokeSession(ctx context.Context, id string) error { panic("contract") }
func (db *DB) RevokeSessions(ctx context.Context, userID int64, keep string, by By) error {
	panic("contract")
}
func (db *DB) UserSessions(ctx context.Context, userID int64) ([]Session, error) { panic("contract") }

// SetupToken makes the one-time token of the /setup link when no administrator exists: single use, 24 h, kept
// as a hash. It is "" when an active administrator exists.
func (db *DB) SetupToken(ctx context.Context) (string, error) { panic("contract") }

// CheckSetupToken tells whether the token would work.
func (db *DB) CheckSetupToken(ctx context.Context, token string) (bool, error) { panic("contract") }

// FinishSetup makes the first administrator and kills the token, in one transaction.
func (db *DB) FinishSetup(ctx context.Context, token string, u User, password string) (User, error) {
	panic("contract")
}
