package whatsapp

import (
	"context"
	"crypto"
	"log/slog"

	"switchyard/models"
)

// LiveOptions are what a Live needs beside the database.
type LiveOptions struct {
	// ParseKey reads a private key (PKCS#8 DER); nil: crypto/x509 and crypto/rsa.
	ParseKey func(der []byte) (crypto.Decrypter, error)
	// AppSecrets come from the environment and win over those of the database.
	AppSecrets []string
	// Log takes what could not be read or compiled; nil: slog.Default.
	Log *slog.Logger
}

// NewLive returns an empty one; call Refresh before serving.
func NewLive(db *models.DB, o LiveOptions) *Live { panic("contract") }

// A Live is everything that the endpoint needs to answer, held in memory: flows with their compiled rules, keys,
// secrets. Requests read it without locks.
type Live struct{}

// Refresh reads the database and compiles what changed.
func (l *Live) Refresh(ctx context.Context) error { panic("contract") }

// Run looks for a new revision every 300 ms and refreshes, until ctx ends.
func (l *Live) Run(ctx context.Context) { panic("contract") }

// AppSecrets are the global ones, current first; none: none is known.
func (l *Live) AppSecrets() []string { panic("contract") }

// Faults tells by slug what is wrong with a flow's published rules or Flow JSON; empty when nothing is.
func (l *Live) Faults() map[string]string { panic("contract") }
