package web_test

import (
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/web"
)

func TestAKeyTakesThePlaceOfAnotherStepByStep(t *testing.T) {
	s := openSite(t, func(c *web.Config) { c.GraphURL = "https://graph.example.com/v24.0" }).addUsers(t)
	call := `curl -X POST &#34;https://graph.example.com/v24.0/PHONE_NUMBER_ID/whatsapp_business_encryption&#34;`
	retire := func(id, after string) scenario {
		return scenario{as: "admin", method: "POST", path: "/keys/" + id + "/retire", form: url.Values{"after": {after}}}
	}
	keep := func(id string) scenario {
		return scenario{as: "admin", method: "POST", path: "/keys/" + id + "/keep", form: url.Values{}}
	}
	with := func(sc scenario, name string, status int, contains ...string) scenario {
		if status == 303 {
			sc.to = "/keys"
		}
		sc.name, sc.status, sc.contains, sc.absent = name, status, contains, []string{"PRIVATE KEY-----\nMII"}
		return sc
	}
	page := scenario{as: "admin", path: "/keys"}
	s.run(t, []scenario{
		with(page, "without a key", 200, "No key yet"),
		with(scenario{as: "admin", method: "POST", path: "/keys", form: url.Values{}}, "the first", 303),
		with(page, "one key", 200, call, "business_public_key=-----BEGIN PUBLIC KEY-----", "Make a new key, or import one.", "The call that tells which key WhatsApp has"),
		with(retire("1", "0s"), "the only one stays", 422, "This is the last live key. Add another one first."),
		with(scenario{as: "admin", method: "POST", path: "/keys", form: url.Values{}}, "the second", 303),
		with(page, "two keys", 200, "is the newest. The older ones go on opening requests.", "This step is done when a request was opened with it."),
		with(retire("1", "24h"), "an overlap before the upload", 303),
		with(page, "a warning", 200, "The newest key was not used yet: upload its public part for each phone number before the older one ends."),
	})
	if err := s.DB().CountKeyUses(t.Context(), map[int64]int64{2: 1}, models.Time{Time: time.Now()}); err != nil {
		t.Fatal(err)
	}
	s.run(t, []scenario{
		with(page, "the second is used", 200, "WhatsApp encrypts with the newest key."),
		with(retire("1", "168h"), "a longer overlap", 303),
		with(page, "the overlap", 200, "Opens requests until", "The older key ends by itself: ", "Change its end…", "Take its end away"),
		with(retire("1", "0s"), "the end", 303),
		with(page, "the end has come", 200, "Ended", "Retired"),
		with(retire("1", "24h"), "no second end", 422, "This key has ended already."),
		with(page, "a way back", 200, "Bring back"),
		with(keep("1"), "it is brought back", 303),
		with(page, "two live keys again", 200),
		with(keep("9"), "no such key to keep", 404),
		with(retire("9", "24h"), "no such key", 404),
		with(retire("2", "-1h"), "no time", 422, "Choose when the key ends."),
	})
}

func TestWhatIsWrongWithAnImportedKeyStandsWhereItCanBeMended(t *testing.T) {
	s := openSite(t).addUsers(t)
	pem := func(name string) string {
		raw, err := os.ReadFile("keys/testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	imported := func(name, text, passphrase string, status int, contains ...string) scenario {
		return scenario{name: name, as: "admin", method: "POST", path: "/keys/import", form: url.Values{"text": {text}, "passphrase": {passphrase}}, status: status,
			contains: contains, absent: []string{"sesame", strings.Split(text+"\n\n", "\n")[1] + "\n"}}
	}
	s.run(t, []scenario{
		imported("nothing", "", "", 422, "Choose the PEM file, or paste the key."),
		imported("too short", pem("bad-1024.pem"), "", 422, "The key has 1024 bits: WhatsApp accepts RSA keys of 2048 bits only."),
		imported("too long", pem("bad-3072.pem"), "", 422, "The key has 3072 bits: WhatsApp accepts RSA keys of 2048 bits only."),
		imported("no passphrase", pem("pkcs8-aes256.pem"), "", 422, `href="#passphrase"`, "This key is protected: give its passphrase."),
		imported("a wrong passphrase", pem("pkcs1-des3.pem"), "simsim", 422, `href="#passphrase"`, "The passphrase is wrong."),
		{name: "the right one", as: "admin", method: "POST", path: "/keys/import", form: url.Values{"text": {pem("pkcs1-des3.pem")}, "passphrase": {"sesame"}}, status: 303, to: "/keys"},
		imported("again", pem("pkcs8.pem"), "", 422, "This key is here already."),
	})
}
