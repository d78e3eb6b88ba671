package web_test

import (
	"fmt"
	"testing"

	"switchyard/models"
	"switchyard/models/alert"
)

// A shown is one page as somebody sees it.
type shown struct {
	name, as, path string
	fill           func(b *tab) // what is done on the page before it is looked at; may be nil
	sees           string       // that it is the page meant
	refused        bool         // the answer is a 4xx on purpose
}

// look opens each page of a group as that person and checks it whole, beside the other groups.
func (s *site) look(t *testing.T, group string, pages []shown) {
	t.Run(group, func(t *testing.T) {
		t.Parallel()
		people := map[string]*tab{}
		for _, p := range pages {
			if people[p.as] == nil {
				people[p.as] = openTab(t, s.server.URL, look{})
				if p.as != "" {
					people[p.as].signIn(p.as)
				}
			}
			t.Run(p.name, func(t *testing.T) { people[p.as].within(t).check(p) })
		}
	})
}

// within is the same tab for a subtest: what fails there fails there.
func (b *tab) within(t *testing.T) *tab {
	b.shared = true
	inner := *b
	inner.T, inner.shared = t, false
	t.Cleanup(func() { inner.end(); b.marks, b.look = inner.marks, inner.look })
	return &inner
}

// sharedIDs are the ids that no label or button can mean any more.
const sharedIDs = `[...document.querySelectorAll("[id]")].map(e => e.id).filter((id, i, all) => id === "" || all.indexOf(id) !== i).join(", ")`

func (b *tab) check(p shown) {
	b.Helper()
	if p.refused {
		b.allow("does not conform to the required format")
		b.allow("Failed to load resource: the server responded with a status of 4")
		b.allow("Response Status Error Code 4")
	}
	b.allow("Blocked attempt to show a 'beforeunload'") // leaving a changed form: nobody has touched the page
	b.wear(look{})
	b.open(p.path)
	if p.fill != nil {
		p.fill(b)
	}
	b.sees(p.sees)
	if ask[int](b, `document.querySelectorAll("img[src=x], [onerror]").length`) > 0 {
		b.Errorf("%s holds an element that a customer wrote", b.path())
	}
	if twice := ask[string](b, sharedIDs); twice != "" {
		b.Errorf("%s has more than one element with the id %s", b.path(), twice)
	}
	b.accessible()
	b.fits(390, 320, 1400)
}

// ids are the addresses of what a lived site holds.
type ids struct {
	response, hostile, unreadable  string
	visit                          string // with steps
	active, acknowledged, resolved string
	stranger                       string // an alert of a flow that is not added
	delivery, replay               string
	receiver, hook                 string // a receiver with a hostile name, and a web hook
	target, well, forwarded        string // one that is off with a dead letter, one that takes everything, what they got
	unmatched, assigned            string
	rules                          map[string]string // of the flow appointment, by name
}

func (s *site) ids(t *testing.T) ids {
	t.Helper()
	x := ids{rules: s.ruleIDs(t, "appointment")}
	visits, err := s.DB().VisitsByToken(t.Context(), wandering)
	if must(t, err); len(visits) == 0 {
		t.Fatal("no visit was recorded")
	}
	x.visit = fmt.Sprintf("/visits/%d", visits[0].ID)
	for r, err := range s.DB().EachResponse(t.Context(), models.ResponseFilter{}) {
		must(t, err)
		switch at := fmt.Sprintf("/responses/%d", r.ID); {
		case r.Contact.Name == hostile:
			x.hostile, x.delivery = at, fmt.Sprintf("/deliveries/%d", r.DeliveryID)
		case r.VisitID != 0:
			x.response = at
		case r.State == "unreadable":
			x.unreadable = at
		}
	}
	for to, status := range map[*string]alert.Status{&x.stranger: alert.Active, &x.active: alert.Active, &x.acknowledged: alert.Acknowledged, &x.resolved: alert.Resolved} {
		for _, a := range alertsOf(t, s, status) {
			if (to == &x.stranger) == (a.MetaID == stranger) {
				*to = fmt.Sprintf("/alerts/%d", a.ID)
			}
		}
	}
	r, err := s.DB().ReplayDeliveries(t.Context(), []int64{1, 2}, models.By{UserID: 1, Name: hostile})
	must(t, err)
	x.replay = fmt.Sprintf("/replays/%d", r.ID)
	s.decoded(t)
	x.target, x.well, x.forwarded = s.addForwarding(t)
	x.receiver, x.hook = s.addReceivers(t)
	x.unmatched, x.assigned = s.assigned(t)
	return x
}

// assigned makes a mapping and two odd responses, and assigns one of them.
func (s *site) assigned(t *testing.T) (unmatched, assigned string) {
	t.Helper()
	survey, err := s.DB().Flow(t.Context(), "survey")
	must(t, err)
	_, err = s.DB().AddMapping(t.Context(), models.Like{Kind: models.LikeToken, Value: "mapped-*"}, survey.ID, models.By{UserID: 1, Name: hostile})
	must(t, err)
	var ids []int64
	for n := range 2 {
		s.response(t, fmt.Sprint(44770090012, n), hostile, map[string]any{"flow_token": fmt.Sprintf("crm-%d", n), "odd": hostile})
		ids = append(ids, s.newest(t).ID)
	}
	_, err = s.DB().Assign(t.Context(), models.Assign{ResponseID: ids[1], FlowID: survey.ID}, models.By{UserID: 1, Name: hostile})
	must(t, err)
	return fmt.Sprintf("/responses/%d", ids[0]), fmt.Sprintf("/responses/%d", ids[1])
}
