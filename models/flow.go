package models

import (
	"context"
	"strconv"
	"time"

	"gorm.io/gorm"
)

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
	KeepVersion     bool   // a visit stays on the rules of its first step (design/decisions.md 7)
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
	ResponsesToday  int // only from FlowsToday
	OpenAlerts      int // only from Flows
	LastPingAt      Time
}

// localFlow begins the id by which alerts of a flow go whose id at Meta is not known: a word, since Meta's are digits.
const localFlow = "flow:"

// AlertID is the id by which the flow's alerts go: Meta's, or one of ours while that is not known.
func (f Flow) AlertID() string {
	if f.MetaID != "" {
		return f.MetaID
	}
	return localFlow + strconv.FormatInt(f.ID, 10)
}

// selectFlow reads what a Flow holds, the counts of Flows apart.
const selectFlow = `
	SELECT f.id, f.slug, f.name, f.meta_id, f.mode, f.status, f.token_once, f.keep_version, f.check_signature,
		f.fallback_screen, f.fallback_message, f.created_at, f.updated_at,
		f.sealed_secret <> '' AS has_secret, f.sealed_app_secret <> '' AS has_app_secret,
		COALESCE((SELECT MAX(version) FROM flow_jsons WHERE flow_id = f.id), 0) AS json_version,
		COALESCE((SELECT version FROM rule_sets WHERE flow_id = f.id AND state = 'published'), 0) AS published_rules,
		COALESCE((SELECT version FROM rule_sets WHERE flow_id = f.id AND state = 'draft'), 0) AS draft_rules,
		COALESCE((SELECT at FROM marks WHERE name = 'ping:' || f.slug), 0) AS last_ping_at`

// Flows lists all, by name.
func (db *DB) Flows(ctx context.Context) ([]Flow, error) { return db.flowsSince(ctx, db.Now()) }

// FlowsToday is Flows with the responses of the day that it is in a zone.
func (db *DB) FlowsToday(ctx context.Context, zone *time.Location) ([]Flow, error) {
	y, m, d := db.Now().In(zone).Date()
	return db.flowsSince(ctx, StartOfDay(y, m, d, zone))
}

func (db *DB) flowsSince(ctx context.Context, since time.Time) ([]Flow, error) {
	var flows []Flow
	err := db.read.WithContext(ctx).Raw(selectFlow+`,
		(SELECT COUNT(*) FROM responses WHERE flow_id = f.id AND received_at >= ? AND NOT test) AS responses_today,
		(SELECT COUNT(*) FROM alerts a WHERE `+sqlFlowOfAlert+` AND a.status IN ('active', 'acknowledged')) AS open_alerts
		FROM flows f ORDER BY f.name, f.id`, at(since)).Scan(&flows).Error
	return flows, err
}

// Flow finds by slug, by an old slug (alias), or by Meta's id.
func (db *DB) Flow(ctx context.Context, ref string) (Flow, error) {
	tx := db.read.WithContext(ctx)
	id, err := flowID(tx, ref)
	if err != nil {
		return Flow{}, err
	}
	return flowIn(tx, id)
}

// FlowByID returns one.
func (db *DB) FlowByID(ctx context.Context, id int64) (Flow, error) {
	return flowIn(db.read.WithContext(ctx), id)
}

// flowID finds a flow's id; slugs begin with a letter and Meta's ids are digits, so they never clash.
func flowID(tx *gorm.DB, ref string) (int64, error) {
	var ids []int64
	err := tx.Raw(`
		SELECT id FROM flows WHERE slug = ?
		UNION SELECT flow_id FROM flow_aliases WHERE slug = ?
		UNION SELECT id FROM flows WHERE meta_id = ? AND meta_id <> ''`, ref, ref, ref).Scan(&ids).Error
	if err != nil {
		return 0, err
	}
	if len(ids) == 0 {
		return 0, ErrNotFound
	}
	return ids[0], nil
}

func flowIn(tx *gorm.DB, id int64) (Flow, error) {
	var f Flow
	r := tx.Raw(selectFlow+" FROM flows f WHERE f.id = ?", id).Scan(&f)
	if r.Error == nil && r.RowsAffected == 0 {
		return Flow{}, ErrNotFound
	}
	return f, r.Error
}
