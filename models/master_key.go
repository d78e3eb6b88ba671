package models

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"gorm.io/gorm"
)

// checkPlace is where the value lies that tells the right master key from another one.
var checkPlace = place{"master_check", "1", "sealed"}

const checkText = "switchyard"

type masterCheckRow struct {
	ID        int64
	Kid       string
	Sealed    string
	CreatedAt Time
}

func (masterCheckRow) TableName() string { return "master_check" }

// loadMasterKey finds the master key (given, else in file) and holds it against the check value in the database.
// A key is made only when the database has no check value yet, that is, before anything was ever sealed. It runs
// once, in Open, after the migrations; tx is a write transaction. Its errors are sentences for the person who
// starts the program.
func loadMasterKey(ctx context.Context, tx *gorm.DB, given []byte, file string, now Time) (*sealer, error) {
	check, err := gorm.G[masterCheckRow](tx).Where("id = 1").First(ctx)
	fresh := errors.Is(err, gorm.ErrRecordNotFound)
	if err != nil && !fresh {
		return nil, fmt.Errorf("the master key could not be checked: %w", err)
	}
	from := "SWITCHYARD_MASTER_KEY"
	if given == nil {
		from = file
		if given, err = readMasterKey(file, fresh); err != nil {
			return nil, err
		}
	}
	s, err := newSealer(given)
	if err != nil {
		return nil, fmt.Errorf("%s is not usable: %w", from, err)
	}
	if fresh {
		return s, keepCheck(ctx, tx, s, now)
	}
	if plain, err := s.open(checkPlace, check.Sealed); err != nil || string(plain) != checkText {
		return nil, fmt.Errorf("%s is not the master key that this database was sealed with; put that one back and start again", from)
	}
	return s, nil
}

func keepCheck(ctx context.Context, tx *gorm.DB, s *sealer, now Time) error {
	sealed, err := s.seal(checkPlace, []byte(checkText))
	if err != nil {
		return err
	}
	row := masterCheckRow{ID: 1, Kid: s.kid, Sealed: sealed, CreatedAt: now}
	return gorm.G[masterCheckRow](tx).Create(ctx, &row)
}

// readMasterKey reads the key file, or makes it when the database is fresh.
func readMasterKey(file string, fresh bool) ([]byte, error) {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		if !fresh {
			return nil, fmt.Errorf("the master key %s is missing, but this database holds values sealed with it; put it back or set SWITCHYARD_MASTER_KEY", file)
		}
		return makeMasterKey(file)
	}
	if err != nil {
		return nil, fmt.Errorf("the master key could not be read: %w", err)
	}
	if info.Mode().Perm()&0o007 != 0 {
		return nil, fmt.Errorf("the master key %s may be read by everyone on this machine; run chmod 600 on it", file)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the master key could not be read: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(raw)))
	if err != nil || len(key) != masterKeySize {
		return nil, fmt.Errorf("%s does not hold a master key: it must be %d bytes written as base64", file, masterKeySize)
	}
	return key, nil
}

// makeMasterKey writes a new key file, durable before the first value is sealed with it.
func makeMasterKey(file string) ([]byte, error) {
	key := make([]byte, masterKeySize)
	rand.Read(key)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("the folder of the master key cannot be made: %w", err)
	}
	if err := writeNewFile(file, base64.StdEncoding.EncodeToString(key)+"\n"); err != nil {
		return nil, fmt.Errorf("the master key could not be written: %w", err)
	}
	return key, nil
}

func writeNewFile(file, text string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
