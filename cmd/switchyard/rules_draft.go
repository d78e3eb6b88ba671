package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// compile checks a document as publishing would, against the flow's newest Flow JSON and the lists there are. What is
// returned is as it is kept, every rule with its id; nil when it cannot be read.
func compile(ctx context.Context, db *models.DB, f models.Flow, text []byte) (doc []byte, problems []rules.Problem, err error) {
	kept, err := db.NewestFlowJSON(ctx, f.ID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return nil, nil, err
	}
	return compileWith(ctx, db, text, kept.Raw)
}

func compileWith(ctx context.Context, db *models.DB, text, flowJSON []byte) (doc []byte, problems []rules.Problem, err error) {
	parsed, problems := rules.Parse(text, func() string { return strings.ToLower(rand.Text()[:10]) })
	if rules.HasErrors(problems) {
		return nil, problems, nil
	}
	var flow *flowjson.Flow
	if flowJSON != nil {
		flow, _ = flowjson.Parse(flowJSON)
	}
	lists, err := allLists(ctx, db)
	if err != nil {
		return nil, nil, err
	}
	zone, err := instanceZone(ctx, db)
	if err != nil {
		return nil, nil, err
	}
	_, more := rules.Compile(parsed, flow, lists, zone)
	return parsed.Encode(), append(problems, more...), nil
}

func allLists(ctx context.Context, db *models.DB) (map[string]*rules.List, error) {
	names, err := db.Lists(ctx)
	if err != nil {
		return nil, err
	}
	lists := make(map[string]*rules.List, len(names))
	for _, n := range names {
		whole, err := db.List(ctx, n.Name)
		if err != nil {
			return nil, err
		}
		lists[n.Name] = &whole.List
	}
	return lists, nil
}

func instanceZone(ctx context.Context, db *models.DB) (*time.Location, error) {
	name, err := db.Setting(ctx, models.InstanceZone)
	if err != nil {
		return nil, err
	}
	return time.LoadLocation(name) // "" is UTC
}

// replaceDraft writes over whatever draft there is.
func replaceDraft(ctx context.Context, db *models.DB, f models.Flow, doc []byte) (models.RuleSet, error) {
	was, err := db.DraftRules(ctx, f.ID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return models.RuleSet{}, err
	}
	return db.SaveDraft(ctx, f.ID, doc, was.Edit, byRulesCommand)
}

// publishDraft compiles once more where nothing can change any more: Flow JSON and lists are those of the moment.
func publishDraft(ctx context.Context, env environment, db *models.DB, f models.Flow, draft models.RuleSet, note string) error {
	refused := fmt.Errorf("not published: the draft of %s (version %d) has errors", f.Slug, draft.Version)
	set, err := db.PublishDraft(ctx, f.ID, draft.Edit, note, byRulesCommand, func(document, flowJSON []byte) error {
		_, problems, err := compileWith(ctx, db, document, flowJSON)
		if err == nil && rules.HasErrors(problems) {
			err = refused
		}
		return err
	})
	if err == nil {
		fmt.Fprintf(env.stdout, "version %d of the rules of %s is published\n", set.Version, f.Slug)
	}
	return err
}
