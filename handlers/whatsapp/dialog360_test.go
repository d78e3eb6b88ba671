package whatsapp_test

import (
	"encoding/base64"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"switchyard/handlers/whatsapp"
	"switchyard/models"
)

const dialogSecret = "what 360dialog shows"

func newDialogHook(secret string) *hook {
	h := newHook(func(h *hook) { h.Dialog360Secret = func() string { return secret } })
	return h
}

// knock sends a body with headers in pairs.
func (h *hook) knock(body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "/webhooks/360dialog", strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

func TestOnlyWhoShowsTheSecretOf360dialogDelivers(t *testing.T) {
	const header = whatsapp.Dialog360Header
	for _, c := range []struct {
		name    string
		headers []string
		status  int
	}{
		{"header", []string{header, dialogSecret}, 200},
		{"header in another spelling", []string{"x-switchyard-secret", dialogSecret}, 200},
		{"basic", []string{"Authorization", basic("360dialog", dialogSecret)}, 200},
		{"both", []string{header, dialogSecret, "Authorization", basic("360dialog", dialogSecret)}, 200},
		{"nothing", nil, 401},
		{"empty header", []string{header, ""}, 401},
		{"wrong header", []string{header, dialogSecret + "x"}, 401},
		{"the beginning", []string{header, dialogSecret[:5]}, 401},
		{"two headers", []string{header, dialogSecret, header, "x"}, 401},
		{"wrong user", []string{"Authorization", basic("admin", dialogSecret)}, 401},
		{"wrong password", []string{"Authorization", basic("360dialog", "x")}, 401},
		{"no password", []string{"Authorization", basic("360dialog", "")}, 401},
		{"a bearer", []string{"Authorization", "Bearer " + dialogSecret}, 401},
		{"broken base64", []string{"Authorization", "Basic !"}, 401},
	} {
		h := newDialogHook(dialogSecret)
		got := h.knock(`{"id":"e","event":"channel_live","data":{}}`, c.headers...)
		if got.Code != c.status || (len(h.stored) == 1) != (c.status == 200) {
			t.Errorf("%s: %d, %d stored; want %d", c.name, got.Code, len(h.stored), c.status)
		}
		want := []string{models.MarkDialog360}
		if c.status == 401 {
			want = []string{models.MarkDialog360Bad + " 192.0.2.0/24"}
		}
		if !slices.Equal(h.marks, want) {
			t.Errorf("%s: marks = %q; want %q", c.name, h.marks, want)
		}
	}
}

func TestWithoutASecretOf360dialogNothingOfItIsTaken(t *testing.T) {
	h := newDialogHook("")
	for _, headers := range [][]string{nil, {whatsapp.Dialog360Header, ""}, {"Authorization", basic("360dialog", "")}} {
		if got := h.knock(`{}`, headers...); got.Code != 503 || len(h.stored) != 0 {
			t.Errorf("%q: %d, %d stored; want 503 and nothing", headers, got.Code, len(h.stored))
		}
	}
	if h.marks[0] != models.MarkDialog360NoSecret+" 192.0.2.0/24" || h.counts[0] != "no_secret" {
		t.Errorf("marks %q, counts %q", h.marks, h.counts)
	}
}

func TestADeliveryOf360dialogIsKeptByteForByte(t *testing.T) {
	h := newDialogHook(dialogSecret)
	const body = "{\"id\" : \"e\", \n\"event\":\"\\u0063hannel_live\",\"data\":{}}"
	h.knock(body, whatsapp.Dialog360Header, dialogSecret, "Content-Type", "application/json")
	if d := h.stored[0]; string(d.Body) != body || d.Source != "360dialog" || d.ContentType != "application/json" || d.Signature != "" {
		t.Errorf("stored %+v; want the body of 360dialog as it came", d)
	}
	big := h.knock(strings.Repeat(" ", 5<<20), whatsapp.Dialog360Header, dialogSecret)
	if big.Code != 413 || len(h.stored) != 1 {
		t.Errorf("5 MiB: %d, %d stored; want 413 and no more", big.Code, len(h.stored))
	}
}
