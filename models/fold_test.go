package models

import "testing"

func TestWhatPeopleTakeForTheSameIsFoldedToTheSame(t *testing.T) {
	for _, same := range [][]string{
		{"João", "JOAO", "joa\u0303o", "jOÃo"},
		{"İstanbul", "istanbul", "ISTANBUL", "ıstanbul"},
		{"Straße", "STRASSE", "strasse", "STRAẞE"},
		{"Łukasz Sørensen Đặng", "lukasz sorensen dang"},
		{"مُحَمَّد", "محمد"},
		{"हिन्दी", "हिन्दी"},
		{"が", "か"},
		{"한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"},
		{"ﬁne ㎏ Ａｄａ", "fine kg ada"},
		{"+\u200e55\u00ad 11\u2069", "+55 11"},
		{"❤\ufe0f", "❤"},
		{"a\x00b", "a b"},
		{"é\xffb", "e b"},
	} {
		for _, s := range same[1:] {
			if a, b := fold(same[0]), fold(s); a != b {
				t.Errorf("fold(%q) = %q; want %q, as of %q", same[0], a, b, s)
			}
		}
	}
	for _, pair := range [][2]string{{"中", "文"}, {"a", "b"}, {"محمد", "احمد"}} {
		if fold(pair[0]) == fold(pair[1]) {
			t.Errorf("fold(%q) = fold(%q)", pair[0], pair[1])
		}
	}
}
