// Package files keeps what customers attach: fetched from WhatsApp, opened, sealed in a folder or an S3 bucket.
package files

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"switchyard/models"
)

// MaxSize is the largest file in bytes (design/decisions.md 55).
const MaxSize = 25 << 20

// ErrMissing is an object that the store does not have.
var ErrMissing = errors.New("the file is not in the store")

// An Object is one thing in a store.
type Object struct {
	Name string
	At   time.Time // when it was written
}

// A Store holds objects by name: small letters and digits, a dot, and a Part.
type Store interface {
	// Put writes an object whole or not at all; one of the same name gives way.
	Put(ctx context.Context, name string, data []byte) error
	// Get returns an object, ErrMissing when there is none.
	Get(ctx context.Context, name string) ([]byte, error)
	// Remove removes an object; that there is none is no error.
	Remove(ctx context.Context, name string) error
	// Each yields all objects in any order, among them what an interrupted Put left behind.
	Each(ctx context.Context) iter.Seq2[Object, error]
}

// A Part is what lies in the store for a file.
type Part string

// The parts. Only a picture has the last two, which we made of it.
const (
	Whole Part = "file"
	Small Part = "small" // for lists
	View  Part = "view"  // for looking at it
)

// A Keeper puts files into a store, sealed, and takes them out.
type Keeper struct {
	DB    *models.DB
	Store Store
	Place Place // for people

	decoding sync.Mutex // one picture at a time: each may take 150 MB
}

// ours tells whether we may have made an object of that name.
func ours(name string) bool {
	object, part, _ := strings.Cut(name, ".")
	return len(object) >= 2 && strings.Trim(object, "abcdefghijklmnopqrstuvwxyz0123456789") == "" &&
		slices.Contains([]Part{Whole, Small, View}, Part(part))
}

// owner is the object that something in the store is a part of.
func owner(name string) string {
	object, _, _ := strings.Cut(name, ".")
	return object
}

func objectName(object string, p Part) string { return object + "." + string(p) }

// Save seals a file with the pictures that can be made of it, and returns its row as FileStored takes it.
func (k *Keeper) Save(ctx context.Context, f models.File, plain []byte) (models.File, error) {
	sum := sha256.Sum256(plain)
	f.Size, f.SHA256, f.Type = int64(len(plain)), sum[:], Sniff(plain)
	parts := map[Part][]byte{Whole: plain}
	if small, view, err := k.pictures(plain, f.Type); err == nil {
		parts[Small], parts[View] = small, view
	}
	f.Picture = len(parts) > 1
	for p, data := range parts {
		sealed, err := k.DB.SealFile(f.Object, string(p), data)
		if err != nil {
			return f, fmt.Errorf("seal a file: %w", err)
		}
		if err := k.Store.Put(ctx, objectName(f.Object, p), sealed); err != nil {
			return f, fmt.Errorf("store a file: %w", err)
		}
	}
	return f, nil
}

func (k *Keeper) pictures(plain []byte, kind string) (small, view []byte, err error) {
	k.decoding.Lock()
	defer k.decoding.Unlock()
	return pictures(plain, kind)
}

// Open returns one part of a stored file. ErrMissing: the store has lost it.
func (k *Keeper) Open(ctx context.Context, f models.File, p Part) ([]byte, error) {
	sealed, err := k.Store.Get(ctx, objectName(f.Object, p))
	if err != nil {
		return nil, err
	}
	return k.DB.OpenFile(f.Object, string(p), sealed)
}

func partsOf(f models.File) []Part {
	if f.Picture {
		return []Part{Whole, Small, View}
	}
	return []Part{Whole}
}

// Remove takes all parts of a file out of the store; that there are none is no error.
func (k *Keeper) Remove(ctx context.Context, f models.File) error {
	for _, p := range partsOf(f) {
		if err := k.Store.Remove(ctx, objectName(f.Object, p)); err != nil {
			return fmt.Errorf("remove a file from the store: %w", err)
		}
	}
	return nil
}

// readAll reads at most the largest object.
func readAll(r io.Reader) ([]byte, error) {
	const sealing = 1 << 10
	data, err := io.ReadAll(io.LimitReader(r, MaxSize+sealing+1))
	if err == nil && len(data) > MaxSize+sealing {
		err = errors.New("the object is larger than any file may be")
	}
	return data, err
}
