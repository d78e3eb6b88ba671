package wire_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"testing"

	"switchyard/handlers/whatsapp/wire"
)

// BenchmarkOpenSeal beside BenchmarkBareRSA shows what the envelope costs beyond the one RSA operation it cannot do without.
func BenchmarkOpenSeal(b *testing.B) {
	key := privateKey(b, "key.pem")
	plain := read(b, "endpoint", "data-exchange.json")
	body, _, err := wire.SealRequest(rand.Reader, &key.PublicKey, plain)
	if err != nil {
		b.Fatal(err)
	}
	keys := []wire.Decrypter{key}
	b.ReportAllocs()
	for b.Loop() {
		_, reply, _, err := wire.Open(body, keys)
		if err != nil {
			b.Fatal(err)
		}
		reply.Seal(plain)
	}
}

func BenchmarkBareRSA(b *testing.B) {
	key := privateKey(b, "key.pem")
	opts := &rsa.OAEPOptions{Hash: crypto.SHA256}
	blob, err := rsa.EncryptOAEPWithOptions(rand.Reader, &key.PublicKey, make([]byte, 16), opts)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := key.Decrypt(nil, blob, opts); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseWebhook(b *testing.B) {
	for _, name := range []string{"flow-response.json", "status-read.json", "alert-endpoint-error-rate-activated.json", "batch-mixed.json"} {
		b.Run(name, func(b *testing.B) {
			body := read(b, "webhooks", name)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := wire.ParseWebhook(body, wire.Meta); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSigned(b *testing.B) {
	body := read(b, "webhooks", "flow-response.json")
	header := wire.Sign(secret, body)
	b.ReportAllocs()
	for b.Loop() {
		if !wire.Signed(header, body, secret) {
			b.Fatal("not signed")
		}
	}
}
