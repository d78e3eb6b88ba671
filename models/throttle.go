package models

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"time"

	"gorm.io/gorm"
)

// The throttle of sign-ins (reliability.md §5.4): it slows guessing down and locks nobody out for good.
const (
	accountFree    = 4                // failures of an account that cost no wait; the next one does
	accountLongest = 15 * time.Minute // longest wait of an account
	accountForget  = 24 * time.Hour   // failures older than this count no more
	addressFree    = 20               // failures of an address within addressWindow
	addressWindow  = 15 * time.Minute
)

// ThrottledError says that sign-in must wait that long.
type ThrottledError struct{ Wait time.Duration }

// Error is the sentence, for logs.
func (e *ThrottledError) Error() string { return "models: too many attempts" }

// accountWait is how long an account waits after its last failure: 1 s after the fifth, then twice as long each.
func accountWait(failures int) time.Duration {
	if failures <= accountFree {
		return 0
	}
	if doublings := failures - accountFree - 1; doublings < 10 { // 2^10 s are more than the longest wait
		return time.Second << doublings
	}
	return accountLongest
}

type accountThrottle struct {
	Account  string
	Failures int
	LastAt   Time
}

// An attempt is one sign-in that has been counted as a failure before its password is checked, so that many at once
// cannot all slip through; forgive takes it back.
type attempt struct {
	account string // hash of the address as typed
	address int64  // id of its row in address_failures
}

// countAttempt refuses with *ThrottledError or counts.
func countAttempt(tx *gorm.DB, email, ip string, now Time) (attempt, error) {
	a := attempt{account: hashText(email)}
	var t accountThrottle
	if err := tx.Raw("SELECT account, failures, last_at FROM account_throttles WHERE account = ?", a.account).Scan(&t).Error; err != nil {
		return a, err
	}
	if now.Sub(t.LastAt.Time) > accountForget {
		t.Failures = 0
	}
	addressAt, err := addressOpens(tx, ip, now)
	if err != nil {
		return a, err
	}
	wait := max(t.LastAt.Add(accountWait(t.Failures)).Sub(now.Time), addressAt.Sub(now.Time))
	if wait > 0 {
		return a, &ThrottledError{Wait: wait}
	}
	return a, a.count(tx, t.Failures+1, ip, now)
}

// addressOpens is when the address may try again: when the oldest of its last failures leaves the window.
func addressOpens(tx *gorm.DB, ip string, now Time) (time.Time, error) {
	var oldest []Time
	err := tx.Raw("SELECT at FROM address_failures WHERE address = ? AND at > ? ORDER BY at DESC LIMIT 1 OFFSET ?",
		throttledAddress(ip), at(now.Add(-addressWindow)), addressFree-1).Scan(&oldest).Error
	if err != nil || len(oldest) == 0 {
		return now.Time, err
	}
	return oldest[0].Add(addressWindow), nil
}

func (a *attempt) count(tx *gorm.DB, failures int, ip string, now Time) error {
	err := tx.Exec(`INSERT INTO account_throttles (account, failures, last_at) VALUES (?, ?, ?)
		ON CONFLICT (account) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at`, a.account, failures, now).Error
	if err != nil {
		return err
	}
	err = tx.Raw("INSERT INTO address_failures (address, at) VALUES (?, ?) RETURNING id", throttledAddress(ip), now).Scan(&a.address).Error
	if err != nil {
		return err
	}
	if err := tx.Exec("DELETE FROM address_failures WHERE at <= ?", at(now.Add(-addressWindow))).Error; err != nil {
		return err
	}
	return tx.Exec("DELETE FROM account_throttles WHERE last_at < ?", at(now.Add(-accountForget))).Error
}

// forgive takes a successful attempt back, and the failures of its account with it.
func (a attempt) forgive(tx *gorm.DB) error {
	if err := tx.Exec("DELETE FROM address_failures WHERE id = ?", a.address).Error; err != nil {
		return err
	}
	return tx.Exec("DELETE FROM account_throttles WHERE account = ?", a.account).Error
}

// throttledAddress is the whole IPv4 address or the /64 of an IPv6 one: who has one address there has them all.
func throttledAddress(ip string) string { return prefixOf(ip, 32, 64) }

// ShortIP is an address as it is kept and shown: an IPv4 network of 256, an IPv6 one of a site (/48).
func ShortIP(ip string) string { return prefixOf(ip, 24, 48) }

// prefixOf cuts an address, or a prefix, to that many bits; what is neither is "unknown", and nothing stays nothing.
func prefixOf(ip string, bits4, bits6 int) string {
	if ip == "" {
		return ""
	}
	addr, err := netip.ParseAddr(ip)
	if p, perr := netip.ParsePrefix(ip); err != nil && perr == nil {
		addr, err = p.Addr(), nil
	}
	if err != nil {
		return "unknown"
	}
	addr = addr.Unmap().WithZone("")
	bits := bits6
	if addr.Is4() {
		bits = bits4
	}
	return netip.PrefixFrom(addr, bits).Masked().String()
}

// hashText is the sha256 of a text, hex: what lies in the database instead of a token or of what somebody typed.
func hashText(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
