package slo

import (
	"slices"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// whole is a composite as it was stated, with each objective's tallies, and those of
// all together.
type whole struct {
	d       Definition
	members []Tallies
	joint   joint
}

func newWhole(d Definition, members []Tallies) *whole {
	return &whole{d, members, newJoint(d, members)}
}

// at is where the objectives stand as one at an instant.
func (w *whole) at(at time.Time) Composite {
	return compose(w.d, w.joint, func(i int) Result { return Evaluate(w.d, w.d.Objectives[i], w.members[i], at) })
}

// needsAll says that the rule has no value where nothing is known of a member.
func (w *whole) needsAll() bool {
	return w.d.Composite == CompositeOpenSLO || w.d.Composite == CompositeSerial
}

// look counts a lookback of every member and puts what they spent together by the
// rule of the budget. Of members that do not satisfy a guard nothing is taken for
// bad.
func (w *whole) look(at time.Time, lookback time.Duration, guard Guard) Sight {
	s := Sight{Known: true}
	var good, bad, total []float64
	c := compose(w.d, w.joint, func(i int) Result {
		o := w.d.Objectives[i]
		one := w.lookAt(i, at, lookback)
		if !one.Tally.known(one.Count) {
			s.Known, s.Lacks = false, append(s.Lacks, o.Name)
		}
		one.Count = guard.evidence(one.Count)
		one.spend()
		good, bad, total = append(good, one.Count.Good), append(bad, one.Count.Bad), append(total, one.Count.Total)
		return one
	})
	slices.Sort(s.Lacks)
	s.Count, s.Burn = Count{add(good), add(bad), add(total)}, c.Consumed
	// Where members counted something and the rule makes nothing of it, the whole
	// is not known.
	s.Known = s.Known && (s.Burn != nil || c.Worst < 0)
	return s
}

// lookAt is a lookback of one member, up to the end of its last counted slice.
func (w *whole) lookAt(i int, at time.Time, lookback time.Duration) Result {
	o := w.d.Objectives[i]
	step := o.counted(w.d)
	at = floor(at, step)
	return evaluate(w.d, o, w.members[i], evenkeel.Window{From: floor(at.Add(-lookback), step), To: at}, at)
}

// evidence is what a guard lets count for bad: nothing where there is too little,
// and no more than the lower bound of the ratio with a confidence.
func (g Guard) evidence(c Count) Count {
	switch {
	case c.Total < g.MinEvents || c.Bad < g.MinBad:
		c.Bad = 0
	case g.Confidence > 0 && c.Total > 0:
		low, _ := Bounds(c.Bad, c.Total, g.Confidence)
		c.Bad = low * c.Total
	}
	c.Good = c.Total - c.Bad
	return c
}

// CompositeRows are the rows that the objectives of a composite alert by as one:
// those of the definition, as far as it has a budget. Factors that no burn exceeds
// are lowered to nine tenths of the fastest, to six decimals.
func CompositeRows(d Definition) ([]AlertRow, error) {
	if o, jointly := d.together(); d.alone() || jointly {
		if d.alone() {
			o = d.Objectives[0]
		}
		return AlertRows(d, o)
	}
	rows, err := statedRows(d)
	fastest := d.fastest()
	if fastest == nil {
		return nil, err
	}
	for i := range rows {
		rows[i].fitBurn(*fastest, d.alertWindow(rows[i]))
	}
	return rows, err
}

// fastest is what a composite burns where all of every member is bad; nil without
// a budget.
func (d Definition) fastest() *float64 {
	if d.Composite == CompositeOpenSLO && d.Method == Timeslices {
		return nil // It would be counted by slices if there was a budget.
	}
	return compose(d, nil, func(i int) Result {
		r := Result{Target: d.Objectives[i].Target, Count: Count{Bad: 1, Total: 1}}
		r.spend()
		return r
	}).Consumed
}

// fitBurn is [AlertRow.fit] for a burn that is the fastest.
func (r *AlertRow) fitBurn(fastest float64, window time.Duration) {
	if compared := r.Factor.compareBurn(fastest); compared > 0 || compared == 0 && r.Meeting() {
		return
	}
	lower, err := ParseFactor(strconv.FormatFloat(0.9*fastest, 'f', 6, 64))
	if err != nil { // The factor is above it, and less than a million.
		return
	}
	r.Stated, r.Factor = r.Factor, lower
	r.Share = r.Factor.share(r.Long, window)
}

// lacks names the members of which nothing is known of a lookback, at least of a
// counted slice of theirs.
func (w *whole) lacks(at time.Time, lookback time.Duration) (names []string) {
	for i, o := range w.d.Objectives {
		if one := w.lookAt(i, at, max(lookback, o.counted(w.d))); !one.Tally.known(one.Count) {
			names = append(names, o.Name)
		}
	}
	slices.Sort(names)
	return names
}

// unknown says why a composite has no value; nothing where it has one and something
// is known of every member of late.
func (w *whole) unknown(c Composite) Said {
	var never []string
	for _, m := range c.Members {
		if m.NoData {
			never = append(never, m.Objective.Name)
		}
	}
	late := w.lacks(c.At, BasisLookback(w.d.Window))
	switch {
	case len(never) > 0:
		return sayOf(never, "members_unmeasured", "nothing was measured of %s")
	case c.Worst < 0:
		return Say("idle", "nothing happened: 0 of 0")
	case c.Consumed == nil && c.SLI == nil && w.d.Composite == CompositeOpenSLO && w.d.Method == Timeslices:
		return Say("no_whole_slice", "no slice is known of all its members")
	case c.Consumed == nil:
		return Say("promises_nothing", "the budgets of its members come to all there is, or more: it promises nothing as one")
	case len(late) > 0:
		return sayOf(late, "members_stopped", "nothing was measured of %s of late")
	}
	return Said{}
}
