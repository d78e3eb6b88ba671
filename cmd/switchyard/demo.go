package main

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"switchyard/web"
	"switchyard/web/demo"
	"switchyard/web/keys"
	"switchyard/web/play"
)

const (
	demoListen = "127.0.0.1:8080"
	// demoPorts is how many ports after the usual one are tried.
	demoPorts = 50
	// demoDown is how long one of the systems that the demo plays is down.
	demoDown = 10 * time.Minute
	// demoSeed makes every demo the same, but for the passwords.
	demoSeed = 2026
)

// demonstrate runs a server with sample data and a simulated customer, in a folder of its own.
func demonstrate(ctx context.Context, env environment, args []string) int {
	fs := flags("demo", "[--listen ADDRESS] [--keep FOLDER] [--responses N]",
		"Runs a server with sample flows, two months of responses and alerts, and a simulated customer, until interrupted. "+
			"It touches no other data: everything is in a folder that is removed at the end.")
	listen := fs.String("listen", "", "`address` to serve on; "+demoListen+" or the next free port when not said")
	keep := fs.String("keep", "", "an empty `folder` for the data, which stays")
	responses := fs.Int("responses", 0, "make `N` responses, for measuring; 2000 when not said")
	return exit(env, func() error {
		if _, err := parse(fs, args, 0); err != nil {
			return err
		}
		if *responses < 0 || *responses > 10_000_000 {
			return use("--responses is a number up to 10000000")
		}
		folder, remove, err := demoFolder(*keep)
		if err != nil {
			return err
		}
		defer remove()
		defer atSecondSignal(remove)()
		err = runDemo(ctx, env, folder, *listen, *responses)
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			return nil // interrupted while the data was made
		}
		return err
	}())
}

// demoFolder is a new folder that is removed, or one that stays.
func demoFolder(keep string) (folder string, remove func(), err error) {
	if keep == "" {
		folder, err = os.MkdirTemp("", "switchyard-demo-")
		return folder, func() {
			for range 3 { // a server that still writes may put a file back
				if os.RemoveAll(folder) == nil {
					return
				}
			}
		}, err
	}
	if err := os.MkdirAll(keep, 0o700); err != nil {
		return "", nil, err
	}
	there, err := os.ReadDir(keep)
	if err == nil && len(there) > 0 {
		err = fmt.Errorf("the folder %s is not empty: name another, or serve what is in it with SWITCHYARD_DATABASE=sqlite:%s",
			keep, filepath.Join(keep, "switchyard.db"))
	}
	return keep, func() {}, err
}

// atSecondSignal does something when somebody cannot wait for the end, and ends the process; its result calls that off.
func atSecondSignal(do func()) (off func()) {
	signals, ended := make(chan os.Signal, 2), make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		for n := 0; n < 2; n++ {
			select {
			case <-signals:
			case <-ended:
				return
			}
		}
		do()
		os.Exit(failed)
	}()
	return func() { signal.Stop(signals); close(ended) }
}

