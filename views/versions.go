package views

import (
	"net/url"
	"strconv"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// VersionsPage lists the versions of a flow's rules, newest first.
type VersionsPage struct {
	Page
	Flow     models.Flow
	Versions []models.RuleSet
	Hits     map[int]int // by version, last 7 days
	Edit     int         // that a restore must name
	History  models.DraftHistory
	Refused  string
}

// ComparePage is what differs between two versions.
type ComparePage struct {
	Page
	Flow     models.Flow
	JSON     *flowjson.Flow
	Versions []models.RuleSet
	From, To models.RuleSet
	Changes  []rules.Change
}

// PublishPage is what publishing the draft would change.
type PublishPage struct {
	Page
	Flow      models.Flow
	JSON      *flowjson.Flow
	Draft     models.RuleSet // Version 0: there is none
	Published models.RuleSet
	Note      string
	Changes   []rules.Change
	Problems  []rules.Problem // of the draft
	New, Gone []rules.Problem // since what is published
	Refused   string
	Errors    []FieldError
}

func (p PublishPage) count(s rules.Severity) (n int) {
	for _, x := range p.Problems {
		if x.Severity == s {
			n++
		}
	}
	return n
}

// VersionsURL is the versions of a flow's rules.
func VersionsURL(slug string) string { return FlowURL(slug) + "/versions" }

// VersionURL is one version.
func VersionURL(slug string, version int) string {
	return VersionsURL(slug) + "/" + strconv.Itoa(version)
}

// CompareURL is what differs between two versions.
func CompareURL(slug string, from, to int) string {
	return withQuery(VersionsURL(slug)+"/compare", url.Values{"from": {strconv.Itoa(from)}, "to": {strconv.Itoa(to)}})
}

// draftOf is the draft among versions, Version 0 when there is none.
func draftOf(versions []models.RuleSet) models.RuleSet {
	for _, v := range versions {
		if v.State == models.Draft {
			return v
		}
	}
	return models.RuleSet{}
}

// before is the version that one is compared with by itself: the next older one, 0 for none.
func before(versions []models.RuleSet, version int) int {
	for _, v := range versions {
		if v.Version < version {
			return v.Version
		}
	}
	return 0
}

func versionOptions(versions []models.RuleSet) (all []Option) {
	for _, v := range versions {
		label := "Version " + strconv.Itoa(v.Version)
		if v.State != models.Archived {
			label += " (" + string(v.State) + ")"
		}
		all = append(all, Option{strconv.Itoa(v.Version), label})
	}
	return all
}
