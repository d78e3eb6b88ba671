package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"switchyard/handlers/whatsapp"
	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/views"
)

// A selfCheck is one self-test of a flow: stage by stage, until one fails.
type selfCheck struct {
	db     *models.DB
	now    func() time.Time
	client selfClient
	flow   models.Flow
	door   whatsapp.Door
	json   *flowjson.Flow
	fault  string // why the published rules do not run as they are; "" when they do
	token  string

	opening selfAnswer
	stages  []views.Stage
}

// selfTest sends our own ping and opening through the public handler. An error is a fault of this server; what is wrong
// with the flow stands in the stages.
func (a *App) selfTest(ctx context.Context, f models.Flow) ([]views.Stage, error) {
	t := &selfCheck{db: a.db, now: a.cfg.now, flow: f, token: models.MintTestToken(f.Slug), fault: a.live.Faults()[f.Slug],
		client: selfClient{handler: a.handler, path: "/flow-endpoint/" + f.Slug}}
	var known bool
	t.door, known = a.live.Door(f.Slug)
	return t.run(ctx, known)
}

func (t *selfCheck) run(ctx context.Context, known bool) ([]views.Stage, error) {
	for _, stage := range []func(context.Context) (views.Stage, error){
		func(ctx context.Context) (views.Stage, error) { return t.found(ctx, known) },
		t.keyed, t.signed, t.pinged, t.opened, t.screened, t.filled, t.recorded, t.timed,
	} {
		s, err := stage(ctx)
		if err != nil {
			return nil, err
		}
		if s.Name == "" { // nothing to say of this flow
			continue
		}
		t.stages = append(t.stages, s)
		if s.State == views.StageFailed {
			break
		}
	}
	return t.stages, nil
}

func (t *selfCheck) page() views.Link {
	return views.Link{Href: views.FlowURL(t.flow.Slug), Text: "Open the flow"}
}

func (t *selfCheck) rules() views.Link {
	return views.Link{Href: views.RulesURL(t.flow.Slug) + "#screen-opening", Text: "Open the rules"}
}

func (t *selfCheck) settings() views.Link {
	return views.Link{Href: views.FlowURL(t.flow.Slug) + "/settings", Text: "Open the flow's settings"}
}

var (
	toKeys  = views.Link{Href: views.KeysURL, Text: "Open the keys"}
	toSetup = views.Link{Href: views.SetupURL, Text: "Open the setup"}
)

// found: the server has the flow in memory, with a Flow JSON that uses an endpoint.
func (t *selfCheck) found(ctx context.Context, known bool) (views.Stage, error) {
	s := views.Stage{Name: "Flow"}
	if !known {
		s.State, s.Said, s.Fix = views.StageFailed, "The server does not serve this flow yet.", "A new flow is served within a second. If it goes on, look into the server's log: the database may not be readable."
		return s, nil
	}
	kept, err := t.db.NewestFlowJSON(ctx, t.flow.ID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return s, err
	}
	t.json, _ = flowjson.Parse(kept.Raw)
	switch {
	case t.json == nil:
		s.State, s.Said, s.Fix = views.StageFailed, "The flow has no Flow JSON that can be read.", "Import the Flow JSON of WhatsApp Manager: without it nobody knows the screens."
		s.Link = views.Link{Href: views.FlowURL(t.flow.Slug) + "#flow-json", Text: "Import a Flow JSON"}
	case !t.json.HasEndpoint():
		s.State, s.Said, s.Fix, s.Link = views.StageWarned, "Its Flow JSON has no endpoint, so WhatsApp never asks here.", "Nothing is to be mended, unless the flow should have one: then its Flow JSON needs data_api_version.", t.page()
	case t.fault != "":
		s.State, s.Said, s.Fix, s.Link = views.StageWarned, t.fault, "Mend the rules and publish them again.", t.rules()
	default:
		s.State, s.Said = views.StageDone, "The flow is served, with "+words(len(t.json.Screens), "screen")+"."
	}
	return s, nil
}

// keyed: there is a live key to seal with.
func (t *selfCheck) keyed(ctx context.Context) (views.Stage, error) {
	if t.flow.Mode == models.Plain {
		t.client.secret = t.door.Secret
		return views.Stage{}, nil
	}
	s := views.Stage{Name: "Key", State: views.StageDone, Said: "The request is sealed to the newest live key."}
	all, err := t.db.Keys(ctx)
	if err != nil {
		return s, err
	}
	if t.client.key, err = newestKey(all, t.now()); err != nil || t.client.key == nil {
		s.State, s.Said, s.Fix, s.Link = views.StageFailed, "There is no live key pair.", "Make a key pair and upload its public part to WhatsApp.", toKeys
	}
	t.client.secret = t.door.AppSecret
	return s, nil
}

