package main

import (
	"context"
	"errors"
	"fmt"

	"switchyard/models"
)

func flowToken(ctx context.Context, env environment, args []string) int {
	fs := flags("flow token", "SLUG [--test]", "Makes a flow_token for one message: the flow's slug, a dot, and 130 random bits. Nothing is stored until a customer opens the flow with it.")
	test := fs.Bool("test", false, "what comes with the token is a test and counts in no figure")
	return exit(env, func() error {
		rest, err := parse(fs, args, 1)
		if err != nil {
			return err
		}
		return withDB(ctx, env, func(db *models.DB) error {
			f, err := db.Flow(ctx, rest[0])
			if errors.Is(err, models.ErrNotFound) {
				return fmt.Errorf("there is no flow %s; switchyard flow list tells which there are", rest[0])
			}
			if err != nil {
				return err
			}
			token := models.MintToken(f.Slug)
			if *test {
				token = models.MintTestToken(f.Slug)
			}
			fmt.Fprintln(env.stdout, token)
			return nil
		})
	}())
}
