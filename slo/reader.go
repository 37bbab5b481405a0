package slo

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Reader reads how fast a budget burns, what its alert rows say and what becomes
// of it: that of one objective, or of all objectives of a composite as one. It is
// for one goroutine.
type Reader struct {
	d Definition
	// o is the objective, and tallies are its own. Both are empty for a composite
	// that is put together anew for every answer.
	o       Objective
	tallies Tallies
	// whole is the composite, nil for an objective.
	whole *whole
}

// ReaderOf reads an objective.
func ReaderOf(d Definition, o Objective, tallies Tallies) Reader {
	return Reader{d: d, o: o, tallies: tallies}
}

// CompositeReader reads the objectives of a composite as one, given each one's
// tallies in their order.
func CompositeReader(d Definition, members []Tallies) Reader {
	r := Reader{d: d, whole: newWhole(d, members)}
	switch o, jointly := d.together(); {
	case d.alone():
		r.o, r.tallies = d.Objectives[0], members[0]
	case jointly:
		r.d.Method, r.d.Missing = Timeslices, MissingExclude
		r.o, r.tallies = o, r.whole.joint
	}
	return r
}

// Step is the length of the slices that an instant is moved down to.
func (r Reader) Step() time.Duration {
	if r.tallies == nil {
		return r.d.longest()
	}
	return r.o.counted(r.d)
}

// Rows are those that alerts come from. The error names a window set that is not
// known.
func (r Reader) Rows() ([]AlertRow, error) {
	if r.whole != nil {
		return CompositeRows(r.whole.d)
	}
	return AlertRows(r.d, r.o)
}

// Burn is how fast the budget is spent over the time before an instant, which is
// moved down to the beginning of a counted slice: 1 spends exactly the budget in a
// window. Nil where nothing was counted, and where a composite's rule gives no
// value.
func (r Reader) Burn(at time.Time, lookback time.Duration) *float64 {
	return r.look(floor(at, r.Step()), lookback).Burn
}

// Left is what remained of the budget at an instant: what [Evaluate] or [Compose]
// says then, or why that is nothing.
func (r Reader) Left(at time.Time) (remaining *float64, why Said) {
	if r.whole == nil {
		one := Evaluate(r.d, r.o, r.tallies, at)
		if one.Remaining == nil {
			why = nothing(one.Tally)
		}
		return one.Remaining, why
	}
	c := r.whole.at(at)
	if c.Remaining == nil {
		why = r.whole.unknown(c)
	}
	return c.Remaining, why
}

// Gap says of what nothing was measured over a time before an instant, if what
// remained cannot have been told from the rest: of the objective, or of a composite
// of a member that its rule needs. Nothing if it can.
func (r Reader) Gap(at time.Time, over time.Duration) Said {
	if r.whole == nil {
		if r.look(floor(at, r.Step()), over).Known {
			return Said{}
		}
		return Say("missing", "nothing was measured in this time")
	}
	names := r.whole.lacks(at, over)
	if len(names) == 0 || len(names) < len(r.whole.members) && !r.whole.needsAll() {
		return Said{}
	}
	return sayOf(names, "members_missing", "nothing was measured of %s in this time")
}

// Read says what a row says at an instant, which is moved down to the beginning of
// a counted slice.
func (r Reader) Read(row AlertRow, at time.Time) AlertReading {
	at = floor(at, r.Step())
	one := AlertReading{At: at, Row: row, Long: r.look(at, row.Long)}
	if one.Short = one.Long; row.Short != row.Long {
		one.Short = r.look(at, row.Short)
	}
	if r.exceeds(row, one.Long) && r.exceeds(row, one.Short) {
		one.Held = r.holds(row, at, one.Long)
		one.Over = one.Held == ""
	}
	one.Silent = row.silent() && !one.Known() && r.look(at, row.reach()).Known
	return one
}

// look counts a lookback before an instant.
func (r Reader) look(at time.Time, lookback time.Duration) Sight {
	if r.tallies == nil {
		return r.whole.look(at, lookback, Guard{})
	}
	s, t := Sight{}, r.tallies.Tally(evenkeel.Window{From: floor(at.Add(-lookback), r.Step()), To: at})
	s.Count = t.Count(r.d.Method, r.d.Missing)
	s.Known = t.known(s.Count)
	if s.Count.Total > 0 {
		burn := r.o.Target.Spent(s.Count.Bad, s.Count.Total)
		s.Burn = &burn
	}
	return s
}

// Counted is what a span came to, and how many slices are missing: of a composite
// that of all members together.
func (r Reader) Counted(window evenkeel.Window) (c Count, missing int64) {
	parts := []Tallies{r.tallies}
	if r.tallies == nil {
		parts = r.whole.members
	}
	for _, one := range parts {
		t := one.Tally(window)
		c, missing = c.plus(t.Count(r.d.Method, r.d.Missing)), missing+t.NoData-t.Idle
	}
	return c, missing
}

// known says that it is known what happened: something was counted, nothing
// happened, or a correction leaves out what did.
func (t Tally) known(c Count) bool { return c.Total > 0 || t.Idle > 0 || t.Excluded > 0 }

func (r Reader) exceeds(row AlertRow, s Sight) bool {
	if r.tallies == nil {
		return s.Burn != nil && row.exceeds(row.Factor.compareBurn(*s.Burn))
	}
	return row.exceeded(r.o.Target, s.Count)
}

// holds names what of the guard the long lookback does not satisfy.
func (r Reader) holds(row AlertRow, at time.Time, long Sight) string {
	if r.tallies != nil {
		return r.d.Guard.holds(r.o.Target, row, long.Count)
	}
	g := r.d.Guard
	for _, one := range []struct {
		name  string
		guard Guard
	}{{HeldByMinEvents, Guard{MinEvents: g.MinEvents}}, {HeldByMinBad, Guard{MinEvents: g.MinEvents, MinBad: g.MinBad}}, {HeldByConfidence, g}} {
		if one.guard != (Guard{}) && !r.exceeds(row, r.whole.look(at, row.Long, one.guard)) {
			return one.name
		}
	}
	return ""
}

// Follow looks at a row at every counted slice after one instant up to another
// and goes on with its history. What nobody looked at in between is caught up
// with from the tallies, never made up.
func (r Reader) Follow(row AlertRow, h AlertHistory, after, to time.Time) AlertHistory {
	step := r.Step()
	if h.Seen.After(after) {
		after = h.Seen
	}
	for at := floor(after, step).Add(step); !at.After(to); at = at.Add(step) {
		h = h.Step(r.Read(row, at), step)
	}
	return h
}

// Alert is the alert of a reading's row that lasts then, nil if there is none:
// what a history that began long ago would hold. It looks back until the row was
// last known to be quiet, at most three days or, if that is longer, the row's
// long lookback; an alert that is older begins there.
func (r Reader) Alert(now AlertReading) *Alert {
	reach := now.Row.reach()
	if now.Known() && !now.Over || !r.look(now.At, reach).Known && !now.Over {
		return nil
	}
	quiet, bound := now.At, now.At.Add(-reach)
	for quiet.After(bound) {
		quiet = quiet.Add(-r.Step())
		if one := r.Read(now.Row, quiet); one.Known() && !one.Over {
			break
		}
	}
	return r.Follow(now.Row, AlertHistory{}, quiet, now.At).Now
}
