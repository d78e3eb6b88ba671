package models_test

import (
	"errors"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestRolesAreALadder(t *testing.T) {
	ladder := []models.Role{models.Viewer, models.Support, models.Operator, models.Admin}
	for i, r := range ladder {
		for j, needed := range ladder {
			if got := r.May(needed); got != (i >= j) {
				t.Errorf("%s.May(%s) = %v; want %v", r, needed, got, i >= j)
			}
		}
		for _, unknown := range []models.Role{"", "root"} {
			if r.May(unknown) || unknown.May(r) {
				t.Errorf("%s and the unknown role %q may something of each other", r, unknown)
			}
		}
	}
}

func TestNewUserIsKeptInSmallLetters(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	u, err := db.CreateUser(ctx, models.User{Email: " Ada@Example.com", Name: " Ada ", Role: models.Support, MustChange: true, Zone: "America/Sao_Paulo"}, goodPassword, ada)
	if err != nil || u.ID == 0 || u.Email != "ada@example.com" || u.Name != "Ada" || !u.MustChange || !u.CreatedAt.Equal(db.Now()) {
		t.Fatalf("CreateUser = %+v, %v", u, err)
	}
	if got, err := db.User(ctx, u.ID); got != u || err != nil {
		t.Errorf("User = %+v, %v; want %+v", got, err, u)
	}
	if list, err := db.Users(ctx); err != nil || len(list) != 1 || list[0] != u {
		t.Errorf("Users = %+v, %v; want %+v", list, err, u)
	}
	if _, err := db.User(ctx, 99); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("User(99) = %v; want ErrNotFound", err)
	}
}

func TestUserThatIsWrongIsInvalid(t *testing.T) {
	db := modelstest.Open(t)
	addUser(t, db, "taken@example.com", models.Viewer)
	for _, tt := range []struct {
		field, password string
		user            models.User
	}{
		{"email", goodPassword, models.User{Email: "", Role: models.Viewer}},
		{"email", goodPassword, models.User{Email: "Ada <ada@example.com>", Role: models.Viewer}},
		{"email", goodPassword, models.User{Email: "ada@example.com, bob@example.com", Role: models.Viewer}},
		{"email", goodPassword, models.User{Email: "TAKEN@example.com", Role: models.Viewer}},
		{"role", goodPassword, models.User{Email: "a@example.com", Role: "root"}},
		{"role", goodPassword, models.User{Email: "a@example.com"}},
		{"name", goodPassword, models.User{Email: "a@example.com", Role: models.Viewer, Name: "a\nb"}},
		{"zone", goodPassword, models.User{Email: "a@example.com", Role: models.Viewer, Zone: "Mars"}},
		{"password", "short", models.User{Email: "a@example.com", Role: models.Viewer}},
		{"password", "password1234", models.User{Email: "a@example.com", Role: models.Viewer}},
	} {
		_, err := db.CreateUser(t.Context(), tt.user, tt.password, ada)
		wantInvalid(t, "CreateUser", err, tt.field)
	}
}

// signedIn makes a session of a user.
func signedIn(t *testing.T, db *modelstest.DB, id string, user int64) models.Session {
	t.Helper()
	now := db.Now()
	s := models.Session{ID: id, UserID: user, Data: "{}", CreatedAt: db.Time(), SeenAt: db.Time(),
		IdleAt: models.Time{Time: now.Add(2 * time.Hour)}, EndsAt: models.Time{Time: now.Add(12 * time.Hour)}}
	if err := db.CreateSession(t.Context(), s); err != nil {
		t.Fatalf("CreateSession(%s) = %v", id, err)
	}
	return s
}

func alive(t *testing.T, db *modelstest.DB, id string) bool {
	t.Helper()
	_, err := db.LiveSession(t.Context(), id)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		t.Fatalf("LiveSession(%s) = %v", id, err)
	}
	return err == nil
}

func TestChangesThatMatterEndTheSessions(t *testing.T) {
	for name, change := range map[string]func(db *modelstest.DB, id int64) error{
		"role": func(db *modelstest.DB, id int64) error { return db.SetRole(t.Context(), id, models.Viewer, ada) },
		"password": func(db *modelstest.DB, id int64) error {
			return db.SetPassword(t.Context(), id, "another crimson teapot", true, "", ada)
		},
		"disabled": func(db *modelstest.DB, id int64) error { return db.DisableUser(t.Context(), id, true, ada) },
		"all":      func(db *modelstest.DB, id int64) error { return db.RevokeSessions(t.Context(), id, "", ada) },
	} {
		db := modelstest.Open(t)
		u, other := addUser(t, db, "ada@example.com", models.Operator), addUser(t, db, "bob@example.com", models.Operator)
		signedIn(t, db, "a", u.ID)
		signedIn(t, db, "b", other.ID)
		if err := change(db, u.ID); err != nil {
			t.Fatalf("%s = %v", name, err)
		}
		if alive(t, db, "a") || !alive(t, db, "b") {
			t.Errorf("after %s: own session lives = %v, another's = %v; want false, true", name, alive(t, db, "a"), alive(t, db, "b"))
		}
	}
}

