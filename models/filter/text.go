package filter

import (
	"net/url"
	"strings"
)

const marks = "!~,()"

var escapes = strings.NewReplacer("!", "!!", "~", "!~", ",", "!,", "(", "!(", ")", "!)")

// String is how a condition is written; Parse reads it back.
func (c Condition) String() string {
	var b strings.Builder
	c.write(&b)
	return b.String()
}

func (c Condition) write(b *strings.Builder) {
	if c.Join == "" {
		if c.IsZero() {
			return
		}
		b.WriteString(escapes.Replace(c.Key) + "~" + string(c.Op))
		for _, v := range c.Values {
			b.WriteString("~" + escapes.Replace(v))
		}
		return
	}
	b.WriteString(string(c.Join) + "(")
	for i, p := range c.Parts {
		if i > 0 {
			b.WriteByte(',')
		}
		p.write(b)
	}
	b.WriteByte(')')
}

var readable = strings.NewReplacer("%21", "!", "%28", "(", "%29", ")", "%2C", ",")

// Query is a query with the marks of conditions as they are, so that people can read an address.
func Query(v url.Values) string { return readable.Replace(v.Encode()) }
