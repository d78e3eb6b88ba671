package models

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxKinds bounds how many kinds a delivery lists.
const maxKinds = 12

// kinds lists what a delivery held, in its order: "response text flows".
func kinds(d Decoded) string {
	if d.kinds != "" {
		return d.kinds
	}
	var all []string
	add := func(k string) {
		k = shorten(strings.Join(strings.Fields(k), "_"), 40)
		if k != "" && len(all) < maxKinds && !slices.Contains(all, k) {
			all = append(all, k)
		}
	}
	for _, m := range d.Messages {
		if m.Flow != nil {
			add("response")
		} else {
			add(m.Type)
		}
	}
	if len(d.Statuses) > 0 {
		add("status")
	}
	if len(d.Flows) > 0 {
		add("flows")
	}
	for _, o := range d.Others {
		add(o.Field)
	}
	return strings.Join(all, " ")
}

// shorten cuts s to at most n bytes, between runes.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
