package admin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
)

// streamAlive is how often a stream says something when nothing happens: proxies end silent connections.
const streamAlive = 15 * time.Second

// alertNews is what open pages hear.
type alertNews struct {
	Active int    `json:"active"`
	Mark   string `json:"mark"`
	Event  int64  `json:"event"` // newest activation
	Began  bool   `json:"began"` // with it its alert began; false: the alert was known, and got worse or is active again
	Said   string `json:"said"`  // the same in words
}

// LiveAlerts streams what changes about alerts as server-sent events, beginning with how it is, for at most a minute:
// the browser comes back, and is asked again who it is. Who does not ask for a stream gets how it is.
func (a *Admin) LiveAlerts(c echo.Context) error {
	if c.Request().Header.Get(echo.HeaderAccept) != "text/event-stream" {
		p, err := a.DB.AlertPulse(c.Request().Context())
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, newsOf(p))
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	c.Response().WriteHeader(http.StatusOK)
	a.streamAlerts(c)
	return nil
}

// streamAlerts writes until the browser has gone, the time is up or the server stops.
func (a *Admin) streamAlerts(c echo.Context) {
	leave := a.watch.join(a.DB.AlertPulse, a.Closing)
	defer leave()
	rc := http.NewResponseController(c.Response())
	alive := time.NewTicker(streamAlive)
	defer alive.Stop()
	told := false
	for mark := ""; !a.Closing(); {
		p, known, changed := a.watch.look()
		if known && (!told || p.Mark != mark) {
			told, mark = true, p.Mark
			if !say(c, rc, newsOf(p)) {
				return
			}
		}
		select {
		case <-c.Request().Context().Done():
			return
		case <-changed:
		case <-alive.C:
			told = false
		}
	}
}

// say tells whether somebody still listens.
func say(c echo.Context, rc *http.ResponseController, n alertNews) bool {
	b, err := json.Marshal(n)
	if err != nil {
		return false
	}
	if err := rc.SetWriteDeadline(time.Now().Add(2 * streamAlive)); err != nil {
		return false
	}
	if _, err := fmt.Fprintf(c.Response(), "retry: 1000\ndata: %s\n\n", b); err != nil {
		return false
	}
	return rc.Flush() == nil
}

func newsOf(p models.AlertPulse) alertNews {
	n := alertNews{Active: p.Active, Mark: p.Mark, Event: newestEvent(p)}
	if p.Newest.ID != 0 {
		n.Began = p.Newest.Last.At.Equal(p.Newest.SinceAt.Time)
		n.Said = views.AlertName(p.Newest.Kind) + " of " + views.AlertFlowName(p.Newest) + ": " + views.AlertFigures(p.Newest.Kind, p.Newest.Last)
	}
	return n
}

// newestEvent is the newest activation of what is active; 0 when nothing is.
func newestEvent(p models.AlertPulse) int64 {
	if p.Newest.ID == 0 {
		return 0
	}
	return p.Newest.Last.ID
}
