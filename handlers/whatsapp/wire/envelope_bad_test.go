package wire_test

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/handlers/whatsapp/wire/wiretest"
)

func TestEveryEnvelopeThatCannotBeOpenedHasTheOneError(t *testing.T) {
	good, bad := wiretest.Envelopes(t, &privateKey(t, "key.pem").PublicKey, &privateKey(t, "other-key.pem").PublicKey)
	own := keys(t, "key.pem")
	if _, _, _, err := wire.Open(good, own); err != nil {
		t.Fatalf("Open of the unchanged envelope = %v; the cases would prove nothing", err)
	}
	for _, name := range slices.Sorted(maps.Keys(bad)) {
		plain, reply, _, err := wire.Open(bad[name], own)
		if !errors.Is(err, wire.ErrCannotOpen) || err.Error() != wire.ErrCannotOpen.Error() || plain != nil || reply != nil {
			t.Errorf("%s: Open() = %q, %v; want nothing and %v", name, plain, err, wire.ErrCannotOpen)
		}
	}
	if _, _, _, err := wire.Open(good, nil); !errors.Is(err, wire.ErrCannotOpen) {
		t.Errorf("Open without keys = %v; want %v", err, wire.ErrCannotOpen)
	}
}
