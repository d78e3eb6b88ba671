package models

import "context"

// Mode of a flow's endpoint.
type Mode string

// The modes.
const (
	Encrypted Mode = "encrypted"
	Plain     Mode = "plain"
)

// A Flow is one WhatsApp Flow.
type Flow struct {
	ID              int64
	Slug            string // its endpoint URL: [a-z][a-z0-9-]{0,62}
	Name            string
	MetaID          string // Meta's flow id; may be empty
	Mode            Mode
	Status          string // as Meta says: DRAFT, PUBLISHED, …; empty when not heard
	TokenOnce       bool   // a token works once (design/decisions.md 2)
	CheckSignature  bool   // default true
	FallbackScreen  string
	FallbackMessage string
	HasSecret       bool // of a plain flow
	HasAppSecret    bool // its own app secret
	JSONVersion     int  // newest Flow JSON kept here; 0 = none
	PublishedRules  int  // version; 0 = none
	DraftRules      int  // version; 0 = none
	CreatedAt       Time
	UpdatedAt       Time
	ResponsesToday  int // in UTC days; only from Flows
	OpenAlerts      int // only from Flows
	LastPingAt      Time
}

// Flows lists all, by name.
func (db *DB) Flows(ctx context.Context) ([]Flow, error) { panic("contract") }

// Flow finds by slug, by an old slug (alias), or by Meta's id.
func (db *DB) Flow(ctx context.Context, ref string) (Flow, error) { panic("contract") }

// CreateFlow adds a flow: slug, name, Meta id, mode; Invalid names the field that is wrong or taken.
func (db *DB) CreateFlow(ctx context.Context, f Flow, by By) (Flow, error) { panic("contract") }

// UpdateFlow changes name, slug (the old one stays an alias), Meta id, mode, TokenOnce, CheckSignature, fallback.
func (db *DB) UpdateFlow(ctx context.Context, f Flow, by By) (Flow, error) { panic("contract") }

// SetFlowSecret sets the secret of a plain flow (empty removes it). It is sealed and never shown again.
func (db *DB) SetFlowSecret(ctx context.Context, flowID int64, secret string, by By) error {
	panic("contract")
}

// A FlowJSON is one version of a flow's Flow JSON as kept here.
type FlowJSON struct {
	ID        int64
	FlowID    int64
	Version   int // 1, 2, …
	Raw       []byte
	CreatedAt Time
	Author    string
}

// SaveFlowJSON keeps a new version; the same bytes as the newest change nothing. It is the caller's to have
// parsed it.
func (db *DB) SaveFlowJSON(ctx context.Context, flowID int64, raw []byte, by By) (FlowJSON, error) {
	panic("contract")
}

// NewestFlowJSON returns the newest version, ErrNotFound without one.
func (db *DB) NewestFlowJSON(ctx context.Context, flowID int64) (FlowJSON, error) { panic("contract") }

// FlowJSONs lists versions, newest first, without Raw.
func (db *DB) FlowJSONs(ctx context.Context, flowID int64) ([]FlowJSON, error) { panic("contract") }

// RuleState of a version.
type RuleState string

// The states of a rule set.
const (
	Draft     RuleState = "draft"
	Published RuleState = "published"
	Archived  RuleState = "archived"
)

// A RuleSet is one version of a flow's routing.
type RuleSet struct {
	ID          int64
	FlowID      int64
	Version     int
	State       RuleState
	Document    []byte // rules.Document, encoded
	Edit        int    // grows by each save of the draft; a save names the one that it saw
	Note        string
	Author      string
	CreatedAt   Time
	UpdatedAt   Time
	PublishedAt Time
}

// DraftRules returns the draft; when there is none, what a new draft would hold: the published document,
// with Edit 0 and Version 0 — or ErrNotFound when nothing was ever saved.
func (db *DB) DraftRules(ctx context.Context, flowID int64) (RuleSet, error) { panic("contract") }

// PublishedRules returns the version that runs, or ErrNotFound.
func (db *DB) PublishedRules(ctx context.Context, flowID int64) (RuleSet, error) { panic("contract") }

// RuleSets lists versions, newest first, without documents.
func (db *DB) RuleSets(ctx context.Context, flowID int64) ([]RuleSet, error) { panic("contract") }

// RuleSet returns one version.
func (db *DB) RuleSet(ctx context.Context, flowID int64, version int) (RuleSet, error) {
	panic("contract")
}

// SaveDraft writes the draft, making it when there is none. edit is the Edit that the caller saw: another
// one there now is ErrConflict.
func (db *DB) SaveDraft(ctx context.Context, flowID int64, document []byte, edit int, by By) (RuleSet, error) {
	panic("contract")
}

// PublishDraft makes the draft the published version and archives the one before. check compiles the document
// inside the transaction's reading of Flow JSON and lists; its error stops the publish.
func (db *DB) PublishDraft(ctx context.Context, flowID int64, edit int, note string, by By, check func(document, flowJSON []byte) error) (RuleSet, error) {
	panic("contract")
}

// DiscardDraft removes the draft.
func (db *DB) DiscardDraft(ctx context.Context, flowID int64, by By) error { panic("contract") }
