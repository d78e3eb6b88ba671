package models

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/mattn/go-sqlite3"
)

// A partFile is a file that is not whole yet, for its owner alone. One that a killed process left is taken over.
type partFile struct {
	*os.File
	kept bool
}

func openPartFile(name string) (*partFile, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another command writes %s just now", name), f.Close())
	}
	if err := errors.Join(f.Chmod(0o600), f.Truncate(0)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &partFile{File: f}, nil
}

// sum is the size and the SHA-256 of what is on the disk.
func (p *partFile) sum() (size int64, sum string, err error) {
	if _, err := p.Seek(0, io.SeekStart); err != nil {
		return 0, "", err
	}
	h := sha256.New()
	size, err = io.Copy(h, p)
	return size, hex.EncodeToString(h.Sum(nil)), err
}

// keepAs gives the file its name, which nothing else has, durably.
func (p *partFile) keepAs(name string) error {
	if err := p.Sync(); err != nil {
		return err
	}
	if err := newName(p.Name(), name); err != nil {
		return err
	}
	p.kept = true
	return syncFolder(name)
}

// drop ends it; a file that was not kept is removed.
func (p *partFile) drop() error {
	var err error
	if !p.kept {
		err = os.Remove(p.Name())
	}
	return errors.Join(err, p.Close())
}

// newName renames a file and never replaces another. Without hard links there is a moment in which it could.
func newName(from, to string) error {
	err := os.Link(from, to)
	if err == nil {
		return os.Remove(from)
	}
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already and stays as it is", to)
	}
	return os.Rename(from, to)
}

// asOwnerOf gives what root makes to the owner of the database, else of its folder: as root's, the server could not open
// it.
func asOwnerOf(database string, f *os.File) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(database)
	if errors.Is(err, fs.ErrNotExist) {
		info, err = os.Stat(filepath.Dir(database))
	}
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	return f.Chown(int(owner.Uid), int(owner.Gid))
}

// syncFolder makes the names in the folder of a file durable.
func syncFolder(file string) error {
	folder, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// freeIn is the space that we may still take of the file system of a folder, and its size, in bytes.
func freeIn(folder string) (free, total uint64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, 0, fmt.Errorf("free space in %s: %w", folder, err)
	}
	block := uint64(s.Bsize)
	return s.Bavail * block, s.Blocks * block, nil
}

// whyNot is why a copy into that file was not made, in words for who runs the command.
func whyNot(err error, file string) string {
	bad, _ := errors.AsType[sqlite3.Error](err)
	code := max(int(bad.Code), int(bad.ExtendedCode)) // a step of a copy has the extended one in Code
	switch {
	case errors.Is(err, context.Canceled):
		return "it was interrupted"
	case code == int(sqlite3.ErrFull), code == int(sqlite3.ErrIoErrWrite), code == int(sqlite3.ErrIoErrFsync),
		errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return "the disk of " + filepath.Dir(file) + " is full, or takes no larger file"
	case code&0xff == int(sqlite3.ErrCorrupt):
		return "the database is damaged; run switchyard check, and keep earlier backups"
	}
	return err.Error()
}
