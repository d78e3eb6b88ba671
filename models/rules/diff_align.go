package rules

import "slices"

// parts compares the members of two groups: what stays in order is passed over, what stands between is paired.
func (d *differ) parts(a, b []Condition, where string) {
	gone, fresh := unlike(a, b)
	gone, fresh = d.shifted(gone, fresh, where)
	for _, related := range []func(x, y Condition) bool{kin, func(x, y Condition) bool { return true }} {
		gone, fresh = d.paired(gone, fresh, related, where)
	}
	for _, c := range gone {
		d.say("condition removed: “" + d.condition(c.Condition) + "”" + where)
	}
	for _, c := range fresh {
		d.say("condition added: “" + d.condition(c.Condition) + "”" + where)
	}
}

// A member is a condition of a group; gap counts the kept ones before it.
type member struct {
	Condition
	gap int
	key string
}

// unlike are the members outside a longest common sequence of both groups.
func unlike(a, b []Condition) (gone, fresh []member) {
	ka, kb := keysOf(a), keysOf(b)
	head, tail := same(ka, kb)
	a, ka = a[head:len(a)-tail], ka[head:len(ka)-tail]
	b, kb = b[head:len(b)-tail], kb[head:len(kb)-tail]
	run := make([][]int, len(a)+1) // run[i][j]: how long it is from a[i] and b[j] on
	for i := range run {
		run[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if ka[i] == kb[j] {
				run[i][j] = run[i+1][j+1] + 1
			} else {
				run[i][j] = max(run[i+1][j], run[i][j+1])
			}
		}
	}
	i, j, gap := 0, 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && ka[i] == kb[j]:
			i, j, gap = i+1, j+1, gap+1
		case j == len(b) || i < len(a) && run[i+1][j] >= run[i][j+1]:
			gone = append(gone, member{a[i], gap, ka[i]})
			i++
		default:
			fresh = append(fresh, member{b[j], gap, kb[j]})
			j++
		}
	}
	return gone, fresh
}

// same counts what two lists have alike at the start and then at the end.
func same(a, b []string) (head, tail int) {
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	return head, tail
}

func keysOf(cs []Condition) []string {
	keys := make([]string, len(cs))
	for i, c := range cs {
		keys[i] = canonical(c)
	}
	return keys
}

// shifted tells which members only changed their place, and returns the others.
func (d *differ) shifted(gone, fresh []member, where string) (left, more []member) {
	for _, g := range gone {
		i := slices.IndexFunc(fresh, func(f member) bool { return f.key == g.key })
		if i < 0 {
			left = append(left, g)
			continue
		}
		d.say("condition moved: “" + d.condition(g.Condition) + "”" + where)
		fresh = slices.Delete(fresh, i, i+1)
	}
	return left, fresh
}

// paired tells how related members of the same gap changed, and returns those without a partner.
func (d *differ) paired(gone, fresh []member, related func(x, y Condition) bool, where string) (left, more []member) {
	for _, g := range gone {
		i := slices.IndexFunc(fresh, func(f member) bool { return f.gap == g.gap && related(g.Condition, f.Condition) })
		if i < 0 {
			left = append(left, g)
			continue
		}
		d.compare(g.Condition, fresh[i].Condition, where)
		fresh = slices.Delete(fresh, i, i+1)
	}
	return left, fresh
}

// kin tells whether one condition is likely the other, changed.
func kin(a, b Condition) bool {
	ga, _ := connector(a)
	gb, _ := connector(b)
	return a.isLeaf() && b.isLeaf() && a.Field == b.Field || ga != "" && gb != "" || a.Not != nil && b.Not != nil || a.Formula != "" && b.Formula != ""
}
