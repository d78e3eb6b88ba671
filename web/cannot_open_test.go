package web_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/handlers/whatsapp/wire/wiretest"
	"switchyard/web"
	"switchyard/web/keys"
)

// refuser is a server with that library that knows one key, with what it must open and what not.
func refuser(t testing.TB, library string) (s *site, good []byte, bad map[string][]byte) {
	t.Helper()
	s = &site{log: &syncBuffer{}}
	cfg := testConfig(t, s.log)
	cfg.Crypto = library
	var err error
	if s.App, err = web.New(cfg); err != nil {
		t.Fatal(err)
	}
	s.addFlow(t, "appointment", "691244242662581")
	foreign, err := keys.Generate()
	if err != nil {
		t.Fatal(err)
	}
	good, bad = wiretest.Envelopes(t, s.addKey(t), &foreign.PublicKey)
	s.App.Start()
	s.server = httptest.NewServer(s.Handler())
	t.Cleanup(func() { s.server.Close(); s.Close() })
	eventually(t, "opens what is good", func() bool { status, _ := s.refused(t, good); return status == http.StatusOK })
	return s, good, bad
}

// refused posts a body that is signed as it is.
func (s *site) refused(t testing.TB, body []byte) (status int, answer string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.server.URL+"/flow-endpoint/appointment", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set(wire.SignatureHeader, wire.Sign("app-secret", body))
	resp, err := s.server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func TestNothingIsToldOfAnEnvelopeThatCannotBeOpenedWhoeverDecrypts(t *testing.T) {
	for _, library := range []string{keys.Go, keys.Auto} {
		s, good, bad := refuser(t, library)
		for _, name := range slices.Sorted(maps.Keys(bad)) {
			want := http.StatusMisdirectedRequest
			if len(bad[name]) > 1<<20 {
				want = http.StatusRequestEntityTooLarge
			}
			if status, answer := s.refused(t, bad[name]); status != want || want == 421 && answer != "" {
				t.Errorf("%s, %s: POST = %d %q; want %d and no word", library, name, status, answer, want)
			}
		}
		if status, _ := s.refused(t, good); status != http.StatusOK {
			t.Errorf("%s: the good envelope after the bad = %d; want 200", library, status)
		}
		if log := s.log.String(); strings.Contains(log, `"level":"ERROR"`) || strings.Contains(log, "panic") {
			t.Errorf("%s: the log tells of a fault:\n%s", library, log)
		}
	}
}

// refusals stand for the places where opening may end; the differences of their times are all that a forger sees.
var refusals = []string{
	"OAEP with SHA-1", "MGF1 with SHA-1", "a label", "another RSA key", "key blob of zeros", "key blob above the modulus", "a bit of encrypted_aes_key",
	"AES key of 15 bytes", "AES key of 24 bytes", "AES key of 32 bytes", "tag bit 0", "tag bit 127", "a bit of initial_vector", "a bit of encrypted_flow_data",
}

// BenchmarkRefusal tells how far apart the medians of the times are that each kind of refusal takes, by real HTTP.
func BenchmarkRefusal(b *testing.B) {
	for _, library := range []string{keys.Go, keys.Auto} {
		b.Run("rsa="+library, func(b *testing.B) {
			s, _, bad := refuser(b, library)
			times := map[string][]time.Duration{}
			for b.Loop() {
				for _, name := range refusals { // in turn, so that all meet the same machine
					start := time.Now()
					if status, _ := s.refused(b, bad[name]); status != http.StatusMisdirectedRequest {
						b.Fatalf("%s: POST = %d; want 421", name, status)
					}
					times[name] = append(times[name], time.Since(start))
				}
			}
			var medians []time.Duration
			for _, all := range times {
				slices.Sort(all)
				medians = append(medians, all[len(all)/2])
			}
			b.ReportMetric(float64((slices.Max(medians)-slices.Min(medians)).Microseconds())/1000, "ms-apart")
			b.ReportMetric(float64(slices.Min(medians).Microseconds())/1000, "ms-fastest")
		})
	}
}
