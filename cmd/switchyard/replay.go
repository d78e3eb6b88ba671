package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"switchyard/models"
)

// byReplayCommand stands in the audit log, and beside what is replayed here.
var byReplayCommand = models.By{Name: "switchyard replay"}

// patience is how long a replay waits for a server to decode what was put back, before it puts back everything.
const patience = 3 * time.Second

// deliveryFlags are those that choose deliveries, for replay and export.
type deliveryFlags struct {
	state, source, kind, from, to, zone *string
}

func addDeliveryFlags(fs *flag.FlagSet) *deliveryFlags {
	return &deliveryFlags{
		state:  fs.String("state", "", "only those in that `state`: pending, done, unmatched or failed"),
		source: fs.String("source", "", "only those from that `source`, such as meta"),
		kind:   fs.String("kind", "", "only those that hold that `kind`, such as response, status or flows"),
		from:   fs.String("from", "", "received since that `day` or instant"),
		to:     fs.String("to", "", "received until that `day`, or before that instant"),
		zone:   fs.String("tz", "UTC", "time `zone` of days and times, such as Europe/Berlin"),
	}
}

// filter reads the flags.
func (d *deliveryFlags) filter() (f models.DeliveryFilter, zone *time.Location, err error) {
	f = models.DeliveryFilter{Source: *d.source, Kind: *d.kind, State: models.DeliveryState(*d.state)}
	switch f.State {
	case "", models.Pending, models.Done, models.Unmatched, models.Failed:
	default:
		return f, nil, use("--state is pending, done, unmatched or failed")
	}
	if zone, err = time.LoadLocation(*d.zone); err != nil || strings.EqualFold(*d.zone, "local") {
		return f, nil, use("--tz is a time zone such as Europe/Berlin or UTC")
	}
	if f.From.Time, err = bound("--from", *d.from, zone, false); err != nil {
		return f, nil, err
	}
	f.To.Time, err = bound("--to", *d.to, zone, true)
	return f, zone, err
}

// named tells whether any of them chooses.
func (d *deliveryFlags) named() bool {
	return *d.state+*d.source+*d.kind+*d.from+*d.to != ""
}

func replay(ctx context.Context, env environment, args []string) int {
	fs := flags("replay", "[ID…] [--state STATE] [--source SOURCE] [--kind KIND] [--from DAY] [--to DAY] [--tz ZONE] [--all] [--yes]",
		"Puts deliveries back to be decoded again, those named by id or all that the flags choose, after saying how many these are. A server that runs on the database decodes them, at once or when it starts. What was understood before is not done twice.")
	d := addDeliveryFlags(fs)
	var ids []int64
	fs.Func("delivery", "the `id` of a delivery, as an argument is one", func(text string) error { return addID(&ids, text) })
	all := fs.Bool("all", false, "all deliveries, when nothing else chooses")
	yes := fs.Bool("yes", false, "do not ask")
	return exit(env, func() error {
		rest, err := parseBetween(fs, args, 0, math.MaxInt)
		if err != nil {
			return err
		}
		for _, text := range rest {
			if err := addID(&ids, text); err != nil {
				return err
			}
		}
		f, _, err := d.filter()
		switch {
		case err != nil:
			return err
		case len(ids) > 0 && (d.named() || *all):
			return use("replay takes ids or flags that choose, not both")
		case len(ids) == 0 && !d.named() && !*all:
			return use("say which deliveries: ids, --state failed and the like, or --all")
		case len(ids) > models.MaxReplay:
			return use("replay takes at most %d ids", models.MaxReplay)
		}
		return withDB(ctx, env, func(db *models.DB) error {
			if len(ids) > 0 {
				return replayNamed(ctx, env, db, ids)
			}
			return replayChosen(ctx, env, db, f, *yes)
		})
	}())
}

func addID(ids *[]int64, text string) error {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 {
		return use("%q is no id of a delivery: ids are numbers", text)
	}
	*ids = append(*ids, id)
	return nil
}

func replayNamed(ctx context.Context, env environment, db *models.DB, ids []int64) error {
	r, err := db.ReplayDeliveries(ctx, ids, byReplayCommand)
	if errors.Is(err, models.ErrNotFound) {
		return errors.New("there is no delivery with that id")
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(env.stdout, "%s put back to be decoded\n", deliveries(r.Done))
	return nil
}

func deliveries(n int64) string {
	if n == 1 {
		return "1 delivery"
	}
	return fmt.Sprintf("%d deliveries", n)
}

func replayChosen(ctx context.Context, env environment, db *models.DB, f models.DeliveryFilter, yes bool) error {
	n, all, err := db.CountDeliveries(ctx, f)
	switch {
	case err != nil:
		return err
	case !all:
		return errors.New("there are too many deliveries to count; choose a shorter period with --from and --to")
	case n == 0:
		fmt.Fprintln(env.stdout, "no delivery matches; nothing is replayed")
		return nil
	}
	fmt.Fprintf(env.stdout, "%s match\n", deliveries(n))
	if !yes {
		fmt.Fprint(env.stderr, "Replay them? Write yes: ")
		if answer, err := readLine(env, "word yes, or say --yes"); err != nil || answer != "yes" {
			return errors.New("nothing is replayed; say --yes, or answer yes")
		}
	}
	r, err := db.StartReplay(ctx, f, byReplayCommand)
	if errors.Is(err, models.ErrConflict) {
		return errors.New("another replay runs; wait for its end, or cancel it on the page Replays")
	}
	if err != nil {
		return err
	}
	if err := drive(ctx, db); err != nil {
		return fmt.Errorf("replay %d is not finished, and a server that runs goes on with it: %w", r.ID, err)
	}
	if r, err = db.Replay(ctx, r.ID); err != nil {
		return err
	}
	if r.State == models.ReplayCancelled {
		return fmt.Errorf("somebody cancelled the replay after %s", deliveries(r.Done))
	}
	fmt.Fprintf(env.stdout, "%s put back to be decoded\n", deliveries(r.Done))
	return nil
}

// drive continues the replay that runs until its end, beside a server that may do the same. Where nothing is decoded for a
// while no server runs, and nobody has to wait.
func drive(ctx context.Context, db *models.DB) error {
	since := time.Now()
	for {
		more, waiting, err := db.ContinueReplay(ctx, time.Since(since) > patience)
		if err != nil || !more {
			return err
		}
		if !waiting {
			if time.Since(since) <= patience {
				since = time.Now()
			}
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}
