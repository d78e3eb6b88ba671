package whatsapp_test

import (
	"testing"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/handlers/whatsapp/wire/wiretest"
	"switchyard/models"
)

// Each is refused before RSA: what costs us most is only done for who knows the secret.
func TestABadSignatureCostsNoRSA(t *testing.T) {
	d := newDesk(t)
	must(t, "SetSetting", d.SetSetting(t.Context(), models.AppSecret, "now", models.By{}))
	must(t, "SetSetting", d.SetSetting(t.Context(), models.PreviousAppSecret, "before", models.By{}))
	d.flow(t, "appointment", "appointment")
	own := d.flow(t, "claim", "", withoutJSON)
	for _, secret := range []string{"0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"} {
		must(t, "SetFlowAppSecret", d.SetFlowAppSecret(t.Context(), own.ID, secret, models.By{}))
	}
	d.refresh(t)
	body, _ := d.seal(t, read(t, "endpoint", "ping.json"))
	for slug, secrets := range map[string][]string{"appointment": {"now", "before"}, "claim": {"fedcba9876543210fedcba9876543210", "0123456789abcdef0123456789abcdef"}} {
		for _, secret := range secrets {
			bad := wiretest.Signatures(secret, body)
			bad["signed for the other flow"] = wire.Sign(map[string]string{"appointment": "fedcba9876543210fedcba9876543210", "claim": "now"}[slug], body)
			if len(bad) < 40 {
				t.Fatalf("%d signatures; want at least 40", len(bad))
			}
			before := d.decryptions.Load()
			for name, signature := range bad {
				if w := d.post("/flow-endpoint/"+slug, body, wire.SignatureHeader, signature); w.Code != 432 || w.Body.Len() > 0 {
					t.Errorf("%s, secret %q, %s: POST = %d %q; want 432 and no word", slug, secret, name, w.Code, w.Body)
				}
			}
			if n := d.decryptions.Load() - before; n > 0 {
				t.Errorf("%s, secret %q: %d decryptions; want none before a good signature", slug, secret, n)
			}
			if w := d.post("/flow-endpoint/"+slug, body, wire.SignatureHeader, wire.Sign(secret, body)); w.Code != 200 {
				t.Errorf("%s, secret %q: POST with a good signature = %d; want 200", slug, secret, w.Code)
			}
		}
	}
}
