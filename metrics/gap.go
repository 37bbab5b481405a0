package metrics

import (
	"math"
	"slices"
)

// behindGap says whether a commit that ran before may lie behind what runs,
// where a commit of unknown parents cuts the way: it is older than that one,
// and than what runs.
func (l *lane) behindGap(h head, at, running int32) bool {
	g := l.repo.graph
	committed := micros(g.Committed(at))
	return committed <= l.gapUntil && (l.deployed[h.commit] || committed < micros(g.Committed(running)))
}

// meet notes a commit of unknown parents on the way of a rollout.
func (l *lane) meet(i int32) {
	l.gapUntil = max(l.gapUntil, micros(l.repo.graph.Committed(i)))
}

// learn keeps in mind to which branches the changes that a rollout reached
// were merged, so that a gap can be bridged. after is the cutoff before it.
func (l *lane) learn(ro *rollout, after int64) {
	if !l.repo.gappy() {
		return
	}
	var bases []string
	l.between(after, ro.cutoff(), func(i int32) {
		c := &l.stage.d.changes[i]
		base := branchName(c.fact.Value.Base)
		if c.merge >= 0 && base != "" && l.claimed[c.merge] == ro.row+1 && !slices.Contains(bases, base) {
			bases = append(bases, base)
		}
	})
	if bases != nil {
		l.bases = bases
	}
}

// between calls f with the changes merged after one instant and up to another.
func (l *lane) between(after, upTo int64, f func(change int32)) {
	l.looked = max(l.looked, upTo)
	for n := firstAfter(l.repo.merged, after); n < len(l.repo.merged) && l.repo.merged[n] <= upTo; n++ {
		f(l.repo.changes[n])
	}
}

// bridge ships what the graph knows and a gap hides: changes merged in time to
// the branch that the rollout comes from, of which no way leads to it. Those
// of which no branch is known are kept in mind as stranded.
func (l *lane) bridge(ro *rollout, h head, after int64) (took bool) {
	bases := l.bases
	l.blind = true
	if h.ref != "" && len(l.repo.byBase[h.ref]) > 0 {
		bases = []string{h.ref}
	}
	l.between(after, ro.cutoff(), func(i int32) {
		c := &l.stage.d.changes[i]
		if c.merge < 0 || l.claimed[c.merge] != 0 {
			return
		}
		base := branchName(c.fact.Value.Base)
		switch {
		case base == "" || len(bases) == 0:
			if l.stage.stranded == nil {
				l.stage.stranded = map[int32]int32{}
			}
			l.stage.stranded[i] = ro.row + 1
			l.stage.soil(i)
		case slices.Contains(bases, base) && l.take(i, ro, methodTime):
			l.claim(c.merge, ro)
			took = true
		}
	})
	return took
}

// gappy says whether any commit has unknown parents.
func (r *repository) gappy() bool {
	if !r.gapsRead {
		r.gapsRead = true
		for i := range int32(r.graph.Len()) {
			if r.graph.Missing(i) {
				r.gaps = true
				break
			}
		}
	}
	return r.gaps
}

// ever is an instant before all others.
const ever = math.MinInt64
