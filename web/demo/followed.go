package demo

import (
	"context"
	"strconv"
	"strings"
	"time"

	"switchyard/models"
)

// sampleNotes are what the staff wrote; the second names a colleague.
var sampleNotes = []string{
	"Called, no answer. Trying again after lunch.",
	"@%s can you check the policy number? It is not in our list.",
	"Confirmed by phone. The slot is booked.",
	"Asked for a clearer photo of the damage.",
}

// followed plans what the staff did with responses: every evening those of the day before were settled, what came lately is
// in work.
func (f *filling) followed(context.Context, *Filled) error {
	support := f.staff[models.Support]
	for n := range 20 {
		evening := time.Duration(n)*day + 5*hour
		f.plan(f.ago(evening), func(ctx context.Context) error {
			to := f.ago(evening + day)
			yesterday := models.ResponseFilter{From: to.Add(-day), To: to}
			if n == 19 {
				yesterday.From = time.Time{}
			}
			for _, c := range []models.TriageChange{{What: models.MarkRead}, {What: models.SetStatus, Value: models.StatusDone}} {
				if _, yesterday.UpTo, _ = f.db.CountExactly(ctx, yesterday); yesterday.UpTo == 0 {
					return nil
				}
				if _, err := f.db.StartTriage(ctx, yesterday, c, support); err != nil {
					return err
				}
			}
			_, err := f.db.ContinueTriage(ctx, time.Minute)
			return err
		})
	}
	f.plan(f.ago(15*day), func(ctx context.Context) error {
		return f.db.AddTriageStatus(ctx, models.TriageStatus{Name: "Waiting for customer"}, f.staff[models.Admin])
	})
	f.plan(f.ago(2*hour), f.followLatest)
	return nil
}

// followLatest takes some of the newest responses in hand.
func (f *filling) followLatest(ctx context.Context) error {
	page, err := f.db.Responses(ctx, models.ResponseFilter{To: f.ago(3 * hour), Limit: 24})
	if err != nil {
		return err
	}
	people := []models.By{f.staff[models.Support], f.staff[models.Operator], f.staff[models.Admin]}
	for i, r := range page.Rows {
		by := people[i%len(people)]
		changes := []models.TriageChange{{What: models.MarkRead}}
		if i%2 == 0 {
			changes = append(changes, models.TriageChange{What: models.SetAssignee, Value: strconv.FormatInt(by.UserID, 10)}, models.TriageChange{What: models.SetStatus, Value: models.StatusInProgress})
		}
		if i%5 == 0 {
			changes = append(changes, models.TriageChange{What: models.AddTag, Value: []string{"Call back", "VIP", "Complaint"}[i/5%3]})
		}
		if i%7 == 3 {
			changes = append(changes, models.TriageChange{What: models.SetStatus, Value: "waiting-for-customer"})
		}
		for _, c := range changes {
			if _, err := f.db.Triage(ctx, []int64{r.ID}, c, by); err != nil {
				return err
			}
		}
		if err := f.db.LookAt(ctx, r, by, true); err != nil {
			return err
		}
		if i%3 == 0 {
			if err := f.note(ctx, r, sampleNotes[i/3%len(sampleNotes)], by, people[(i+1)%len(people)]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *filling) note(ctx context.Context, r models.Response, text string, by, to models.By) error {
	_, _, err := f.db.AddNote(ctx, r.ID, strings.Replace(text, "%s", to.Name, 1), by)
	return err
}
