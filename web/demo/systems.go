package demo

import (
	"io"
	"net/http"
	"time"
)

// The addresses of the systems that get what is forwarded.
const (
	crmPath       = "/crm/whatsapp"
	warehousePath = "/warehouse/ingest"
)

// Systems plays those systems: the CRM takes every body, the warehouse is down until recovery.
func Systems(recovery time.Time) http.Handler {
	mux := http.NewServeMux()
	take := func(w http.ResponseWriter, r *http.Request, answer string) {
		io.Copy(io.Discard, io.LimitReader(r.Body, 4<<20))
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, answer)
	}
	mux.HandleFunc("POST "+crmPath, func(w http.ResponseWriter, r *http.Request) { take(w, r, `{"queued":true}`) })
	mux.HandleFunc("POST "+warehousePath, func(w http.ResponseWriter, r *http.Request) {
		if time.Now().Before(recovery) {
			http.Error(w, `{"error":"maintenance, come back later"}`, http.StatusServiceUnavailable)
			return
		}
		take(w, r, `{"rows":1}`)
	})
	return mux
}
