package whatsapp_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
)

// post sends bytes as they are; header is name, value, name, value.
func (d *desk) post(target string, body []byte, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", target, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for pair := range slices.Chunk(header, 2) {
		r.Header.Add(pair[0], pair[1])
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

// An object is JSON to send or as it came back.
type object = map[string]any

// seal makes an envelope to a key.
func (d *desk) seal(t testing.TB, request any) ([]byte, *wire.Opener) {
	t.Helper()
	plain, ok := request.([]byte)
	if !ok {
		var err error
		plain, err = json.Marshal(request)
		must(t, "Marshal", err)
	}
	body, opener, err := wire.SealRequest(rand.Reader, &d.key.PublicKey, plain)
	must(t, "SealRequest", err)
	return body, opener
}

// ask exchanges one sealed request and returns status and opened answer.
func (d *desk) ask(t testing.TB, slug string, request any, header ...string) (int, object) {
	t.Helper()
	body, opener := d.seal(t, request)
	w := d.post("/flow-endpoint/"+slug, body, header...)
	if w.Code != 200 && w.Code != 427 {
		return w.Code, nil
	}
	if got := w.Header().Get("Content-Type"); got != "text/plain" {
		t.Errorf("Content-Type of a sealed answer = %q; want text/plain", got)
	}
	plain, err := opener.Open(w.Body.Bytes())
	must(t, "Open", err)
	return w.Code, decode(t, plain)
}

func decode(t testing.TB, plain []byte) object {
	t.Helper()
	var answer object
	must(t, "Unmarshal of "+string(plain), json.Unmarshal(plain, &answer))
	return answer
}

// talk exchanges and checks the screen that comes back; "427" stands for that status. It returns the data.
func (d *desk) talk(t testing.TB, slug string, request any, screen string) object {
	t.Helper()
	status, answer := d.ask(t, slug, request)
	got := fmt.Sprint(status)
	if status == 200 {
		got, _ = answer["screen"].(string)
	}
	if got != screen {
		t.Fatalf("%s answers %v with %d %v; want %s", slug, say(request), status, answer, screen)
	}
	data, _ := answer["data"].(object)
	return data
}

func say(request any) string {
	if b, ok := request.([]byte); ok {
		return string(b)
	}
	b, _ := json.Marshal(request)
	return string(b)
}

func initial(token string) object {
	return object{"version": "3.0", "action": "INIT", "screen": "", "data": object{}, "flow_token": token}
}

func exchange(token, screen string, data object) object {
	return object{"version": "3.0", "action": "data_exchange", "screen": screen, "data": data, "flow_token": token}
}

func back(token, screen string) object {
	return object{"version": "3.0", "action": "BACK", "screen": screen, "data": object{}, "flow_token": token}
}

// visit returns a token's newest run when everything is recorded.
func (d *desk) visit(t testing.TB, flowID int64, token string) (models.Visit, []models.Step) {
	t.Helper()
	v, err := d.NewestVisit(t.Context(), flowID, token)
	must(t, "NewestVisit", err)
	steps, err := d.VisitSteps(t.Context(), v.ID)
	must(t, "VisitSteps", err)
	return v, steps
}

func read(t testing.TB, path ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(append([]string{"testdata"}, path...)...))
	must(t, "ReadFile", err)
	return b
}

func must(t testing.TB, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// eventually waits until what holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after 10 s it is not so that %s", what)
		}
	}
}
