package wire_test

import (
	"bytes"
	"crypto"
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"testing"

	"switchyard/handlers/whatsapp/wire"
)

func FuzzParseWebhook(f *testing.F) {
	for _, name := range names(f, "webhooks") {
		f.Add(read(f, "webhooks", name))
	}
	for _, folder := range []string{"partner", "more"} {
		for _, name := range names(f, folder) {
			f.Add(read(f, folder, name))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		events, err := wire.ParseWebhook(body, wire.Meta)
		if !bytes.Equal(body, before) {
			t.Fatal("ParseWebhook changed the body")
		}
		if fields := wire.Fields(body); !bytes.Equal(body, before) || len(fields) > 100 || err == wire.ErrNotJSON && fields != nil {
			t.Fatalf("Fields = %d of a body that is now %q", len(fields), body)
		}
		if (err == wire.ErrNotJSON) == json.Valid(body) {
			t.Fatalf("ParseWebhook(%q) = %v; valid JSON is %t", body, err, json.Valid(body))
		}
		if err != nil {
			return
		}
		check(t, events)
		var compact bytes.Buffer
		if err := json.Compact(&compact, body); err != nil {
			t.Fatal(err)
		}
		again, err := wire.ParseWebhook(compact.Bytes(), wire.Meta)
		if err != nil {
			t.Fatalf("ParseWebhook of the compact form = %v", err)
		}
		if !reflect.DeepEqual(bare(events), bare(again)) {
			t.Errorf("the same JSON without spaces has other events:\n%+v\n%+v", events, again)
		}
	})
}

// check holds what callers rely on.
func check(t *testing.T, e wire.Events) {
	t.Helper()
	for _, m := range e.Messages {
		if m.ID == "" || !json.Valid(m.Raw) || m.Flow != nil && (m.Flow.Answers == nil) == (m.Flow.Reason == "") {
			t.Errorf("message without id, raw, or reason: %+v", m)
		}
	}
	for _, s := range e.Statuses {
		if s.MessageID == "" || s.State == "" || !json.Valid(s.Raw) {
			t.Errorf("status without id, state or raw: %+v", s)
		}
	}
	for _, v := range e.Flows {
		if v.FlowID == "" || v.Event == "" || len(v.Key) != 64 || !json.Valid(v.Raw) {
			t.Errorf("flow event without flow, kind, key or raw: %+v", v)
		}
	}
	for _, o := range e.Others {
		if len(o.Key) != 64 || !json.Valid(o.Raw) || o.Kind == "" || o.Summary == "" {
			t.Errorf("other event without key, raw, kind or summary: %+v", o)
		}
		if len(o.Summary) > 300 || len(o.Subject) > 120 || len(o.Channel) > 120 || strings.ContainsAny(o.Summary, "\r\n") {
			t.Errorf("other event with words that do not fit a row: %+v", o)
		}
	}
}

// bare leaves out what spaces may change.
func bare(e wire.Events) wire.Events {
	for i := range e.Messages {
		e.Messages[i].Raw = nil
		if r := e.Messages[i].Flow; r != nil { // an object instead of a text keeps its spaces
			r.Raw, r.Reason = "", ""
		}
	}
	for i := range e.Statuses {
		s := &e.Statuses[i]
		s.Raw, s.Pricing, s.Conversation = nil, nil, nil
	}
	for i := range e.Flows {
		e.Flows[i].Raw = nil
	}
	for i := range e.Others {
		e.Others[i].Raw = nil
	}
	return e
}

func FuzzOpen(f *testing.F) {
	own := keys(f, "key.pem")
	f.Add(read(f, "envelope", "request.json"))
	f.Add([]byte(`{"encrypted_flow_data":"","encrypted_aes_key":"","initial_vector":""}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		plain, reply, _, err := wire.Open(body, own)
		if err != nil && (err != wire.ErrCannotOpen || plain != nil || reply != nil) {
			t.Errorf("Open(%q) = %q, %v; want nothing and %v", body, plain, err, wire.ErrCannotOpen)
		}
		if err == nil && len(reply.Seal(plain)) == 0 {
			t.Error("Seal() is empty")
		}
	})
}

func FuzzParseRequest(f *testing.F) {
	for _, name := range names(f, "endpoint") {
		f.Add(read(f, "endpoint", name))
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		r, err := wire.ParseRequest(plain)
		if err != nil {
			return
		}
		if r.Data == nil {
			t.Error("Data is nil")
		}
		if _, _, ok := r.Notice(nil); ok && len(r.Data) > 3 {
			t.Errorf("Notice() of %d keys", len(r.Data))
		}
		for name, b := range map[string][]byte{
			"screen": wire.AnswerScreen(r.Version, r.Screen, r.Data), "finish": wire.AnswerFinish(r.Version, r.Token, r.Data), "expired": wire.AnswerExpired(r.Screen),
		} {
			if !json.Valid(b) {
				t.Errorf("%s answer = %q; want JSON", name, b)
			}
		}
	})
}

// zeros is a source of bytes that is the same each time, and the private key that knows so: without RSA's own
// randomness and cost the fuzzer sees what an input changes.
type zeros struct{}

func (zeros) Public() crypto.PublicKey { return nil }

func (zeros) Decrypt(io.Reader, []byte, crypto.DecrypterOpts) ([]byte, error) {
	return make([]byte, 16), nil
}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// FuzzSealedRequest mutates the plaintext and seals it properly, so that what lies behind the cipher is reached.
func FuzzSealedRequest(f *testing.F) {
	key := privateKey(f, "key.pem")
	for _, name := range names(f, "endpoint") {
		f.Add(read(f, "endpoint", name))
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		if len(plain) > 1<<20-16 {
			return
		}
		body, answer, err := wire.SealRequest(zeros{}, &key.PublicKey, plain)
		if err != nil {
			t.Fatal(err)
		}
		got, reply, _, err := wire.Open(body, []wire.Decrypter{zeros{}})
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("Open(SealRequest(%q)) = %q, %v", plain, got, err)
		}
		r, err := wire.ParseRequest(got)
		back := wire.AnswerScreen(r.Version, r.Screen, r.Data)
		if err != nil {
			back = wire.AnswerExpired(err.Error())
		}
		if opened, err := answer.Open(reply.Seal(back)); err != nil || !bytes.Equal(opened, back) {
			t.Errorf("answer to %q = %q, %v; want %q", plain, opened, err, back)
		}
	})
}

func FuzzSigned(f *testing.F) {
	f.Add(wire.Sign(secret, []byte("x")), []byte("x"))
	f.Add("sha256=", []byte(""))
	f.Fuzz(func(t *testing.T, header string, body []byte) {
		if got, want := wire.Signed(header, body, secret), header == wire.Sign(secret, body); got != want {
			t.Errorf("Signed(%q, %q) = %t; want %t", header, body, got, want)
		}
	})
}

func FuzzTokenSignature(f *testing.F) {
	f.Add(jwt(hs256, `{"flow_token":"t"}`, secret), "t")
	f.Add("..", "")
	f.Fuzz(func(t *testing.T, token, flowToken string) {
		if valid, bound := wire.VerifyTokenSignature(token, flowToken, secret); bound && !valid {
			t.Error("bound without a valid signature")
		}
	})
}
