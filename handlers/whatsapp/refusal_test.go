package whatsapp_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http/httptest"
	"strings"
	"testing"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
)

func TestEveryRefusalHasItsStatus(t *testing.T) {
	d := newDesk(t)
	d.flow(t, "appointment", "appointment")
	d.flow(t, "claim", "", withoutJSON)
	d.flow(t, "survey", "", func(f *models.Flow) { f.Mode = models.Plain })
	sealed, _ := d.seal(t, initial("x.1"))
	flipped := bytes.Clone(sealed)
	flipped[len(flipped)/2] ^= 1
	other := &desk{key: newKey()}
	foreign, _ := other.seal(t, initial("x.1"))
	for _, c := range []struct {
		name, target string
		body         []byte
		status       int
		result       string
	}{
		{"an unknown slug", "/flow-endpoint/nowhere", sealed, 404, "unknown_flow"},
		{"an empty body", "/flow-endpoint/appointment", nil, 421, "appointment cannot_open"},
		{"plain JSON for an encrypted flow", "/flow-endpoint/appointment", read(t, "endpoint", "ping-plain.json"), 421, "appointment cannot_open"},
		{"a changed envelope", "/flow-endpoint/appointment", flipped, 421, "appointment cannot_open"},
		{"another key", "/flow-endpoint/appointment", foreign, 421, "appointment cannot_open"},
		{"over 1 MiB", "/flow-endpoint/appointment", make([]byte, 1<<20+1), 413, ""},
		{"no rules and no Flow JSON", "/flow-endpoint/claim", sealed, 503, "claim unready"},
		{"an envelope for a plain flow", "/flow-endpoint/survey", sealed, 421, "survey cannot_open"},
		{"no JSON for a plain flow", "/flow-endpoint/survey", []byte("hello"), 400, "survey unreadable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d.results = nil
			w := d.post(c.target, c.body)
			if w.Code != c.status || (c.status == 421) != (w.Body.Len() == 0) {
				t.Errorf("POST %s = %d %q; want %d", c.target, w.Code, w.Body, c.status)
			}
			if got := strings.Join(d.results, ","); got != c.result {
				t.Errorf("observed %q; want %q", got, c.result)
			}
		})
	}
	if d.noted(models.MarkCannotOpen) != 5 {
		t.Errorf("%d marks of what cannot be opened; want 5", d.noted(models.MarkCannotOpen))
	}
}

// An answer of 421 would make the phone fetch the key again, which is right.
func TestARequestThatOpensAndCannotBeReadGetsTheFallback(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "appointment", func(f *models.Flow) { f.FallbackMessage = "Bitte noch einmal." })
	d.talk(t, "appointment", initial("a.1"), "APPOINTMENT")
	chosen := object{"department": "dental", "date": "2026-12-01", "time": "10:30"}
	d.talk(t, "appointment", exchange("a.1", "APPOINTMENT", chosen), "DETAILS")
	for name, request := range map[string][]byte{
		"a list":         []byte("[]"),
		"no JSON":        []byte("hello"),
		"data is a list": []byte(`{"version":"3.0","action":"data_exchange","screen":"APPOINTMENT","flow_token":"a.1","data":[1]}`),
	} {
		if got := d.talk(t, "appointment", request, "APPOINTMENT"); got["error_message"] != "Bitte noch einmal." {
			t.Errorf("%s: %v; want the flow's fallback", name, got)
		}
	}
	v, steps := d.visit(t, f.ID, "a.1")
	if last := steps[len(steps)-1]; len(steps) != 3 || len(last.Faults) != 1 || !strings.HasPrefix(last.Faults[0], "The request could not be read: data is not a JSON object.") {
		t.Errorf("%d steps, the last %+v; want 3, and what was wrong", len(steps), last)
	}
	if v.Answers["APPOINTMENT"]["time"] != "10:30" {
		t.Errorf("answers = %v; want those that were read", v.Answers)
	}
	if status, answer := d.ask(t, "appointment", []byte(`{"version":"3.0","action":"ping","data":[]}`)); status != 200 || answer["data"].(object)["status"] != "active" {
		t.Errorf("a ping whose data is a list = %d %v; want active", status, answer)
	}
	if d.noted(models.MarkCannotOpen) != 0 {
		t.Error("what could be opened is marked as if it could not")
	}
}

func TestABrowserIsToldThatTheAddressIsForWhatsApp(t *testing.T) {
	d := newDesk(t)
	w := httptest.NewRecorder()
	d.ServeHTTP(w, httptest.NewRequest("GET", "/flow-endpoint/appointment", nil))
	if w.Code != 405 || w.Header().Get("Allow") != "POST" || w.Body.String() != "This address is for WhatsApp; test it on the flow's page.\n" {
		t.Errorf("GET = %d, Allow %q, %q; want 405, POST and where to go", w.Code, w.Header().Get("Allow"), w.Body)
	}
}

