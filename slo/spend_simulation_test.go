package slo_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// traffic is what a simulated service has in a minute of mean traffic, the share
// of it that is bad without any cause, and what makes its life hard. Zero is
// that it has none of it.
type traffic struct {
	name             string
	perMinute, ratio float64
	// weekend is how much of the traffic is left then; 0 is half.
	weekend float64
	// daily is by how much the ratio of bad events goes up and down in a day,
	// sunday how many times it is on weekends, and drift how many times in the end.
	daily, sunday, drift float64
	// bursty errors come in bursts of a minute: the ratio of each is drawn from an
	// exponential distribution. Of sticky ones each minute's is like the last.
	bursty bool
	sticky float64
	// storms and steps a day are excess that nothing brought about, of minutes and
	// of hours; stormy is how many times the ratio storms have at most.
	storms, stormy, steps float64
	// gaps a day have no measurements; lump brings with the next slice what
	// counters counted meanwhile.
	gaps float64
	lump bool
	// delay is up to how many minutes after its change harm begins.
	delay int
	// cohorts labels series by "version" or "flag".
	cohorts string
}

// world is a simulated service with what was done to it.
type world struct {
	list     []evenkeel.Slice
	causes   []slo.Cause
	injected map[string]float64 // bad events by the id of the true cause
	bad      float64
	window   evenkeel.Window
	cohorts  []slo.Cohort
	// extra is the share of bad events that by brings to each minute; labelled
	// are the changes whose cohorts are known, in their order.
	extra    []float64
	by       []string
	labelled []labelled
	sides    map[[2]string][]evenkeel.Slice
	// What is like the minute before: the level of sticky errors, the minutes
	// that a gap has left, and what counters hold.
	level       float64
	silent      int
	held, heldN float64
}

// simulate runs a service for some minutes, of which the first day is baseline.
// Changes are half an hour and a random time apart; every sixth does harm.
func simulate(r *rand.Rand, t traffic, minutes, gap int) world {
	w := world{
		injected: map[string]float64{}, window: evenkeel.Window{From: start.Add(24 * time.Hour), To: at(minutes)},
		extra: make([]float64, minutes), by: make([]string, minutes), sides: map[[2]string][]evenkeel.Slice{},
	}
	w.outside(r, t)
	for at := 90.0; at < float64(minutes-300); at += 30 + r.ExpFloat64()*float64(gap-30) {
		c := slo.Cause{Kind: slo.CauseDeployment, ID: "c" + strconv.Itoa(len(w.causes)), At: start.Add(time.Duration(at * float64(time.Minute)))}
		length, late := min(240, 5+r.ExpFloat64()*40), 0
		switch r.IntN(3) {
		case 0:
			c.Kind = slo.CauseFlagChange
		case 1:
			if r.IntN(4) == 0 {
				c.Kind, c.Until = slo.CauseIncident, c.At.Add(time.Duration(length*float64(time.Minute)))
			}
		}
		if c.Kind == slo.CauseIncident || r.IntN(6) == 0 {
			if t.delay > 0 && c.Kind != slo.CauseIncident {
				late = r.IntN(t.delay)
			}
			inject(r, w.extra, w.by, c.ID, int(at)+late, int(length), t)
		}
		w.causes = append(w.causes, w.label(t, c, int(at)))
	}
	for i := range minutes {
		w.minute(r, t, i)
	}
	w.gather()
	return w
}

// outside is excess that nobody brought about and nobody tells of.
func (w *world) outside(r *rand.Rand, t traffic) {
	begin := func(perDay float64, least, mean float64, level func() float64) {
		for at := r.ExpFloat64() * 1440 / perDay; at < float64(len(w.extra)); at += r.ExpFloat64() * 1440 / perDay {
			high, end := level(), min(len(w.extra), int(at+least+r.ExpFloat64()*mean))
			for i := int(at); i < end; i++ {
				w.extra[i] = max(w.extra[i], high)
			}
		}
	}
	if t.storms > 0 {
		begin(t.storms, 3, 10, func() float64 { return min(0.8, t.ratio*math.Pow(t.stormy, 0.2+0.8*r.Float64())) })
	}
	if t.steps > 0 {
		begin(t.steps, 30, 120, func() float64 { return harm(r, t) })
	}
}

