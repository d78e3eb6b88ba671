package files

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

const (
	folderMode = 0o700
	fileMode   = 0o600
	// unfinished begins the names of files that are being written.
	unfinished = ".part-"
)

// A Folder is a store on this machine: two letters of an object's name are its subfolder.
type Folder struct{ path string }

// NewFolder uses a folder, which is made when the first object comes.
func NewFolder(path string) *Folder { return &Folder{path} }

// named refuses what we never call an object: a name is never a way out of the folder.
func (f *Folder) named(name string) (string, error) {
	if !ours(name) {
		return "", errors.New("this is no name of an object")
	}
	object := owner(name)
	return filepath.Join(f.path, object[:2], name), nil
}

// Put writes beside and renames when all is on the disk.
func (f *Folder) Put(_ context.Context, name string, data []byte) error {
	path, err := f.named(name)
	if err != nil {
		return err
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, folderMode); err != nil {
		return err
	}
	part, err := os.CreateTemp(folder, unfinished)
	if err != nil {
		return err
	}
	_, err = part.Write(data)
	err = errors.Join(err, part.Chmod(fileMode), part.Sync(), part.Close())
	if err == nil {
		err = os.Rename(part.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part.Name()))
	}
	return errors.Join(settle(folder), settle(f.path))
}

// settle makes names in a folder durable.
func settle(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Get reads an object.
func (f *Folder) Get(_ context.Context, name string) ([]byte, error) {
	path, err := f.named(name)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrMissing
	}
	if err != nil {
		return nil, err
	}
	return readAll(bytes.NewReader(data))
}

// Remove removes an object, or what Each gave as one.
func (f *Folder) Remove(_ context.Context, name string) error {
	path, err := f.named(name)
	if sub, left, ok := strings.Cut(name, "/"); ok && strings.HasPrefix(left, unfinished) && filepath.IsLocal(name) && len(sub) == 2 {
		path, err = filepath.Join(f.path, name), nil
	}
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Each walks the folder. What somebody else put there is left out.
func (f *Folder) Each(ctx context.Context) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		stopped := errors.New("stopped")
		err := filepath.WalkDir(f.path, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return errors.Join(err, ctx.Err())
			}
			name := d.Name()
			if strings.HasPrefix(name, unfinished) {
				name = filepath.Base(filepath.Dir(path)) + "/" + name
			} else if own, err := f.named(name); err != nil || own != path {
				return nil
			}
			info, err := d.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			if !yield(Object{name, info.ModTime()}, nil) {
				return stopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, stopped) && !errors.Is(err, fs.ErrNotExist) {
			yield(Object{}, err)
		}
	}
}
