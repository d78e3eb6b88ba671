package files

import (
	"bytes"
	"net/http"
	"strings"
)

// sniffed is how many first bytes tell a type.
const sniffed = 4096

// Sniff tells a file's type by its first bytes, whatever its name says.
func Sniff(data []byte) string {
	head := data[:min(len(data), sniffed)]
	if len(head) >= 12 && string(head[4:8]) == "ftyp" {
		switch string(head[8:12]) {
		case "heic", "heix", "hevc", "heif", "mif1", "msf1":
			return "image/heic"
		case "avif", "avis":
			return "image/avif"
		}
	}
	kind, _, _ := strings.Cut(http.DetectContentType(head), ";")
	switch kind {
	case "text/plain", "text/xml", "text/html":
		if bytes.Contains(bytes.ToLower(head), []byte("<svg")) {
			return "image/svg+xml"
		}
	case "application/zip":
		return office(head)
	case "application/octet-stream":
		if bytes.HasPrefix(head, []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}) {
			return "application/x-ole-storage" // documents of Office before 2007
		}
	}
	return kind
}

// office tells documents that are ZIP files by the names inside.
func office(head []byte) string {
	const base = "application/vnd.openxmlformats-officedocument."
	for inside, kind := range map[string]string{"word/": base + "wordprocessingml.document", "xl/": base + "spreadsheetml.sheet", "ppt/": base + "presentationml.presentation"} {
		if bytes.Contains(head, []byte("[Content_Types].xml")) && bytes.Contains(head, []byte(inside)) {
			return kind
		}
	}
	return "application/zip"
}

// Harmless is the type with which a file may leave: one that no browser runs, else plain bytes.
func Harmless(kind string) string {
	switch kind {
	case "image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/avif", "application/pdf", "application/zip":
		return kind
	}
	return "application/octet-stream"
}
