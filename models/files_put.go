package models

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
)

const (
	// maxFileName bounds a name as it is kept, in bytes.
	maxFileName = 255
	// mostFiles bounds what one request or response can attach: three fields full.
	mostFiles = 90
)

// An InFile is one file that a request or a response tells of.
type InFile struct {
	Screen, Field string
	Place         int
	CDNID, MetaID string
	Name          string
	Declared      string
	SHA256        []byte
	Source        *FileSource // nil: the Graph API knows it by MetaID
}

// A fileOwner is what a file belongs to.
type fileOwner struct {
	flow, visit, response int64
	at                    Time
	test                  bool
}

// key tells files apart: the same content in one visit is one file, whether a request told of it, or the response.
func (o fileOwner) key(f InFile) string {
	what := hex.EncodeToString(f.SHA256)
	if len(f.SHA256) != sha256.Size {
		what = "id:" + bounded(cmp.Or(f.CDNID, f.MetaID))
	}
	switch {
	case o.visit > 0:
		return fmt.Sprintf("visit/%d/%s", o.visit, what)
	case o.response > 0:
		return fmt.Sprintf("response/%d/%s", o.response, what)
	}
	return fmt.Sprintf("flow/%d/%s", o.flow, what)
}

// sqlPutFile: who hears of a file again adds what is new. One that was lost is tried again when there is a new way to it.
const sqlPutFile = `INSERT INTO files (key, flow_id, visit_id, response_id, screen, field, place, cdn_id, meta_id, sealed_name, declared, sha256, object,
		next_at, until_at, sealed_source, test, at)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (key) DO UPDATE SET
		response_id = CASE WHEN files.response_id > 0 THEN files.response_id ELSE excluded.response_id END,
		screen = CASE WHEN files.screen <> '' THEN files.screen ELSE excluded.screen END,
		cdn_id = CASE WHEN excluded.cdn_id <> '' THEN excluded.cdn_id ELSE files.cdn_id END,
		meta_id = CASE WHEN excluded.meta_id <> '' THEN excluded.meta_id ELSE files.meta_id END,
		declared = CASE WHEN files.declared <> '' THEN files.declared ELSE excluded.declared END,
		sealed_source = CASE WHEN files.state IN ('stored', 'removed') OR excluded.sealed_source = '' THEN files.sealed_source ELSE excluded.sealed_source END,
		until_at = CASE WHEN excluded.until_at > files.until_at THEN excluded.until_at ELSE files.until_at END,
		next_at = CASE WHEN ` + newWay + ` THEN excluded.next_at ELSE files.next_at END,
		attempts = CASE WHEN ` + newWay + ` THEN 0 ELSE files.attempts END,
		reason = CASE WHEN ` + newWay + ` THEN '' ELSE files.reason END,
		state = CASE WHEN ` + newWay + ` THEN 'pending' ELSE files.state END`

const newWay = `files.state IN ('failed', 'gone') AND (excluded.sealed_source <> '' OR excluded.meta_id <> '' AND excluded.meta_id <> files.meta_id)`

// putFiles writes what one owner attached, in one order, so that two processes with the same files never wait for each
// other.
func (db *DB) putFiles(tx *gorm.DB, o fileOwner, all []InFile) error {
	rows := make([]fileRow, 0, len(all))
	for _, f := range all[:min(len(all), mostFiles)] {
		r, err := db.fileRow(o, f)
		if err != nil {
			return err
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b fileRow) int { return cmp.Compare(a.Key, b.Key) })
	for _, r := range rows {
		err := tx.Exec(sqlPutFile, r.Key, r.FlowID, r.VisitID, r.ResponseID, r.Screen, r.Field, r.Place, r.CDNID, r.MetaID, r.SealedName, r.Declared, r.SHA256,
			r.Object, r.NextAt, r.UntilAt, r.SealedSource, r.Test, r.At).Error
		if err != nil {
			return fmt.Errorf("keep a file of flow %d: %w", o.flow, err)
		}
	}
	return nil
}

func (db *DB) fileRow(o fileOwner, f InFile) (fileRow, error) {
	r := fileRow{Key: o.key(f), File: File{
		FlowID: o.flow, VisitID: o.visit, ResponseID: o.response, Screen: atMost(f.Screen, maxWord), Field: atMost(f.Field, maxWord), Place: f.Place,
		CDNID: bounded(f.CDNID), MetaID: bounded(f.MetaID), Declared: atMost(f.Declared, maxWord), SHA256: f.SHA256, Object: strings.ToLower(rand.Text()),
		NextAt: db.dueClock(), UntilAt: at(o.at.Add(keptThere(f))), Test: o.test, At: o.at,
	}}
	var err error
	if r.SealedName, err = db.sealer.sealString(r.place("sealed_name"), fileName(f.Name)); err != nil || f.Source == nil {
		return r, err
	}
	source, err := json.Marshal(f.Source)
	if err != nil {
		return r, err
	}
	r.SealedSource, err = db.sealer.seal(r.place("sealed_source"), source)
	return r, err
}

func keptThere(f InFile) time.Duration {
	if f.Source == nil {
		return metaKept
	}
	return cdnKept
}

// fileName is a name as it is kept: cut, its end with it, because that tells people what it is.
func fileName(name string) string {
	name = asUTF8(name)
	if len(name) <= maxFileName {
		return name
	}
	const end = 16
	tail := name[len(name)-end:]
	return shorten(name, maxFileName-end-len("…")) + "…" + strings.TrimLeft(asUTF8(tail), "\uFFFD")
}
