package views

import (
	"strings"
	"testing"
)

func TestTextsAreCutToTheirRoom(t *testing.T) {
	for _, c := range []struct {
		text  string
		width float64
		want  string
	}{
		{"Otherwise", 100, "Otherwise"},
		{"", 10, ""},
		{"  a\n b\t", 100, "a b"},
		{"Cardiology is full", 72, "Cardiolog…"},
		{"日本語のタイトル", 60, "日本語…"},
		{"mm", 1, "…"},
	} {
		if got := cutTo(c.text, 12, c.width); got != c.want {
			t.Errorf("cutTo(%q, 12, %v) = %q; want %q", c.text, c.width, got, c.want)
		}
	}
	for _, text := range []string{strings.Repeat("W", 80), strings.Repeat("il.", 80), strings.Repeat("ü🙂 ", 80)} {
		for width := 20.0; width < 300; width += 7 {
			if got := cutTo(text, 12, width); measure(got, 12) > width || !strings.HasSuffix(got, "…") {
				t.Errorf("cutTo(%.9q…, 12, %v) = %q, which is %v wide", text, width, got, measure(got, 12))
			}
		}
	}
}

func TestNumbersAreShort(t *testing.T) {
	for n, want := range map[int]string{0: "0", 987: "987", 1000: "1k", 1284: "1.2k", 9999: "9.9k", 10_000: "10k", 45_678: "45k", 999_999: "999k", 1_250_000: "1.2M", 45_000_000: "45M"} {
		if got := shortNumber(n); got != want {
			t.Errorf("shortNumber(%d) = %q; want %q", n, got, want)
		}
	}
}
