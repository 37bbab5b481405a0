package metrics

import (
	"math"
	"slices"
)

// repeat marks anew what an earlier shipment to another environment of the
// class repeats, of the changes and commits that an addition concerns.
func (d *derivation) repeat() {
	for _, same := range d.classes() {
		some := map[int32]bool{}
		for i := range d.follow.dirty {
			some[i] = true
		}
		for _, s := range same {
			for _, i := range s.dirty {
				some[i] = true
			}
		}
		for i := range some {
			repeated(same, func(s *stage) (int64, *uint16) { return s.shipmentOf(i) })
		}
		for _, ran := range d.follow.ran {
			repeated(same, func(s *stage) (int64, *uint16) { return s.commitOf(ran.repo, ran.at) })
		}
	}
}

// repeated flags all but the earliest of what environments shipped; the first
// of those that are equally early stays.
func repeated(same []*stage, of func(*stage) (at int64, flags *uint16)) {
	first := int64(math.MaxInt64)
	for _, s := range same {
		if at, flags := of(s); flags != nil {
			first = min(first, at)
		}
	}
	taken := false
	for _, s := range same {
		at, flags := of(s)
		if flags == nil {
			continue
		}
		before := *flags
		*flags &^= flagRepeat
		if at > first || taken {
			*flags |= flagRepeat
		} else {
			taken = true
		}
		if *flags != before {
			s.touch(at)
		}
	}
}

// shipmentOf is when the environment shipped a change; nil flags: never.
func (s *stage) shipmentOf(i int32) (int64, *uint16) {
	if s.shippedBy == nil || s.shippedBy[i] == 0 {
		return 0, nil
	}
	one := s.shipment(i)
	return s.rollouts[one.row].finished, &one.flags
}

// commitOf is when the environment shipped a commit; nil flags: never.
func (s *stage) commitOf(r *repository, at int32) (when int64, flags *uint16) {
	sha := r.graph.ID(at)
	lanes := 0
	for _, l := range s.lanes {
		i, ok := l.node(sha.Hex())
		if !ok || l.claimed[i] == 0 {
			continue
		}
		if lanes++; lanes > 1 {
			s.d.follow.giveUp("a commit of several repositories")
		}
		row := l.claimed[i] - 1
		rows := ofRows(s.commits, row, row+1, func(one *commitShipment) int32 { return one.row })
		n, found := slices.BinarySearchFunc(rows, commitID(sha[:]), func(one commitShipment, id ID) int { return one.id.compare(id) })
		if found {
			when, flags = s.rollouts[row].finished, &rows[n].flags
		}
	}
	return when, flags
}
