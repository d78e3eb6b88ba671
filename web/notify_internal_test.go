package web

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"net/mail"
	"strconv"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/modelstest"
	"switchyard/web/outbound"
)

// hostileFlow is the name of a flow that means harm to mail programs, chats and pages.
const hostileFlow = "Claims\r\nBcc: eve@evil.example\r\n\r\n<b>@here</b>"

// newNotifier tells from a database to servers of this machine.
func newNotifier(t *testing.T, db *modelstest.DB, trusted ...string) *notifier {
	t.Helper()
	client := outbound.New(outbound.Options{Trusted: trusted})
	t.Cleanup(client.Close)
	h := &herald{client: client, server: db.MailServer, origin: func() string { return "https://flows.example" }, now: db.Now}
	return &notifier{db: db.DB, send: h.send, observe: func(models.Channel, models.PostEnd) {}, log: slog.New(slog.DiscardHandler)}
}

// tell does a turn and waits for what it began.
func (n *notifier) tell(t *testing.T) {
	t.Helper()
	if err := n.turn(t.Context(), t.Context(), true); err != nil {
		t.Fatal(err)
	}
	n.all.Wait()
}

// hears makes a receiver that is at an address, and an alert of a flow with a hostile name that it hears of.
func hears(t *testing.T, db *modelstest.DB, channel models.Channel, address string) (r models.Receiver, secret string) {
	t.Helper()
	db.NewFlow("claims", func(f *models.Flow) { f.MetaID = "691" })
	p := modelstest.SQL(t, db.URL)
	if _, err := p.Exec(strings.ReplaceAll(`UPDATE flows SET name = '$'`, "$", hostileFlow)); err != nil {
		t.Fatal(err)
	}
	p.Close()
	r, secret = db.NewReceiver("crew", func(r *models.Receiver) {
		r.Channel, r.Moments = channel, []models.Moment{models.Began, models.Worse, models.Over}
	})
	r, err := db.SaveReceiver(t.Context(), r, address, models.By{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	db.NewAlert("691", alert.EndpointLatency, 7000)
	db.Advance(15 * time.Second)
	return r, secret
}

func TestAWebHookThatFailsIsToldTheSameWhenItIsWell(t *testing.T) {
	db := modelstest.Open(t)
	ill := newReceiver(t, db, status(500))
	r, secret := hears(t, db, models.WebHook, ill.url())
	n := newNotifier(t, db, ill.address)
	ill.goAway()
	n.tell(t)
	if got, err := db.Receiver(t.Context(), r.ID); err != nil || got.Failures != 1 || !strings.Contains(got.Failure, "connection refused") {
		t.Fatalf("while it is away: %+v, %v", got, err)
	}
	ill.come()
	db.Advance(time.Hour)
	n.tell(t)
	ill.now(status(200))
	db.Advance(time.Hour)
	n.tell(t)
	n.tell(t)
	got := ill.arrived()
	if len(got) != 2 || got[0].id() != got[1].id() || string(got[0].body) != string(got[1].body) || got[0].status != 500 || got[1].status != 200 {
		t.Fatalf("arrived %+v; want the same body under the same id twice, and no more once it was taken", got)
	}
	verify(t, secret, got[1])
	var body struct {
		Type string
		Data struct {
			Title  string
			Alerts []struct {
				ID        int64
				URL, Flow string
				Kind      string
				Moment    models.Moment
				Severity  int
				Threshold float64
			}
		}
	}
	if err := json.Unmarshal(got[1].body, &body); err != nil || body.Type != "alerts.notification" || len(body.Data.Alerts) != 1 {
		t.Fatalf("body = %s, %v", got[1].body, err)
	}
	a := body.Data.Alerts[0]
	if a.URL != "https://flows.example/alerts/"+strconv.FormatInt(a.ID, 10) || a.Flow != hostileFlow || a.Moment != models.Began || a.Severity != 3 || a.Threshold != 7000 ||
		strings.ContainsAny(body.Data.Title, "\r\n") || !strings.HasPrefix(body.Data.Title, "Active: Endpoint latency of Claims Bcc:") {
		t.Errorf("told %+v, title %q", a, body.Data.Title)
	}
	if saved, err := db.Receiver(t.Context(), r.ID); err != nil || saved.Failures != 0 || saved.LastSuccess.IsZero() {
		t.Errorf("after it was taken: %+v, %v", saved, err)
	}
}

func TestAMailServerThatFailsTakesTheMailLater(t *testing.T) {
	db := modelstest.Open(t)
	box := newMailbox(t)
	r, _ := hears(t, db, models.Email, "ada@example.com,bob@example.com")
	n := newNotifier(t, db, box.address)
	reason := func() string {
		got, err := db.Receiver(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		return got.Failure
	}
	n.tell(t)
	if !strings.Contains(reason(), "No mail server is set") {
		t.Errorf("without a mail server: %q", reason())
	}
	host, port, _ := net.SplitHostPort(box.address)
	number, _ := strconv.Atoi(port)
	if err := db.SetMailServer(t.Context(), models.MailServer{Host: host, Port: number, Security: "none", From: "Switchyard <alerts@example.com>"}, models.By{Name: "test"}); err != nil {
		t.Fatal(err)
	}
	for _, phase := range []struct {
		begin func()
		want  string
	}{
		{func() { box.l.Close() }, "connection refused"},
		{func() { box.come(); box.says("451 4.7.1 ada@example.com is greylisted") }, "The mail server answered 451: it cannot take the mail now."},
		{func() { box.says("554 5.6.0 no, ada@example.com") }, "The mail server answered 554: it refuses the mail."},
	} {
		phase.begin()
		db.Advance(10 * time.Minute)
		if n.tell(t); !strings.Contains(reason(), phase.want) || strings.Contains(reason(), "ada@") {
			t.Errorf("failure = %q; want %q and no address", reason(), phase.want)
		}
	}
	box.says("")
	db.Advance(time.Hour)
	n.tell(t)
	n.tell(t)
	mails := box.took()
	if len(mails) != 1 {
		t.Fatalf("%d mails were taken; want one", len(mails))
	}
	wantMail(t, mails[0], r)
}

func wantMail(t *testing.T, raw string, r models.Receiver) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || m.Header.Get("Bcc") != "" || !strings.HasPrefix(subject, "Active: Endpoint latency of Claims Bcc: eve@evil.example") ||
		m.Header.Get("Message-Id") != "<"+r.PostID(1)+"@example.com>" || len(m.Header) != 8 {
		t.Errorf("headers = %v, subject %q, %v", m.Header, subject, err)
	}
	body, err := io.ReadAll(m.Body)
	text := strings.ReplaceAll(string(body), "=\r\n", "")
	if err != nil || strings.Count(text, "<b>@here") != 1 || // in its plain text
		strings.Contains(text, "\nBcc:") || !strings.Contains(text, "https://flows.example/alerts/1") || !strings.Contains(text, "&lt;b&gt;@here") {
		t.Errorf("body = %s, %v; want the link, and the name of the flow escaped in its HTML", text, err)
	}
}

// A process that ends between sending and writing it down has its post sent again under the same id.
func TestWhatWasSentAndNotWrittenIsSentAgainTheSame(t *testing.T) {
	db := modelstest.Open(t)
	well := newReceiver(t, db, status(200))
	r, _ := hears(t, db, models.WebHook, well.url())
	db.Gather()
	killed := newNotifier(t, db, well.address)
	c, ok := db.ClaimNext(r.ID)
	if !ok {
		t.Fatal("nothing is due")
	}
	killed.try(t.Context(), c) // and nothing more: the process ends here
	n := newNotifier(t, db, well.address)
	if n.tell(t); len(well.arrived()) != 1 {
		t.Fatalf("%d arrived within the lease; want 1", len(well.arrived()))
	}
	db.Advance(time.Minute)
	n.tell(t)
	n.tell(t)
	got := well.arrived()
	if len(got) != 2 || got[0].id() != got[1].id() || string(got[0].body) != string(got[1].body) {
		t.Fatalf("arrived %+v; want the same twice", got)
	}
}

func TestAStopWaitsForAPostAndCutsOffWhatHangs(t *testing.T) {
	db := modelstest.Open(t)
	never := make(chan struct{})
	hung := newReceiver(t, db, until(never))
	r, _ := hears(t, db, models.WebHook, hung.url())
	n := newNotifier(t, db, hung.address)
	n.poll, n.grace = time.Millisecond, 20*time.Millisecond
	begun := make(chan struct{})
	send := n.send
	n.send = func(ctx context.Context, c models.PostClaim) models.PostResult { close(begun); return send(ctx, c) }
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { n.run(ctx); close(done) }()
	<-begun
	stop()
	<-done
	posts, _, err := db.Posts(t.Context(), r.ID, 0, 0)
	if err != nil || len(posts) != 1 || posts[0].Attempts != 0 || posts[0].State != models.PostWaiting || posts[0].NextAt.After(db.Now()) {
		t.Errorf("after the stop: %+v, %v; want it due at once, not counted", posts, err)
	}
}

func TestAReceiverThatIsDeletedWhileItIsToldIsNoFault(t *testing.T) {
	db := modelstest.Open(t)
	var id int64
	well := newReceiver(t, db, func(w http.ResponseWriter, _ *http.Request) {
		if err := db.DeleteReceiver(t.Context(), id, models.By{Name: "test"}); err != nil {
			t.Error(err)
		}
	})
	r, _ := hears(t, db, models.WebHook, well.url())
	id = r.ID
	n := newNotifier(t, db, well.address)
	db.Gather()
	if err := n.serve(t.Context(), t.Context(), r.ID); err != nil || len(well.arrived()) != 1 {
		t.Errorf("serve = %v, %d arrived; want one and no fault", err, len(well.arrived()))
	}
}