func TestTheSignatureIsCheckedBeforeRSA(t *testing.T) {
	d := newDesk(t)
	must(t, "SetSetting", d.SetSetting(t.Context(), models.AppSecret, "now", models.By{}))
	must(t, "SetSetting", d.SetSetting(t.Context(), models.PreviousAppSecret, "before", models.By{}))
	d.flow(t, "appointment", "appointment")
	d.flow(t, "claim", "", func(f *models.Flow) { f.CheckSignature = false })
	body, _ := d.seal(t, read(t, "endpoint", "ping.json"))
	now, before := wire.Sign("now", body), wire.Sign("before", body)
	for _, c := range []struct {
		name, slug string
		signatures []string
		status     int
	}{
		{"the current secret", "appointment", []string{now}, 200},
		{"the previous secret", "appointment", []string{before}, 200},
		{"no signature", "appointment", nil, 432},
		{"another secret", "appointment", []string{wire.Sign("guess", body)}, 432},
		{"another body", "appointment", []string{wire.Sign("now", body[1:])}, 432},
		{"two signatures", "appointment", []string{now, now}, 432},
		{"the check switched off", "claim", nil, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			d.decryptions.Store(0)
			var header []string
			for _, s := range c.signatures {
				header = append(header, wire.SignatureHeader, s)
			}
			w := d.post("/flow-endpoint/"+c.slug, body, header...)
			if w.Code != c.status {
				t.Errorf("POST = %d; want %d", w.Code, c.status)
			}
			if n := d.decryptions.Load(); (n == 0) != (c.status == 432) || c.status == 432 && w.Body.Len() != 0 {
				t.Errorf("%d decryptions, body %q", n, w.Body)
			}
		})
	}
	if d.noted(models.MarkBadFlowSig) != 4 {
		t.Errorf("%d marks of bad signatures; want 4", d.noted(models.MarkBadFlowSig))
	}
}

// jwt signs claims as Meta does (protocol.md §3.3).
func jwt(secret, claims string) string {
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

func TestTheTokensSignatureIsCheckedWhenThereIsOne(t *testing.T) {
	d := newDesk(t)
	must(t, "SetSetting", d.SetSetting(t.Context(), models.AppSecret, "now", models.By{}))
	d.flow(t, "appointment", "appointment")
	for _, c := range []struct {
		name, jwt string
		status    int
		unbound   int
	}{
		{"none", "", 200, 0},
		{"right", jwt("now", `{"flow_token":"x.1"}`), 200, 0},
		{"right, another claim", jwt("now", `{"sub":"x.1"}`), 200, 0},
		{"right, of another token", jwt("now", `{"flow_token":"x.2"}`), 200, 1},
		{"another secret", jwt("guess", `{"flow_token":"x.1"}`), 432, 1},
		{"no JWT", "x.1", 432, 1},
	} {
		request := initial("x.1")
		request["flow_token_signature"] = c.jwt
		body, _ := d.seal(t, request)
		w := d.post("/flow-endpoint/appointment", body, wire.SignatureHeader, wire.Sign("now", body))
		if w.Code != c.status || d.noted(models.MarkUnboundToken) != c.unbound {
			t.Errorf("%s: %d, %d marks of unbound tokens; want %d, %d", c.name, w.Code, d.noted(models.MarkUnboundToken), c.status, c.unbound)
		}
	}
}

func TestAPlainFlowAsksForItsSecret(t *testing.T) {
	d := newDesk(t)
	open := d.flow(t, "survey", "", func(f *models.Flow) { f.Mode = models.Plain })
	ping := read(t, "endpoint", "ping-plain.json")
	if w := d.post("/flow-endpoint/survey", ping); w.Code != 200 || w.Body.String() != `{"data":{"status":"active"}}` ||
		w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("ping without a secret = %d %q %q; want 200, active, JSON", w.Code, w.Body, w.Header().Get("Content-Type"))
	}
	must(t, "SetFlowSecret", d.SetFlowSecret(t.Context(), open.ID, "s3cret-of-survey-0t", models.By{}))
	d.refresh(t)
	for _, c := range []struct {
		name, path string
		header     []string
		status     int
	}{
		{"none", "", nil, 401},
		{"header", "", []string{"X-Switchyard-Secret", "s3cret-of-survey-0t"}, 200},
		{"bearer", "", []string{"Authorization", "Bearer s3cret-of-survey-0t"}, 200},
		{"bearer in small letters", "", []string{"Authorization", "bearer s3cret-of-survey-0t"}, 200},
		{"no scheme", "", []string{"Authorization", "s3cret-of-survey-0t"}, 401},
		{"path", "/s3cret-of-survey-0t", nil, 200},
		{"wrong header", "", []string{"X-Switchyard-Secret", "S3cret-of-survey-0t"}, 401},
		{"wrong bearer", "", []string{"Authorization", "Bearer s3cret-of-survey-0t "}, 401},
		{"another scheme", "", []string{"Authorization", "Basic s3cret-of-survey-0t"}, 401},
		{"wrong path", "/s3cret-of-survey-0", nil, 401},
		{"empty header", "", []string{"X-Switchyard-Secret", ""}, 401},
	} {
		if w := d.post("/flow-endpoint/survey"+c.path, ping, c.header...); w.Code != c.status {
			t.Errorf("%s: %d; want %d", c.name, w.Code, c.status)
		}
	}
}
