package models

import (
	"errors"
	"strings"
	"testing"
)

func TestPasswordsThatGuessersTryFirstAreRefused(t *testing.T) {
	for _, password := range []string{
		"password1234", "Password1234!", "p@ssw0rd2026", "passwordpassword", "qwertyuiop123", "1q2w3e4r5t6y",
		"switchyard2026", "Switchyard!!!", "whatsapp-flow", "letmeinplease", "iloveyou1234", "admin12345678",
		"aaaaaaaaaaaa", "111111111111", "abcdefghijkl", "abababababab", "123456789012", "monkey-dragon",
		"correcthorsebatterystaple", "ada.lovelace1", "lovelace2026!", "example-ada-1",
	} {
		if err := checkPassword(password, "ada.lovelace@example.com", "Ada Lovelace"); err == nil {
			t.Errorf("checkPassword(%q) = nil; want it to be too common", password)
		}
	}
}

func TestUncommonPasswordsAreAccepted(t *testing.T) {
	for _, password := range []string{
		"ruthless crimson kettle", "839201748392", "monkey dragon sunshine teapot", "xK7#pQ2!vLm9", "ひらがなのながいことば",
		"password-vQ8mTz2kW", strings.Repeat("xK7#pQ2!", 16),
	} {
		if err := checkPassword(password, "ada@example.com", "Ada"); err != nil && len([]rune(password)) >= passwordMin {
			t.Errorf("checkPassword(%q) = %v; want it accepted", password, err)
		}
	}
}

func TestLengthOfAPasswordIsInCharacters(t *testing.T) {
	for password, ok := range map[string]bool{
		"xK7#pQ2!vLm": false, "xK7#pQ2!vLmä": true, strings.Repeat("xK7#pQ2!", 16) + "x": false, strings.Repeat("äK7#pQ2!", 16): true,
		"xK7#pQ2!vLm\xff": false,
	} {
		if err := checkPassword(password); (err == nil) != ok {
			t.Errorf("checkPassword(%q) = %v; want accepted: %v", password, err, ok)
		}
	}
}

func TestAThirdHashAtOnceIsRefusedWithoutWaiting(t *testing.T) {
	var t2 turnstile
	if err := errors.Join(t2.enter(), t2.enter()); err != nil {
		t.Fatal(err)
	}
	if err := t2.enter(); !errors.Is(err, ErrBusy) {
		t.Errorf("third enter = %v; want ErrBusy", err)
	}
	t2.leave()
	if err := t2.enter(); err != nil {
		t.Errorf("enter after leave = %v", err)
	}
}

func TestPasswordListIsSortedForTakingOut(t *testing.T) {
	words := strings.Fields(passwordList)
	for i := 1; i < len(words); i++ {
		if len(words[i]) > len(words[i-1]) {
			t.Errorf("%q stands after the shorter %q", words[i], words[i-1])
		}
		if words[i] != strings.ToLower(words[i]) {
			t.Errorf("%q is not in small letters", words[i])
		}
	}
}
