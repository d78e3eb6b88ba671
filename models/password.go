package models

import (
	_ "embed"
	"errors"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
)

// ErrBusy says that as many passwords are being checked as may be: 503, try again in a second.
var ErrBusy = errors.New("models: too many passwords are being checked")

// Passwords hashes and checks passwords: argon2id with its parameters, injected so that tests are cheap.
// The zero value means 64 MiB and 3 rounds.
type Passwords struct {
	Memory, Iterations uint32 // KiB, rounds
}

func (p Passwords) params() *argon2id.Params {
	q := argon2id.Params{Memory: p.Memory, Iterations: p.Iterations, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	if p == (Passwords{}) {
		q.Memory, q.Iterations = 64*1024, 3
	}
	return &q
}

// The length of a password, in characters.
const (
	passwordMin = 12
	passwordMax = 128
)

// hashers is how many hashes may run at once: each takes a core and much memory.
const hashers = 2

// A turnstile lets a few through at once and refuses the others without making them wait.
type turnstile struct{ in atomic.Int32 }

func (t *turnstile) enter() error {
	if t.in.Add(1) > hashers {
		t.in.Add(-1)
		return ErrBusy
	}
	return nil
}

func (t *turnstile) leave() { t.in.Add(-1) }

// hash checks that a password may be used and hashes it. Call it outside a transaction: it takes long.
func (db *DB) hash(password string, about ...string) (string, error) {
	if err := checkPassword(password, about...); err != nil {
		return "", err
	}
	if err := db.hashing.enter(); err != nil {
		return "", err
	}
	defer db.hashing.leave()
	return argon2id.CreateHash(password, db.passwords.params())
}

// checkPassword returns Invalid for a password that is too short, too long or too common; about is what others know
// about the person: address and name.
func checkPassword(password string, about ...string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < passwordMin:
		return &Invalid{"password", "Use at least 12 characters. A few words together are fine."}
	case n > passwordMax:
		return &Invalid{"password", "Use at most 128 characters."}
	case !utf8.ValidString(password):
		return &Invalid{"password", "Use letters, digits and signs."}
	case common(password, about...):
		return &Invalid{"password", "This is easy to guess. Put some unrelated words together."}
	}
	return nil
}

// passwordList is what guessers try first: the commonest passwords and their parts, keyboard rows, and the words of
// this product.
//
//go:embed passwords.txt
var passwordList string

// What must be left of a password after its listed parts are taken out, in characters, and how many different listed
// words make a password by themselves.
const (
	uncommonRest  = 6
	uncommonWords = 3
)

// common tells whether a password is one of those that guessers try first. It is when, small letters and digits read
// as the letters they stand for (p@ssw0rd), fewer than uncommonRest characters are left after the listed words in it
// and the person's own name and address are taken out, unless uncommonWords different ones were; and when it is
// nothing but runs (aaaa, 1234).
func common(password string, about ...string) bool {
	plain := strings.ToLower(password)
	for _, s := range []string{plain, unleet.Replace(plain)} {
		rest, words := takeOut(s, listed(about))
		if words < uncommonWords && utf8.RuneCountInString(withoutRuns(rest)) < uncommonRest {
			return true
		}
	}
	return false
}

var unleet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// listed is the words to take out: the person's own, then the list, which has the longer ones first.
func listed(about []string) []string {
	words := strings.FieldsFunc(strings.ToLower(strings.Join(about, " ")), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return append(words, strings.Fields(passwordList)...)
}

// takeOut removes the words and tells how many different ones there were.
func takeOut(s string, words []string) (rest string, found int) {
	for _, w := range words {
		if len(w) >= 3 && strings.Contains(s, w) {
			s = strings.ReplaceAll(s, w, " ")
			found++
		}
	}
	return strings.ReplaceAll(s, " ", ""), found
}

// withoutRuns drops each character that repeats or continues the one before: aaaa is a, 1234 is 1.
func withoutRuns(s string) string {
	var b strings.Builder
	last := rune(-2)
	for _, r := range s {
		if step := r - last; step < -1 || step > 1 {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}
