package demo

import (
	"context"
	crand "crypto/rand"
	"errors"
	"strings"
	"time"

	"switchyard/models"
)

// A Person may sign in to the demo.
type Person struct {
	Name, Email, Password string
	Role                  models.Role
}

// staff are the people of the sample business, the administrator first.
func staff() []Person {
	return []Person{
		{Name: "Ada Okafor", Email: "admin@example.com", Role: models.Admin},
		{Name: "Lin Wei", Email: "operator@example.com", Role: models.Operator},
		{Name: "Marta Ruiz", Email: "support@example.com", Role: models.Support},
		{Name: "Tom Becker", Email: "viewer@example.com", Role: models.Viewer},
	}
}

// people makes everybody an account. Passwords are not of the seed: nobody else may know them.
func (f *filling) people(ctx context.Context, filled *Filled) error {
	var admin models.By
	for _, p := range staff() {
		p.Password = newPassword()
		u, err := f.db.CreateUser(ctx, models.User{Email: p.Email, Name: p.Name, Role: p.Role}, p.Password, admin)
		if err != nil {
			return err
		}
		f.staff[p.Role] = models.By{UserID: u.ID, Name: p.Name}
		if p.Role == models.Admin {
			admin = f.staff[p.Role]
		}
		filled.People = append(filled.People, p)
		f.clock.set(f.clock.now().Add(20 * time.Minute))
	}
	return nil
}

// newPassword is 80 random bits in four groups that can be typed.
func newPassword() string {
	text := strings.ToLower(crand.Text())
	return text[0:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:16]
}

// settings are what an administrator would have set.
func (f *filling) settings(ctx context.Context, filled *Filled) error {
	f.appSecret = strings.ToLower(crand.Text())
	filled.AppSecret = f.appSecret
	by := f.staff[models.Admin]
	for _, s := range []struct {
		name  models.Setting
		value string
	}{{models.AppSecret, filled.AppSecret}, {models.VerifyToken, crand.Text()}} {
		if err := f.db.SetSetting(ctx, s.name, s.value, by); err != nil {
			return err
		}
	}
	key, err := f.db.AddKey(ctx, f.Key.Fingerprint, f.Key.PublicPEM, f.Key.Private, by)
	if err != nil {
		return err
	}
	err = f.db.CountKeyUses(ctx, map[int64]int64{key.ID: 1}, at(f.ago(past)))
	return errors.Join(err, f.db.CountKeyUses(ctx, map[int64]int64{key.ID: int64(3*f.Responses) - 1}, at(f.ago(2*minute))))
}

// marks are what was observed when everything was connected.
func (f *filling) marks(ctx context.Context, _ *Filled) error {
	connected := at(f.ago(past))
	marks := []models.Mark{
		{Name: models.MarkChallenge, At: connected, Count: 1},
		{Name: models.MarkOpened, At: at(f.ago(2 * minute)), Count: int64(3 * f.Responses)},
		{Name: models.MarkSigned, At: at(f.ago(2 * minute)), Count: int64(4 * f.Responses)},
		{Name: models.MarkPing, At: at(f.ago(3 * minute)), Count: int64(past / (5 * minute))},
	}
	for _, s := range f.flows {
		if s.json.HasEndpoint() {
			marks = append(marks, models.Mark{Name: models.MarkPing + ":" + s.row.Slug, At: at(f.ago(3 * minute)), Count: 1})
		}
	}
	f.clock.set(f.Now)
	return f.db.Note(ctx, marks)
}
