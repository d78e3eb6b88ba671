// Package admin is people talking to us: pages, forms, exports.
package admin

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// An Admin answers every page. Fill it once; it is safe for many goroutines.
type Admin struct {
	DB        *models.DB
	Sessions  *session.Manager
	Now       func() time.Time
	PublicURL func() string             // scheme and host of the addresses that people copy, without a slash at the end
	Network   func(echo.Context) string // who asks, for throttling: the whole IPv4 address or the /64 of an IPv6 one
	Banner    string                    // a standing remark over every page; "" for none
	Version   string                    // of the program
	Kept      views.Kept                // how long what grows is kept

	Secret      func(context.Context) (string, error) // the current app secret, from the environment or the settings; "" when none is known
	VerifyToken func() string                         // what Meta must send to verify the callback URL
	Fixed       func(models.Setting) bool             // whether the environment sets it, so that no page can change it

	Fault func(slug string) string // why the published rules of a flow do not run as they are; "" when they do

	Closing func() bool // whether the server is about to stop

	Decode func(models.Delivery) models.Decoded // what a body says; it never panics
	Wake   func()                               // tells the worker that deliveries are due

	ExportFiles  func() ([]string, error) // names of what exports by the clock put there
	ExportFolder string                   // where exports by the clock lie

	OpenFile func(context.Context, models.File, string) ([]byte, error) // a part of an attached file: "file", "small" or "view"; ErrNotFound: it is lost
	FileType func(kind string) string                                   // the type with which a file may leave

	// SelfTest asks a flow's endpoint as WhatsApp does and tells how each stage went; an error is a fault of this server.
	SelfTest func(context.Context, models.Flow) ([]views.Stage, error)

	CatchUp      func(context.Context)                                         // finds flows for responses that came before them; it waits a moment and goes on beside
	CheckAddress func(context.Context, *url.URL) error                         // why requests may not go there: a sentence for people
	ParseHost    func(string) (string, error)                                  // host:port in the one way that entries are compared; errors are for people
	TryTarget    func(context.Context, models.Target) (views.TargetTry, error) // sends a test body

	TryReceiver func(context.Context, models.Receiver) (views.ReceiverTry, error) // sends an invented alert
	ParseChat   func(string) (address, place string, err error)                   // the address of a chat, and what may be shown of it; errors are for people
	CheckMail   func(context.Context, models.MailServer) error                    // why mail may not go there: a sentence for people
	TryMail     func(ctx context.Context, to string) (problem string, err error)  // sends a mail; problem is why it was not taken

	MakeKey func() (KeyPair, error)
	ReadKey func(pem, passphrase []byte) (KeyPair, error) // what is wrong with the file or its passphrase is an Invalid

	UploadCall func(publicPEM string) string // Meta's call that uploads the key; "" stands for the file public.pem
	AskCall    string                        // the call that tells which key Meta has

	known  knownNames // what flows can answer, by version
	used   knownUses  // what rules use, by document
	jsons  knownJSONs // what versions of Flow JSON are, in a line
	drafts keptDrafts // what the designer read last
	watch  alertWatch // how alerts are, for the pages that are open
}

// page is what Layout needs for this request. It takes the flashes, unless the page asks by itself for a part: call it once, for a page that will be shown.
func (a *Admin) page(c echo.Context, title string) views.Page {
	p := views.Page{
		Title: title, Path: c.Request().URL.RequestURI(), Banner: a.Banner, Section: section(c.Path()),
		Zone: time.UTC, Now: a.Now(),
	}
	if !live(c) {
		for _, f := range a.Sessions.Flashes(c) {
			p.Flash = append(p.Flash, views.Flash{Kind: views.FlashKind(f.Kind), Text: f.Text})
		}
	}
	u, ok := session.From(c)
	if !ok {
		return p
	}
	p.User = &views.User{ID: u.ID, Name: shownName(u), Role: string(u.Role), RoleWord: views.RoleWord(u.Role)}
	p.Can = views.Can{Support: u.Role.May(models.Support), Operator: u.Role.May(models.Operator), Admin: u.Role.May(models.Admin)}
	p.Zone = zone(u.Zone)
	if pulse, err := a.DB.AlertPulse(c.Request().Context()); err == nil { // a page is worth showing without it
		p.ActiveAlerts, p.AlertMark, p.AlertEvent = pulse.Active, pulse.Mark, newestEvent(pulse)
	}
	p.Views = a.navViews(c.Request().Context(), u, c.Request().URL.RawQuery)
	return p
}

// section is the sidebar entry of a route: the first part of its path.
func section(route string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(route, "/"), "/")
	if first == "" {
		return views.SectionOverview
	}
	return first
}

// shownName is the name, for people without one the address before the @.
func shownName(u models.User) string {
	if u.Name != "" {
		return u.Name
	}
	name, _, _ := strings.Cut(u.Email, "@")
	return name
}

// zone is the person's time zone, UTC when it is not known.
func zone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}

// isHTMX tells whether htmx asks for a part of the page, not the browser for the whole.
func isHTMX(c echo.Context) bool {
	h := c.Request().Header
	return h.Get("HX-Request") == "true" && h.Get("HX-History-Restore-Request") != "true"
}

// redirect answers a form that was taken: the page to see next, by GET.
func redirect(c echo.Context, to string) error { return c.Redirect(http.StatusSeeOther, to) }

// zoneOf is the time zone of who asks.
func (a *Admin) zoneOf(c echo.Context) *time.Location { return zone(me(c).Zone) }

// instanceZone is the zone of rules that name none (a setting; UTC by default).
func (a *Admin) instanceZone(c echo.Context) *time.Location {
	name, err := a.DB.Setting(c.Request().Context(), models.InstanceZone)
	if err != nil {
		return time.UTC
	}
	return zone(name)
}
