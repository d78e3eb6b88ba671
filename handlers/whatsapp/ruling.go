package whatsapp

import "switchyard/models/rules"

// A ruling is one version of a flow's rules, ready to decide.
type ruling struct {
	version  int
	set      *rules.Set                                                      // nil: nothing that runs
	salvaged bool                                                            // what cannot run is left out of the set
	next     func(rules.Request, rules.Visit, rules.Fallback) rules.Decision // what runs, asked
}

// compileOlder makes the versions ready that visits are held on (design/decisions.md 7). One that cannot be compiled
// any more, because Flow JSON or lists changed, stays as it was; after a start it is what is left of it. A restore lets go
// of all versions before it.
func (f *flow) compileOlder(old *flow, lists listSet) {
	if !f.KeepVersion {
		return
	}
	f.older = map[int]ruling{}
	if old.set != nil && old.version != f.version && old.version >= f.MovedSince {
		f.older[old.version] = old.ruling // visits of this moment may not be in the database yet
	}
	for _, rs := range f.Older {
		was, known := old.compiled(rs.Version)
		if !known || f.json != old.json || lists.id != old.lists {
			set, problem := compileSet(rs.Document, f.json, lists)
			if set != nil && (problem == "" || !known || was.salvaged) {
				was, known = ruling{rs.Version, set, problem != "", set.Next}, true
			}
		}
		if known {
			f.older[rs.Version] = was
		}
	}
}

func (f *flow) compiled(version int) (ruling, bool) {
	if f.set != nil && f.version == version {
		return f.ruling, true
	}
	r, ok := f.older[version]
	return r, ok
}

// rulingOf is what decides the next request of a visit: the version that it began with where the flow keeps it and it
// is still known, else the newest.
func (f *flow) rulingOf(v *visit) ruling {
	if f.KeepVersion && v != nil && v.v.Steps > 0 {
		if r, ok := f.older[v.v.RuleVersion]; ok {
			return r
		}
	}
	return f.ruling
}
