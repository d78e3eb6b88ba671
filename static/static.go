// Package static is the files that the browser asks for, under names that change with their content.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"path"
	"strings"
)

// Prefix is the path under which Handler serves.
const Prefix = "/static/"

//go:embed css/*.css js/*.js img/*.svg vendor/*/*.css vendor/*/*.js
var embedded embed.FS

// A file is one embedded file with all that its answer needs.
type file struct {
	name   string // as in the source tree: css/app.css
	public string // as in URLs: css/app.0123456789ab.css
	kind   string // Content-Type
	plain  []byte
	packed []byte // gzip; nil when that is not shorter
}

var files, byPublic = load(embedded)

// URL is the address of the embedded file name, such as "css/app.css". It changes whenever the
// content does, so that the answer may be kept for ever. A name that is not embedded is a mistake
// of the programmer and panics.
func URL(name string) string {
	f, ok := files[name]
	if !ok {
		panic("static: no file " + name)
	}
	return Prefix + f.public
}

// Text is the content of an embedded file. Like URL it panics when there is none of that name.
func Text(name string) string {
	f, ok := files[name]
	if !ok {
		panic("static: no file " + name)
	}
	return string(f.plain)
}

// load reads every file once: by its own name, and by its public name.
func load(from fs.FS) (byName, byPublic map[string]*file) {
	byName, byPublic = map[string]*file{}, map[string]*file{}
	err := fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		f := newFile(name, body)
		byName[f.name], byPublic[f.public] = f, f
		return nil
	})
	if err != nil {
		panic("static: " + err.Error()) // embedded files can always be read
	}
	return byName, byPublic
}

func newFile(name string, body []byte) *file {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	return &file{
		name:   name,
		public: strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext,
		kind:   contentType(ext),
		plain:  body,
		packed: pack(body),
	}
}

// contentType does not ask the machine's own table first, so that it is the same everywhere.
func contentType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	if kind := mime.TypeByExtension(ext); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

func pack(body []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(body) // a bytes.Buffer takes everything
	w.Close()
	if b.Len() >= len(body) {
		return nil
	}
	return b.Bytes()
}
