package whatsapp

import (
	"fmt"
	"maps"
	"slices"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
)

// maxFiles is how many files one field can hold (protocol.md §7).
const maxFiles = 30

// takeFiles takes the keys of attached files out of the request, before anything is decided or kept: whoever had them could
// fetch the files. Ids and names stay for the rules.
func (t *turn) takeFiles() {
	stripped, secrets := wire.StripMedia(t.in.Data)
	if len(secrets) == 0 {
		return
	}
	sent := t.in.Data
	t.in.Data, _ = stripped.(map[string]any)
	for _, field := range slices.Sorted(maps.Keys(sent)) {
		all, ok := wire.ParseMedia(sent[field])
		if !ok {
			continue
		}
		if len(all) > maxFiles {
			t.faults = append(t.faults, fmt.Sprintf("More than %d files were attached in one field; the rest is left out.", maxFiles))
			all = all[:maxFiles]
		}
		for i, m := range all {
			if m.URL != "" {
				t.files = append(t.files, requestFile(m, t.in.Screen, field, i))
			}
		}
	}
}

func requestFile(m wire.Media, screen, field string, place int) models.InFile {
	k := m.Keys
	return models.InFile{Screen: screen, Field: field, Place: place, CDNID: m.ID, Name: m.Name, Declared: m.Type, SHA256: m.SHA256,
		Source: &models.FileSource{URL: m.URL, EncryptedHash: k.EncryptedHash, PlainHash: k.PlainHash, IV: k.IV, Key: k.Key, HMACKey: k.HMACKey}}
}

// responseFiles are those that the Graph API has. What only names a file that a request told of is kept already.
func responseFiles(answers map[string]any) (files []models.InFile) {
	for _, field := range slices.Sorted(maps.Keys(answers)) {
		all, _ := wire.ParseMedia(answers[field])
		for i, m := range all[:min(len(all), maxFiles)] {
			if m.MetaID != "" {
				files = append(files, models.InFile{Field: field, Place: i, MetaID: m.MetaID, Name: m.Name, Declared: m.Type, SHA256: m.SHA256})
			}
		}
	}
	return files
}
