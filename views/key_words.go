package views

import (
	"strconv"
	"time"

	"switchyard/models"
)

// shortFingerprint is the start of a fingerprint, enough to tell keys apart.
func shortFingerprint(f string) string { return f[:min(12, len(f))] }

func ended(k models.Key, now time.Time) bool { return !k.RetireAt.IsZero() && !k.RetireAt.After(now) }

func keyURL(k models.Key) string { return KeysURL + "/" + strconv.FormatInt(k.ID, 10) }

func keepLabel(k models.Key, now time.Time) string {
	if ended(k, now) {
		return "Bring back"
	}
	return "Take its end away"
}

func retireLabel(k models.Key) string {
	if k.RetireAt.IsZero() {
		return "Retire…"
	}
	return "Change its end…"
}

func keyTerms(k models.Key, p Page) []Term {
	terms := []Term{
		{Label: "Fingerprint (SHA-256)", Content: code(k.Fingerprint)},
		{Label: "Requests opened", Value: Number(k.Uses)},
		{Label: "First used", Content: TimeAgo(k.FirstUsedAt.Time, p.Now, p.Zone)},
		{Label: "Last used", Content: TimeAgo(k.LastUsedAt.Time, p.Now, p.Zone)},
	}
	switch {
	case k.RetireAt.IsZero():
		return terms
	case ended(k, p.Now):
		return append(terms, Term{Label: "Ended", Value: DateTime(k.RetireAt.Time, p.Zone)})
	}
	return append(terms, Term{Label: "Opens requests until", Value: DateTime(k.RetireAt.Time, p.Zone)})
}

// isNewest tells which key is the one to upload: the newest of those that do not end.
func isNewest(k models.Key, all []models.Key) bool {
	for _, other := range all {
		if other.RetireAt.IsZero() {
			return other.ID == k.ID
		}
	}
	return false
}

// A keyStep is one of the four by which a key takes the place of another.
type keyStep struct {
	title, text string
	done        bool
}

// rotation is how far the change to the newest key is; nothing without a key.
func (p KeysPage) rotation() []keyStep {
	var newest *models.Key
	var older []models.Key // that still open requests
	for _, k := range p.Keys {
		switch {
		case ended(k, p.Now):
		case newest == nil && k.RetireAt.IsZero():
			newest = &k
		default:
			older = append(older, k)
		}
	}
	if newest == nil {
		return nil
	}
	return []keyStep{
		newKeyStep(*newest, len(older) > 0), uploadStep(*newest, older), overlapStep(older), endStep(older, p.Page),
	}
}

func newKeyStep(newest models.Key, changing bool) keyStep {
	if changing {
		return keyStep{"New key", "Key " + shortFingerprint(newest.Fingerprint) + " is the newest. The older ones go on opening requests.", true}
	}
	return keyStep{"New key", "Make a new key, or import one. Both then open requests.", false}
}

func uploadStep(newest models.Key, older []models.Key) keyStep {
	switch {
	case len(older) > 0 && newest.Uses > 0:
		return keyStep{"Upload", "WhatsApp encrypts with the newest key.", true}
	case planned(older):
		return keyStep{"Upload", "The newest key was not used yet: upload its public part for each phone number before the older one ends.", false}
	}
	return keyStep{"Upload", "Upload its public part for each phone number, with the call that stands at the key. This step is done when a request was opened with it.", false}
}

// planned tells whether all older keys have an end.
func planned(older []models.Key) bool {
	for _, k := range older {
		if k.RetireAt.IsZero() {
			return false
		}
	}
	return len(older) > 0
}

func overlapStep(older []models.Key) keyStep {
	if planned(older) {
		return keyStep{"Overlap", "Phones that still hold the older public key are served until it ends.", true}
	}
	return keyStep{"Overlap", "Retire the older key in 24 hours: until then phones that still hold its public part are served as before.", false}
}

func endStep(older []models.Key, p Page) keyStep {
	if !planned(older) {
		return keyStep{"End", "The older key ends by itself at the time that you chose. It stays in this list, and opens nothing any more.", false}
	}
	var last time.Time
	for _, k := range older {
		if k.RetireAt.After(last) {
			last = k.RetireAt.Time
		}
	}
	return keyStep{"End", "The older key ends by itself: " + DateTime(last, p.Zone) + ".", false}
}
