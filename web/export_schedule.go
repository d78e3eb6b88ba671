package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"switchyard/models"
	"switchyard/web/outbound"
)

const (
	// scheduleTurn is how often it is asked whether an export is due.
	scheduleTurn = 2 * time.Second
	// scheduleSign is how often a claim is kept while its export is written.
	scheduleSign = 20 * time.Second
	// longestSend is how long a target may take an export, which is larger than a delivery.
	longestSend = 5 * time.Minute
	// strayParts is how old what a crash left in the folder is when it goes.
	strayParts = 24 * time.Hour
	partPrefix = ".part-"
)

// exports gives up exports that lost their writer and makes those that are due. Several servers share the schedules: each
// run belongs to one.
func (a *App) exports(ctx context.Context) error {
	if err := a.db.TendExports(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		s, err := a.db.ClaimExportSchedule(ctx)
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		end, err := a.runSchedule(ctx, s)
		if err != nil && ctx.Err() == nil {
			a.log.Warn("a scheduled export failed", "schedule", s.ID, "error", err)
		}
		if ctx.Err() != nil {
			end = models.ScheduleUntried
		}
		settled, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastTries)
		err = a.db.SettleExportSchedule(settled, s, end)
		cancel()
		if err != nil {
			return err
		}
	}
	return nil
}

// runSchedule makes the export of a schedule and brings it to where it belongs.
func (a *App) runSchedule(ctx context.Context, s models.ExportSchedule) (models.ScheduleEnd, error) {
	u, err := a.db.Exporter(ctx, s.UserID)
	lost := errors.Is(err, models.ErrNotFound)
	if err != nil && !lost {
		return models.ScheduleFailed, err
	}
	by := models.By{UserID: s.UserID, Name: s.Author}
	e, err := a.db.AddExport(ctx, models.Export{Plan: s.Plan, ScheduleID: s.ID, File: scheduledName(s), Total: models.Tally{More: true}}, by)
	if err != nil {
		return models.ScheduleFailed, err
	}
	if lost {
		return models.ScheduleHopeless, a.refuseExport(ctx, e, by, "Whoever made the schedule may export no more.")
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go a.keepClaim(ctx, stop, s.ID)
	return a.makeExport(ctx, s, e, u, by)
}

// keepClaim keeps the schedule ours until ctx ends, and stops when it was deleted.
func (a *App) keepClaim(ctx context.Context, stop func(), id int64) {
	tick := time.NewTicker(scheduleSign)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if errors.Is(a.db.KeepExportSchedule(ctx, id), models.ErrNotFound) {
				stop()
				return
			}
		}
	}
}

// refuseExport keeps that an export came to nothing, and why.
func (a *App) refuseExport(ctx context.Context, e models.Export, by models.By, reason string) error {
	ctx = context.WithoutCancel(ctx)
	return errors.Join(errors.New(reason), a.db.EndExport(ctx, e.ID, models.ExportFailed, e.Written, reason, by))
}

// makeExport writes the file beside where it will be, so that nobody sees half of it.
func (a *App) makeExport(ctx context.Context, s models.ExportSchedule, e models.Export, u models.User, by models.By) (models.ScheduleEnd, error) {
	folder := a.cfg.exports()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return models.ScheduleFailed, a.refuseExport(ctx, e, by, "The folder of exports cannot be made.")
	}
	part, err := os.CreateTemp(folder, partPrefix)
	if err != nil {
		return models.ScheduleFailed, a.refuseExport(ctx, e, by, "The folder of exports cannot be written to.")
	}
	defer os.Remove(part.Name())
	defer part.Close()
	e.Written, err = a.admin.WriteExport(ctx, e, s.Span, s.DueAt.Time, u, part)
	if bad, ok := errors.AsType[*models.Invalid](err); ok {
		return models.ScheduleHopeless, a.refuseExport(ctx, e, by, bad.Message)
	}
	if err != nil {
		return models.ScheduleFailed, err
	}
	if s.TargetID != 0 {
		return a.sendExport(ctx, s, e, part, by)
	}
	if err := a.keepScheduled(ctx, s, e, u); err != nil {
		return models.ScheduleFailed, errors.Join(err, a.refuseExport(ctx, e, by, "Something went wrong while it was put into the folder."))
	}
	if err := errors.Join(part.Sync(), part.Close(), os.Rename(part.Name(), filepath.Join(folder, e.File))); err != nil {
		return models.ScheduleFailed, errors.Join(err, a.refuseExport(ctx, e, by, "The file could not be put into the folder."))
	}
	gone, err := prune(folder, s, a.cfg.now())
	return models.ScheduleDone, errors.Join(err, a.db.DropExportFiles(ctx, gone...))
}

