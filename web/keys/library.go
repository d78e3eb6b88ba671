package keys

import (
	"crypto"
	"crypto/rsa"
	"fmt"
	"runtime"
)

// The settings of Choose.
const (
	Auto = "auto" // libcrypto when it can be used; the empty setting means the same
	Go   = "go"   // crypto/rsa, whatever is there
)

// A Library decrypts with private keys. The zero value is Go's crypto/rsa.
type Library struct {
	version string                                          // of libcrypto, as it says itself
	open    func(*rsa.PrivateKey) (crypto.Decrypter, error) // nil: crypto/rsa
}

// Choose finds the library for a setting. What it returns always works; an error tells why it is crypto/rsa though
// libcrypto, which is about three times as fast, was asked for. The first call that may use libcrypto loads it, for as
// long as the process lives. A setting that is neither Auto nor Go counts as Auto.
func Choose(setting string) (Library, error) {
	if setting == Go {
		return Library{}, nil
	}
	l, err := libcrypto()
	if err != nil {
		return Library{}, err
	}
	return l, nil
}

// String names the library and its version, for people.
func (l Library) String() string {
	if l.open == nil {
		return "crypto/rsa of " + runtime.Version()
	}
	return "libcrypto of " + l.version
}

// Decrypter returns what opens envelopes with key, for use by many goroutines at once; make it once per key. It always
// works; an error tells why it is crypto/rsa though the library is libcrypto.
func (l Library) Decrypter(key *rsa.PrivateKey) (crypto.Decrypter, error) {
	if l.open == nil {
		return key, nil
	}
	d, err := l.open(key)
	if err != nil {
		return key, fmt.Errorf("libcrypto does not take the key: %w", err)
	}
	return d, nil
}
