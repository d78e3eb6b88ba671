package main

import (
	"context"

	"switchyard/models"
	"switchyard/web"
)

func exportDeliveries(ctx context.Context, env environment, args []string) int {
	fs := flags("export deliveries", "[--state STATE] [--source SOURCE] [--kind KIND] [--from DAY] [--to DAY] [--tz ZONE] [--tests] [--format jsonl|raw]",
		"Writes deliveries to standard output, oldest first. jsonl is an object per line, with the body as a text in body or, when it is no text, as base64 in body_base64. raw is the bodies alone, byte for byte, a line feed after each.")
	d := addDeliveryFlags(fs)
	tests := fs.Bool("tests", false, "those of test buttons, too")
	format := fs.String("format", string(web.JSONLines), "`form`: jsonl or raw")
	return exit(env, func() error {
		if _, err := parse(fs, args, 0); err != nil {
			return err
		}
		f, zone, err := d.filter()
		if err != nil {
			return err
		}
		f.NoTests = !*tests
		o := web.DeliveryExport{Filter: f, Format: web.ExportFormat(*format), Zone: zone}
		if o.Format != web.JSONLines && o.Format != web.RawBodies {
			return use("--format is jsonl or raw")
		}
		return withDB(ctx, env, func(db *models.DB) error { return web.ExportDeliveries(ctx, db, env.stdout, o) })
	}())
}
