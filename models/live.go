package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"switchyard/models/rules"
)

// Live is everything that the endpoint holds in memory, read in one transaction at one revision.
type Live struct {
	Revision   int64
	Flows      []LiveFlow
	Keys       []LiveKey // newest first, retired ones left out
	Lists      map[string]*rules.List
	AppSecrets []string // current, then previous; empty when none is known
	Dialog360  string   // what 360dialog's webhooks show; empty: none
}

// A LiveFlow is one flow with what decides it.
type LiveFlow struct {
	Flow
	Aliases     []string
	JSON        []byte // newest Flow JSON; nil when none
	Rules       []byte // published document; nil when none
	RuleVersion int
	Older       []RuleSet // of a flow that keeps versions: those that open visits of the last 72 h began with
	MovedSince  int       // visits that began before this version are on the newest one: a restore published it; 0: none
	Secret      string    // of a plain flow; "" = open
	AppSecrets  []string  // its own; empty: the global ones
	Sensitive   Sensitive
}

// A LiveKey is one private key ready for use.
type LiveKey struct {
	ID       int64
	Private  []byte // PKCS#8 DER; nil when what is kept does not open
	RetireAt Time   // zero: not planned; no revision tells when it has come
}

// Live reads it all.
func (db *DB) Live(ctx context.Context) (Live, error) {
	l := Live{Lists: map[string]*rules.List{}}
	err := db.read.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Raw("SELECT n FROM revision WHERE id = 1").Scan(&l.Revision).Error; err != nil {
			return err
		}
		for _, read := range []func(*gorm.DB, *Live) error{db.liveSecrets, db.liveKeys, liveLists, db.liveFlows} {
			if err := read(tx, &l); err != nil {
				return err
			}
		}
		return nil
	}, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return Live{}, fmt.Errorf("read what the endpoint needs: %w", err)
	}
	return l, nil
}

func (db *DB) liveSecrets(tx *gorm.DB, l *Live) error {
	for _, s := range []Setting{AppSecret, PreviousAppSecret} {
		value, err := db.settingIn(tx, s)
		if err != nil {
			return err
		}
		l.AppSecrets = appendSet(l.AppSecrets, value)
	}
	var err error
	l.Dialog360, err = db.settingIn(tx, Dialog360Secret)
	return err
}

func (db *DB) liveKeys(tx *gorm.DB, l *Live) error {
	var rows []keyRow
	if err := tx.Where("retire_at = 0 OR retire_at > ?", db.now()).Order("id DESC").Find(&rows).Error; err != nil {
		return err
	}
	for _, r := range rows {
		private, err := db.sealer.open(r.place(), r.SealedPrivate)
		if err != nil {
			private = nil // one damaged key must not take the others away
		}
		l.Keys = append(l.Keys, LiveKey{ID: r.ID, Private: private, RetireAt: r.RetireAt})
	}
	return nil
}

func liveLists(tx *gorm.DB, l *Live) error {
	var rows []listRow
	if err := tx.Find(&rows).Error; err != nil {
		return err
	}
	for _, r := range rows {
		list := r.list().List
		l.Lists[r.Name] = &list
	}
	return nil
}

func (db *DB) liveFlows(tx *gorm.DB, l *Live) error {
	var flows []Flow
	if err := tx.Raw(selectFlow + " FROM flows f ORDER BY f.name, f.id").Scan(&flows).Error; err != nil {
		return err
	}
	for _, f := range flows {
		lf, err := db.liveFlow(tx, f)
		if err != nil {
			return fmt.Errorf("flow %s: %w", f.Slug, err)
		}
		l.Flows = append(l.Flows, lf)
	}
	return nil
}

func (db *DB) liveFlow(tx *gorm.DB, f Flow) (LiveFlow, error) {
	lf := LiveFlow{Flow: f}
	if err := tx.Raw("SELECT slug FROM flow_aliases WHERE flow_id = ? ORDER BY slug", f.ID).Scan(&lf.Aliases).Error; err != nil {
		return lf, err
	}
	j, err := newestFlowJSON(tx, f.ID)
	if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
		return lf, err
	}
	rs, err := ruleSetOf(tx, f.ID, Published)
	if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
		return lf, err
	}
	lf.JSON, lf.Rules, lf.RuleVersion = j.Raw, rs.Document, rs.Version
	if lf.MovedSince, err = movedSince(tx, f.ID); err != nil {
		return lf, err
	}
	if lf.Older, err = db.olderRules(tx, f, lf.MovedSince); err != nil {
		return lf, err
	}
	hidden, err := readSensitive(tx.Statement.Context, inTx(tx))
	if err != nil {
		return lf, err
	}
	lf.Sensitive = hidden[f.ID]
	return db.liveFlowSecrets(tx, lf)
}

// keptFor is how long a visit stays on its version: tokens live two to three days (protocol.md §3.5).
const keptFor = 72 * time.Hour

// olderRules are the archived ones that visits may still be held on.
func (db *DB) olderRules(tx *gorm.DB, f Flow, since int) ([]RuleSet, error) {
	if !f.KeepVersion {
		return nil, nil
	}
	var older []RuleSet
	err := tx.Where(`flow_id = ? AND state = 'archived' AND version >= ? AND version IN
		(SELECT rule_version FROM visits WHERE flow_id = ? AND started_at > ? AND outcome = 'open')`,
		f.ID, since, f.ID, at(db.Now().Add(-keptFor))).Order("version").Find(&older).Error
	return older, err
}

func (db *DB) liveFlowSecrets(tx *gorm.DB, lf LiveFlow) (LiveFlow, error) {
	var sealed string
	if err := tx.Raw("SELECT sealed_secret FROM flows WHERE id = ?", lf.ID).Scan(&sealed).Error; err != nil {
		return lf, err
	}
	var err error
	if lf.Secret, err = db.sealer.openString(inRow("flows", lf.ID, "sealed_secret"), sealed); err != nil {
		return lf, err
	}
	current, previous, err := db.flowAppSecrets(tx, lf.ID)
	lf.AppSecrets = appendSet(appendSet(lf.AppSecrets, current), previous)
	return lf, err
}

// appendSet appends a value that is set.
func appendSet(values []string, value string) []string {
	if value == "" {
		return values
	}
	return append(values, value)
}