// harm is a share of bad events, from a few times the usual to a few of ten.
func harm(r *rand.Rand, t traffic) float64 {
	return min(0.8, t.ratio*math.Pow(10, 0.7+1.8*r.Float64())+0.2*r.Float64()*r.Float64())
}

// inject raises the ratio from a minute on, at once or by and by.
func inject(r *rand.Rand, extra []float64, by []string, id string, from, length int, t traffic) {
	level := harm(r, t)
	from += r.IntN(4)
	fade := r.IntN(3) == 0
	for i := from; i < from+length; i++ {
		here := level
		if fade {
			here *= 1 - float64(i-from)/float64(length)
		}
		if here > extra[i] {
			extra[i], by[i] = here, id
		}
	}
}

// usual is the share of bad events of a minute without excess.
func (w *world) usual(r *rand.Rand, t traffic, i int, wave float64) float64 {
	ratio := t.ratio * (1 + t.daily*wave)
	if t.sunday > 0 && i/1440%7 >= 5 {
		ratio *= t.sunday
	}
	if t.drift > 0 {
		ratio *= math.Pow(t.drift, float64(i)/float64(len(w.extra)))
	}
	if t.bursty {
		ratio *= r.ExpFloat64()
	}
	if t.sticky > 0 {
		w.level = t.sticky*w.level + math.Sqrt(1-t.sticky*t.sticky)*r.NormFloat64()
		ratio *= math.Exp(0.8*w.level - 0.32)
	}
	return ratio
}

func (w *world) minute(r *rand.Rand, t traffic, i int) {
	hour, weekend := float64(i%1440)/60, 1.0
	if i/1440%7 >= 5 {
		weekend = 0.5
		if t.weekend > 0 {
			weekend = t.weekend
		}
	}
	wave := math.Sin((hour - 9) / 24 * 2 * math.Pi)
	n := poisson(r, t.perMinute*weekend*(1.1+wave))
	ratio := w.usual(r, t, i, wave)
	bad, more := w.errors(r, i, n, ratio)
	if t.gaps > 0 && w.silent == 0 && r.Float64() < t.gaps/1440 {
		w.silent = 5 + r.IntN(55)
	}
	if w.silent > 0 {
		if w.silent--; !t.lump {
			return
		}
		w.held, w.heldN = w.held+bad+more, w.heldN+n
	} else {
		w.list = append(w.list, minute(i, n+w.heldN-bad-more-w.held, n+w.heldN))
		w.held, w.heldN = 0, 0
	}
	if i >= 1440 {
		w.bad += bad + more
		w.injected[w.by[i]] += more
	}
}

// errors are the usual bad events of a minute, and those of its excess: of all
// users, or of the cohort of a change whose cohorts are known.
func (w *world) errors(r *rand.Rand, i int, n, ratio float64) (bad, more float64) {
	side := w.side(i)
	if side == nil {
		bad = binomial(r, n, ratio)
		return bad, binomial(r, n-bad, w.extra[i])
	}
	for _, own := range []bool{true, false} {
		name, trials := side.rest, n-math.Round(n*side.share)
		if own {
			name, trials = side.own, math.Round(n*side.share)
		}
		b, m := binomial(r, trials, ratio), 0.0
		if own || w.by[i] != side.cause {
			m = binomial(r, trials-b, w.extra[i])
		}
		key := [2]string{side.dimension, name}
		w.sides[key] = append(w.sides[key], minute(i, trials-b-m, trials))
		bad, more = bad+b, more+m
	}
	return bad, more
}

// labelled is a change whose cohort has a share of the traffic until the next
// one, or for six hours.
type labelled struct {
	cause, dimension, own, rest string
	from                        int
	share                       float64
}