// keepScheduled remembers what a file holds, before it is there.
func (a *App) keepScheduled(ctx context.Context, s models.ExportSchedule, e models.Export, u models.User) error {
	flowID, from, to, err := a.admin.ExportBounds(ctx, s, u)
	if err != nil {
		return err
	}
	if to.IsZero() {
		to = a.db.Now().Add(time.Second) // rows of this moment may be in it
	}
	return a.db.KeepExportFile(ctx, models.ExportFile{ScheduleID: s.ID, Name: e.File, FlowID: flowID, From: models.Time{Time: from}, To: models.Time{Time: to}})
}

// scheduledName is the name of a schedule's file: of which schedule, and which run.
func scheduledName(s models.ExportSchedule) string {
	return schedulePrefix(s) + s.DueAt.In(s.Plan.Location()).Format(scheduledAt) + "." + string(s.Plan.Format)
}

// scheduledAt is the form of the run in a file's name.
const scheduledAt = "2006-01-02-1504"

// schedulePrefix begins the names of all files of a schedule. Behind it comes the run: "claims-s1-" also begins those of
// schedule 2 when that is called "Claims s1".
func schedulePrefix(s models.ExportSchedule) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(s.Name))
	return strings.Trim(name, "-") + "-s" + fmt.Sprint(s.ID) + "-"
}

// ownFile tells whether a file of the folder is of a schedule.
func ownFile(name string, s models.ExportSchedule) bool {
	run, ok := strings.CutPrefix(strings.TrimSuffix(name, filepath.Ext(name)), schedulePrefix(s))
	_, err := time.Parse(scheduledAt, run)
	return ok && err == nil
}

// prune removes files of a schedule beyond those that it keeps, the oldest first, and what crashes left. It names the former.
func prune(folder string, s models.ExportSchedule, now time.Time) (gone []string, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var own []string
	var problems []error
	for _, entry := range entries {
		name := entry.Name()
		if ownFile(name, s) {
			own = append(own, name)
		}
		if info, err := entry.Info(); err == nil && strings.HasPrefix(name, partPrefix) && now.Sub(info.ModTime()) > strayParts {
			problems = append(problems, os.Remove(filepath.Join(folder, name)))
		}
	}
	slices.Sort(own) // by time, as their names say it
	for i := 0; s.Keep > 0 && i < len(own)-s.Keep; i++ {
		gone = append(gone, own[i])
		problems = append(problems, os.Remove(filepath.Join(folder, own[i])))
	}
	return gone, errors.Join(problems...)
}

// sendExport posts the file to a target, signed as deliveries are. Its id is the same at every try of the same run.
func (a *App) sendExport(ctx context.Context, s models.ExportSchedule, e models.Export, file *os.File, by models.By) (models.ScheduleEnd, error) {
	t, err := a.db.Target(ctx, s.TargetID)
	if errors.Is(err, models.ErrNotFound) {
		return models.ScheduleHopeless, a.refuseExport(ctx, e, by, "The target was deleted.")
	}
	if err != nil {
		return models.ScheduleFailed, err
	}
	if t.Off {
		return models.ScheduleFailed, a.refuseExport(ctx, e, by, "The target is switched off.")
	}
	req, err := a.exportRequest(ctx, t, s, e, file)
	if err != nil {
		return models.ScheduleFailed, errors.Join(err, a.refuseExport(ctx, e, by, "Something went wrong while it was sent."))
	}
	resp, err := a.outbound.Do(req, outbound.Policy{Timeout: longestSend})
	if err != nil {
		return models.ScheduleFailed, a.refuseExport(ctx, e, by, err.Error())
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, io.LimitReader(resp.Body, restOfAnswer)) // the status says it all
	switch end, reason := endOf(resp.StatusCode); end {
	case models.ForwardTaken:
		return models.ScheduleDone, nil
	case models.ForwardFailed:
		return models.ScheduleFailed, a.refuseExport(ctx, e, by, reason)
	default:
		return models.ScheduleHopeless, a.refuseExport(ctx, e, by, reason)
	}
}

func (a *App) exportRequest(ctx context.Context, t models.Target, s models.ExportSchedule, e models.Export, file *os.File) (*http.Request, error) {
	secrets, err := a.targetSecrets(ctx, t)
	if err != nil {
		return nil, err
	}
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	whole := func() io.Reader { return io.NewSectionReader(file, 0, size) }
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.URL, whole())
	if err != nil {
		return nil, err
	}
	req.ContentLength = size
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(whole()), nil }
	req.Header.Set("Content-Type", e.Plan.Format.Type())
	req.Header.Set("Content-Disposition", `attachment; filename="`+e.File+`"`)
	req.Header.Set("User-Agent", agent())
	id := fmt.Sprintf("msg_%s_export_%d_%d", t.UID, s.ID, s.DueAt.Unix())
	return req, outbound.SignBody(req.Header, id, a.cfg.now(), whole(), secrets...)
}
