package models

import (
	"bytes"
	"errors"
	"testing"
)

func testSealer(t *testing.T, fill byte) *sealer {
	t.Helper()
	s, err := newSealer(bytes.Repeat([]byte{fill}, masterKeySize))
	if err != nil {
		t.Fatalf("newSealer = %v", err)
	}
	return s
}

func TestSealedValueOpensInItsPlaceOnly(t *testing.T) {
	s, p := testSealer(t, 1), inRow("flows", 3, "sealed_secret")
	sealed, err := s.seal(p, []byte("the secret"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.open(p, sealed); string(got) != "the secret" || err != nil {
		t.Errorf("open(%v) = %q, %v; want the secret", p, got, err)
	}
	for _, other := range []place{inRow("flows", 4, "sealed_secret"), inRow("keys", 3, "sealed_secret"), inRow("flows", 3, "sealed_app_secret")} {
		if got, err := s.open(other, sealed); !errors.Is(err, errSealed) {
			t.Errorf("open(%v) of a value from %v = %q, %v; want errSealed", other, p, got, err)
		}
	}
	if got, err := testSealer(t, 2).open(p, sealed); !errors.Is(err, errSealed) {
		t.Errorf("open with another master key = %q, %v; want errSealed", got, err)
	}
}

func TestEveryFlippedBitOfASealedValueIsRejected(t *testing.T) {
	s, p := testSealer(t, 1), inRow("flows", 3, "sealed_secret")
	sealed, err := s.seal(p, []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range sealed {
		for bit := range 8 {
			b := []byte(sealed)
			b[i] ^= 1 << bit
			if got, err := s.open(p, string(b)); !errors.Is(err, errSealed) {
				t.Fatalf("open(%q), bit %d of byte %d flipped = %q, %v; want errSealed", b, bit, i, got, err)
			}
		}
	}
	for n := range sealed {
		if got, err := s.open(p, sealed[:n]); !errors.Is(err, errSealed) {
			t.Fatalf("open of the first %d bytes = %q, %v; want errSealed", n, got, err)
		}
	}
}

func TestSealingTwiceGivesDifferentTexts(t *testing.T) {
	s, p := testSealer(t, 1), inRow("flows", 3, "sealed_secret")
	a, _ := s.seal(p, []byte("secret"))
	b, _ := s.seal(p, []byte("secret"))
	if a == b {
		t.Errorf("seal twice = %q both times", a)
	}
}

func TestNothingStaysNothing(t *testing.T) {
	s, p := testSealer(t, 1), inRow("flows", 3, "sealed_secret")
	if sealed, err := s.sealString(p, ""); sealed != "" || err != nil {
		t.Errorf(`sealString("") = %q, %v; want ""`, sealed, err)
	}
	if plain, err := s.openString(p, ""); plain != "" || err != nil {
		t.Errorf(`openString("") = %q, %v; want ""`, plain, err)
	}
}

func TestMasterKeyOfAnotherLengthIsRefused(t *testing.T) {
	for _, n := range []int{0, 16, 31, 33} {
		if _, err := newSealer(make([]byte, n)); err == nil {
			t.Errorf("newSealer(%d bytes) = nil error", n)
		}
	}
}

// sealedBefore was sealed in flows 3 sealed_secret with the master key of ones: what is stored must stay readable.
const sealedBefore = "v1.981ae16b.qvgHJUj5OcPd5QW10_KashDA_FMARmoMgnXf70_xbnpSj6z1vdXbyOIpO6EYMibQbvguJqfaf1x32qcY." +
	"5FRFDz50GlGJuFCcBCFr5vkjh1QNOMVWhMsYM6nz0lvOZA"

func TestWhatWasSealedBeforeStillOpens(t *testing.T) {
	got, err := testSealer(t, 1).open(inRow("flows", 3, "sealed_secret"), sealedBefore)
	if string(got) != "secret" || err != nil {
		t.Errorf("open(sealedBefore) = %q, %v; want secret", got, err)
	}
}

func FuzzOpen(f *testing.F) {
	s, err := newSealer(bytes.Repeat([]byte{1}, masterKeySize))
	if err != nil {
		f.Fatal(err)
	}
	p := inRow("flows", 3, "sealed_secret")
	for _, seed := range []string{sealedBefore, sealedBefore + "\n", "v1...", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if plain, err := s.open(p, text); err == nil && text != sealedBefore {
			t.Errorf("open(%q) = %q; want errSealed", text, plain)
		}
	})
}
