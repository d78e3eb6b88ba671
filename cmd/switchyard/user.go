package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"

	"switchyard/models"
)

// byUserCommand stands in the audit log for what is changed here.
var byUserCommand = models.By{Name: "switchyard user"}

const (
	emailFlag = "the person's `address`"
	roleFlag  = "the `role`: viewer, support, operator, admin"
)

var userVerbs = []command{
	{name: "add", summary: "add a person", run: userAdd},
	{name: "list", summary: "list all people", run: userList},
	{name: "role", summary: "change a role", run: userRole},
	{name: "disable", summary: "bar a person, or readmit one", run: userDisable},
	{name: "password", summary: "set a password", run: userPassword},
}

func userAdd(ctx context.Context, env environment, args []string) int {
	fs := flags("user add", "--email E [--role R] [--name N]", "Adds a person who may sign in. The password (12 to 128 characters) is read from standard input.")
	email, name := fs.String("email", "", emailFlag), fs.String("name", "", "the `name` that others see")
	role := fs.String("role", string(models.Viewer), roleFlag)
	return exit(env, func() error {
		if err := wants(fs, args, email); err != nil {
			return err
		}
		r, err := roleOf(*role)
		if err != nil {
			return err
		}
		password, err := readLine(env, "password")
		if err != nil {
			return err
		}
		return withDB(ctx, env, func(db *models.DB) error {
			u, err := db.CreateUser(ctx, models.User{Email: *email, Name: *name, Role: r}, password, byUserCommand)
			if err == nil {
				fmt.Fprintf(env.stdout, "%s may sign in as %s\n", u.Email, u.Role)
			}
			return err
		})
	}())
}

func userList(ctx context.Context, env environment, args []string) int {
	if _, err := parse(flags("user list", "", "Lists who may sign in, with role and state."), args, 0); err != nil {
		return exit(env, err)
	}
	return exit(env, withDB(ctx, env, func(db *models.DB) error {
		users, err := db.Users(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
		for _, u := range users {
			state := "active"
			if !u.DisabledAt.IsZero() {
				state = "disabled"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", u.Email, u.Role, state, u.Name)
		}
		return w.Flush()
	}))
}

func userRole(ctx context.Context, env environment, args []string) int {
	fs := flags("user role", "--email E --role R", "Changes a person's role and ends all of that person's sessions.")
	email, role := fs.String("email", "", emailFlag), fs.String("role", "", roleFlag)
	return exit(env, func() error {
		if err := wants(fs, args, email); err != nil {
			return err
		}
		r, err := roleOf(*role)
		if err != nil {
			return err
		}
		return withUser(ctx, env, *email, func(db *models.DB, u models.User) error {
			return db.SetRole(ctx, u.ID, r, byUserCommand)
		})
	}())
}

func userDisable(ctx context.Context, env environment, args []string) int {
	fs := flags("user disable", "--email E [--undo]", "Bars a person from signing in and ends all of that person's sessions.")
	email, undo := fs.String("email", "", emailFlag), fs.Bool("undo", false, "readmit the person")
	return exit(env, func() error {
		if err := wants(fs, args, email); err != nil {
			return err
		}
		return withUser(ctx, env, *email, func(db *models.DB, u models.User) error {
			return db.DisableUser(ctx, u.ID, !*undo, byUserCommand)
		})
	}())
}

func userPassword(ctx context.Context, env environment, args []string) int {
	fs := flags("user password", "--email E", "Sets a new password, read from standard input, and ends all of that person's sessions.")
	email := fs.String("email", "", emailFlag)
	return exit(env, func() error {
		if err := wants(fs, args, email); err != nil {
			return err
		}
		password, err := readLine(env, "new password")
		if err != nil {
			return err
		}
		return withUser(ctx, env, *email, func(db *models.DB, u models.User) error {
			return db.SetPassword(ctx, u.ID, password, false, "", byUserCommand)
		})
	}())
}

// wants parses flags of a command that is about one user.
func wants(fs *flag.FlagSet, args []string, email *string) error {
	if _, err := parse(fs, args, 0); err != nil {
		return err
	}
	if *email = strings.ToLower(strings.TrimSpace(*email)); *email == "" {
		return use("%s needs --email", fs.Name())
	}
	return nil
}

func roleOf(name string) (models.Role, error) {
	switch r := models.Role(name); r {
	case models.Viewer, models.Support, models.Operator, models.Admin:
		return r, nil
	}
	return "", use("--role is one of viewer, support, operator, admin")
}

func withUser(ctx context.Context, env environment, email string, do func(*models.DB, models.User) error) error {
	return withDB(ctx, env, func(db *models.DB) error {
		users, err := db.Users(ctx)
		if err != nil {
			return err
		}
		for _, u := range users {
			if u.Email == email {
				return do(db, u)
			}
		}
		return fmt.Errorf("there is no user %s", email)
	})
}
