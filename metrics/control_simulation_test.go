package metrics_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/evenkeel-dev/evenkeel/metrics"
)

// process makes the weeks of a team; factor moves its level.
type process struct {
	name  string
	week  func(r *rand.Rand, factor float64) metrics.Observation
	chart func(baseline []metrics.Observation) metrics.Chart
	// exact says that limits are those of the counts themselves.
	exact bool
}

func processes() []process {
	values := func(log bool) func([]metrics.Observation) metrics.Chart {
		return func(baseline []metrics.Observation) metrics.Chart {
			var list []float64
			for _, o := range baseline {
				list = append(list, o.Value)
			}
			return metrics.NewIndividuals(list, log)
		}
	}
	poisson := func(mean float64) func(*rand.Rand, float64) metrics.Observation {
		return func(r *rand.Rand, factor float64) metrics.Observation {
			k := distuv.Poisson{Lambda: mean * factor, Src: r}.Rand()
			return metrics.Observation{Value: k, Count: int(k), Of: 1}
		}
	}
	counts := func(b []metrics.Observation) metrics.Chart { return metrics.NewCounts(b) }
	binomial := func(n, p float64) func(*rand.Rand, float64) metrics.Observation {
		return func(r *rand.Rand, factor float64) metrics.Observation {
			k := distuv.Binomial{N: n, P: p * factor, Src: r}.Rand()
			return metrics.Observation{Value: k / n, Count: int(k), Of: n}
		}
	}
	proportions := func(b []metrics.Observation) metrics.Chart { return metrics.NewProportions(b) }
	return []process{
		{"lead times, log-normal", func(r *rand.Rand, f float64) metrics.Observation {
			return metrics.Observation{Value: 86400 * f * math.Exp(0.8*r.NormFloat64()), Of: 1}
		}, values(true), false},
		{"10 deployments a week", poisson(10), values(false), false},
		{"2 deployments a week", poisson(2), counts, true},
		{"8 % of 10 deployments", binomial(10, 0.08), proportions, true},
		{"10 % of 40 deployments", binomial(40, 0.10), proportions, true},
	}
}

// rates are the shares of teams with a week beyond the limits, with any signal
// within 13 weeks, and with a verdict at the end of them.
func rates(p process, baseline int, factor float64) (beyond, signalled, verdict float64) {
	const teams = 2000
	r := rand.New(rand.NewPCG(uint64(baseline), 7))
	for range teams {
		weeks := make([]metrics.Observation, baseline+metrics.JudgedWeeks)
		for i := range weeks {
			level := 1.0
			if i >= baseline {
				level = factor
			}
			weeks[i] = p.week(r, level)
		}
		judged := metrics.Judge(p.chart(weeks[:baseline]), weeks[baseline:])
		isBeyond, isShifted := false, false
		for _, j := range judged {
			isBeyond, isShifted = isBeyond || j.Beyond != 0, isShifted || j.Shift != 0
		}
		for sum, is := range map[*float64]bool{&beyond: isBeyond, &signalled: isBeyond || isShifted, &verdict: judged[len(judged)-1].Shift != 0} {
			if is {
				*sum += 1.0 / teams
			}
		}
	}
	return beyond, signalled, verdict
}

// TestFalseAlarmsStayWithinTheirBands simulates teams whose level does not
// change. The bands are those that docs/formulas.md states; rule 1 on normal
// data agrees with published simulations (16, 11 and 9 %).
func TestFalseAlarmsStayWithinTheirBands(t *testing.T) {
	t.Parallel()
	type band struct{ beyond, signalled, verdict float64 }
	individuals := map[int]band{12: {0.18, 0.30, 0.12}, 20: {0.135, 0.24, 0.09}, 26: {0.12, 0.21, 0.075}}
	exact := map[int]band{12: {0.02, 0.10, 0.06}, 20: {0.02, 0.08, 0.04}, 26: {0.02, 0.08, 0.04}}
	for _, p := range processes() {
		for weeks, most := range individuals {
			if p.exact {
				most = exact[weeks]
			}
			beyond, signalled, verdict := rates(p, weeks, 1)
			if beyond > most.beyond || signalled > most.signalled || verdict > most.verdict {
				t.Errorf("%s, %d weeks: %.3f beyond, %.3f signalled, %.3f with a verdict, at most %v", p.name, weeks, beyond, signalled, verdict, most)
			}
			if beyond == 0 || signalled == 0 || verdict == 0 {
				t.Errorf("%s, %d weeks: nothing is ever signalled", p.name, weeks)
			}
		}
	}
}

func TestDoublingIsSeen(t *testing.T) {
	t.Parallel()
	least := map[string]float64{
		"lead times, log-normal": 0.64, "10 deployments a week": 0.99, "2 deployments a week": 0.8,
		"8 % of 10 deployments": 0.5, "10 % of 40 deployments": 0.97,
	}
	for _, p := range processes() {
		for _, weeks := range []int{12, 20, 26} {
			if _, signalled, verdict := rates(p, weeks, 2); signalled < least[p.name] || verdict > signalled {
				t.Errorf("%s, %d weeks: seen by %.3f, want at least %.2f; verdict %.3f", p.name, weeks, signalled, least[p.name], verdict)
			}
		}
	}
}

// TestRunLengths compares the cumulative sum with its published average run
// lengths: 168 weeks without a shift, 8.4 with one of a standard deviation.
func TestRunLengths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ shift, low, high float64 }{{0, 160, 178}, {1, 8.1, 8.8}} {
		r := rand.New(rand.NewPCG(1, 2))
		const runs = 10000
		steps := 0
		for range runs {
			for s := (metrics.Shift{}); s.Side() == 0; steps++ {
				s = s.Next(c.shift + r.NormFloat64())
			}
		}
		if mean := float64(steps) / runs; mean < c.low || mean > c.high {
			t.Errorf("shift %v: %.2f weeks, want %v to %v", c.shift, mean, c.low, c.high)
		}
	}
}
