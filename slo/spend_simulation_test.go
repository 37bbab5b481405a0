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

// traffic is what a simulated service has in a minute of mean traffic, and the
// share of it that is bad without any cause. A bursty one has it in bursts: the
// share of each minute is drawn from an exponential distribution.
type traffic struct {
	perMinute, ratio float64
	bursty           bool
}

func traffics() (list []traffic) {
	for _, per := range []float64{3, 30, 300, 3000} {
		for _, ratio := range []float64{0.0001, 0.001, 0.01} {
			list = append(list, traffic{perMinute: per, ratio: ratio})
		}
	}
	return list
}

// world is a simulated service with what was done to it.
type world struct {
	list     []evenkeel.Slice
	causes   []slo.Cause
	injected map[string]float64 // bad events by the id of the true cause
	bad      float64
	window   evenkeel.Window
}

// simulate runs a service for some minutes, of which the first day is baseline.
// Changes are half an hour and a random time apart; every sixth does harm.
func simulate(r *rand.Rand, t traffic, minutes, gap int) world {
	w := world{injected: map[string]float64{}, window: evenkeel.Window{From: start.Add(24 * time.Hour), To: at(minutes)}}
	extra, by := make([]float64, minutes), make([]string, minutes)
	for at := 90.0; at < float64(minutes-300); at += 30 + r.ExpFloat64()*float64(gap-30) {
		c := slo.Cause{Kind: slo.CauseDeployment, ID: "c" + strconv.Itoa(len(w.causes)), At: start.Add(time.Duration(at * float64(time.Minute)))}
		length := min(240, 5+r.ExpFloat64()*40)
		switch r.IntN(3) {
		case 0:
			c.Kind = slo.CauseFlagChange
		case 1:
			if r.IntN(4) == 0 {
				c.Kind, c.Until = slo.CauseIncident, c.At.Add(time.Duration(length*float64(time.Minute)))
			}
		}
		if c.Kind == slo.CauseIncident || r.IntN(6) == 0 {
			inject(r, extra, by, c.ID, int(at), int(length), t)
		}
		w.causes = append(w.causes, c)
	}
	for i := range extra {
		w.minute(r, t, i, extra[i], by[i])
	}
	return w
}

// inject raises the ratio from a minute on, at once or by and by.
func inject(r *rand.Rand, extra []float64, by []string, id string, from, length int, t traffic) {
	level := min(0.8, t.ratio*math.Pow(10, 0.7+1.8*r.Float64())+0.2*r.Float64()*r.Float64())
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

func (w *world) minute(r *rand.Rand, t traffic, i int, extra float64, by string) {
	hour := float64(i%1440) / 60
	weekend := 1.0
	if i/1440%7 >= 5 {
		weekend = 0.5
	}
	n := poisson(r, t.perMinute*weekend*(1.1+math.Sin((hour-9)/24*2*math.Pi)))
	good := n
	ratio := t.ratio
	if t.bursty {
		ratio *= r.ExpFloat64()
	}
	bad := binomial(r, n, ratio)
	more := binomial(r, n-bad, extra)
	good -= bad + more
	w.list = append(w.list, minute(i, good, n))
	if i >= 1440 {
		w.bad += bad + more
		w.injected[by] += more
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
// share of all bad events that went to causes that did nothing.
func (o outcome) truth() float64 { return o.found / o.injected }
func (o outcome) wrong() float64 { return o.placebo / o.bad }

func (t traffic) String() string {
	return fmt.Sprintf("%v a minute, %v %% bad", t.perMinute, 100*t.ratio)
}

func (o outcome) String() string {
	return fmt.Sprintf("%.1f %% true, %.1f %% joint of %.0f injected, %.2f %% wrong of %.0f bad", 100*o.truth(), 100*o.joint/o.injected, o.injected, 100*o.wrong(), o.bad)
}

func (o *outcome) add(w world, s slo.Spending) {
	delete(w.injected, "")
	o.bad += w.bad
	for _, n := range w.injected {
		o.injected += n
	}
	for _, e := range s.Entries {
		truth := 0.0
		for _, c := range e.Causes {
			truth += w.injected[c.ID]
		}
		switch {
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
	return slo.Spend(d, d.Objectives[0], series, w.window, causes, nil, slo.DefaultSpendPolicy())
}

// TestSpendFindsInjectedCauses: changes and incidents are half an hour apart or
// more. Four services of each kind run for two weeks. docs/formulas.md tells
// the numbers that this test logs.
func TestSpendFindsInjectedCauses(t *testing.T) {
	t.Parallel()
	var all outcome
	for k, kind := range traffics() {
		r := rand.New(rand.NewPCG(1, uint64(k)))
		var one outcome
		for range 4 {
			w := simulate(r, kind, 15*1440, 180)
			s := w.spend(t, w.causes)
			one.add(w, s)
			all.add(w, s)
		}
		t.Logf("%v: %v", kind, one)
		if one.truth() < 0.8 || one.wrong() > 0.05 {
			t.Errorf("%v: want at least 80 %% of the injected bad events with their cause and at most 5 %% of all with others", kind)
		}
	}
	t.Logf("all: %v", all)
	if all.injected == 0 {
		t.Error("nothing was injected")
	}
}

// TestSpendGivesPlacebosLittle: ten changes a day at random times do nothing,
// among the changes and incidents that do, or alone beside errors that come in
// bursts. A single great mishap may have one just before it, so that of one
// kind of service up to 10 % may go wrong, but 5 % on the mean of all kinds.
func TestSpendGivesPlacebosLittle(t *testing.T) {
	t.Parallel()
	mean := 0.0
	for k, kind := range traffics() {
		r := rand.New(rand.NewPCG(2, uint64(k)))
		var among, alone outcome
		for range 4 {
			w := simulate(r, kind, 15*1440, 180)
			among.add(w, w.spend(t, append(placebos(r), w.causes...)))
			quiet := kind
			quiet.bursty = true
			w = simulate(r, quiet, 15*1440, 1<<30)
			alone.add(w, w.spend(t, placebos(r)))
		}
		t.Logf("%v: among others %v; alone %.2f %% of %.0f", kind, among, 100*alone.wrong(), alone.bad)
		if among.wrong() > 0.1 || alone.wrong() > 0.05 || among.bad == 0 || alone.bad == 0 {
			t.Errorf("%v: too many bad events went to changes that did nothing", kind)
		}
		mean += among.wrong() / float64(len(traffics()))
	}
	if t.Logf("on the mean %.2f %%", 100*mean); mean > 0.05 {
		t.Errorf("%.1f %% of all bad events went to changes that did nothing, want at most 5 %%", 100*mean)
	}
}

// placebos are changes that do nothing, at any time.
func placebos(r *rand.Rand) (list []slo.Cause) {
	for k := range 150 {
		list = append(list, slo.Cause{Kind: slo.CauseDeployment, ID: "placebo" + strconv.Itoa(k), At: start.Add(time.Duration(r.Float64() * 15 * 24 * float64(time.Hour)))})
	}
	return list
}
