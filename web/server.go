package web

import (
	"context"
	"crypto"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/handlers/admin"
	"switchyard/handlers/whatsapp"
	"switchyard/models"
	"switchyard/models/ingest"
	"switchyard/web/files"
	"switchyard/web/keys"
	"switchyard/web/outbound"
	"switchyard/web/session"
)

// An App is the whole program: opened by New, serving in Run.
type App struct {
	cfg      Config
	log      *slog.Logger
	db       *models.DB
	lock     *os.File
	rsa      keys.Library
	live     *whatsapp.Live
	inbox    *ingest.Queue[models.Delivery]
	steps    *ingest.Queue[models.StepRecord]
	worker   *whatsapp.Worker
	forward  *forwarder
	notify   *notifier
	end      *whatsapp.Endpoint
	hook     *whatsapp.Webhook
	admin    *admin.Admin
	session  *session.Manager
	outbound *outbound.Client
	files    *files.Keeper
	fetcher  *files.Fetcher
	cdn      *outbound.Client // to WhatsApp's hosts alone
	marks    *marker
	monitor  *monitor
	catchUp  *catchUp // finds flows for responses that came before them
	metrics  *metrics
	ready    *readiness
	hosts    hosts
	hashes   rule // beside routes that hash a password or make a key
	table    []Route
	handler  http.Handler

	listener net.Listener // of Listen; nil before
	stop     func()       // ends what Start began and waits for it; nil before
	closing  atomic.Bool  // connections are closed after their next answer
}

