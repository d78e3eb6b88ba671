package outbound

import (
	"bytes"
	"fmt"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"time"
	"unicode"
)

// longestHeader is where a text in a header of a mail ends, in runes.
const longestHeader = 200

// A Message is a mail that holds the same as plain text and as HTML.
type Message struct {
	ID         string // without the domain: the same at every try
	From       string // an address, with a name or without
	To         []string
	Subject    string // any text; what could end a header is taken out
	Text, HTML string
	At         time.Time
}

// Bytes is the mail as it is sent.
func (m Message) Bytes() ([]byte, error) {
	from, err := mail.ParseAddress(m.From)
	if err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	to := make([]string, len(m.To))
	for i, address := range m.To {
		to[i] = (&mail.Address{Address: address}).String()
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	var b bytes.Buffer
	parts := multipart.NewWriter(&b)
	for _, h := range [][2]string{
		{"From", from.String()}, {"To", strings.Join(to, ",\r\n ")}, {"Subject", header(m.Subject)},
		{"Date", m.At.UTC().Format(time.RFC1123Z)}, {"Message-ID", "<" + m.ID + "@" + domain + ">"}, {"MIME-Version", "1.0"},
		{"Auto-Submitted", "auto-generated"}, {"Content-Type", "multipart/alternative; boundary=" + parts.Boundary()},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", h[0], h[1])
	}
	b.WriteString("\r\n")
	for _, p := range [][2]string{{"text/plain", m.Text}, {"text/html", m.HTML}} {
		part, err := parts.CreatePart(textproto.MIMEHeader{"Content-Type": {p[0] + "; charset=utf-8"}, "Content-Transfer-Encoding": {"quoted-printable"}})
		if err != nil {
			return nil, err
		}
		q := quotedprintable.NewWriter(part)
		if _, err := q.Write([]byte(p[1])); err != nil {
			return nil, err
		}
		if err := q.Close(); err != nil {
			return nil, err
		}
	}
	err = parts.Close()
	return b.Bytes(), err
}

// header is any text as it may stand in a header: on one line, folded, and nothing in it that looks encoded already.
func header(text string) string {
	text = mime.QEncoding.Encode("utf-8", strings.ReplaceAll(OneLine(text, longestHeader), "=?", "= ?"))
	return strings.ReplaceAll(text, "?= =?", "?=\r\n =?")
}

// OneLine is a text without what could end a line or hide in it, cut to a number of runes.
func OneLine(text string, longest int) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Cf) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, " "))
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest-1]) + "…"
	}
	return text
}