// label gives a change its cohort, by version to deployments and by variant to
// changes of flags.
func (w *world) label(t traffic, c slo.Cause, from int) slo.Cause {
	one := labelled{cause: c.ID, from: from, share: 0.3}
	switch {
	case t.cohorts == "version" && c.Kind == slo.CauseDeployment:
		one.dimension, one.own, one.rest = "version", c.ID, "before"
		if k := len(w.labelled); k > 0 {
			one.rest = w.labelled[k-1].own
		}
	case t.cohorts == "flag" && c.Kind == slo.CauseFlagChange:
		one.dimension, one.own, one.rest, one.share = "flag "+c.ID, "on", "off", 0.5
	default:
		return c
	}
	w.labelled = append(w.labelled, one)
	c.Dimension, c.Cohort = one.dimension, one.own
	return c
}

// side is the change whose cohorts share the traffic of a minute; nil is none.
func (w *world) side(i int) *labelled {
	for k := len(w.labelled) - 1; k >= 0; k-- {
		if one := &w.labelled[k]; one.from <= i {
			if i-one.from > 360 {
				return nil
			}
			return one
		}
	}
	return nil
}

// gather makes series of cohorts.
func (w *world) gather() {
	for key, list := range w.sides {
		var d slo.Definition
		d.Slice, d.Method, d.Indicator.Kind, d.Objectives = time.Minute, slo.Occurrences, slo.GoodOfTotal, []slo.Objective{{}}
		series := slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: w.window.To})
		w.cohorts = append(w.cohorts, slo.Cohort{Dimension: key[0], Name: key[1], Tallies: series})
	}
}

func poisson(r *rand.Rand, mean float64) float64 { return distuv.Poisson{Lambda: mean, Src: r}.Rand() }

func binomial(r *rand.Rand, n, p float64) float64 {
	if n <= 0 || p <= 0 {
		return 0
	}
	return distuv.Binomial{N: n, P: min(1, p), Src: r}.Rand()
}

// outcome is where bad events went.
type outcome struct{ injected, found, bad, placebo, joint float64 }

// truth is the share of what was injected that went to its cause, wrong the
// share of all bad events that went to changes that did nothing.
func (o outcome) truth() float64 { return o.found / o.injected }
func (o outcome) wrong() float64 { return o.placebo / o.bad }

func (t traffic) String() string {
	return fmt.Sprintf("%s%v a minute, %v %% bad", t.name, t.perMinute, 100*t.ratio)
}

func (o *outcome) add(w world, s slo.Spending) {
	delete(w.injected, "")
	o.bad += w.bad
	for _, n := range w.injected {
		o.injected += n
	}
	for _, e := range s.Entries {
		truth, change := 0.0, false
		for _, c := range e.Causes {
			truth += w.injected[c.ID]
			change = change || c.Kind != slo.CauseIncident
		}
		switch {
		case truth == 0 && !change: // It lasted meanwhile, as it says.
		case truth == 0:
			o.placebo += e.Bad
		case e.Kind == slo.CauseJoint:
			o.joint += e.Bad
		default:
			o.found += min(e.Bad, truth)
		}
	}
}

// spend books a world under its causes.
func (w world) spend(t *testing.T, causes []slo.Cause) slo.Spending {
	t.Helper()
	d := availability(t, slo.Occurrences)
	series := slo.Gather(d, d.Objectives[0], w.list, evenkeel.Window{From: start, To: w.window.To})
	return slo.Spend(d, d.Objectives[0], series, w.window, causes, w.cohorts, slo.DefaultSpendPolicy())
}

// placebos are changes that do nothing, ten a day at any time.
func placebos(r *rand.Rand) (list []slo.Cause) {
	for k := range 150 {
		list = append(list, slo.Cause{Kind: slo.CauseDeployment, ID: "placebo" + strconv.Itoa(k), At: start.Add(time.Duration(r.Float64() * 15 * 24 * float64(time.Hour)))})
	}
	return list
}