// signed: who cannot prove who they are gets no answer.
func (t *selfCheck) signed(ctx context.Context) (views.Stage, error) {
	plain := t.flow.Mode == models.Plain
	s := views.Stage{Name: "Signature", State: views.StageWarned}
	if plain {
		s.Name = "Secret"
	}
	switch {
	case plain && t.door.Secret == "":
		s.Said, s.Fix, s.Link = "No secret is set: anyone who knows the address gets answers.", "Make a secret on the flow's page and give it to the provider.", t.page()
		return s, nil
	case !plain && !t.door.Checks:
		s.Said, s.Fix, s.Link = "The check of signatures is switched off, so anyone who has the public key gets answers.", "Switch it on in the flow's settings.", t.settings()
		return s, nil
	case !plain && t.door.AppSecret == "":
		s.Said, s.Fix, s.Link = "No app secret is known, so requests are answered unchecked.", "Enter the app secret on the setup page, or that of the flow's own app on its page.", toSetup
		return s, nil
	}
	stranger := t.client
	stranger.secret = "not the secret"
	a, err := stranger.ask(ctx, map[string]any{"version": "3.0", "action": "ping"})
	if err != nil {
		return s, err
	}
	s.State, s.Took, s.Said = views.StageDone, a.took, "A request with a wrong signature was refused."
	if plain {
		s.Said = "A request with a wrong secret was refused."
	}
	if a.status != map[bool]int{true: http.StatusUnauthorized, false: badSignature}[plain] {
		s.State, s.Said = views.StageFailed, fmt.Sprintf("A request with a wrong one was answered with status %d.", a.status)
		s.Fix, s.Link = "Save the settings of the flow again; if it goes on, tell whoever runs this server.", t.settings()
	}
	return s, nil
}

// badSignature is the status of a request that is not signed as it must be (protocol.md §3.2).
const badSignature = 432

// pinged: the health check that WhatsApp makes before it publishes a flow.
func (t *selfCheck) pinged(ctx context.Context) (views.Stage, error) {
	s := views.Stage{Name: "Ping"}
	a, err := t.client.ask(ctx, map[string]any{"version": "3.0", "action": "ping"})
	if err != nil {
		return s, err
	}
	s.Took = a.took
	if !t.answered(&s, a) {
		return s, nil
	}
	if status, _ := a.data["status"].(string); status != "active" {
		s.State, s.Said, s.Fix = views.StageFailed, "The answer to the ping does not say that the endpoint is active.", "Something between this handler and the rules answers in its place; tell whoever runs this server."
		return s, nil
	}
	s.State, s.Said = views.StageDone, "The ping was answered."
	return s, nil
}

// answered tells whether an answer can be read by a phone; else the stage fails, saying why.
func (t *selfCheck) answered(s *views.Stage, a selfAnswer) bool {
	if a.status == http.StatusOK && a.broken == nil {
		return true
	}
	s.State, s.Said, s.Fix, s.Link = views.StageFailed, fmt.Sprintf("It was answered with status %d.", a.status), "Look into the server's log for that time.", t.page()
	switch {
	case a.broken != nil:
		s.Said, s.Fix = "The answer cannot be opened: "+a.broken.Error()+".", "Something changes the body of answers on its way, as a proxy that adds or compresses does."
	case a.status == http.StatusMisdirectedRequest:
		s.Said, s.Fix, s.Link = "The request could not be opened with the private keys (421).", "The newest key cannot be used: the master key may be another one than when it was made. Make a new key pair, upload it, and retire this one.", toKeys
	case a.status == badSignature:
		s.Said, s.Fix, s.Link = "Our own signature was refused (432).", "The app secret changed a moment ago. Test again; then enter it anew.", toSetup
	case a.status == http.StatusUnauthorized:
		s.Said, s.Fix = "The flow's own secret was refused (401).", "It changed a moment ago. Test again; then make a new one."
	case a.status == http.StatusNotFound:
		s.Said, s.Fix = "The endpoint does not know the flow (404).", "It was renamed or added a moment ago. Test again."
	case a.status == http.StatusServiceUnavailable:
		s.Said, s.Fix = "The endpoint could not answer (503).", "It has neither rules nor a Flow JSON, or the server is busy. Publish rules, then test again."
		s.Link = t.rules()
	}
	return false
}

func words(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// sentence joins sentences, at most so many.
func sentence(all []string, most int) string {
	if more := len(all) - most; more > 0 {
		all = append(all[:most:most], fmt.Sprintf("And %d more.", more))
	}
	return strings.Join(all, " ")
}
