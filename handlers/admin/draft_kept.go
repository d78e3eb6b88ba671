package admin

import (
	"bytes"
	"maps"
	"reflect"
	"slices"
	"sync"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// mostKept is how many flows the designer remembers.
const mostKept = 32

// A keptDrafts remembers of each flow what its Flow JSON and its rules say, so that a change in a form does not read
// them again, and all lists. It compares all bytes, and the versions of lists, so it needs not be told of changes.
type keptDrafts struct {
	mu     sync.Mutex
	flows  map[int64]keptFlow
	docs   map[int64]keptDocument
	tables map[string]*models.ListRow
	checks map[int64]*keptCheck
}

type keptFlow struct {
	raw  []byte
	flow *flowjson.Flow
}

type keptDocument struct {
	raw  []byte
	doc  rules.Document
	ways ways
}

// flow is what the Flow JSON says; nil when it says nothing. It is shared and must not be changed.
func (k *keptDrafts) flow(flowID int64, raw []byte) *flowjson.Flow {
	k.mu.Lock()
	kept, ok := k.flows[flowID]
	k.mu.Unlock()
	if ok && bytes.Equal(kept.raw, raw) {
		return kept.flow
	}
	kept = keptFlow{raw: raw}
	kept.flow, _ = flowjson.Parse(raw)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.flows == nil || len(k.flows) >= mostKept {
		k.flows = map[int64]keptFlow{}
	}
	k.flows[flowID] = kept
	return kept.flow
}

// document is what the rules say. Screens may be added to it and replaced, the rules of a screen only changed after own.
func (k *keptDrafts) document(flowID int64, raw []byte) (rules.Document, ways) {
	k.mu.Lock()
	kept, ok := k.docs[flowID]
	k.mu.Unlock()
	if !ok || !bytes.Equal(kept.raw, raw) {
		doc, _ := rules.Parse(raw, newRuleID)
		kept = k.keep(flowID, raw, doc)
	}
	doc := kept.doc
	if doc.Screens = maps.Clone(doc.Screens); doc.Screens == nil {
		doc.Screens = map[string]*rules.ScreenRules{}
	}
	if doc.Opening != nil {
		doc.Opening = own(doc.Opening)
	}
	return doc, kept.ways
}

// keep remembers that the bytes say the document, which must not be changed any more.
func (k *keptDrafts) keep(flowID int64, raw []byte, doc rules.Document) keptDocument {
	kept := keptDocument{raw: raw, doc: doc, ways: waysOf(doc)}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.docs == nil || len(k.docs) >= mostKept {
		k.docs = map[int64]keptDocument{}
	}
	k.docs[flowID] = kept
	return kept
}

// saved remembers a draft that was written as the bytes. It reads again only what differs from what the draft was.
func (k *keptDrafts) saved(d draft, raw []byte) {
	changed := rules.Document{Switchyard: 1, Timezone: d.doc.Timezone, Opening: d.doc.Opening, Screens: map[string]*rules.ScreenRules{}}
	doc := d.doc
	doc.Screens = maps.Clone(d.doc.Screens)
	for id, s := range d.doc.Screens {
		if was := d.was.Screens[id]; was == s || reflect.DeepEqual(was, s) {
			doc.Screens[id] = was
		} else {
			changed.Screens[id] = s
		}
	}
	read, problems := rules.Parse(changed.Encode(), nil)
	if len(problems) > 0 {
		return
	}
	maps.Copy(doc.Screens, read.Screens)
	doc.Opening = read.Opening
	k.keep(d.flow.ID, raw, doc)
}

// mostTables is how many lists are remembered.
const mostTables = 64

// keepList remembers a list, which must not be changed any more.
func (k *keptDrafts) keepList(row models.ListRow) *rules.List {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.tables == nil || len(k.tables) >= mostTables {
		k.tables = map[string]*models.ListRow{}
	}
	k.tables[row.Name] = &row
	return &row.List
}

// list is a list as it was read before, if it is still the same.
func (k *keptDrafts) list(now models.ListRow) (list *rules.List, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	kept, ok := k.tables[now.Name]
	if !ok || kept.Version != now.Version || !kept.UpdatedAt.Equal(now.UpdatedAt.Time) {
		return nil, false
	}
	return &kept.List, true
}

// own is a copy of rules that can be changed: rules and outcomes can be replaced, not what they hold.
func own(s *rules.ScreenRules) *rules.ScreenRules {
	mine := *s
	mine.Rules = slices.Clone(s.Rules)
	return &mine
}

// The ways into screens, with what they give to it: by screen and data key.
type ways struct {
	given map[[2]string]bool     // some outcome gives it
	feeds map[[2]string][]string // lists that fill it
}

func waysOf(doc rules.Document) ways {
	w := ways{given: map[[2]string]bool{}, feeds: map[[2]string][]string{}}
	for _, s := range doc.Screens {
		w.add(s)
	}
	w.add(doc.Opening)
	return w
}

func (w ways) add(s *rules.ScreenRules) {
	if s == nil {
		return
	}
	outcomes := []*rules.Outcome{s.Otherwise, s.Back}
	for i := range s.Rules {
		outcomes = append(outcomes, &s.Rules[i].Then)
	}
	for _, o := range outcomes {
		if o == nil || o.Go == "" {
			continue
		}
		for key, v := range o.Data {
			at := [2]string{o.Go, key}
			w.given[at] = true
			text, _ := v.(string)
			if m := wholeList.FindStringSubmatch(text); m != nil && !slices.Contains(w.feeds[at], m[1]) {
				w.feeds[at] = append(w.feeds[at], m[1])
			}
		}
	}
}
