package models

import (
	"bytes"
	"crypto/rand"
)

// fileMark stands first in every object of the store; the key that the file's own key is wrapped with follows.
const fileMark = "SWF1"

// wrappedSize is the length of a wrapped key: nonce, key, tag.
const wrappedSize = 12 + masterKeySize + 16

// SealFile seals a file for the store, as secrets are sealed in rows: with a key of its own, which the master key wraps,
// bound to the object's name and the part ("file", "small", …), so that no object can stand in another one's place.
func (db *DB) SealFile(object, part string, plain []byte) ([]byte, error) {
	s := db.sealer
	key := make([]byte, masterKeySize)
	rand.Read(key)
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	bound := s.boundTo(place{"files", object, part})
	out := make([]byte, 0, len(fileMark)+len(s.kid)+wrappedSize+len(plain)+aead.Overhead())
	out = append(append(out, fileMark...), s.kid...)
	out = s.kek.Seal(out, nil, key, bound)
	return aead.Seal(out, nil, plain, bound), nil
}

// SealedFile tells whether an object was sealed with this database's master key.
func (db *DB) SealedFile(sealed []byte) bool {
	return bytes.HasPrefix(sealed, []byte(fileMark+db.sealer.kid))
}

// OpenFile undoes SealFile. An object that was changed, moved, or sealed with another master key is an error.
func (db *DB) OpenFile(object, part string, sealed []byte) ([]byte, error) {
	s := db.sealer
	rest, ok := bytes.CutPrefix(sealed, []byte(fileMark+s.kid))
	if !ok || len(rest) < wrappedSize {
		return nil, errSealed
	}
	bound := s.boundTo(place{"files", object, part})
	key, err := s.kek.Open(nil, nil, rest[:wrappedSize], bound)
	if err != nil {
		return nil, errSealed
	}
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, nil, rest[wrappedSize:], bound)
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}
