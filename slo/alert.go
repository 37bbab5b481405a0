package slo

import (
	"math"
	"time"
)

// Sight is what one lookback of an alert row holds.
type Sight struct {
	// Count is that of all members together for a composite.
	Count Count
	// Burn is nil where nothing was counted, and where a composite's rule gives no
	// value.
	Burn *float64
	// Known says that it is known what happened: something was counted, nothing
	// happened, or a correction leaves out what did. Of a composite it has to be
	// known of every member.
	Known bool
	// Lacks names the members of a composite of which nothing is known.
	Lacks []string
}

// The guards that keep a row quiet, by their annotations.
const (
	HeldByMinEvents  = "min-events"
	HeldByMinBad     = "min-bad"
	HeldByConfidence = "confidence"
)

// AlertReading is what an alert row says at an instant.
type AlertReading struct {
	At          time.Time
	Row         AlertRow
	Long, Short Sight
	// Over says that both lookbacks burn faster than the factor and that the
	// guard lets it pass.
	Over bool
	// Held names the guard that does not; empty where none is needed.
	Held string
	// Silent says that the row alerts where data stop, and that they have: nothing
	// is known of the lookback, and something is of the days before.
	Silent bool
}

// Known says that both lookbacks are known, or that what is known of a composite
// exceeds already.
func (r AlertReading) Known() bool { return r.Over || r.Long.Known && r.Short.Known }

func (r AlertRow) exceeded(t Target, c Count) bool {
	return c.Total > 0 && r.exceeds(r.Factor.compare(t, c.Bad, c.Total))
}

// exceeds takes how a burn compares with the factor.
func (r AlertRow) exceeds(compared int) bool {
	return compared > 0 || compared == 0 && r.Meeting()
}

// reach is how far back it is looked for when a row was last known to be quiet.
func (r AlertRow) reach() time.Duration { return max(3*day, r.Long) + r.For }

// holds names what of the guard the long lookback does not satisfy.
func (g Guard) holds(t Target, row AlertRow, c Count) string {
	switch {
	case c.Total < g.MinEvents:
		return HeldByMinEvents
	case c.Bad < g.MinBad:
		return HeldByMinBad
	case g.Confidence > 0:
		if low, _ := Bounds(c.Bad, c.Total, g.Confidence); low <= row.Factor.Threshold(t) {
			return HeldByConfidence
		}
	}
	return ""
}

// UntilAlert is how many bad events in a row, from now on and without a good
// one, it takes until a reading's row fires, its waiting time left aside: the
// number that says how few failures page somebody. 0 if it fires already. Where
// slices are counted it is slices, and each takes the place of one that was good
// or not measured. Nil if no number suffices.
func UntilAlert(d Definition, o Objective, r AlertReading) *float64 {
	if r.Over {
		return new(0.0)
	}
	after := func(s Sight, _ time.Duration, k float64) Count { return s.Count.worse(k) }
	if d.Method != Occurrences {
		after = func(s Sight, lookback time.Duration, k float64) Count {
			return s.Count.replaced(k, float64(max(1, lookback/o.counted(d))))
		}
	}
	fires := func(k float64) bool {
		long, short := after(r.Long, r.Row.Long, k), after(r.Short, r.Row.Short, k)
		return r.Row.exceeded(o.Target, long) && r.Row.exceeded(o.Target, short) && d.Guard.holds(o.Target, r.Row, long) == ""
	}
	return least(fires)
}

// worse is a count after more bad events.
func (c Count) worse(k float64) Count { return Count{c.Good, c.Bad + k, c.Total + k} }

// replaced is a count of at most so many slices after more bad ones, which come
// in places that are free and then for good ones.
func (c Count) replaced(k, slots float64) Count {
	free := max(0, slots-c.Total)
	bad := min(c.Bad+k, max(slots, c.Total))
	good := max(0, c.Good-max(0, k-free))
	return Count{good, bad, good + bad}
}

// least is the least whole number above 0 of which something holds that holds of
// all above it; nil if it is beyond 2^40.
func least(holds func(float64) bool) *float64 {
	high := 1.0
	for !holds(high) {
		if high *= 2; high > 1<<40 {
			return nil
		}
	}
	low := math.Floor(high / 2)
	for high-low > 1 {
		if middle := math.Floor((low + high) / 2); holds(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return &high
}
