package alert_test

import (
	"testing"

	"switchyard/models/alert"
)

func TestErrorTypesAreKnownInEverySpelling(t *testing.T) {
	for _, s := range []string{
		"INVALID_SCREEN_TRANSITION", "invalid-screen-transition", "PUBLIC_KEY_MISSING", "public-key-missing", "CAPABILITY_ERROR", "missing_capability",
		"TIMEOUT", "timeout_error", "public-key-signiture-verification", "public-key-signature-verification", "Timeout Error",
	} {
		if m, ok := alert.Known(s); !ok || m.Means == "" || m.Fix == "" {
			t.Errorf("Known(%q) = %+v, %v; want a meaning and a fix", s, m, ok)
		}
	}
	if m, ok := alert.Known("SOMETHING_NEW"); ok {
		t.Errorf("Known(SOMETHING_NEW) = %+v, true; want false", m)
	}
}
