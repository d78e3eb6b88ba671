package views

import "strings"

// widths are the widths of letters in hundredths of the font's size, rounded up to those of a wide sans-serif: nobody
// knows the browser's font here, and in a narrower one a text is only cut a little early. Others are as wide as "n".
var widths = func() map[rune]int {
	all := map[rune]int{}
	for width, letters := range map[int]string{
		30: "ijlIJ'’", 35: " .,:;/|\\f·", 41: "t()[]{}!r-“”\"", 56: "csz?L", 85: "#+<=>~", 70: "ABCEKPRSTVXYZ", 79: "DGHNOQU&", 102: "mwMW%@…–—",
	} {
		for _, r := range letters {
			all[r] = width
		}
	}
	return all
}()

const (
	letterWidth = 64
	wideLetter  = 105 // of East Asian letters and of pictures
	firstWide   = 0x1100
)

// measure is how wide a text is at most, in pixels, in letters of that size.
func measure(text string, size float64) float64 {
	n := 0
	for _, r := range text {
		n += widthOf(r)
	}
	return float64(n) * size / 100
}

func widthOf(r rune) int {
	if w, ok := widths[r]; ok {
		return w
	}
	if r >= firstWide && (r < 0x2000 || r > 0x2bff) {
		return wideLetter
	}
	return letterWidth
}

// cutTo is the text as far as it fits, with an ellipsis where it was cut.
func cutTo(text string, size, width float64) string {
	text = strings.Join(strings.Fields(text), " ")
	if measure(text, size) <= width {
		return text
	}
	room := int(width*100/size) - widthOf('…')
	for i, r := range text {
		if room -= widthOf(r); room < 0 {
			return strings.TrimRight(text[:i], " ") + "…"
		}
	}
	return text
}
