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

// user manages who may sign in.
func user(ctx context.Context, env environment, args []string) int {
	return group(ctx, env, "user", args, []command{
		{"add", "--email E [--role viewer] [--name N]; the password is read from standard input", userAdd},
		{"list", "all users", userList},
		{"role", "--email E --role R; ends their sessions", userRole},
		{"disable", "--email E [--undo]; ends their sessions", userDisable},
		{"password", "--email E; the new one is read from standard input", userPassword},
	})
}

func userAdd(ctx context.Context, env environment, args []string) int {
	fs := flag.NewFlagSet("user add", flag.ContinueOnError)
	email, role, name := fs.String("email", "", ""), fs.String("role", string(models.Viewer), ""), fs.String("name", "", "")
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
	if _, err := parse(flag.NewFlagSet("user list", flag.ContinueOnError), args, 0); err != nil {
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
	fs := flag.NewFlagSet("user role", flag.ContinueOnError)
	email, role := fs.String("email", "", ""), fs.String("role", "", "")
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
	fs := flag.NewFlagSet("user disable", flag.ContinueOnError)
	email, undo := fs.String("email", "", ""), fs.Bool("undo", false, "")
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
	fs := flag.NewFlagSet("user password", flag.ContinueOnError)
	email := fs.String("email", "", "")
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
