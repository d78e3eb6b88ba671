package whatsapp

import "switchyard/handlers/whatsapp/wire"

// SetParse lets a test stand in for the decoder.
func SetParse(w *Worker, parse func([]byte, wire.Source) (wire.Events, error)) { w.parse = parse }
