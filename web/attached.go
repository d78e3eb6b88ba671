package web

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"path/filepath"

	"switchyard/models"
	"switchyard/web/files"
	"switchyard/web/outbound"
)

// WhatsApp stands in for the hosts where attached files are fetched. The zero value is WhatsApp's own, over public
// addresses only.
type WhatsApp struct {
	Host  string         // host:port that may be asked, and be private
	Roots *x509.CertPool // by which it is known
}

// place is where attached files lie.
func (c Config) place() (files.Place, error) {
	where := cmp.Or(string(c.Files), filepath.Join(c.folder(), "files"))
	return files.ParsePlace(where, files.Credentials{Key: string(c.AWSKey), Secret: string(c.AWSSecret), Session: string(c.AWSSession), Region: c.AWSRegion})
}

// FilesPlace is where attached files lie, for people: without credentials.
func (c Config) FilesPlace() string {
	place, err := c.place()
	if err != nil {
		return "SWITCHYARD_FILES"
	}
	return place.String()
}

// openFiles gives what keeps attached files.
func (c Config) openFiles(db *models.DB) (*files.Keeper, error) {
	place, err := c.place()
	if err != nil {
		return nil, err
	}
	store, err := place.Open(nil)
	return &files.Keeper{DB: db, Store: store, Place: place}, err
}

// newFetcher asks WhatsApp's hosts and no other, whatever an administrator allows for other requests.
func (a *App) newFetcher() *files.Fetcher {
	o, from := outbound.Options{Agent: "switchyard"}, files.WhatsApp{Graph: string(a.cfg.GraphURL)}
	if in := a.cfg.WhatsApp; in.Host != "" {
		o.Trusted, o.Roots = []string{in.Host}, in.Roots
		from = files.WhatsApp{Graph: "https://" + in.Host + "/graph", CDN: []string{in.Host}, MediaHosts: []string{in.Host}}
	}
	a.cdn = outbound.New(o)
	return &files.Fetcher{Keeper: a.files, Client: a.cdn, WhatsApp: from, Token: a.accessToken, Log: a.log}
}

// accessToken is the token for the Graph API, "" when none is known.
func (a *App) accessToken(ctx context.Context) (string, error) {
	if a.cfg.AccessToken != "" {
		return string(a.cfg.AccessToken), nil
	}
	return a.db.Setting(ctx, models.AccessToken)
}

// openFile gives one part of an attached file to the pages.
func (a *App) openFile(ctx context.Context, f models.File, part string) ([]byte, error) {
	data, err := a.files.Open(ctx, f, files.Part(part))
	if errors.Is(err, files.ErrMissing) {
		a.log.Error("a file is not in the store", "file", f.ID)
		return nil, models.ErrNotFound
	}
	return data, err
}

// retireFiles removes files whose time is over.
func (a *App) retireFiles(ctx context.Context) error {
	done, err := a.files.Retire(ctx, a.cfg.KeepFiles.duration())
	if done != (files.Done{}) {
		a.log.Info("old files removed", "files", done.Removed, "keys", done.Forgotten)
	}
	return err
}

// sweepFiles removes what belongs to no file.
func (a *App) sweepFiles(ctx context.Context) error {
	n, err := a.files.Sweep(ctx)
	if n > 0 {
		a.log.Info("objects of no file removed", "objects", n)
	}
	return err
}

// KeepFile seals a file into the store, as the server does with what it fetched.
func (c Config) KeepFile(ctx context.Context, db *models.DB, f models.File, plain []byte) (models.File, error) {
	keeper, err := c.openFiles(db)
	if err != nil {
		return f, err
	}
	return keeper.Save(ctx, f, plain)
}

// CheckFiles holds the store of attached files against the database.
func CheckFiles(ctx context.Context, cfg Config, db *models.DB) (models.Finding, error) {
	keeper, err := cfg.openFiles(db)
	if err != nil {
		return models.Finding{}, err
	}
	return keeper.Check(ctx)
}
