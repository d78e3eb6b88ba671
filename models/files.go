package models

import (
	"context"
	"fmt"
	"time"
)

// A FileState is what became of a file that a customer attached.
type FileState string

// The states of files.
const (
	FilePending FileState = "pending" // it will be fetched
	FileStored  FileState = "stored"
	FileFailed  FileState = "failed"  // it could not be fetched; somebody may let it be tried again
	FileGone    FileState = "gone"    // WhatsApp does not have it any more
	FileRemoved FileState = "removed" // it was here and its time is over
)

const (
	// cdnKept is how long the CDN keeps what a request told of (protocol.md §7).
	cdnKept = 20 * 24 * time.Hour
	// metaKept is how long Meta keeps what a completed flow told of: 30 days, since October 2025 perhaps only 7.
	metaKept = 30 * 24 * time.Hour
)

// A File is one picture or document that a customer attached. Its content lies in the store, sealed, as Object.
type File struct {
	ID         int64
	FlowID     int64
	VisitID    int64 // 0: none
	ResponseID int64 // 0: none
	Screen     string
	Field      string
	Place      int    // in the field's list
	CDNID      string `gorm:"column:cdn_id"` // its id in a request to the endpoint
	MetaID     string // its id in a completed flow
	Name       string `gorm:"-"` // as the phone said it: hostile, never a path
	Declared   string // type, as the phone said it
	Type       string // as its first bytes say; "" before it is stored
	Size       int64  // bytes
	SHA256     []byte `gorm:"column:sha256"` // of the file; before it is stored what was announced, or nil
	Object     string
	Picture    bool // pictures that we made of it lie in the store, too
	State      FileState
	Attempts   int
	NextAt     Time
	UntilAt    Time   // when WhatsApp's copy goes
	Reason     string // why it is not there, for people
	Test       bool
	At         Time // when we heard of it
	StoredAt   Time
	RemovedAt  Time
}

// A FileSource is where an encrypted file lies, and how it is opened. It is sealed, and erased when it has served.
type FileSource struct {
	URL                                        string
	EncryptedHash, PlainHash, IV, Key, HMACKey []byte
}

type fileRow struct {
	File
	Key          string
	SealedName   string
	SealedSource string
}

func (fileRow) TableName() string { return "files" }

func (r *fileRow) place(column string) place { return place{"files", r.Key, column} }

// file opens the name.
func (db *DB) file(r fileRow) (File, error) {
	f := r.File
	var err error
	if f.Name, err = db.sealer.openString(r.place("sealed_name"), r.SealedName); err != nil {
		return File{}, err
	}
	return f, nil
}

func (db *DB) files(rows []fileRow) ([]File, error) {
	all := make([]File, len(rows))
	for i, r := range rows {
		var err error
		if all[i], err = db.file(r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// File returns one.
func (db *DB) File(ctx context.Context, id int64) (File, error) {
	var row fileRow
	if err := db.read.WithContext(ctx).Where("id = ?", id).Take(&row).Error; err != nil {
		return File{}, kindOf(err)
	}
	return db.file(row)
}

// ResponseFiles lists what was attached in a response and in the visit behind it (0: none).
func (db *DB) ResponseFiles(ctx context.Context, responseID, visitID int64) ([]File, error) {
	var rows []fileRow
	err := db.read.WithContext(ctx).Where("(response_id = ? AND response_id > 0) OR (visit_id = ? AND visit_id > 0)", responseID, visitID).
		Order("field, place, id").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	return db.files(rows)
}

// A FileCount is what waits to be fetched, and what could not be.
type FileCount struct{ Pending, Failed, Gone int64 }

// FileCounts counts them, tests left out.
func (db *DB) FileCounts(ctx context.Context) (c FileCount, err error) {
	err = db.reader().QueryRowContext(ctx, `SELECT (SELECT count(*) FROM files WHERE state = 'pending' AND NOT test),
		(SELECT count(*) FROM files WHERE state = 'failed' AND state IN ('failed', 'gone') AND NOT test),
		(SELECT count(*) FROM files WHERE state = 'gone' AND state IN ('failed', 'gone') AND NOT test)`).Scan(&c.Pending, &c.Failed, &c.Gone)
	return c, err
}

// Said names the file for the audit log, without what a customer chose.
func (f File) Said() string { return fmt.Sprintf("file %d", f.ID) }
