package whatsapp

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"switchyard/models"
)

const (
	// look is how often each process asks for the revision (design/decisions.md 42).
	look = 300 * time.Millisecond
	// countUses is how often the uses of keys are written.
	countUses = 10 * time.Second
	// readTimeout bounds one look at the database, so that a slow one does not pile up.
	readTimeout = 5 * time.Second
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

// A Live is everything that the endpoint needs to answer, held in memory: flows with their compiled rules, keys,
// secrets. Requests read it without locks.
type Live struct {
	db    *models.DB
	o     LiveOptions
	state atomic.Pointer[state]
	uses  keyUses
	heard chan struct{}

	mu sync.Mutex // one Refresh at a time
}

// A state is what one revision of the database says. It never changes.
type state struct {
	revision int64
	flows    []*flow
	byRef    map[string]*flow // slug, old slug, Meta's id
	keys     []liveKey        // newest first
	lists    listSet
	secrets  []string
	dialog   string // 360dialog's secret
}

// NewLive returns an empty one; call Refresh before serving.
func NewLive(db *models.DB, o LiveOptions) *Live {
	if o.ParseKey == nil {
		o.ParseKey = parseKey
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	l := &Live{db: db, o: o, heard: make(chan struct{}, 1)}
	l.state.Store(&state{})
	return l
}

// Refresh reads the database and compiles what changed. A flow whose published rules or Flow JSON cannot be used
// keeps what it had; when there is nothing, because the process just started, it runs without the parts that cannot
// be used. Faults tells which; an error is only that the database could not be read.
func (l *Live) Refresh(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	m, err := l.db.Live(ctx)
	if err != nil {
		return fmt.Errorf("read what the endpoint needs: %w", err)
	}
	zone, err := l.zone(ctx)
	if err != nil {
		return err
	}
	old := l.state.Load()
	next := &state{revision: m.Revision, lists: old.lists.with(m.Lists, zone), secrets: m.AppSecrets, dialog: m.Dialog360}
	if len(l.o.AppSecrets) > 0 {
		next.secrets = l.o.AppSecrets
	}
	next.keys = l.parseKeys(m.Keys, old.keys)
	for _, f := range m.Flows {
		next.flows = append(next.flows, l.compile(f, old.flow(f.ID), next.lists))
	}
	next.index()
	l.state.Store(next)
	return nil
}

// zone is the instance's time zone; one that is not known here counts as UTC.
func (l *Live) zone(ctx context.Context) (*time.Location, error) {
	name, err := l.db.Setting(ctx, models.InstanceZone)
	if err != nil {
		return nil, fmt.Errorf("read the time zone: %w", err)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		l.o.Log.Error("time zone is not known, UTC is used", "zone", name)
		return time.UTC, nil
	}
	return zone, nil
}

// Run looks for a new revision every 300 ms, and when it hears of one, and refreshes, until ctx ends.
func (l *Live) Run(ctx context.Context) {
	tick, write := time.NewTicker(look), time.NewTicker(countUses)
	defer tick.Stop()
	defer write.Stop()
	for failing := false; ; {
		var err error
		select {
		case <-ctx.Done():
			l.report(l.writeUses(context.WithoutCancel(ctx)), false)
			return
		case <-tick.C:
			err = l.follow(ctx)
		case <-l.heard:
			err = l.follow(ctx)
		case <-write.C:
			err = l.writeUses(ctx)
		}
		l.report(err, failing)
		failing = err != nil
	}
}

// Hear looks for a new revision at once: another process said that there is one. It never blocks.
func (l *Live) Hear() {
	select {
	case l.heard <- struct{}{}:
	default: // it will look
	}
}

// report logs the first of a row of errors: three a second would hide the rest.
func (l *Live) report(err error, again bool) {
	if err != nil && !again && !errors.Is(err, context.Canceled) {
		l.o.Log.Error("the endpoint works with what it has", "error", err)
	}
}

func (l *Live) follow(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	revision, err := l.db.Revision(ctx)
	if err != nil || revision == l.state.Load().revision {
		return err
	}
	return l.Refresh(ctx)
}

// AppSecrets are the global ones, current first; none: none is known.
func (l *Live) AppSecrets() []string { return l.state.Load().secrets }

// Dialog360Secret is what 360dialog's webhooks show; empty: none is set.
func (l *Live) Dialog360Secret() string { return l.state.Load().dialog }

// Faults tells by slug what is wrong with a flow's published rules or Flow JSON and what customers get meanwhile, in
// sentences for people; empty when nothing is.
func (l *Live) Faults() map[string]string {
	faults := map[string]string{}
	for _, f := range l.state.Load().flows {
		if f.fault != "" {
			faults[f.Slug] = f.fault
		}
	}
	return faults
}

// flow finds by slug, old slug or Meta's id; nil when there is none.
func (l *Live) flow(ref string) *flow { return l.state.Load().byRef[ref] }

// signers are the app secrets that may sign for a flow: its own, else the global ones.
func (l *Live) signers(f *flow) []string {
	if len(f.AppSecrets) > 0 {
		return f.AppSecrets
	}
	return l.AppSecrets()
}

func (s *state) flow(id int64) *flow {
	for _, f := range s.flows {
		if f.ID == id {
			return f
		}
	}
	return nil
}

// index names the flows; a slug beats another flow's old slug, and both beat Meta's id.
func (s *state) index() {
	s.byRef = map[string]*flow{}
	for _, f := range s.flows {
		s.byRef[f.MetaID] = f
	}
	for _, f := range s.flows {
		for _, alias := range f.Aliases {
			s.byRef[alias] = f
		}
	}
	for _, f := range s.flows {
		s.byRef[f.Slug] = f
	}
	delete(s.byRef, "")
}

// parseKey reads PKCS#8 with the standard library.
func parseKey(der []byte) (crypto.Decrypter, error) {
	k, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	d, ok := k.(crypto.Decrypter)
	if !ok {
		return nil, errors.New("the key cannot decrypt")
	}
	return d, nil
}
