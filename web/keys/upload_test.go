package keys_test

import (
	"os/exec"
	"strings"
	"testing"

	"switchyard/web/keys"
)

// A shell reads the calls, with a curl that shows what it was given.
func TestTheCallsAreWhatMetaTakesWhenPastedIntoAShell(t *testing.T) {
	pem := keys.PublicPEM(&original(t).PublicKey)
	path := "https://graph.example.com/v24.0/PHONE_NUMBER_ID/whatsapp_business_encryption\x00-H\x00Authorization: Bearer ACCESS_TOKEN\x00"
	for call, want := range map[string]string{
		keys.UploadCall("https://graph.example.com/v24.0", pem): "-X\x00POST\x00" + path + "--data-urlencode\x00business_public_key=" + strings.TrimSpace(pem) + "\x00",
		keys.UploadCall("https://graph.example.com/v24.0", ""):  "-X\x00POST\x00" + path + "--data-urlencode\x00business_public_key@public.pem\x00",
		keys.AskCall("https://graph.example.com/v24.0"):         path,
	} {
		got, err := exec.CommandContext(t.Context(), "sh", "-c", `curl() { for word; do printf '%s\0' "$word"; done; }`+"\n"+call).CombinedOutput()
		if err != nil || string(got) != want {
			t.Errorf("%s\nis %q, %v; want %q", call, got, err, want)
		}
	}
}
