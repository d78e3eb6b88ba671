package flowjson

import (
	"slices"
	"strconv"
	"strings"
)

// findLines says at which line of the document each problem, and what is not known, stands.
func (r *reader) findLines(raw []byte) {
	var ends []int // offsets of the line ends
	for i, b := range raw {
		if b == '\n' {
			ends = append(ends, i)
		}
	}
	line := func(path string) int {
		if path == "" {
			return 0
		}
		before, _ := slices.BinarySearch(ends, r.root.follow(path).at)
		return 1 + before
	}
	for i := range *r.all {
		(*r.all)[i].Line = line((*r.all)[i].Path)
	}
	for i := range r.flow.Unknown {
		r.flow.Unknown[i].Line = line(r.flow.Unknown[i].Path)
	}
}

var pointerUnescape = strings.NewReplacer("~1", "/", "~0", "~")

// follow goes along a JSON pointer as far as the document does.
func (n *node) follow(path string) *node {
	for step := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		next := n.get(pointerUnescape.Replace(step))
		if i, err := strconv.Atoi(step); n.is(isArray) && err == nil && i >= 0 && i < len(n.items) {
			next = n.items[i]
		}
		if next == nil {
			return n
		}
		n = next
	}
	return n
}
