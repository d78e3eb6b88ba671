package files

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"switchyard/models"
	"switchyard/web/outbound"
)

const (
	// poll is how often is looked for files that are due.
	poll = 2 * time.Second
	// atOnce is how many files one process fetches at a time: each takes some 75 MiB of memory.
	atOnce = 2
	// longestFetch bounds the fetching of one file, within the lease that nobody else has it.
	longestFetch = 4 * time.Minute
	lease        = 5 * time.Minute
)

// WhatsApp is where files are fetched from. The zero value is where they are.
type WhatsApp struct {
	Graph      string   // base of the Graph API
	CDN        []string // hosts of files that requests tell of
	MediaHosts []string // hosts that the Graph API names
}

// The hosts of protocol.md §7 and reliability.md §5.12; no other is ever asked.
const (
	DefaultGraph = "https://graph.facebook.com/v23.0"
	cdnHost      = "mmg.whatsapp.net"
	mediaHost    = "lookaside.fbsbx.com"
)

func (w WhatsApp) orDefault() WhatsApp {
	if w.Graph == "" {
		w.Graph = DefaultGraph
	}
	if w.CDN == nil {
		w.CDN = []string{cdnHost}
	}
	if w.MediaHosts == nil {
		w.MediaHosts = []string{mediaHost}
	}
	return w
}

// A Fetcher brings files home, behind the endpoint and the inbox, which never wait for it.
type Fetcher struct {
	Keeper *Keeper
	Client interface { // *outbound.Client
		Do(*http.Request, outbound.Policy) (*http.Response, error)
	}
	WhatsApp WhatsApp
	// Token is the access token for the Graph API, "" when none is known.
	Token func(context.Context) (string, error)
	Log   *slog.Logger
}

// Run fetches what is due until ctx ends; what is in its hands then is put back.
func (f *Fetcher) Run(ctx context.Context) {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for failing := false; ; {
		err := f.Settle(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			f.Log.Error("files wait", "error", err)
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Settle fetches until nothing is due.
func (f *Fetcher) Settle(ctx context.Context) error {
	for ctx.Err() == nil {
		due, err := f.Keeper.DB.ClaimFiles(ctx, atOnce, lease)
		if err != nil || len(due) == 0 {
			return err
		}
		var all sync.WaitGroup
		for _, d := range due {
			all.Go(func() { f.one(ctx, d) })
		}
		all.Wait()
	}
	return nil
}

// one fetches a file and tells how it went. When even that cannot be told, the file is due again after the lease.
func (f *Fetcher) one(ctx context.Context, d models.DueFile) {
	bounded, cancel := context.WithTimeout(ctx, longestFetch)
	defer cancel()
	trouble := f.bring(bounded, d)
	if trouble == nil {
		return
	}
	if ctx.Err() != nil {
		trouble = &problem{text: "It was interrupted.", free: true}
	}
	if err := f.tell(context.WithoutCancel(ctx), d, trouble); err != nil {
		f.Log.Error("a file's state was not written", "file", d.ID, "error", err)
	}
}

// bring downloads, opens, seals and stores a file.
func (f *Fetcher) bring(ctx context.Context, d models.DueFile) *problem {
	db := f.Keeper.DB
	if !db.Now().Before(d.UntilAt.Time) {
		return &problem{text: "WhatsApp does not keep it any longer, and it could not be fetched in time.", state: models.FileGone}
	}
	plain, trouble := f.download(ctx, d)
	if trouble != nil {
		return trouble
	}
	stored, err := f.Keeper.Save(ctx, d.File, plain)
	if err != nil {
		f.Log.Error("a file was not stored", "file", d.ID, "error", err)
		return &problem{text: "It was fetched and could not be stored. The log of the server says why.", free: true, wait: time.Minute}
	}
	if err := db.FileStored(ctx, stored); err != nil {
		f.Log.Error("a file's state was not written", "file", d.ID, "error", err)
		return nil
	}
	f.Log.Info("file stored", "file", d.ID, "bytes", stored.Size)
	return nil
}
