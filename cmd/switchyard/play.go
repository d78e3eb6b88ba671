package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"switchyard/web/play"
)

// playScript plays WhatsApp against a server.
func playScript(ctx context.Context, env environment, args []string) int {
	fs := flags("play", "SCRIPT --url URL [--key FILE] [--app-secret] [--secret] [--test] …",
		"Plays customers' runs through flows, or posts webhook bodies, and prints what came back. SCRIPT is a file or a folder of them.")
	var o play.Options
	fs.StringVar(&o.URL, "url", "", "`address` of the flow's endpoint, or of the server when the scripts name their flows; with --webhook of the webhook")
	fs.StringVar(&o.PublicKey, "key", "", "PEM `file` with the endpoint's public key; without it the flow speaks plain JSON")
	sign := fs.Bool("app-secret", false, "sign with the app secret, a line of standard input")
	secret := fs.Bool("secret", false, "send the secret of a plain flow, a line of standard input (after the app secret)")
	fs.StringVar(&o.Token, "token", "", "the flow_`token`; a random one when not said")
	fs.BoolVar(&o.Test, "test", false, "mark the visits as tests")
	fs.BoolVar(&o.Webhook, "webhook", false, "post SCRIPT, a body or a folder of bodies, instead of playing it")
	fs.BoolVar(&o.Mix, "mix", false, "post made bodies as load, without SCRIPT: 90 % statuses, 9 % messages, 1 % completions")
	fs.StringVar(&o.WebhookURL, "webhook-url", "", "`address` that hears of a completed flow; /webhooks/meta of the same server when not said")
	fs.Float64Var(&o.Rate, "rate", 0, "`requests` a second, for load")
	fs.DurationVar(&o.For, "for", 0, "how `long` to keep up the load")
	fs.IntVar(&o.InFlight, "in-flight", 0, "most `visits` at a time under load; 256 when not said")
	fs.Float64Var(&o.Slow, "slow", 0, "`share` of the requests that come late, such as 0.3, to see the monitor speak")
	fs.DurationVar(&o.SlowBy, "slow-by", 2*time.Second, "how `late` they come")
	return exit(env, func() error {
		rest, err := parseBetween(fs, args, 0, 1)
		if err != nil {
			return err
		}
		o.Script = strings.Join(rest, "")
		if *sign {
			if o.AppSecret, err = readLine(env, "app secret"); err != nil {
				return err
			}
		}
		if *secret {
			if o.Secret, err = readLine(env, "secret of the flow"); err != nil {
				return err
			}
		}
		if err = play.Main(ctx, o, env.stdout); errors.Is(err, play.ErrUse) {
			return use("%s", strings.TrimPrefix(err.Error(), play.ErrUse.Error()+": "))
		}
		return err
	}())
}
