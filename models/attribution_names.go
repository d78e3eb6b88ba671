package models

import (
	"encoding/json"
	"strings"
)

// A flowNames finds flows by what a token, an answer or a message may hold.
type flowNames struct {
	slugs  map[string]int64 // aliases too
	metas  map[string]int64
	titles map[string]int64 // what flows are called; of a name that two have 0
}

// What a row of names tells.
const (
	nameIsSlug = iota
	nameIsMeta
	nameIsTitle
)

// names reads the flows once per transaction: there are few.
func (x *inboxTx) names() (*flowNames, error) {
	if x.flows != nil {
		return x.flows, nil
	}
	var rows []struct {
		Name string
		ID   int64
		Kind int
	}
	err := x.tx.Raw(`SELECT slug AS name, flow_id AS id, 0 AS kind FROM flow_aliases UNION ALL SELECT slug, id, 0 FROM flows
		UNION ALL SELECT meta_id, id, 1 FROM flows WHERE meta_id <> '' UNION ALL SELECT name, id, 2 FROM flows`).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	n := &flowNames{slugs: map[string]int64{}, metas: map[string]int64{}, titles: map[string]int64{}}
	for _, r := range rows {
		switch r.Kind {
		case nameIsSlug:
			n.slugs[r.Name] = r.ID
		case nameIsMeta:
			n.metas[r.Name] = r.ID
		case nameIsTitle:
			if _, twice := n.titles[r.Name]; twice {
				r.ID = 0
			}
			n.titles[r.Name] = r.ID
		}
	}
	x.flows = n
	return n, nil
}

// ofToken is the flow whose slug a token begins with, "slug.rest".
func (n *flowNames) ofToken(token string) (id int64, ok bool) {
	slug, _, dotted := strings.Cut(token, ".")
	if !dotted {
		return 0, false
	}
	id, ok = n.slugs[slug]
	return id, ok
}

// ofParam is the flow that an answer names by slug or Meta's id.
func (n *flowNames) ofParam(param any) (id int64, ok bool) {
	var name string
	switch v := param.(type) {
	case string:
		name = strings.TrimSpace(v)
	case json.Number:
		name = v.String()
	}
	if id, ok = n.slugs[name]; !ok {
		id, ok = n.metas[name]
	}
	return id, ok
}
