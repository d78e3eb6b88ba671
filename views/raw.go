package views

import "strings"

// maxRaw is how much of a raw text a page shows, in bytes.
const maxRaw = 64 << 10

// A RawText is a text as it came, as far as a page shows it to the role.
type RawText struct {
	Text string // "" when the role does not see it
	Note string // what is left out, and why; "" when nothing is
}

// RawOf is a text that the role may see: its first 64 KiB.
func RawOf(text string) RawText {
	if len(text) <= maxRaw {
		return RawText{Text: strings.ToValidUTF8(text, "\ufffd")}
	}
	return RawText{
		Text: strings.ToValidUTF8(text[:maxRaw], "\ufffd") + "\n…",
		Note: "The first " + Bytes(maxRaw) + " of " + Bytes(int64(len(text))) + ".",
	}
}

// UnseenRaw stands for a text of which nobody can tell what in it the role may see.
func UnseenRaw(size int) RawText {
	return RawText{Note: "Only support and above see the text as it came (" + Bytes(int64(size)) + ")."}
}

// HiddenRaw stands for a text of which nobody can tell what in it is hidden.
func HiddenRaw(size int) RawText {
	return RawText{Note: "Hidden: it may hold sensitive answers (" + Bytes(int64(size)) + ")."}
}