func runDemo(ctx context.Context, env environment, folder, listen string, responses int) error {
	began := time.Now()
	log, err := os.OpenFile(filepath.Join(folder, "switchyard.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cfg, err := demoConfig(ctx, env, folder, listen, log)
	if err != nil {
		return err
	}
	fmt.Fprintln(env.stderr, "Making two months of sample data …")
	systems, receiver, err := demoSystems()
	if err != nil {
		return err
	}
	defer systems.Close()
	filled, public, err := fillDemo(ctx, cfg, responses, receiver)
	if err != nil {
		return err
	}
	app, err := web.New(cfg)
	if err != nil {
		return err
	}
	if err := app.Listen(ctx); err != nil {
		return errors.Join(err, app.Close())
	}
	welcome(env.stdout, app.URL(), folder, filled.People)
	fmt.Fprintf(env.stderr, "Ready after %.1f s.\n", time.Since(began).Seconds())
	return withCustomer(ctx, env, app, filled.AppSecret, public)
}

// demoConfig reads nothing of the environment, which may name real data, but whether plain HTTP is meant.
func demoConfig(ctx context.Context, env environment, folder, listen string, log io.Writer) (web.Config, error) {
	if listen == "" {
		listen = freePort(ctx)
	}
	vars := map[string]string{
		"SWITCHYARD_LISTEN": listen, "SWITCHYARD_DATABASE": "sqlite:" + filepath.Join(folder, "switchyard.db"), "SWITCHYARD_METRICS_LISTEN": "",
		"SWITCHYARD_KEEP_DELIVERIES": "90", // the sample data is two months old
	}
	if v, ok := env.lookup("SWITCHYARD_ALLOW_HTTP"); ok {
		vars["SWITCHYARD_ALLOW_HTTP"] = v
	}
	cfg, err := web.ConfigFromEnv(func(name string) (string, bool) { v, ok := vars[name]; return v, ok })
	cfg.Banner, cfg.Log, cfg.Drain = "Demo data", log, 0
	if err == nil && !free(ctx, listen) { // told before the data is made, which takes a while
		err = fmt.Errorf("this program cannot listen on %s: choose another address with --listen", listen)
	}
	return cfg, err
}

// freePort is the usual address, or the next whose port nobody has.
func freePort(ctx context.Context) string {
	host, first, _ := net.SplitHostPort(demoListen) // a constant
	port, _ := strconv.Atoi(first)
	for range demoPorts {
		listen := net.JoinHostPort(host, strconv.Itoa(port))
		if free(ctx, listen) {
			return listen
		}
		port++
	}
	return demoListen // and let its error be told
}

// free tells whether nobody listens there.
func free(ctx context.Context, listen string) bool {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", listen)
	if err == nil {
		l.Close()
	}
	return err == nil
}

// demoSystems plays the systems that bodies are forwarded to, on a port of this machine.
func demoSystems() (s *http.Server, host string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	s = &http.Server{Handler: demo.Systems(time.Now().Add(demoDown)), ReadHeaderTimeout: 5 * time.Second}
	go s.Serve(l) // ends by Close
	return s, l.Addr().String(), nil
}

func fillDemo(ctx context.Context, cfg web.Config, responses int, receiver string) (demo.Filled, *rsa.PublicKey, error) {
	key, err := keys.Generate()
	if err != nil {
		return demo.Filled{}, nil, err
	}
	private, err := keys.MarshalPrivate(key)
	if err != nil {
		return demo.Filled{}, nil, err
	}
	filled, err := demo.Fill(ctx, demo.Options{
		Database: string(cfg.Database), Now: time.Now(), Seed: demoSeed, Responses: responses, Settle: web.Settle, Keep: cfg.KeepFile, Receiver: receiver,
		Key: demo.Key{Fingerprint: keys.Fingerprint(&key.PublicKey), PublicPEM: keys.PublicPEM(&key.PublicKey), Private: private},
	})
	return filled, &key.PublicKey, err
}

func welcome(w io.Writer, url, folder string, people []demo.Person) {
	fmt.Fprintf(w, "\nSwitchyard with demo data is at %s\n\nSign in as one of\n", url)
	for _, p := range people {
		fmt.Fprintf(w, "  %-8s  %-22s  %s\n", p.Role, p.Email, p.Password)
	}
	fmt.Fprintf(w, "\nA simulated customer arrives every few seconds. Data and log are in %s\nCtrl+C ends it.\n", folder)
}

// withCustomer serves, with the customer, until ctx ends; the customer leaves first.
func withCustomer(ctx context.Context, env environment, app *web.App, appSecret string, public *rsa.PublicKey) error {
	visiting, leave := context.WithCancel(ctx)
	defer leave()
	customer := demo.Customer{
		Seed: uint64(time.Now().UnixNano()), Webhook: app.URL() + "/webhooks/meta",
		Phone: func(slug string) demo.Phone {
			return &play.Player{URL: app.URL() + "/flow-endpoint/" + slug, PublicKey: public, AppSecret: appSecret}
		},
		Failed: func(err error) { fmt.Fprintf(env.stderr, "switchyard: simulated customer: %v\n", err) },
	}
	var gone sync.WaitGroup
	gone.Go(func() { customer.Run(visiting) })
	err := app.Run(ctx)
	leave()
	gone.Wait()
	return err
}

var _ demo.Phone = (*play.Player)(nil)
