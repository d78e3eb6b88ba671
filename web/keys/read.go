package keys

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
)

// The faults of a file that is to be a private key. Each is a sentence for the person who brought it.
var (
	ErrNotPEM      = errors.New("this is not a PEM file: a private key starts with -----BEGIN")
	ErrPublic      = errors.New("this is a public key: give the private key that belongs to it")
	ErrNotPrivate  = errors.New("this file holds no private key")
	ErrNotRSA      = errors.New("this is not an RSA key: WhatsApp accepts RSA keys only")
	ErrSize        = errors.New("WhatsApp accepts RSA keys of 2048 bits only")
	ErrLocked      = errors.New("this key is protected: give its passphrase")
	ErrPassphrase  = errors.New("the passphrase is wrong")
	ErrUnsupported = errors.New("the way in which this key is protected is not known here: " +
		"protect it anew with openssl pkcs8 -topk8 -v2 aes-256-cbc")
	ErrSSH     = errors.New("this is an SSH key: write it as PEM with ssh-keygen -p -m PEM")
	ErrDamaged = errors.New("this key cannot be read: the file is damaged or cut off")
)

// Read reads the first private key of a PEM file: PKCS#1 or PKCS#8, in clear or protected by passphrase, which is taken
// as it is and ignored for a key in clear. Errors are those above, or wrap them.
func Read(file, passphrase []byte) (*rsa.PrivateKey, error) {
	var other *pem.Block
	file = straight(file)
	for rest := file; ; {
		var block *pem.Block
		block, rest = pem.Decode(rest)
		switch {
		case block == nil && other == nil && strings.Contains(string(file), "-----BEGIN "):
			return nil, ErrDamaged
		case block == nil && other == nil:
			return nil, ErrNotPEM
		case block == nil:
			return nil, notPrivate(other.Type)
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			return readBlock(block, passphrase)
		case other == nil:
			other = block
		}
	}
}

// straight is a file as encoding/pem takes it: without the mark that editors on Windows put in front, and without what
// pasting puts around lines.
func straight(file []byte) []byte {
	lines := bytes.Split(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")), []byte("\n"))
	for i, line := range lines {
		lines[i] = bytes.TrimSpace(line)
	}
	return bytes.Join(lines, []byte("\n"))
}

func notPrivate(kind string) error {
	if strings.HasSuffix(kind, "PUBLIC KEY") {
		return ErrPublic
	}
	return ErrNotPrivate
}

func readBlock(block *pem.Block, passphrase []byte) (*rsa.PrivateKey, error) {
	switch block.Type {
	case "RSA PRIVATE KEY":
		return readPKCS1(block, passphrase)
	case "PRIVATE KEY":
		return Parse(block.Bytes)
	case "ENCRYPTED PRIVATE KEY":
		return readProtected(block.Bytes, passphrase)
	case "OPENSSH PRIVATE KEY":
		return nil, ErrSSH
	}
	return nil, ErrNotRSA // EC, DSA
}

// readPKCS1 also reads the protection of before PKCS#8 ("Proc-Type: 4,ENCRYPTED"), which Meta's samples tell people to
// make; the standard library calls it deprecated because nobody should write it any more.
func readPKCS1(block *pem.Block, passphrase []byte) (*rsa.PrivateKey, error) {
	der := block.Bytes
	locked := x509.IsEncryptedPEMBlock(block) //lint:ignore SA1019 reading only
	if locked {
		if len(passphrase) == 0 {
			return nil, ErrLocked
		}
		var err error
		der, err = x509.DecryptPEMBlock(block, passphrase) //lint:ignore SA1019 reading only
		switch {
		case errors.Is(err, x509.IncorrectPasswordError):
			return nil, ErrPassphrase
		case err != nil && strings.Contains(err.Error(), "unknown encryption"):
			return nil, ErrUnsupported
		case err != nil:
			return nil, ErrDamaged
		}
	}
	key, err := x509.ParsePKCS1PrivateKey(der)
	switch {
	case err != nil && locked: // a wrong passphrase leaves valid padding once in 256 times
		return nil, ErrPassphrase
	case err != nil:
		return nil, ErrDamaged
	}
	return accept(key)
}
