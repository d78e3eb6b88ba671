package demo

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"switchyard/models/rules"
)

// A report is a customer of the flow claim, who reports a damage.
type report struct {
	rand     *rand.Rand
	patience int

	policy, pin, kind, amount, reference string
	period                               map[string]any
	tags                                 []any
	mistypes, shortPIN, forgetsReference bool
	forgetsPhotos, changesMind           bool
}

func newReport(r *rand.Rand, _ contact, now time.Time) habit {
	p := &report{rand: r, patience: patience(r, 26)}
	p.policy = fmt.Sprintf("%s-%06d", pick(r, []string{"AB", "AB", "CD", "HK", "KL", "MN"}), r.IntN(1_000_000))
	if chance(r, 8) {
		p.policy = fmt.Sprintf("ZZ-%06d", r.IntN(1_000_000))
	}
	p.pin = fmt.Sprintf("%04d", r.IntN(10000))
	p.kind = pick(r, []string{"theft", "theft", "damage", "damage", "damage", "water"})
	p.amount = strconv.Itoa(20 + r.IntN(30)*r.IntN(60))
	p.reference = fmt.Sprintf("PR-%d/%04d", now.Year(), r.IntN(10000))
	begun := now.AddDate(0, 0, -1-r.IntN(12))
	p.period = map[string]any{"start-date": begun.Format(time.DateOnly), "end-date": begun.AddDate(0, 0, r.IntN(2)).Format(time.DateOnly)}
	p.tags = []any{}
	for _, t := range []string{"night", "abroad"} {
		if chance(r, 25) {
			p.tags = append(p.tags, t)
		}
	}
	p.mistypes, p.shortPIN, p.forgetsReference = chance(r, 9), chance(r, 7), chance(r, 30)
	p.forgetsPhotos, p.changesMind = chance(r, 18), chance(r, 6)
	return p
}

func (p *report) next(v view) move {
	if p.patience--; p.patience < 0 {
		return move{}
	}
	switch v.screen {
	case "POLICY":
		return p.identify()
	case "INCIDENT":
		return p.tell()
	case "EVIDENCE":
		return p.show()
	case "NOT_COVERED":
		return move{complete: map[string]any{"outcome": "not_covered"}}
	case "REVIEW":
		return exchange(map[string]any{"confirmed": true})
	}
	return move{}
}

func (p *report) identify() move {
	policy, pin := p.policy, p.pin
	if p.mistypes {
		p.mistypes, policy = false, strings.ToLower(strings.ReplaceAll(policy, "-", ""))
	}
	if p.shortPIN {
		p.shortPIN, pin = false, pin[:3]
	}
	return exchange(map[string]any{"policy_no": policy, "pin": pin})
}

func (p *report) tell() move {
	if p.changesMind {
		p.changesMind = false
		return move{action: rules.Back, data: map[string]any{}}
	}
	data := map[string]any{"kind": p.kind, "period": p.period, "amount": p.amount, "police_ref": "", "tags": p.tags}
	if p.kind == "theft" && !p.forgetsReference {
		data["police_ref"] = p.reference
	}
	p.forgetsReference = false
	return exchange(data)
}

func (p *report) show() move {
	photos := []any{}
	if !p.forgetsPhotos {
		for range 1 + p.rand.IntN(3) {
			photos = append(photos, photo(p.rand))
		}
	}
	p.forgetsPhotos = false
	return exchange(map[string]any{"photos": photos})
}

// photo is a picture as rules and steps know it; see files for what is in it.
func photo(r *rand.Rand) map[string]any {
	return map[string]any{"file_name": fmt.Sprintf("IMG_%04d.jpg", r.IntN(10000)), "media_id": randomText(r, 12)}
}
