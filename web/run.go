package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"golang.org/x/crypto/acme/autocert"
	"golang.org/x/net/netutil"

	"switchyard/views"
)

const (
	maxConns = 4096
	// windDown is how long open connections may ask once more after the listener closed; that answer ends them.
	windDown = 250 * time.Millisecond
	// lastAnswers is how long a stop waits for requests that are being answered.
	lastAnswers = 20 * time.Second
	// setupLinkKey is the one attribute of the log that shows a secret: who reads it first makes the administrator.
	setupLinkKey = "link"
)

// Listen takes the port; Run does it when nobody did.
func (a *App) Listen(ctx context.Context) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", a.cfg.Listen)
	if err != nil {
		return cannotListen(a.cfg.Listen, "SWITCHYARD_LISTEN", err)
	}
	a.listener = netutil.LimitListener(l, maxConns)
	return nil
}

// cannotListen says what to do about it.
func cannotListen(address, variable string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("another program listens on %s already: stop it, or set %s", address, variable)
	}
	return fmt.Errorf("cannot listen on %s; see %s: %w", address, variable, err)
}

// URL is the address that people open.
func (a *App) URL() string { return a.publicURL() }

// Run serves until ctx ends, then stops in order: not ready, drain, no new connections, last answers, queues, worker,
// database. It returns nil when all of that went well.
func (a *App) Run(ctx context.Context) error {
	if a.listener == nil {
		if err := a.Listen(ctx); err != nil {
			return errors.Join(err, a.Close())
		}
	}
	figures, err := a.serveMetrics(ctx)
	if err != nil {
		return errors.Join(err, a.listener.Close(), a.Close())
	}
	a.Start()
	srv, failed := a.serve()
	a.announce(ctx)
	select {
	case err = <-failed:
		err = fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		a.drain()
	}
	err = errors.Join(err, a.lastAnswers(srv), a.Close())
	figures.Close() // last, so that the stop itself can be watched
	a.log.Info("stopped")
	return err
}

// serve answers in the background; what ends it early comes through failed.
func (a *App) serve() (srv *http.Server, failed chan error) {
	srv = &http.Server{
		Handler: a.handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 20 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: 75 * time.Second, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelInfo),
	}
	failed = make(chan error, 1)
	go func() {
		if a.cfg.TLSHost == "" {
			failed <- srv.Serve(a.listener)
			return
		}
		m := autocert.Manager{Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(a.cfg.TLSHost), Cache: autocert.DirCache(a.certificates())}
		srv.TLSConfig = m.TLSConfig()
		failed <- srv.ServeTLS(a.listener, "", "")
	}()
	return srv, failed
}

// serveMetrics answers on the second listener, when there is one.
func (a *App) serveMetrics(ctx context.Context) (*http.Server, error) {
	srv := &http.Server{Handler: a.metrics.handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 30 * time.Second, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelInfo)}
	if a.cfg.MetricsListen == "" {
		return srv, nil
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", a.cfg.MetricsListen)
	if err != nil {
		return nil, cannotListen(a.cfg.MetricsListen, "SWITCHYARD_METRICS_LISTEN (empty switches metrics off)", err)
	}
	go func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("metrics stopped", "error", err)
		}
	}()
	return srv, nil
}

// announce says where we are, and how the first administrator gets in.
func (a *App) announce(ctx context.Context) {
	engine, schema, size, err := a.db.Version(ctx)
	if err != nil {
		a.log.Error("database does not tell its version", "error", err)
	}
	a.log.Info("serving", "address", a.URL(), "version", Version(), "rsa", a.rsa.String(), "database", engine, "schema", schema, "bytes", size, "backup", a.lastBackup(ctx))
	token, err := a.db.SetupToken(ctx)
	if err != nil {
		a.log.Error("no setup link", "error", err)
	} else if token != "" {
		a.log.Info("no administrator yet: open this link within 24 hours to make one; it works once",
			setupLinkKey, a.URL()+views.FirstAdminURL+"?token="+token)
	}
}

// lastBackup is the age of the last backup in words of the log.
func (a *App) lastBackup(ctx context.Context) string {
	made, _, known, err := a.db.LastBackup(ctx)
	switch {
	case err != nil:
		return "unknown"
	case !known:
		return "by PostgreSQL's own tools"
	case made.IsZero():
		return "never"
	}
	return a.cfg.now().Sub(made.Time).Round(time.Minute).String() + " ago"
}

// drain goes on serving while load balancers learn that we are not ready.
func (a *App) drain() {
	a.log.Info("stopping", "drain", a.cfg.Drain)
	a.ready.draining.Store(true)
	time.Sleep(a.cfg.Drain)
}

// lastAnswers takes no new connections, lets the open ones ask once more, and waits for what is being answered.
// http.Server alone would close a connection on which a request is just arriving.
func (a *App) lastAnswers(srv *http.Server) error {
	a.closing.Store(true)
	a.listener.Close()
	time.Sleep(windDown)
	ctx, cancel := context.WithTimeout(context.Background(), lastAnswers)
	defer cancel()
	if err := srv.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("requests were cut off: %w", err), srv.Close())
	}
	return nil
}
