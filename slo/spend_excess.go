package slo

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// stretch is a run of slices with more bad events than the baseline has.
type stretch struct {
	// from is the likeliest beginning, alarm the slice that gave certainty, to
	// the first slice after the end.
	from, alarm, to int
	before          Baseline
	// ratio is that from the beginning to the alarm.
	ratio float64
	// inner are rises within, over the ratio that the stretch had until then.
	inner []stretch
	// owner is whom it is laid to, and begun where that one's excess began.
	owner owner
	begun int
}

// returned is how many times likelier the baseline has to be for excess to be
// over.
const returned = 10

// deepest is how many rises may lie on one another.
const deepest = 3

// fewAlone and fewWithin are how many slices a baseline needs, of a service and
// within a stretch.
const (
	fewAlone  = 30
	fewWithin = 5
)

// detector finds stretches. It knows nothing of causes, so that none changes
// what is found elsewhere.
type detector struct {
	*account
	z, least      float64
	span, settles int
	// clean sums up, before each slice, those that are not in a stretch.
	clean []moments
	rises []rise
	// few is how many slices with trials a baseline needs, and spread the least
	// that it has.
	few           int
	spread, rough float64
	// waves say how much the ratio varies by itself; nil within stretches.
	waves *roughness
	// open says that some rise has evidence.
	open bool
	// deeper finds rises within stretches.
	deeper *detector
}

// rise is evidence that the ratio is some times the baseline's: a cumulative
// sum (Page 1954) of logarithms of likelihood ratios, each slice's being
// x ln f - n p (f - 1), with the baseline p of where the sum left 0.
type rise struct {
	factor, log float64
	sum         float64
	from        int
	base        Baseline
	upper       float64
}

func newDetector(a *account, p SpendPolicy, depth, few int) *detector {
	if depth == 0 {
		return nil
	}
	d := &detector{
		account: a, z: distuv.UnitNormal.Quantile(1 - 1/p.Evidence), least: math.Log(p.Evidence),
		span: max(1, a.slices(p.Baseline)), settles: max(1, a.slices(p.Settles)),
		few: few, spread: 1, rough: 1, deeper: newDetector(a, p, depth-1, fewWithin),
	}
	for f := 1.5; f < 1<<24; f = 2 * math.Trunc(f) {
		d.rises = append(d.rises, rise{factor: f, log: math.Log(f)})
	}
	return d
}

// find lists the stretches between two slices, with the rises within them.
func (d *detector) find(lo, hi int) []stretch {
	if d == nil {
		return nil
	}
	list := d.scan(lo, hi)
	for i := range list {
		if d.deeper != nil {
			d.deeper.spread, d.deeper.rough = list[i].before.Spread, list[i].before.Rough
		}
		list[i].inner = d.deeper.find(list[i].from, list[i].to)
	}
	return list
}

// scan goes from slice to slice. A stretch that lasts too long is the new
// baseline: what was before it is forgotten.
func (d *detector) scan(lo, hi int) (list []stretch) {
	begin := lo
	if d.clean == nil {
		d.clean = make([]moments, len(d.n)+1)
	}
	d.clean[lo] = moments{}
	d.reset()
	for i := lo; i < hi; {
		r := d.raise(begin, i)
		if r == nil {
			d.waves.add(d.n[i], d.x[i])
			d.clean[i+1] = d.clean[i].plus(d.n[i], d.x[i])
			i++
			continue
		}
		one := stretch{from: r.from, alarm: i, before: r.base, ratio: d.ratio(r.from, i+1)}
		one.to = d.end(one, r.upper, hi)
		for k := one.from; k < one.to; k++ {
			d.clean[k+1] = d.clean[one.from]
			if k >= i {
				d.waves.add(d.n[k], d.x[k])
			}
		}
		list = append(list, one)
		if i = one.to; i-one.from >= d.settles {
			begin = i
		}
		d.reset()
	}
	return list
}

func (d *detector) reset() {
	for j := range d.rises {
		d.rises[j].sum = 0
	}
	d.open = false
}

// before are the clean slices of the baseline before one.
func (d *detector) before(begin, i int) moments {
	return d.clean[i].less(d.clean[max(begin, i-d.span)])
}

// raise adds a slice to the evidence, and is the rise that is certain with it,
// or nil.
func (d *detector) raise(begin, i int) (best *rise) {
	n, x := d.n[i], d.x[i]
	if n == 0 || x == 0 && !d.open {
		return nil
	}
	before := d.before(begin, i)
	if before.slices < d.few {
		return nil
	}
	d.open = false
	base := before.baseline(d.spread)
	base.Rough = max(d.rough, d.waves.times(base.Ratio()))
	upper := base.upper(d.z)
	for j := range d.rises {
		r := &d.rises[j]
		if r.sum <= 0 {
			if x == 0 || upper*r.factor > 1 {
				continue
			}
			r.sum, r.from, r.base, r.upper = 0, i, base, upper
		}
		r.sum += (x*r.log - n*r.upper*(r.factor-1)) / r.base.Spread
		d.open = d.open || r.sum > 0
		if r.sum >= d.least && (best == nil || r.sum > best.sum) {
			best = r
		}
	}
	return best
}

// end is the first slice after a stretch: the last one from which on a ratio
// half-way to the baseline, by logarithms, is much less likely than it.
func (d *detector) end(one stretch, upper float64, hi int) int {
	n, x := sum(d.n[one.from:one.alarm+1]), sum(d.x[one.from:one.alarm+1])
	base, last, evidence := one.before.Ratio(), one.alarm+1, 0.0
	for k := one.alarm + 1; k < hi; k++ {
		if k-one.from >= d.settles {
			return k
		}
		n, x = n+d.n[k], x+d.x[k]
		half := max(1.5*upper, math.Sqrt(upper*x/n))
		evidence += (d.n[k]*(half-base) - d.x[k]*math.Log(half/base)) / one.before.Spread
		if evidence <= 0 {
			evidence, last = 0, k+1
		}
		if evidence > math.Log(returned) {
			return last
		}
	}
	return hi
}
