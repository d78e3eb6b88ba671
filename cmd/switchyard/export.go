package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"switchyard/models"
	"switchyard/web"
)

var exportVerbs = []command{
	{name: "responses", summary: "what customers answered", run: exportResponses},
	{name: "alerts", summary: "what went wrong, from first notice to recovery", run: exportAlerts},
	{name: "deliveries", summary: "what platforms sent, as it came", run: exportDeliveries},
}

func exportResponses(ctx context.Context, env environment, args []string) int {
	return export(ctx, env, args, web.ExportedResponses, "when it was received")
}

func exportAlerts(ctx context.Context, env environment, args []string) int {
	return export(ctx, env, args, web.ExportedAlerts, "since when it was active")
}

func export(ctx context.Context, env environment, args []string, what web.Exported, when string) int {
	fs := flags("export "+string(what), "[--flow SLUG] [--from DAY] [--to DAY] [--format csv|jsonl] [--tz ZONE] [--bom]",
		"Writes "+string(what)+" to standard output, oldest first. --from and --to choose by "+when+
			": a day such as 2026-11-20 counts whole, an instant such as 2026-11-20T10:00:00Z is the first, or the first not.")
	o := web.ExportOptions{What: what}
	fs.StringVar(&o.Flow, "flow", "", flowFlag+"; all when not said")
	from, to := fs.String("from", "", "the first `day` or instant"), fs.String("to", "", "the last `day`, or the first instant left out")
	format := fs.String("format", string(web.CSV), "`form`: csv or jsonl")
	zone := fs.String("tz", "UTC", "time `zone` of days and times, such as Europe/Berlin")
	fs.BoolVar(&o.BOM, "bom", false, "begin CSV with a byte order mark, for spreadsheets")
	return exit(env, func() (err error) {
		if _, err := parse(fs, args, 0); err != nil {
			return err
		}
		if o.Format = web.ExportFormat(*format); o.Format != web.CSV && o.Format != web.JSONLines {
			return use("--format is csv or jsonl")
		}
		if o.Zone, err = time.LoadLocation(*zone); err != nil || strings.EqualFold(*zone, "local") {
			return use("--tz is a time zone such as Europe/Berlin or UTC")
		}
		if o.From, err = bound("--from", *from, o.Zone, false); err != nil {
			return err
		}
		if o.To, err = bound("--to", *to, o.Zone, true); err != nil {
			return err
		}
		return withDB(ctx, env, func(db *models.DB) error {
			err := web.Export(ctx, db, env.stdout, o)
			if errors.Is(err, models.ErrNotFound) {
				return fmt.Errorf("there is no flow %s", o.Flow)
			}
			return err
		})
	}())
}

// bound is one end of a half-open span; a day as its end is the whole day.
func bound(name, text string, zone *time.Location, end bool) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, use("%s is a day such as 2026-11-20 or an instant such as 2026-11-20T10:00:00Z", name)
	}
	y, m, d := t.Date()
	if end {
		d++
	}
	return models.StartOfDay(y, m, d, zone), nil
}
