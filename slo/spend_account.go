package slo

import (
	"iter"
	"math"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// account is a window slice by slice. n and x are what is evidence: trials and
// bad ones. total and bad are what the method counts; the same slices except
// for RatioTimeslices, whose evidence are events.
type account struct {
	from             time.Time
	step             time.Duration
	n, x, total, bad []float64
	// whole says that what the method counts are whole numbers.
	whole bool
	// sliced says that trials are slices, not events.
	sliced bool
}

func newAccount(d Definition, o Objective, tallies Tallies, window evenkeel.Window) *account {
	step := o.counted(d)
	a := &account{from: floor(window.From, step), step: step, whole: true, sliced: d.Method == Timeslices}
	k := max(0, int(floor(window.To, step).Sub(a.from)/step))
	a.total, a.bad = make([]float64, k), make([]float64, k)
	a.n, a.x = a.total, a.bad
	if d.Method == RatioTimeslices {
		a.n, a.x = make([]float64, k), make([]float64, k)
	}
	for at, t := range slicesOf(tallies, evenkeel.Window{From: a.from, To: a.at(k)}, step) {
		i, c := a.index(at), t.Count(d.Method, d.Missing)
		a.total[i], a.bad[i] = c.Total, c.Bad
		if d.Method == RatioTimeslices {
			a.n[i], a.x[i] = t.Good+t.Bad, t.Bad
		}
		a.whole = a.whole && c.Bad == math.Trunc(c.Bad)
	}
	return a
}

// slicesOf are the slices of a window, at once from what has them in a row.
func slicesOf(tallies Tallies, window evenkeel.Window, step time.Duration) iter.Seq2[time.Time, Tally] {
	if row, ok := tallies.(interface {
		Slices(window evenkeel.Window) iter.Seq2[time.Time, Tally]
	}); ok {
		return row.Slices(window)
	}
	return func(yield func(time.Time, Tally) bool) {
		for at := window.From; at.Before(window.To); at = at.Add(step) {
			if !yield(at, tallies.Tally(evenkeel.Window{From: at, To: at.Add(step)})) {
				return
			}
		}
	}
}

// at is when a slice begins.
func (a *account) at(i int) time.Time { return a.from.Add(time.Duration(i) * a.step) }

// index is the slice that an instant lies in, which may be outside.
func (a *account) index(t time.Time) int { return int(floor(t, a.step).Sub(a.from) / a.step) }

// slices is how many slices a duration has, rounded down.
func (a *account) slices(d time.Duration) int { return int(d / a.step) }

// ratio is the share of bad events from one slice to another; 0 without any.
func (a *account) ratio(from, to int) float64 {
	n, x := sum(a.n[from:to]), sum(a.x[from:to])
	if n == 0 {
		return 0
	}
	return x / n
}

func sum(list []float64) (s float64) {
	for _, v := range list {
		s += v
	}
	return s
}
