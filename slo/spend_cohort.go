package slo

import (
	"math"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// cohortShare is how much of a stretch's excess the cohort of a change met.
type cohortShare struct {
	cause int
	// share of the excess; 1 is all of it.
	share float64
	// ratio is that of the cohort, rest that of the others at the same time.
	ratio, rest float64
}

// byCohort lets cohorts decide where they can: a change is guilty of what its
// cohort met beyond what the others of the dimension met in the same slices, and
// innocent if that cannot be half of the excess. Others are left to timing.
func (s *suspects) byCohort(one stretch) (guilty []cohortShare, innocent []int) {
	for k, c := range s.causes {
		if c.Kind == CauseIncident || c.Cohort == "" || s.begins[k] >= one.to || s.until(owner{}, s.begins[k]) < one.from {
			continue
		}
		share, verdict := s.compare(one, k)
		switch verdict {
		case cohortGuilty:
			guilty = append(guilty, share)
		case cohortInnocent:
			innocent = append(innocent, k)
		case cohortUnknown:
		}
	}
	return guilty, innocent
}

// slack is how much more than the excess cohorts may claim together by chance.
const slack = 1.15

// split is one owner with the shares of each cause. Cohorts that claim more
// than the excess together cannot be told apart.
func (s *suspects) split(guilty []cohortShare) owner {
	o, all := owner{basis: BasisCohort, sure: 1}, 0.0
	for _, one := range guilty {
		o.causes = append(o.causes, one.cause)
		all += one.share
	}
	if all > slack && len(guilty) > 1 {
		return o
	}
	for i := range guilty {
		guilty[i].share /= max(1, all)
	}
	o.shares = guilty
	return o
}

// cohortVerdict is what a comparison of cohorts says of a change.
type cohortVerdict int

const (
	cohortUnknown cohortVerdict = iota
	cohortGuilty
	cohortInnocent
)

// compare sets the cohort of a change beside the others of its dimension, over
// the slices of a stretch in which both had traffic.
func (s *suspects) compare(one stretch, k int) (cohortShare, cohortVerdict) {
	mine, rest, excess := s.exposed(one, s.causes[k])
	if mine.n == 0 || rest.n == 0 || excess <= 0 {
		return cohortShare{}, cohortUnknown
	}
	base := Baseline{N: rest.n, X: rest.x, Spread: one.before.Spread}
	share := cohortShare{cause: k, share: (mine.x - base.Ratio()*mine.n) / excess, ratio: mine.x / mine.n, rest: rest.x / rest.n}
	_, high := base.Interval(s.policy.Level)
	low, _ := base.predicts(mine.n, s.policy.Level)
	expected := high * mine.n
	evidence := mine.x*math.Log(mine.x/expected) - mine.x + expected
	switch {
	case mine.x > expected && evidence/base.Spread >= math.Log(s.policy.Evidence):
		share.share = min(1, share.share)
		return share, cohortGuilty
	case mine.x-low < excess/2:
		return share, cohortInnocent
	}
	return share, cohortUnknown
}

// exposed sums up a cohort, the others, and the excess of them all, over the
// slices in which cohort and others had traffic.
func (s *suspects) exposed(one stretch, c Cause) (mine, rest moments, excess float64) {
	list := s.cohorts[c.Dimension]
	if !slices.ContainsFunc(list, func(o Cohort) bool { return o.Name == c.Cohort }) {
		return mine, rest, 0
	}
	tally := func(from, to int) (m, r Tally) {
		w := evenkeel.Window{From: s.at(from), To: s.at(to)}
		for _, o := range list {
			if o.Name == c.Cohort {
				m = m.Add(o.Tallies.Tally(w))
			} else {
				r = r.Add(o.Tallies.Tally(w))
			}
		}
		return m, r
	}
	base := one.before.Ratio()
	if s.sliced {
		m, r := tally(max(0, one.from-s.slices(s.policy.Baseline)), one.from)
		all := m.Add(r)
		base = Baseline{N: all.Good + all.Bad, X: all.Bad}.Ratio()
	}
	for i := one.from; i < one.to; i++ {
		m, r := tally(i, i+1)
		if m.Good+m.Bad > 0 && r.Good+r.Bad > 0 {
			mine, rest = mine.plus(m.Good+m.Bad, m.Bad), rest.plus(r.Good+r.Bad, r.Bad)
		}
	}
	return mine, rest, mine.x + rest.x - base*(mine.n+rest.n)
}
