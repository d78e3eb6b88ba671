package models

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// CopyOptions of Copy.
type CopyOptions struct {
	From, To string             // as Options.URL; a target that does not exist is made (SQLite) or filled (PostgreSQL)
	Batch    int                // rows in a transaction at most; 0: a fitting number
	Progress func(CopyProgress) // called after each batch; nil: nobody looks
}

// Copy copies a whole database into an empty one and compares both. No server may run on either. When it ends before
// its end, for whatever reason, the same call goes on where it stopped; until then Open refuses the target. Every error
// is one sentence for the person who runs it, without secrets; *CopyDiffers where the sides are not the same.
func Copy(ctx context.Context, o CopyOptions) (CopyReport, error) {
	c := &copier{batch: o.Batch, progress: o.Progress}
	if c.batch <= 0 {
		c.batch = copyBatchRows
	}
	if c.progress == nil {
		c.progress = func(CopyProgress) {}
	}
	err := c.run(ctx, o)
	return c.report, errors.Join(err, c.close())
}

// A copier is one call of Copy.
type copier struct {
	from, to copySide
	batch    int
	progress func(CopyProgress)
	mend     bool // texts must be UTF-8
	tables   []copyTable
	source   sourceState
	places   map[string]copyPlace
	report   CopyReport
}

func (c *copier) run(ctx context.Context, o CopyOptions) (err error) {
	if c.from, err = openCopySide(ctx, o.From, false); err != nil {
		return named(err, "--from")
	}
	if err := c.readSource(ctx); err != nil {
		return named(err, "--from")
	}
	if isSame(o, c.from) {
		return errors.New("--from and --to name the same database")
	}
	if c.to, err = openCopySide(ctx, o.To, true); errors.Is(err, errInUse) && isPostgres(o.From) && isPostgres(o.To) {
		return &sentence{err.Error() + ", unless --from and --to name the same database", err} // which has many spellings
	} else if err != nil {
		return named(err, "--to")
	}
	c.mend = isPostgres(o.To)
	c.report.From, c.report.To, c.report.FromKey, c.report.ToKey = c.from.name(), c.to.name(), c.from.keyFile(), c.to.keyFile()
	if err := c.readyTarget(ctx); err != nil {
		return named(err, "--to")
	}
	if err := c.copyAndCompare(ctx); err != nil {
		return stopped(err)
	}
	return nil
}

// stopped says why a copy ended that can go on.
func stopped(err error) error {
	reason := err.Error()
	switch _, differs := errors.AsType[*CopyDiffers](err); {
	case differs:
		return err
	case errors.Is(err, context.Canceled):
		reason = "it was interrupted"
	case Unavailable(err):
		reason = "the connection to PostgreSQL was lost"
	}
	return &sentence{"the copy is not finished: " + reason + "; run the same command again, it goes on from there", err}
}

// named makes sentences of opening name the flag in which the database stands here.
func named(err error, flag string) error {
	if file, none := errors.AsType[noDatabase](err); none {
		return &sentence{fmt.Sprintf("there is no database at %s; correct %s", string(file), flag), err}
	}
	if text := err.Error(); strings.Contains(text, "SWITCHYARD_DATABASE") {
		return &sentence{strings.ReplaceAll(text, "SWITCHYARD_DATABASE", flag), err}
	}
	return err
}

// isSame tells whether the target is the source, which is locked by now.
func isSame(o CopyOptions, from copySide) bool {
	if o.From == o.To {
		return true
	}
	file, err := fileOf(o.To)
	return err == nil && from.name() == (&sqliteCopy{sqliteEngine: &sqliteEngine{file: file}}).name()
}

func (c *copier) readSource(ctx context.Context) (err error) {
	if tables, err := c.from.tables(ctx); err != nil {
		return err
	} else if len(tables) == 0 {
		return fmt.Errorf("%s is empty; there is nothing to copy", c.from.name())
	}
	if err := c.from.migrate(ctx, false); err != nil {
		return err
	}
	if n, err := number(ctx, c.from, sqlUnfinished); err != nil {
		return err
	} else if n > 0 {
		return errUnfinished
	}
	if c.tables, err = c.from.tables(ctx); err != nil {
		return err
	}
	c.source, err = stateOf(ctx, c.from, c.tables)
	return err
}

// readyTarget finds the place of a copy that was begun, or begins one in a database that is empty.
func (c *copier) readyTarget(ctx context.Context) error {
	err := c.to.migrate(ctx, false)
	if errors.Is(err, errNewerSchema) {
		return err
	}
	if err != nil { // it is new, or older
		if err := refuseFilled(ctx, c.to); err != nil {
			return err
		}
		if err := c.to.migrate(ctx, true); err != nil {
			return err
		}
	}
	tables, err := c.to.tables(ctx)
	if err != nil {
		return err
	}
	if err := sameTables(c.tables, tables); err != nil {
		return err
	}
	c.tables = tables // which know what the target keeps by month
	var source string
	if c.places, source, err = readPlaces(ctx, c.to); err != nil {
		return err
	}
	if len(c.places) > 0 {
		return c.goOn(source)
	}
	if err := refuseFilled(ctx, c.to); err != nil {
		return err
	}
	return begin(ctx, c.to, c.tables, c.source.fingerprint)
}

func (c *copier) goOn(source string) error {
	if source != c.source.fingerprint {
		return fmt.Errorf("%s holds a part of another database, or of %s before it was changed; name a new database with --to", c.to.name(), c.from.name())
	}
	c.report.Resumed = true
	for _, p := range c.places {
		c.report.Before += p.rows
	}
	return nil
}

func (c *copier) copyAndCompare(ctx context.Context) error {
	for _, t := range c.tables {
		if err := c.copyTable(ctx, t); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	if err := c.to.raise(ctx, c.source.highest); err != nil {
		return fmt.Errorf("ids that were given: %w", err)
	}
	for _, t := range c.tables {
		if err := c.compare(ctx, t); err != nil {
			return err
		}
	}
	if err := c.to.settle(ctx); err != nil {
		return err
	}
	return c.to.exec(ctx, statement{sql: "DELETE FROM " + copyingTable})
}

func (c *copier) close() error {
	var errs []error
	for _, s := range []copySide{c.from, c.to} {
		if s != nil {
			errs = append(errs, s.close())
		}
	}
	return errors.Join(errs...)
}

// IsDatabaseURL tells whether a text names a database of one of the engines.
func IsDatabaseURL(text string) bool {
	path, file := strings.CutPrefix(text, "sqlite:")
	return file && path != "" || isPostgres(text)
}
