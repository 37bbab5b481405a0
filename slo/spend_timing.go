package slo

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// spontaneous is how likely excess begins in a slice without any cause, beside
// a slice in which a change begins.
const spontaneous = 1.0 / 32

// byTiming lays a stretch to the changes that it may have begun with. A change
// explains a beginning in slice s by the likelihood that it was s, halved for
// every HalfLife that s came after it. Incidents explain it as well as the
// policy says, and one that was opened before as a change does.
func (s *suspects) byTiming(one stretch, earliest int, incidents, innocent []int) owner {
	reach := max(1, s.slices(s.policy.Onset))
	lo, likelihood := s.onset(one, earliest, reach)
	first := sort.SearchInts(s.begins, lo-reach)
	var list []suspect
	for k := first; k < len(s.causes) && s.begins[k] < lo+len(likelihood); k++ {
		if s.causes[k].Kind == CauseIncident || slices.Contains(innocent, k) {
			continue
		}
		if w := s.weight(s.begins[k], lo, reach, likelihood); w > 0 {
			list = append(list, suspect{k, w})
		}
	}
	anywhere := sum(likelihood)
	for _, k := range incidents {
		if w := s.policy.Incident * anywhere; w > 0 {
			list = append(list, suspect{k, max(w, s.weight(s.begins[k]+1, lo, reach, likelihood))})
		}
	}
	return s.credible(list, spontaneous*anywhere)
}

// suspect is a cause and how much speaks for it.
type suspect struct {
	cause  int
	weight float64
}

// weight is how well a change in a slice explains a beginning.
func (s *suspects) weight(begin, lo, reach int, likelihood []float64) (w float64) {
	half := float64(s.policy.HalfLife) / float64(s.step)
	for at := max(begin, lo); at < min(begin+reach+1, lo+len(likelihood)); at++ {
		w += likelihood[at-lo] * math.Exp2(-float64(at-begin)/half)
	}
	return w
}

// onset is how likely a stretch began in each slice from lo on, beside the
// likeliest.
func (s *suspects) onset(one stretch, earliest, reach int) (lo int, likelihood []float64) {
	lo = max(earliest, one.from-reach)
	hi := min(one.alarm, one.from+reach)
	base := one.before.Ratio()
	per, log := one.ratio-base, math.Log(one.ratio/base)
	likelihood = make([]float64, hi-lo+1)
	gain := 0.0 // of beginning at one.from over beginning later
	for i := one.from; i <= hi; i++ {
		likelihood[i-lo] = math.Exp(min(0, -gain))
		gain += (s.x[i]*log - s.n[i]*per) / one.before.Spread
	}
	gain = 0
	for i := one.from - 1; i >= lo; i-- {
		gain += (s.x[i]*log - s.n[i]*per) / one.before.Spread
		likelihood[i-lo] = math.Exp(min(0, gain))
	}
	return lo, likelihood
}

// credible is the smallest set of suspects that is as sure as the policy wants;
// nobody, if that is likelier than all of them. Equals go together.
func (s *suspects) credible(list []suspect, nobody float64) owner {
	slices.SortStableFunc(list, func(a, b suspect) int { return cmp.Compare(b.weight, a.weight) })
	all := 0.0
	for _, one := range list {
		all += one.weight
	}
	if all <= nobody {
		return owner{}
	}
	o, so := owner{basis: BasisTiming}, 0.0
	for i, one := range list {
		if so >= s.policy.Confidence*all && one.weight < list[i-1].weight*(1-1e-9) {
			break
		}
		so += one.weight
		o.causes = append(o.causes, one.cause)
	}
	slices.Sort(o.causes)
	o.sure = so / (all + nobody)
	if !slices.ContainsFunc(o.causes, func(k int) bool { return s.causes[k].Kind != CauseIncident }) {
		o.basis = BasisIncident
	}
	return o
}