func TestOwnPasswordChangeKeepsThisSession(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	u := addUser(t, db, "ada@example.com", models.Operator)
	signedIn(t, db, "here", u.ID)
	signedIn(t, db, "elsewhere", u.ID)
	if err := db.SetPassword(ctx, u.ID, "another crimson teapot", false, "here", ada); err != nil {
		t.Fatal(err)
	}
	if !alive(t, db, "here") || alive(t, db, "elsewhere") {
		t.Errorf("sessions live: here %v, elsewhere %v; want true, false", alive(t, db, "here"), alive(t, db, "elsewhere"))
	}
	if _, err := db.Authenticate(ctx, u.Email, goodPassword, ""); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("Authenticate with the old password = %v; want ErrNotFound", err)
	}
	if _, err := db.Authenticate(ctx, u.Email, "another crimson teapot", ""); err != nil {
		t.Errorf("Authenticate with the new password = %v", err)
	}
	wantInvalid(t, "SetPassword(common)", db.SetPassword(ctx, u.ID, "password1234", false, "", ada), "password")
}

func TestLastActiveAdministratorStays(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	a, b := addUser(t, db, "a@example.com", models.Admin), addUser(t, db, "b@example.com", models.Admin)
	if err := db.DisableUser(ctx, b.ID, true, ada); err != nil {
		t.Fatal(err)
	}
	wantInvalid(t, "SetRole of the last", db.SetRole(ctx, a.ID, models.Operator, ada), "role")
	wantInvalid(t, "DisableUser of the last", db.DisableUser(ctx, a.ID, true, ada), "disabled")
	if err := db.SetRole(ctx, b.ID, models.Viewer, ada); err != nil {
		t.Errorf("SetRole of a disabled admin = %v", err)
	}
	if err := db.DisableUser(ctx, b.ID, false, ada); err != nil {
		t.Errorf("DisableUser(false) = %v", err)
	}
	if err := db.SetRole(ctx, b.ID, models.Admin, ada); err != nil {
		t.Fatal(err)
	}
	if err := db.SetRole(ctx, a.ID, models.Operator, ada); err != nil {
		t.Errorf("SetRole with another admin = %v", err)
	}
}

func TestChangingAUserIsAuditedAndHeard(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	u := addUser(t, db, "a@example.com", models.Viewer)
	before := revision(t, db)
	for _, err := range []error{
		db.SetProfile(ctx, u.ID, "Ada", "Europe/Berlin", ada), db.SetProfile(ctx, u.ID, "Ada", "Europe/Berlin", ada),
		db.SetRole(ctx, u.ID, models.Support, ada), db.SetRole(ctx, u.ID, models.Support, ada),
		db.DisableUser(ctx, u.ID, true, ada), db.DisableUser(ctx, u.ID, true, ada), db.DisableUser(ctx, u.ID, false, ada),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := revision(t, db) - before; got != 4 {
		t.Errorf("revision grew by %d; want 4: what changes nothing is no change", got)
	}
	rows, err := db.AuditRows(ctx, 0, 4)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"user.enable", "user.disable", "user.role", "user.profile"} {
		if rows[i].Action != want || rows[i].Actor != "Ada" {
			t.Errorf("AuditRows[%d] = %+v; want %s by Ada", i, rows[i], want)
		}
	}
	if rows[2].Detail != `{"from":"viewer","to":"support"}` {
		t.Errorf("detail of user.role = %s", rows[2].Detail)
	}
	for _, err := range []error{
		db.SetRole(ctx, 99, models.Admin, ada), db.DisableUser(ctx, 99, true, ada), db.SetProfile(ctx, 99, "", "", ada),
		db.SetPassword(ctx, 99, goodPassword, false, "", ada), db.RevokeSessions(ctx, 99, "", ada),
	} {
		if !errors.Is(err, models.ErrNotFound) {
			t.Errorf("change of nobody = %v; want ErrNotFound", err)
		}
	}
}
