package outbound_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"switchyard/web/outbound"
)

// The vector that the libraries of Standard Webhooks publish.
const (
	vectorSecret    = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	vectorID        = "msg_p5jXN8AQM9LWM0D4loKWxJek"
	vectorTime      = 1614265330
	vectorBody      = `{"test": 2432232314}`
	vectorSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
)

func TestASignatureIsThatOfStandardWebhooks(t *testing.T) {
	secret, err := outbound.ParseSecret(vectorSecret)
	if err != nil {
		t.Fatal(err)
	}
	h := http.Header{}
	outbound.SetSignature(h, vectorID, time.Unix(vectorTime, 999), []byte(vectorBody), secret)
	for name, want := range map[string]string{"webhook-id": vectorID, "webhook-timestamp": "1614265330", "webhook-signature": vectorSignature} {
		if got := h.Get(name); got != want {
			t.Errorf("%s = %q; want %q", name, got, want)
		}
	}
}

func TestTwoSecretsGiveTwoSignatures(t *testing.T) {
	old, _ := outbound.ParseSecret(vectorSecret)
	next, err := outbound.ParseSecret(base64.StdEncoding.EncodeToString([]byte("another secret of 32 bytes length")))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(vectorTime, 0)
	both := strings.Fields(outbound.Sign(vectorID, at, []byte(vectorBody), next, old))
	if len(both) != 2 || both[1] != vectorSignature || both[0] == both[1] || both[0] != outbound.Sign(vectorID, at, []byte(vectorBody), next) {
		t.Errorf("Sign with two secrets = %q; want the signature of each, newest first", both)
	}
}

func TestSecretsAreReadInTheirBoundsAndNeverPrinted(t *testing.T) {
	for bytes, ok := range map[int]bool{0: false, 23: false, 24: true, 64: true, 65: false} {
		text := "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, bytes))
		if _, err := outbound.ParseSecret(text); (err == nil) != ok {
			t.Errorf("ParseSecret of %d bytes = %v; want ok %v", bytes, err, ok)
		}
	}
	_, err := outbound.ParseSecret("whsec_not base64 at all, and secret")
	if err == nil || strings.Contains(err.Error(), "at all") {
		t.Errorf("ParseSecret of other text = %v; want an error without it", err)
	}
	secret, err := outbound.ParseSecret(vectorSecret)
	if err != nil {
		t.Fatal(err)
	}
	if printed := fmt.Sprintf("%v %s %#v", secret, secret, secret); bytes.Contains([]byte(printed), secret) || printed != "… … …" {
		t.Errorf("printed = %q; want nothing of the secret", printed)
	}
}
