package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// A sample is one flow of the sample business.
type sample struct {
	row      models.Flow
	json     *flowjson.Flow
	habit    func(r *rand.Rand, who contact, now time.Time) habit // nil: no endpoint
	share    int                                                  // of the visits
	versions []version                                            // of the rules, oldest first
}

// A version is one published rule set.
type version struct {
	from time.Time // the first runs from the beginning
	doc  rules.Document
	note string
	set  *rules.Set
}

// at is the version that ran then, and its number.
func (s *sample) at(t time.Time) (v version, number int) {
	for i, later := range s.versions {
		if i == 0 || !t.Before(later.from) {
			v, number = later, i+1
		}
	}
	return v, number
}

var samples = []struct {
	models.Flow
	share int
}{
	{models.Flow{Slug: "appointment", Name: "Book an appointment", MetaID: "1184402716390055"}, 48},
	{models.Flow{Slug: "claim", Name: "Report a claim", MetaID: "902771554031884"}, 26},
	{models.Flow{Slug: "survey", Name: "How did we do?", MetaID: "734001992881552"}, 26},
}

// publish adds the flows with their Flow JSONs, lists and rules, and plans the later versions.
func (f *filling) publish(ctx context.Context, _ *Filled) error {
	list, err := f.addList(ctx)
	if err != nil {
		return err
	}
	lists := map[string]*rules.List{list.Name: list}
	for _, sf := range samples {
		f.clock.set(f.clock.now().Add(40 * minute))
		s := &sample{row: sf.Flow, share: sf.share, habit: habits[sf.Slug]}
		if err := f.addFlow(ctx, s); err != nil {
			return fmt.Errorf("flow %s: %w", s.row.Slug, err)
		}
		f.flows = append(f.flows, s)
		if s.habit == nil {
			continue
		}
		if err := f.addRules(ctx, s, lists); err != nil {
			return fmt.Errorf("rules of %s: %w", s.row.Slug, err)
		}
	}
	return nil
}

func (f *filling) addList(ctx context.Context) (*rules.List, error) {
	text, err := data.ReadFile("data/lists/claim_kinds.csv")
	if err != nil {
		return nil, err
	}
	l, err := rules.ReadList("claim_kinds", bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	return &l, f.db.SaveList(ctx, l, f.staff[models.Operator])
}

func (f *filling) addFlow(ctx context.Context, s *sample) (err error) {
	by := f.staff[models.Operator]
	raw, err := data.ReadFile("data/flows/" + s.row.Slug + ".json")
	if err != nil {
		return err
	}
	if s.json, _ = flowjson.Parse(raw); s.json == nil {
		return fmt.Errorf("its Flow JSON cannot be read")
	}
	if s.row, err = f.db.CreateFlow(ctx, s.row, by); err != nil {
		return err
	}
	_, err = f.db.SaveFlowJSON(ctx, s.row.ID, raw, by)
	return err
}

// addRules compiles all versions, publishes the first and plans the others.
func (f *filling) addRules(ctx context.Context, s *sample, lists map[string]*rules.List) error {
	doc, err := f.document(s.row.Slug)
	if err != nil {
		return err
	}
	s.versions = f.versionsOf(s.row.Slug, doc)
	for i := range s.versions {
		v := &s.versions[i]
		var problems []rules.Problem
		if v.set, problems = rules.Compile(v.doc, s.json, lists, time.UTC); v.set == nil {
			return fmt.Errorf("they do not compile: %v", problems)
		}
		publish := func(ctx context.Context) error { return f.publishVersion(ctx, s, *v) }
		if i > 0 {
			f.plan(v.from, publish)
			continue
		}
		if err := publish(ctx); err != nil {
			return err
		}
	}
	if s.row.Slug == "claim" {
		f.plan(f.ago(2*day), func(ctx context.Context) error { return f.draftMorePhotos(ctx, s, doc.Clone()) })
	}
	return nil
}

// document is the sample's rules, with a Christmas that lies ahead.
func (f *filling) document(slug string) (rules.Document, error) {
	raw, err := data.ReadFile("data/rules/" + slug + ".json")
	if err != nil {
		return rules.Document{}, err
	}
	christmas := time.Date(f.Now.Year(), time.December, 25, 0, 0, 0, 0, time.UTC)
	if f.Now.After(christmas) {
		christmas = christmas.AddDate(1, 0, 0)
	}
	raw = bytes.ReplaceAll(raw, []byte("2026-12-25"), []byte(christmas.Format(time.DateOnly)))
	doc, problems := rules.Parse(raw, nil)
	if rules.HasErrors(problems) {
		return doc, fmt.Errorf("the document cannot be read: %v", problems)
	}
	return doc, nil
}

// versionsOf tells how the rules came about: the one about cardiology is of three weeks ago.
func (f *filling) versionsOf(slug string, doc rules.Document) []version {
	if slug != "appointment" {
		return []version{{doc: doc, note: "First rules"}}
	}
	first := doc.Clone()
	choose := first.Screens["APPOINTMENT"]
	choose.Rules = slices.DeleteFunc(choose.Rules, func(r rules.Rule) bool { return r.Name == "Cardiology is full before Christmas" })
	return []version{{doc: first, note: "First rules"}, {from: f.ago(21 * day), doc: doc, note: "Cardiology has no free slot until the holidays"}}
}

func (f *filling) publishVersion(ctx context.Context, s *sample, v version) error {
	by := f.staff[models.Operator]
	draft, err := f.saveDraft(ctx, s, v.doc)
	if err != nil {
		return err
	}
	// What was compiled is what is kept: nobody else is here.
	_, err = f.db.PublishDraft(ctx, s.row.ID, draft.Edit, v.note, by, func([]byte, []byte) error { return nil })
	return err
}

// draftMorePhotos is a change that somebody has begun and not published.
func (f *filling) draftMorePhotos(ctx context.Context, s *sample, doc rules.Document) error {
	for i := range doc.Screens["INCIDENT"].Rules {
		if then := &doc.Screens["INCIDENT"].Rules[i].Then; then.Go == "EVIDENCE" {
			then.Data["max"] = 5
		}
	}
	_, err := f.saveDraft(ctx, s, doc)
	return err
}

// saveDraft writes over what there is.
func (f *filling) saveDraft(ctx context.Context, s *sample, doc rules.Document) (models.RuleSet, error) {
	was, err := f.db.DraftRules(ctx, s.row.ID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return was, err
	}
	return f.db.SaveDraft(ctx, s.row.ID, doc.Encode(), was.Edit, f.staff[models.Operator])
}
