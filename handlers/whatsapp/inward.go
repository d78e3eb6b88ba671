package whatsapp

import "context"

type inwardKey struct{}

// Inward marks a request that this process sends to itself to test a flow. It is answered as any other; but no ping, no
// use of a key and no figure tells of it, since they are there to show that WhatsApp asks.
func Inward(ctx context.Context) context.Context { return context.WithValue(ctx, inwardKey{}, true) }

func isInward(ctx context.Context) bool { return ctx.Value(inwardKey{}) != nil }

// note marks an observation about a request from outside.
func (e *Endpoint) note(q question, mark, detail string) {
	if !q.inward {
		e.Note(mark, detail)
	}
}

// A Door is what a request to a flow must show to be answered.
type Door struct {
	AppSecret string // signs it; "" when none is known
	Checks    bool   // an encrypted flow's signature is checked
	Secret    string // of a plain flow; "" when it is open
}

// Door tells it of the flow with that slug; ok is false for one that is not served.
func (l *Live) Door(slug string) (d Door, ok bool) {
	f := l.flow(slug)
	if f == nil {
		return d, false
	}
	d = Door{Checks: f.CheckSignature, Secret: f.Secret}
	if secrets := l.signers(f); len(secrets) > 0 {
		d.AppSecret = secrets[0]
	}
	return d, true
}
