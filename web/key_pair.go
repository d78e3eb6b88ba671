package web

import (
	"crypto/rsa"
	"errors"

	"switchyard/handlers/admin"
	"switchyard/models"
	"switchyard/views"
	"switchyard/web/keys"
)

func makeKey() (admin.KeyPair, error) {
	key, err := keys.Generate()
	if err != nil {
		return admin.KeyPair{}, err
	}
	return keyPair(key)
}

func readKey(pem, passphrase []byte) (admin.KeyPair, error) {
	key, err := keys.Read(pem, passphrase)
	switch {
	case errors.Is(err, keys.ErrLocked), errors.Is(err, keys.ErrPassphrase):
		return admin.KeyPair{}, &models.Invalid{Field: "passphrase", Message: views.Sentence(err.Error())}
	case err != nil:
		return admin.KeyPair{}, &models.Invalid{Field: "file", Message: views.Sentence(err.Error())}
	}
	return keyPair(key)
}

func keyPair(key *rsa.PrivateKey) (admin.KeyPair, error) {
	der, err := keys.MarshalPrivate(key)
	if err != nil {
		return admin.KeyPair{}, err
	}
	return admin.KeyPair{Fingerprint: keys.Fingerprint(&key.PublicKey), PublicPEM: keys.PublicPEM(&key.PublicKey), Private: der}, nil
}
