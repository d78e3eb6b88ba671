package main

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest/pgtest"
)

const clusterSecret = "cluster-app-secret"

// A cluster is some processes of this program on one PostgreSQL database, or one on a SQLite file.
type cluster struct {
	*pgtest.Server         // nil: SQLite
	beside         *sql.DB // the SQLite file
	url            string  // of the database
	vars           map[string]string
	procs          []*process
}

// newCluster starts a PostgreSQL server and as many processes, with the flow "talk" in plain JSON. Each of extra is a
// variable of one process.
func newCluster(t *testing.T, size int, extra ...string) *cluster {
	t.Helper()
	c := newDatabase(t)
	c.run(t, size, extra...)
	return c
}

// newDatabase is a cluster without processes.
func newDatabase(t *testing.T) *cluster {
	t.Helper()
	s := pgtest.Start(t)
	c := &cluster{Server: s, url: s.NewDatabase(t)}
	c.configure()
	return c
}

func (c *cluster) configure() {
	c.vars = map[string]string{
		"SWITCHYARD_DATABASE": c.url, "SWITCHYARD_METRICS_LISTEN": "", "SWITCHYARD_META_APP_SECRET": clusterSecret,
		"SWITCHYARD_MASTER_KEY": base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32)),
	}
}

// run starts the processes.
func (c *cluster) run(t *testing.T, size int, extra ...string) {
	t.Helper()
	for range size {
		c.procs = append(c.procs, newProcess(t, fmt.Sprintf("process %d", len(c.procs)+1), c.vars))
	}
	for i, p := range c.procs {
		if i < len(extra) {
			p.env = append(p.env, extra[i])
		}
		p.start(t)
	}
	c.open(t, func(db *models.DB) {
		f := models.Flow{Slug: "talk", Name: "Talk", Mode: models.Plain}
		f, err := db.CreateWholeFlow(t.Context(), f, readTestdata(t, "cluster/flow.json"), "", models.By{})
		if err != nil {
			t.Fatal(err)
		}
		c.draft(t, db, f, readTestdata(t, "cluster/rules.json"), true)
	})
	for _, p := range c.procs {
		p.soon(t, "knows the rules", func() bool { return p.says(t.Context()) == "version 1" })
	}
}

// address is where PostgreSQL listens.
func (c *cluster) address() string { return fmt.Sprintf("127.0.0.1:%d", c.Port) }

// through is the database behind another address.
func (c *cluster) through(address string) string {
	u, err := url.Parse(c.url)
	if err != nil {
		panic(err)
	}
	return "postgres://postgres@" + address + u.Path + "?sslmode=disable"
}

// open gives do the database beside the processes.
func (c *cluster) open(t *testing.T, do func(*models.DB)) {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(c.vars["SWITCHYARD_MASTER_KEY"])
	if err != nil {
		t.Fatal(err)
	}
	db, err := models.Open(t.Context(), models.Options{URL: c.url, MasterKey: key, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	do(db)
}

// draft makes a document the flow's draft and may publish it; it returns the edit that the next change must name.
func (c *cluster) draft(t *testing.T, db *models.DB, f models.Flow, document []byte, publish bool) int {
	t.Helper()
	was, err := db.DraftRules(t.Context(), f.ID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		t.Fatal(err)
	}
	set, err := db.SaveDraft(t.Context(), f.ID, document, was.Edit, models.By{})
	if err == nil && publish {
		_, err = db.PublishDraft(t.Context(), f.ID, set.Edit, "", models.By{}, func(_, _ []byte) error { return nil })
	}
	if err != nil {
		t.Fatal(err)
	}
	return set.Edit
}

// settled waits until no delivery is pending. What a killed process had claimed is due again after 30 s.
func (c *cluster) settled(t *testing.T) time.Duration {
	t.Helper()
	began := time.Now()
	left, moved := "", began
	for {
		now := c.rows(t, `SELECT count(*) FROM deliveries WHERE state = 'pending'`)[0]
		switch {
		case now == "0":
			return time.Since(began)
		case now != left:
			left, moved = now, time.Now()
		case time.Since(moved) > time.Minute:
			t.Fatalf("%s deliveries are pending, for a minute by now\n%s", left, c.logs())
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// stop ends all processes in good order, and holds what they said against what they must never say.
func (c *cluster) stop(t *testing.T) {
	t.Helper()
	var all sync.WaitGroup
	for _, p := range c.procs {
		all.Go(func() { p.stop(t) })
	}
	all.Wait()
	for _, p := range c.procs {
		for _, word := range []string{"DATA RACE", "panic", "a step is lost", "fatal error"} {
			if strings.Contains(p.log.String(), word) {
				t.Errorf("%s says %q\n%s", p.name, word, p.tail())
			}
		}
	}
}

func (c *cluster) logs() (text string) {
	for _, p := range c.procs {
		text += p.name + ":\n" + p.tail()
	}
	return text
}

// clusterClient is of all senders. It follows no redirect.
var clusterClient = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// ask sends one request; status 0 is that no answer came.
func ask(ctx context.Context, method, url string, body []byte, header http.Header) (status int, answer []byte) {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return 0, nil
	}
	if header != nil {
		req.Header = header
	}
	resp, err := clusterClient.Do(req)
	if err != nil {
		return 0, nil
	}
	defer resp.Body.Close()
	if answer, err = io.ReadAll(resp.Body); err != nil {
		return 0, nil
	}
	return resp.StatusCode, answer
}

// privatePort finds a free one below those that the system hands out to clients: a process must find it free again.
func privatePort(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 10000+rand.IntN(10000))
		if l, err := net.Listen("tcp", address); err == nil {
			l.Close()
			return address
		}
	}
	t.Fatal("no free port")
	return ""
}

func readTestdata(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// verify chooses between what every change is tested with and what a long run takes.
func verify[T any](short, long T) T {
	if cmp.Or(os.Getenv("SWITCHYARD_VERIFY"), "0") == "0" {
		return short
	}
	return long
}
