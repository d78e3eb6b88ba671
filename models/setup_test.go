package models_test

import (
	"errors"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func setupToken(t *testing.T, db *modelstest.DB) string {
	t.Helper()
	token, err := db.SetupToken(t.Context())
	if err != nil {
		t.Fatalf("SetupToken = %v", err)
	}
	return token
}

func works(t *testing.T, db *modelstest.DB, token string) bool {
	t.Helper()
	ok, err := db.CheckSetupToken(t.Context(), token)
	if err != nil {
		t.Fatalf("CheckSetupToken = %v", err)
	}
	return ok
}

var firstAdmin = models.User{Email: "ada@example.com", Name: "Ada"}

func TestSetupTokenMakesOneAdministratorAndDies(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	token := setupToken(t, db)
	if got := text(t, db, "SELECT hash FROM setup_token"); got == token || len(got) != 64 {
		t.Errorf("stored = %q; want a hash of the token", got)
	}
	if !works(t, db, token) || works(t, db, "") || works(t, db, token+"x") {
		t.Error("CheckSetupToken does not tell the token from others")
	}
	_, err := db.FinishSetup(ctx, token, firstAdmin, "short")
	wantInvalid(t, "FinishSetup(short password)", err, "password")
	if _, err := db.FinishSetup(ctx, "wrong", firstAdmin, goodPassword); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("FinishSetup with a wrong token = %v; want ErrNotFound", err)
	}
	if u, err := db.FinishSetup(ctx, token, firstAdmin, goodPassword); err != nil || u.Role != models.Admin || u.ID == 0 {
		t.Fatalf("FinishSetup = %+v, %v; want an admin", u, err)
	}
	second := firstAdmin
	second.Email = "eve@example.com"
	if _, err := db.FinishSetup(ctx, token, second, goodPassword); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("FinishSetup twice = %v; want ErrNotFound", err)
	}
	if got := setupToken(t, db); got != "" || works(t, db, token) {
		t.Errorf("SetupToken with an admin = %q; want none", got)
	}
}

func TestSetupTokenDiesAfterADayByANewerOneAndByAnAdministrator(t *testing.T) {
	db := modelstest.Open(t)
	first := setupToken(t, db)
	second := setupToken(t, db)
	if works(t, db, first) || !works(t, db, second) {
		t.Error("a newer token does not replace the older one")
	}
	db.Advance(24 * time.Hour)
	if works(t, db, second) {
		t.Error("the token works after a day")
	}
	third := setupToken(t, db)
	addUser(t, db, "bob@example.com", models.Operator)
	if !works(t, db, third) {
		t.Error("the token died of a user who is no administrator")
	}
	addUser(t, db, "ada@example.com", models.Admin)
	if works(t, db, third) {
		t.Error("the token works although an administrator exists")
	}
}
