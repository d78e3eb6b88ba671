package demo

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// A Phone is one customer's WhatsApp with Meta's servers behind it; web/play has it.
type Phone interface {
	// Exchange asks the flow's endpoint, by HTTP, sealed and signed.
	Exchange(ctx context.Context, request map[string]any) (answer map[string]any, status int, err error)
	// Webhook posts a body as Meta does, signed.
	Webhook(ctx context.Context, url string, body []byte) (status int, err error)
}

// A Customer keeps arriving: opens a flow, goes through its screens, completes it or leaves; and now and then Meta
// has something to say. All of it goes over the network, to the server's own address.
type Customer struct {
	Phone   func(slug string) Phone // one that talks to that flow's endpoint
	Webhook string                  // address of the webhook
	Seed    uint64
	Arrive  Span        // between two arrivals; zero: 5 to 15 s
	Think   Span        // on a screen; zero: 1 to 5 s
	Trouble Span        // between two alerts; zero: 3 to 6 min; they last about a third of it
	Failed  func(error) // hears of what the server did not answer as it should; may be nil
}

// A Span is a time that differs from case to case.
type Span struct{ Least, Most time.Duration }

func (s Span) or(least, most time.Duration) Span {
	if s.Most == 0 {
		return Span{least, most}
	}
	return s
}

func (s Span) some(r *rand.Rand) time.Duration {
	return s.Least + time.Duration(r.Int64N(int64(s.Most-s.Least)+1))
}

// Run goes on until ctx ends, and returns when everybody has gone.
func (c *Customer) Run(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { c.troubles(ctx) })
	all.Go(func() { c.pings(ctx) })
	r := rand.New(rand.NewPCG(c.Seed, 3))
	people := crowd(r, 300)
	arrive := c.Arrive.or(5*time.Second, 15*time.Second)
	for n := uint64(0); pause(ctx, arrive.some(r)); n++ {
		who := pick(r, people)
		slug := samples[weighted(r, len(samples), func(i int) int { return samples[i].share })].Slug
		v := live{c, c.Phone(slug), rand.New(rand.NewPCG(c.Seed, 1000+n)), who, slug}
		all.Go(func() { c.tell(ctx, v.run(ctx)) })
	}
}

// tell passes on what went wrong, unless it did because we are stopping.
func (c *Customer) tell(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil && c.Failed != nil {
		c.Failed(err)
	}
}

// pings are the health checks of WhatsApp.
func (c *Customer) pings(ctx context.Context) {
	for {
		for _, s := range samples {
			if habits[s.Slug] == nil {
				continue
			}
			_, status, err := c.Phone(s.Slug).Exchange(ctx, map[string]any{"version": dataVersion, "action": "ping"})
			c.tell(ctx, answered(status, err))
		}
		if !pause(ctx, 2*minute) {
			return
		}
	}
}

// troubles are alerts that come and go.
func (c *Customer) troubles(ctx context.Context) {
	r := rand.New(rand.NewPCG(c.Seed, 4))
	apart := c.Trouble.or(3*minute, 6*minute)
	for n := 0; pause(ctx, apart.some(r)); n++ {
		s := story{metaID: samples[2].MetaID, kind: clientErrors, moments: []moment{{threshold: 5, figure: 6.4}, {threshold: 5, figure: 1.2, recovered: true}}}
		if n%2 == 1 {
			s = story{metaID: samples[1].MetaID, kind: latency, moments: []moment{{threshold: 1000, figure: 1650}, {threshold: 1000, figure: 280, recovered: true}}}
		}
		for i, m := range s.moments {
			if i > 0 && !pause(ctx, apart.some(r)/3) {
				return
			}
			status, err := c.Phone("").Webhook(ctx, c.Webhook, notice(s, m, time.Now()))
			c.tell(ctx, answered(status, err))
		}
	}
}

// pause tells whether ctx goes on after so long.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
