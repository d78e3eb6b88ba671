package views_test

import (
	"testing"

	"switchyard/views"
)

func TestMaskInHidesEveryWayToWriteTheNumber(t *testing.T) {
	const phone = "5511999990017"
	for in, want := range map[string]string{
		"call 5511999990017 now":       "call +55 •••• 17 now",
		"call +55 (11) 99999-0017 now": "call +55 •••• 17 now",
		`{"phone":"5511999990017"}`:    `{"phone":"+55 •••• 17"}`,
		"5511999990018":                "5511999990018",
		"é 551199999001":               "é 551199999001",
		"":                             "",
	} {
		if got := views.MaskIn(in, phone); got != want {
			t.Errorf("MaskIn(%q) = %q; want %q", in, got, want)
		}
	}
	if got := views.MaskIn("1 2 3", "12"); got != "1 2 3" {
		t.Errorf("MaskIn of a short number = %q; want it unchanged", got)
	}
}