// New opens the database, migrates it, compiles the rules and wires everything, without listening. Close what it
// returns, or Run it, which closes.
func New(cfg Config) (app *App, err error) {
	a := &App{cfg: cfg, log: newLogger(cfg.Log)}
	defer func() {
		if err != nil {
			a.abandon()
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute) // a migration of a large file takes its time
	defer cancel()
	if err := a.open(ctx); err != nil {
		return nil, err
	}
	a.chooseRSA()
	a.wire()
	if err := a.live.Refresh(ctx); err != nil {
		return nil, fmt.Errorf("read flows and rules: %w", err)
	}
	return a, nil
}

// Handler answers every request as the server does, for tests without a port.
func (a *App) Handler() http.Handler { return a.handler }

// DB is the open database.
func (a *App) DB() *models.DB { return a.db }

// Routes lists every route with who may use it, in the order of registration.
func (a *App) Routes() []Route { return a.table }

// open takes the lock, opens and migrates the database, and makes what it must hold.
func (a *App) open(ctx context.Context) (err error) {
	if file, ok := a.cfg.Database.file(); ok {
		if a.lock, err = lockDatabase(file); err != nil {
			return err
		}
	}
	if a.db, err = a.cfg.open(ctx, true); err != nil {
		return err
	}
	if again, err := a.db.FinishLoad(ctx); again || err != nil {
		a.log.Warn("sample data was not loaded to its end; its indexes were made again", "error", err)
	}
	if a.files, err = a.cfg.openFiles(a.db); err != nil {
		return err
	}
	_, err = a.db.EnsureSetting(ctx, models.VerifyToken, rand.Text)
	return err
}

// wire puts the parts together; nothing runs yet but the queues.
func (a *App) wire() {
	a.metrics = newMetrics()
	a.marks, a.monitor = newMarker(a.cfg.now), newMonitor(a.cfg.now)
	a.hosts, a.hashes = a.cfg.hosts(), with(oneOf(2))
	a.ready = &readiness{now: a.cfg.now, probe: a.db.Probe, free: a.db.Free}
	a.inbox = ingest.New(a.db.StoreDeliveries, 4096, 256, 256<<20, func(d models.Delivery) int64 { return int64(len(d.Body)) })
	a.steps = ingest.New(a.db.RecordSteps, 4096, 256, 64<<20, sizeOfStep)
	a.live = whatsapp.NewLive(a.db, whatsapp.LiveOptions{ParseKey: a.parseKey, AppSecrets: a.cfg.appSecrets(), Log: a.log})
	a.end = &whatsapp.Endpoint{Live: a.live, Record: a.steps.Submit, Visits: a.db.NewestVisit, Now: a.cfg.now, Shared: a.db.Shared(),
		Note: a.marks.note, Observe: a.observeExchange, Log: a.log, Budget: a.cfg.Budget}
	a.steps.Gather = a.end.Gather
	if a.db.Shared() {
		a.end.HashKey = a.db.HashKey()
	}
	a.outbound = a.newOutbound()
	a.forward = &forwarder{db: a.db, send: a.forwardBody, now: a.cfg.now, agent: agent(), observe: a.metrics.forward, log: a.log,
		crowded: func() bool { return a.inbox.Depth() > crowd }}
	a.notify = &notifier{db: a.db, send: a.newHerald().send, observe: a.metrics.notification, log: a.log}
	a.worker = &whatsapp.Worker{DB: a.db, Now: a.cfg.now, Log: a.log, Responded: a.end.Forget, Written: a.forward.wake}
	a.hook = &whatsapp.Webhook{Submit: a.submit, Secrets: a.live.AppSecrets, Dialog360Secret: a.live.Dialog360Secret, VerifyToken: a.verifyToken, Now: a.cfg.now,
		Note: a.marks.note, Count: a.metrics.webhook, Address: shortAddress}
	a.catchUp = &catchUp{run: a.db.Attribute, told: func(err error) { a.log.Error("find flows for responses", "error", err) }}
	a.session = &session.Manager{DB: a.db, Secure: a.cfg.secure(), Now: a.cfg.now}
	a.fetcher = a.newFetcher()
	a.admin = a.newAdmin()
	a.metrics.watch(a.db, a.inbox.Depth, a.steps.Depth, a.walSize, a.worker.Looked)
	a.handler = a.newHandler()
}

// submit makes a delivery durable and wakes the worker.
func (a *App) submit(ctx context.Context, d models.Delivery) error {
	if err := a.inbox.Submit(ctx, d); err != nil {
		return err
	}
	a.worker.Wake()
	return nil
}

// verifyToken is asked for once in a long while, so it is read when it is.
func (a *App) verifyToken() string {
	if a.cfg.VerifyToken != "" {
		return string(a.cfg.VerifyToken)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	token, err := a.db.Setting(ctx, models.VerifyToken)
	if err != nil {
		a.log.Error("verify token not read", "error", err)
	}
	return token
}

// publicURL is the origin of the addresses that people copy.
func (a *App) publicURL() string {
	if origin := a.cfg.origin(); origin != "" {
		return origin
	}
	return "http://" + a.localAddress()
}

// localAddress is how this machine reaches the server.
func (a *App) localAddress() string {
	listen := a.cfg.Listen
	if a.listener != nil {
		listen = a.listener.Addr().String()
	}
	return Local(listen)
}

// walSize is the size of the write-ahead log in bytes.
func (a *App) walSize() int64 {
	file, _ := a.cfg.Database.file()
	info, err := os.Stat(file + "-wal")
	if err != nil {
		return 0 // PostgreSQL; or between a checkpoint at close and the first write
	}
	return info.Size()
}

// certificates is where ACME certificates are kept.
func (a *App) certificates() string { return filepath.Join(a.cfg.folder(), "certificates") }

func sizeOfStep(r models.StepRecord) int64 {
	return int64(len(r.Step.Data) + len(r.Step.Answer) + len(r.Visit.LastAnswer) + 512)
}

// OpenBeside opens the database for a command, beside a server that may run on it: no lock, no migration.
func OpenBeside(ctx context.Context, cfg Config) (*models.DB, error) { return cfg.open(ctx, false) }

func (c Config) open(ctx context.Context, migrate bool) (*models.DB, error) {
	key, err := c.masterKey()
	if err != nil {
		return nil, err
	}
	return models.Open(ctx, models.Options{URL: string(c.Database), MasterKey: key, Migrate: migrate, Now: c.now, Passwords: c.Passwords})
}

// shortAddress is the sender's address as it may be shown.
func shortAddress(c echo.Context) string { return session.By(c).IP }

// parseKey reads a private key of the endpoint.
func (a *App) parseKey(der []byte) (crypto.Decrypter, error) {
	key, err := keys.Parse(der)
	if err != nil {
		return nil, err
	}
	d, err := a.rsa.Decrypter(key)
	if err != nil {
		a.log.Warn("a key is used with crypto/rsa, which is slower", "key", keys.Short(keys.Fingerprint(&key.PublicKey)), "error", err)
	}
	return d, nil
}

// chooseRSA finds who decrypts; slower is no reason not to start.
func (a *App) chooseRSA() {
	var err error
	if a.rsa, err = keys.Choose(a.cfg.Crypto); err != nil {
		a.log.Warn("libcrypto cannot be used, so the endpoint decrypts about three times slower", "error", err)
	}
}
