package views

import (
	"encoding/hex"
	"strings"

	"switchyard/models"
)

// A FileView is one attached file for reading.
type FileView struct {
	File models.File
	Name string // as the role may see it
	May  bool   // the role may see what is in it

	Hidden bool   // it is in a sensitive field
	Why    string // it is revealed: why
}

// fileView is a file as the role may see it. The name of one in a sensitive field, or of nobody knows whom, says too much.
func (a Answers) fileView(f models.File) FileView {
	v := FileView{File: f, Hidden: a.Hidden.Hides(f.Field), Name: "Without a name"}
	v.May = !a.Mask && !v.Hidden
	if v.Hidden && a.Revealed && !a.Mask {
		v.Why = a.Why
	}
	if s := strings.TrimSpace(straight(f.Name)); a.Hides(f.Field) || a.Mask && a.Unsure {
		v.Name = hiddenAnswer
	} else if s != "" {
		v.Name = shorten(a.maskText(s), maxName)
	}
	return v
}

// straight takes out of a name what would only mislead: control characters and those that turn the direction of text.
func straight(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x200e && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, name)
}

// attached takes the files that a value names out of those that are kept; ok is false when the value names none.
func (a Answers) attached(v any) (found []FileView, ok bool) {
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	for _, item := range list[:min(len(list), maxParts)] {
		o, _ := item.(map[string]any)
		for _, f := range a.Files {
			if o != nil && names(o, f) {
				found = append(found, a.fileView(f))
				break
			}
		}
	}
	return found, len(found) > 0
}

// names tells whether an answer is about a file: by its id at the CDN or at Meta.
func names(o map[string]any, f models.File) bool {
	cdn, meta := AnswerText(o["media_id"]), AnswerText(o["id"])
	return cdn != "" && cdn == f.CDNID || meta != "" && meta == f.MetaID
}

// OtherFiles are those of the reader's files that none of the answers shows.
func (a Answers) OtherFiles(shown []AnswerView) (rest []FileView) {
	there := map[int64]bool{}
	for _, v := range shown {
		for _, f := range v.Files {
			there[f.File.ID] = true
		}
	}
	for _, f := range a.Files {
		if !there[f.ID] {
			rest = append(rest, a.fileView(f))
		}
	}
	return rest
}

// Stored tells whether its content can be seen now, by this role.
func (v FileView) Stored() bool { return v.May && v.File.State == models.FileStored }

// Facts say what it is: type and size.
func (v FileView) Facts() string {
	if v.File.State != models.FileStored {
		return ""
	}
	return FileKind(v.File.Type) + ", " + Bytes(v.File.Size)
}

// Retry tells whether somebody may let it be fetched again.
func (v FileView) Retry() bool { return v.May && v.File.State == models.FileFailed }

// word is what became of it, with a state that Badge knows; "" when it is there.
func (v FileView) word() (state, word string) {
	switch v.File.State {
	case models.FilePending:
		if v.File.Reason != "" {
			return "warn", "Waits"
		}
		return "waiting", "Being fetched"
	case models.FileFailed:
		return "failed", "Not fetched"
	case models.FileGone:
		return "expired", "Gone"
	case models.FileRemoved:
		return "archived", "Removed"
	}
	return "", ""
}

// FileKind names a type for people.
func FileKind(kind string) string {
	const office = "application/vnd.openxmlformats-officedocument."
	switch kind {
	case "image/jpeg":
		return "JPEG picture"
	case "image/png":
		return "PNG picture"
	case "image/gif":
		return "GIF picture"
	case "image/webp":
		return "WebP picture"
	case "image/heic":
		return "HEIC picture"
	case "image/svg+xml":
		return "SVG drawing"
	case "application/pdf":
		return "PDF document"
	case "text/html":
		return "Web page"
	case "text/plain":
		return "Text"
	case "application/zip":
		return "ZIP archive"
	case office + "wordprocessingml.document":
		return "Word document"
	case office + "spreadsheetml.sheet":
		return "Excel workbook"
	case office + "presentationml.presentation":
		return "PowerPoint presentation"
	case "application/x-ole-storage":
		return "Office document"
	}
	if family, _, _ := strings.Cut(kind, "/"); family == "video" || family == "audio" {
		return strings.ToUpper(family[:1]) + family[1:]
	}
	return "Document"
}

// checksum is the beginning of a file's SHA-256, by which two people know that they have the same one.
func checksum(f models.File) string { return hex.EncodeToString(f.SHA256) }
