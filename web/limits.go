package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"golang.org/x/time/rate"

	"switchyard/web/session"
)

// errBusy says that there is no room for the request now.
var errBusy = errors.New("web: no room now")

// recovered turns a panic into an error, so that one request cannot end the program.
func recovered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if p := recover(); p == http.ErrAbortHandler {
				panic(p)
			} else if p != nil {
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		return next(c)
	}
}

// within ends the context of a request; handlers that wait on the database or a queue notice. The error page is made
// with the request as it was.
func within(d time.Duration) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			ctx, cancel := context.WithTimeout(r.Context(), d)
			defer func() { cancel(); c.SetRequest(r) }()
			c.SetRequest(r.WithContext(ctx))
			return next(c)
		}
	}
}

// inFlight bounds requests and the bytes that they may bring; what does not fit is repeated by its sender.
func inFlight(requests, bytes, unknown int64) echo.MiddlewareFunc {
	var held, size atomic.Int64
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			n := c.Request().ContentLength
			if n < 0 {
				n = unknown
			}
			defer func() { held.Add(-1); size.Add(-n) }()
			if over := held.Add(1) > requests; size.Add(n) > bytes || over {
				return errBusy
			}
			return next(c)
		}
	}
}

// oneOf lets n requests in at a time and refuses the rest: password hashes cost memory and cores.
func oneOf(n int) echo.MiddlewareFunc {
	turns := make(chan struct{}, n)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			select {
			case turns <- struct{}{}:
				defer func() { <-turns }()
				return next(c)
			default:
				return errBusy
			}
		}
	}
}

// perSession slows a browser that asks faster than a person can.
func perSession() echo.MiddlewareFunc {
	store := limiter(20, 60)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if id := session.SessionID(c); id != "" {
				if ok, err := store.Allow(id); err == nil && !ok {
					return echo.NewHTTPError(http.StatusTooManyRequests)
				}
			}
			return next(c)
		}
	}
}

func limiter(perSecond rate.Limit, burst int) *middleware.RateLimiterMemoryStore {
	return middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{
		Rate: perSecond, Burst: burst, ExpiresIn: 10 * time.Minute})
}

// cspReport counts what browsers refused, at most 10 a minute from one address; nothing of it is kept.
func (a *App) cspReport() echo.HandlerFunc {
	store := limiter(10.0/60, 10)
	return func(c echo.Context) error {
		if ok, err := store.Allow(network(c.RealIP())); err == nil && !ok {
			return echo.NewHTTPError(http.StatusTooManyRequests)
		}
		if _, err := io.Copy(io.Discard, c.Request().Body); err != nil {
			return err
		}
		a.metrics.reports.Inc()
		return c.NoContent(http.StatusNoContent)
	}
}

// network is the whole IPv4 address or the /64 of an IPv6 one: who has one address there has them all.
func network(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return "unknown"
	}
	if addr = addr.Unmap().WithZone(""); addr.Is4() {
		return addr.String()
	}
	return netip.PrefixFrom(addr, 64).Masked().String()
}
