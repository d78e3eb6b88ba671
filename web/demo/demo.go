// Package demo is sample data and the simulated customer: a business that has used Switchyard for two months.
//
// Fill makes the past, a Customer goes on with it. Everything is made as in real life: rules decide the screens, webhook
// bodies are stored and decoded, people act by the clock of the time. The same seed makes the same past.
package demo

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"switchyard/models"
)

//go:embed data
var data embed.FS

// past is how far back the sample data goes.
const past = 61 * day

// usualResponses is how many responses there are when nobody says.
const usualResponses = 2000

// A Key is the endpoint's key pair, made by whoever calls Fill.
type Key struct {
	Fingerprint, PublicPEM string
	Private                []byte // PKCS#8 DER
}

// Options of Fill.
type Options struct {
	Database  string    // URL of a new database
	MasterKey []byte    // 32 bytes; nil: as models.Options says
	Now       time.Time // the past ends here
	Seed      uint64
	Responses int // about so many; 0 = 2,000
	Key       Key
	Receiver  string           // host:port where Systems answers; "": nothing is forwarded
	Passwords models.Passwords // cost of hashing; zero is the default
	// Settle decodes what is stored and due, as the server's worker does.
	Settle func(context.Context, *models.DB) error
	// Keep seals a file into the store; nil: no pictures are made.
	Keep func(context.Context, *models.DB, models.File, []byte) (models.File, error)
}

// A Filled tells what whoever runs the demo must know.
type Filled struct {
	People    []Person
	AppSecret string // signs what Meta sends
}

// A filling is a Fill at work.
type filling struct {
	Options
	db    *models.DB
	clock *clock
	rand  *rand.Rand
	staff map[models.Role]models.By
	crowd []contact
	bulk  int // responses without a story

	flows     []*sample
	stories   []story
	passedTo  []models.Target
	diary     []entry
	tallies   map[tallyKey]*models.FlowTally
	appSecret string
}

// Fill makes the database and two months of data in it.
func Fill(ctx context.Context, o Options) (filled Filled, err error) {
	if o.Responses == 0 {
		o.Responses = usualResponses
	}
	var bulk int
	o.Responses, bulk = split(o.Responses)
	f := &filling{bulk: bulk, Options: o, clock: &clock{}, rand: rand.New(rand.NewPCG(o.Seed, 2)), staff: map[models.Role]models.By{}, tallies: map[tallyKey]*models.FlowTally{}}
	f.stories = storiesOf(samples[0].MetaID, samples[1].MetaID, samples[2].MetaID)
	f.clock.set(o.Now.Add(-past - day))
	f.db, err = models.Open(ctx, models.Options{URL: o.Database, MasterKey: o.MasterKey, Migrate: true, Now: f.clock.now, Passwords: o.Passwords})
	if err != nil {
		return filled, err
	}
	defer func() { err = errors.Join(err, f.db.Close()) }()
	f.crowd = crowd(f.rand, min(max(o.Responses/3, 40), 8000))
	for _, part := range []struct {
		what string
		make func(context.Context, *Filled) error
	}{
		{"people", f.people}, {"settings", f.settings}, {"flows", f.publish}, {"targets", f.targets}, {"receivers", f.receivers}, {"visits", f.traffic}, {"files", f.files}, {"oddities", f.oddities},
		{"unmatched responses", f.unmatched},
		{"alerts", f.alerts}, {"follow-up", f.followed}, {"diary", f.live}, {"figures", f.figures}, {"marks", f.marks}, {"responses", f.inBulk},
	} {
		if err := part.make(ctx, &filled); err != nil {
			return filled, fmt.Errorf("make sample %s: %w", part.what, err)
		}
	}
	return filled, nil
}

// A clock shows the time at which the sample data is being made.
type clock struct{ micros atomic.Int64 }

func (c *clock) set(t time.Time) { c.micros.Store(t.UnixMicro()) }
func (c *clock) now() time.Time  { return time.UnixMicro(c.micros.Load()) }

// ago is so long before the end of the past.
func (f *filling) ago(d time.Duration) time.Time { return f.Now.Add(-d) }

// at is a time as rows hold it.
func at(t time.Time) models.Time { return models.Time{Time: t} }

const (
	minute = time.Minute
	hour   = time.Hour
	day    = 24 * time.Hour
)
