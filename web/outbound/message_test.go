package outbound_test

import (
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"
	"time"

	"switchyard/web/outbound"
)

func TestNoTextEndsAHeaderOfAMail(t *testing.T) {
	for _, subject := range []string{"Plain", "Ärger mit „Claims“ 🚨", "a\r\nBcc: eve@evil.example", "a\nX: y", "a\r\n\r\n<script>", "a\x00b\u2028c\u202ed", strings.Repeat("ä", 500), "=?utf-8?q?a=0D=0ABcc:_eve?=", "\xff\xfe"} {
		m := outbound.Message{ID: "msg_x_1", From: "Switchyard <alerts@example.com>", To: []string{"ada@example.com", "bob@example.com"}, Subject: subject,
			Text: "one\r\n.\r\ntwo " + subject, HTML: "<p>ä</p>", At: time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)}
		raw, err := m.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		got, err := mail.ReadMessage(strings.NewReader(string(raw)))
		if err != nil {
			t.Fatalf("%q: %v", subject, err)
		}
		if len(got.Header) != 8 || got.Header.Get("Bcc") != "" || got.Header.Get("Message-Id") != "<msg_x_1@example.com>" {
			t.Errorf("%q: headers %v; want the eight of ours", subject, got.Header)
		}
		if to, err := got.Header.AddressList("To"); err != nil || len(to) != 2 {
			t.Errorf("To = %v, %v; want both", to, err)
		}
		shown, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
		if want := strings.ReplaceAll(outbound.OneLine(subject, 200), "=?", "= ?"); err != nil || shown != want || strings.ContainsAny(shown, "\r\n\x00\u2028\u202e") {
			t.Errorf("Subject = %q, %v; want %q", shown, err, want)
		}
		for line := range strings.SplitSeq(string(raw), "\r\n") {
			if len(line) > 998 {
				t.Errorf("%q: a line of %d bytes", subject, len(line))
			}
		}
		_, params, _ := mime.ParseMediaType(got.Header.Get("Content-Type"))
		parts := multipart.NewReader(got.Body, params["boundary"])
		for _, want := range []string{"one", "<p>ä</p>"} {
			part, err := parts.NextPart()
			if err != nil {
				t.Fatal(err)
			}
			if text, err := io.ReadAll(part); err != nil || !strings.HasPrefix(string(text), want) {
				t.Errorf("part = %q, %v; want %q", text, err, want)
			}
		}
	}
	if _, err := (outbound.Message{From: "a@b\r\nBcc: c@d"}).Bytes(); err == nil {
		t.Error("a sender with a line break was taken")
	}
}
