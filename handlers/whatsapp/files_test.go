package whatsapp_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"switchyard/handlers/whatsapp"
	"switchyard/models"
)

// attachedPhoto is a photo as a phone tells of it; its hash and keys are the letter repeated.
func attachedPhoto(id, name, letter string) object {
	b := func(n int) string { return base64.StdEncoding.EncodeToString([]byte(strings.Repeat(letter, n))) }
	return object{"media_id": id, "file_name": name, "cdn_url": "https://mmg.whatsapp.net/v/confided-" + id, "encryption_metadata": object{
		"encrypted_hash": b(32), "iv": b(16), "encryption_key": b(32), "hmac_key": b(32), "plaintext_hash": b(32)}}
}

func TestAttachedFilesAreKeptAndTheirKeysNowhereElse(t *testing.T) {
	d := newDesk(t)
	d.claimKinds(t)
	f := d.flow(t, "claim", "claim")
	const token = "claim.f1"
	d.talk(t, "claim", initial(token), "POLICY")
	d.talk(t, "claim", exchange(token, "POLICY", object{"policy_no": "AB-123456", "pin": "1234"}), "INCIDENT")
	d.talk(t, "claim", exchange(token, "INCIDENT", object{"kind": "theft", "period": object{"start-date": "2026-11-01", "end-date": "2026-11-02"},
		"amount": "731946", "police_ref": "P-1", "tags": []any{}}), "EVIDENCE")
	photos := object{"photos": []any{attachedPhoto("m1", "a.jpg", "k"), attachedPhoto("m2", "<b>.svg", "l")}}
	d.talk(t, "claim", exchange(token, "EVIDENCE", photos), "REVIEW")
	d.talk(t, "claim", exchange(token, "EVIDENCE", photos), "REVIEW") // sent again

	v, steps := d.visit(t, f.ID, token)
	if got, want := fmt.Sprint(v.Answers["EVIDENCE"]["photos"]), "[map[file_name:a.jpg media_id:m1] map[file_name:<b>.svg media_id:m2]]"; got != want {
		t.Errorf("answers keep %s; want %s", got, want)
	}
	for _, s := range steps {
		if text := string(s.Data) + string(s.Answer); strings.Contains(text, "confided") || strings.Contains(text, "encryption") {
			t.Errorf("a step keeps %s", text)
		}
	}
	due, err := d.ClaimFiles(t.Context(), 10, time.Minute)
	must(t, "ClaimFiles", err)
	if len(due) != 2 {
		t.Fatalf("%d files are due; want 2", len(due))
	}
	for i, file := range due {
		if file.VisitID != v.ID || file.FlowID != f.ID || file.Screen != "EVIDENCE" || file.Field != "photos" || file.Place != i || file.Source == nil ||
			file.Source.URL != "https://mmg.whatsapp.net/v/confided-"+file.CDNID || len(file.Source.Key) != 32 {
			t.Errorf("file %d = %+v from %+v", i, file.File, file.Source)
		}
	}
	if due[1].Name != "<b>.svg" {
		t.Errorf("name = %q; want it as the phone said it", due[1].Name)
	}
	for _, secret := range []string{"confided", base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32)))} {
		if d.Holds(secret) {
			t.Errorf("%q stands in the database in clear text", secret)
		}
	}
}

func TestAFieldHoldsThirtyFiles(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "claim", "claim")
	var many []any
	for i := range 31 {
		many = append(many, attachedPhoto(fmt.Sprint("m", i), "a.jpg", string(rune('A'+i))))
	}
	d.ask(t, "claim", initial("claim.f2"))
	d.ask(t, "claim", exchange("claim.f2", "EVIDENCE", object{"photos": many}))
	v, steps := d.visit(t, f.ID, "claim.f2")
	files, err := d.ResponseFiles(t.Context(), 0, v.ID)
	must(t, "ResponseFiles", err)
	if faults := fmt.Sprint(steps[len(steps)-1].Faults); len(files) != 30 || !strings.Contains(faults, "More than 30 files") {
		t.Errorf("%d files, faults %s; want 30 and a word about the rest", len(files), faults)
	}
}

func TestFilesOfACompletedFlowAreRead(t *testing.T) {
	body := read(t, "webhooks", "flow-response-media.json")
	decoded := whatsapp.Decode(models.Delivery{ID: 1, Source: "meta", Body: body})
	files := decoded.Messages[0].Flow.Files
	if len(files) != 1 || files[0].MetaID != "790223930044455" || files[0].Name != "IMG_5237.jpg" || files[0].Declared != "image/jpeg" ||
		files[0].Field != "photos" || len(files[0].SHA256) != 32 || files[0].Source != nil {
		t.Errorf("files = %+v; want the one photo", files)
	}
}
