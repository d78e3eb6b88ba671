package whatsapp

import (
	"time"

	"switchyard/handlers/whatsapp/wire"
)

// SetParse lets a test stand in for the decoder.
func SetParse(w *Worker, parse func([]byte, wire.Source) (wire.Events, error)) { w.parse = parse }

// SetPatience says how long a worker decodes one body before others go on, and before it gives up.
func SetPatience(w *Worker, slow, longest time.Duration) { w.slowAfter, w.longest = slow, longest }
