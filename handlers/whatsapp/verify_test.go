package whatsapp

import (
	"cmp"
	"os"
)

// verifying tells whether tests run in their long form.
func verifying() bool { return cmp.Or(os.Getenv("SWITCHYARD_VERIFY"), "0") != "0" }
