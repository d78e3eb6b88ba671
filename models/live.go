package models

import (
	"context"

	"switchyard/models/rules"
)

// Live is everything that the endpoint holds in memory, read in one transaction at one revision.
type Live struct {
	Revision   int64
	Flows      []LiveFlow
	Keys       []LiveKey // newest first, retired ones left out
	Lists      map[string]*rules.List
	AppSecrets []string // current, then previous; empty when none is known

}

// A LiveFlow is one flow with what decides it.
type LiveFlow struct {
	Flow
	Aliases     []string
	JSON        []byte // newest Flow JSON; nil when none
	Rules       []byte // published document; nil when none
	RuleVersion int
	Secret      string   // of a plain flow; "" = open
	AppSecrets  []string // its own; empty: the global ones
}

// A LiveKey is one private key ready for use.
type LiveKey struct {
	ID      int64
	Private []byte // PKCS#8 DER
}

// Live reads it all.
func (db *DB) Live(ctx context.Context) (Live, error) { panic("contract") }

// A Key is one RSA key pair of the endpoint, without its private part.
type Key struct {
	ID          int64
	Fingerprint string // sha256 of SPKI, hex
	PublicPEM   string
	CreatedAt   Time
	RetireAt    Time // zero: live
	FirstUsedAt Time
	LastUsedAt  Time
	Uses        int64
	Author      string
}

// Keys lists all, newest first.
func (db *DB) Keys(ctx context.Context) ([]Key, error) { panic("contract") }

// AddKey seals and keeps a key pair (PKCS#8 DER); at most 4 live ones, the same one twice is ErrConflict.
func (db *DB) AddKey(ctx context.Context, fingerprint, publicPEM string, private []byte, by By) (Key, error) {
	panic("contract")
}

// RetireKey ends a key at that time (now or later); the last live one cannot be retired (Invalid).
func (db *DB) RetireKey(ctx context.Context, id int64, at Time, by By) error { panic("contract") }

// CountKeyUses adds uses of keys since the last call.
func (db *DB) CountKeyUses(ctx context.Context, uses map[int64]int64, at Time) error {
	panic("contract")
}

// Lists returns all lists by name, without rows; List one whole.
func (db *DB) Lists(ctx context.Context) ([]ListRow, error)             { panic("contract") }
func (db *DB) List(ctx context.Context, name string) (ListRow, error)   { panic("contract") }
func (db *DB) DeleteList(ctx context.Context, name string, by By) error { panic("contract") }

// A ListRow is a list as kept.
type ListRow struct {
	rules.List
	Size      int
	UpdatedAt Time
	Author    string
}

// SaveList replaces or makes a list; Invalid says what is wrong (name, size, double id).
func (db *DB) SaveList(ctx context.Context, l rules.List, by By) error { panic("contract") }
