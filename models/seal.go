package models

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// sealVersion stands first in every sealed text and in what it is bound to.
const sealVersion = "v1"

// masterKeySize is the length of the master key, and of every key made from it, in bytes.
const masterKeySize = 32

var errSealed = errors.New("a sealed value cannot be opened: it was changed, moved, or sealed with another master key")

// sealText is strict: without it several texts would decode to the same bytes. (It still skips line breaks.)
var sealText = base64.RawURLEncoding.Strict()

// A sealer seals secrets at rest. Each value has its own random key, wrapped by one made from the master key, and is
// bound to its place, so a value copied to another row or column does not open.
type sealer struct {
	kid   string // names the master key without telling it
	kek   cipher.AEAD
	audit []byte // key of the audit log's MACs
	hash  []byte // of HashKey
}

// A place is where a sealed value lies; row is the id or the natural key.
type place struct{ table, row, column string }

func inRow(table string, id int64, column string) place {
	return place{table, strconv.FormatInt(id, 10), column}
}

func newSealer(master []byte) (*sealer, error) {
	if len(master) != masterKeySize {
		return nil, fmt.Errorf("the master key must be %d bytes, not %d", masterKeySize, len(master))
	}
	var derived [4][]byte
	for i, label := range []string{"kid", "kek", "audit", "hash"} {
		key, err := hkdf.Key(sha256.New, master, nil, "switchyard "+label, masterKeySize)
		if err != nil {
			return nil, fmt.Errorf("derive %s: %w", label, err)
		}
		derived[i] = key
	}
	kek, err := newAEAD(derived[1])
	if err != nil {
		return nil, err
	}
	return &sealer{kid: hex.EncodeToString(derived[0][:4]), kek: kek, audit: derived[2], hash: derived[3]}, nil
}

// HashKey is a key made from the master key, the same in every process on this database, for hashes that nobody may try
// out who reads them there.
func (db *DB) HashKey() []byte { return bytes.Clone(db.sealer.hash) }

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (s *sealer) boundTo(p place) []byte {
	return []byte(strings.Join([]string{sealVersion, s.kid, p.table, p.row, p.column}, "|"))
}

// seal returns v1.kid.wrapped.ct.
func (s *sealer) seal(p place, plain []byte) (string, error) {
	key := make([]byte, masterKeySize)
	rand.Read(key)
	aead, err := newAEAD(key)
	if err != nil {
		return "", err
	}
	bound := s.boundTo(p)
	wrapped := sealText.EncodeToString(s.kek.Seal(nil, nil, key, bound))
	ct := sealText.EncodeToString(aead.Seal(nil, nil, plain, bound))
	return strings.Join([]string{sealVersion, s.kid, wrapped, ct}, "."), nil
}

// open undoes seal; any other text is errSealed.
func (s *sealer) open(p place, sealed string) ([]byte, error) {
	parts := strings.Split(sealed, ".")
	if len(parts) != 4 || parts[0] != sealVersion || parts[1] != s.kid || strings.ContainsAny(sealed, "\r\n") {
		return nil, errSealed
	}
	bound := s.boundTo(p)
	key, err := openPart(s.kek, parts[2], bound)
	if err != nil || len(key) != masterKeySize {
		return nil, errSealed
	}
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	return openPart(aead, parts[3], bound)
}

func openPart(aead cipher.AEAD, text string, bound []byte) ([]byte, error) {
	raw, err := sealText.DecodeString(text)
	if err != nil {
		return nil, errSealed
	}
	plain, err := aead.Open(nil, nil, raw, bound)
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

// sealString seals a text; "" stays "", so that an empty column says that nothing is set.
func (s *sealer) sealString(p place, plain string) (string, error) {
	if plain == "" {
		return "", nil
	}
	return s.seal(p, []byte(plain))
}

// openString undoes sealString.
func (s *sealer) openString(p place, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	plain, err := s.open(p, sealed)
	if err != nil {
		return "", fmt.Errorf("%s.%s of %s: %w", p.table, p.column, p.row, err)
	}
	return string(plain), nil
}

// A column is one value of a row, by name.
type column struct {
	name  string
	value *[]byte
}

// sealColumns seals the columns of one row that hold something.
func (s *sealer) sealColumns(table, row string, columns []column) error {
	for _, c := range columns {
		if len(*c.value) == 0 {
			continue
		}
		sealed, err := s.seal(place{table, row, c.name}, *c.value)
		if err != nil {
			return err
		}
		*c.value = []byte(sealed)
	}
	return nil
}

// openColumns opens those that are sealed. The others, JSON or hexadecimal, never begin like a sealed text.
func (s *sealer) openColumns(table, row string, columns []column) error {
	for _, c := range columns {
		if !bytes.HasPrefix(*c.value, []byte(sealVersion+".")) {
			continue
		}
		plain, err := s.open(place{table, row, c.name}, string(*c.value))
		if err != nil {
			return fmt.Errorf("%s.%s: %w", table, c.name, err)
		}
		*c.value = plain
	}
	return nil
}
