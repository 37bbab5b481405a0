package slo

import (
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Counting is how readings of counters become amounts.
type Counting struct {
	// Slice is the length of a slice.
	Slice time.Duration
	// Since is from when the series was watched: a counter that is first read in
	// a later slice began at 0 in that slice, so that its first reading counts.
	// One that was there at Since, or with Since the zero time any, counts from
	// its first reading on.
	Since time.Time
	// LongGap is how many slices without a reading make a gap that is noted; 0
	// is 5.
	LongGap int
}

// Amounts are what readings of counters came to.
type Amounts struct {
	// Slices have amounts in the place of readings, in order of time. A slice in
	// which nothing was read has no entry.
	Slices []evenkeel.Slice
	// Resets are slices in which counters had gone back; what they had counted
	// between their last reading and their reset is lost.
	Resets []CounterEvent
	// Born are slices in which counters were first read and taken to have begun
	// at 0.
	Born []CounterEvent
	// Gaps are long spans without a reading: [end of the last slice read,
	// beginning of the next). What was counted in one is in the slice after it.
	Gaps []evenkeel.Window
}

// CounterEvent is a slice in which something happened to counters.
type CounterEvent struct {
	At time.Time
	// Fields name the counters: good, bad, total.
	Fields []string
}

// Increases makes amounts of readings of counters. A reading is what a counter
// showed at the end of its slice, so a slice's amount is its reading less the
// one before it, however long ago that was: an increase over a gap is laid to
// the slice in which it was seen, and nothing is lost. A counter that went back
// was reset and its reading is what it counted since. Counters are reset and
// born one by one. Where one of them was not read in a slice none is taken to
// have been, so that parts and totals stay of the same time; before a counter is
// born, such as that of errors before the first of them, it has not grown.
//
// The list may come in any order; of several of one instant the last stands. It
// has to begin with the last reading before the span that is wanted. Readings
// that are not finite or below 0 stay as they are, unusable; values, which are
// no counters, do too.
func Increases(list []evenkeel.Slice, c Counting) Amounts {
	list = ordered(list, c.Slice)
	r := &reader{Counting: c, good: counter{used: uses(list, goodOf)}, bad: counter{used: uses(list, badOf)}, total: counter{used: uses(list, totalOf)}}
	for _, s := range list {
		r.read(s)
	}
	return r.amounts
}

func goodOf(s evenkeel.Slice) *float64  { return s.Good }
func badOf(s evenkeel.Slice) *float64   { return s.Bad }
func totalOf(s evenkeel.Slice) *float64 { return s.Total }

func uses(list []evenkeel.Slice, of func(evenkeel.Slice) *float64) bool {
	return slices.ContainsFunc(list, func(s evenkeel.Slice) bool { return of(s) != nil })
}

// ordered sorts slices by their beginnings and keeps the last of each.
func ordered(list []evenkeel.Slice, step time.Duration) []evenkeel.Slice {
	list = slices.Clone(list)
	for i := range list {
		list[i].At = floor(list[i].At, step)
	}
	slices.SortStableFunc(list, func(a, b evenkeel.Slice) int { return a.At.Compare(b.At) })
	kept := list[:0]
	for i, s := range list {
		if i+1 == len(list) || !list[i+1].At.Equal(s.At) {
			kept = append(kept, s)
		}
	}
	return kept
}

// counter is one counter as it is read.
type counter struct {
	used, known bool
	// began says that the last reading was a first one, of which no amount is
	// known.
	began bool
	last  float64
}

// reader reads slices in order of time.
type reader struct {
	Counting
	good, bad, total counter
	// end is the end of the last slice read.
	end     time.Time
	amounts Amounts
}

// read takes one slice.
func (r *reader) read(s evenkeel.Slice) {
	if !usable(s.Good) || !usable(s.Bad) || !usable(s.Total) {
		r.amounts.Slices = append(r.amounts.Slices, s)
		return
	}
	if !r.whole(s) {
		if s.Value != nil {
			r.amounts.Slices = append(r.amounts.Slices, evenkeel.Slice{At: s.At, Value: s.Value})
		}
		return
	}
	r.gap(s.At)
	out := evenkeel.Slice{At: s.At, Value: s.Value}
	var note [3]event
	out.Good, note[0] = r.good.amount(s.Good, r.late(s.At))
	out.Bad, note[1] = r.bad.amount(s.Bad, r.late(s.At))
	out.Total, note[2] = r.total.amount(s.Total, r.late(s.At))
	r.note(s.At, note)
	if r.good.began || r.bad.began || r.total.began {
		out.Good, out.Bad, out.Total = nil, nil, nil
	}
	if out != (evenkeel.Slice{At: s.At}) {
		r.amounts.Slices = append(r.amounts.Slices, out)
	}
}

// late says whether a counter that is first read in a slice began at 0.
func (r *reader) late(at time.Time) bool {
	return !r.Since.IsZero() && at.After(floor(r.Since, r.Slice))
}

// whole says whether every counter was read, or has not yet been born.
func (r *reader) whole(s evenkeel.Slice) bool {
	read := false
	for _, one := range []struct {
		counter counter
		value   *float64
	}{{r.good, s.Good}, {r.bad, s.Bad}, {r.total, s.Total}} {
		if one.value == nil && one.counter.used && (one.counter.known || r.Since.IsZero()) {
			return false
		}
		read = read || one.value != nil
	}
	return read
}

// gap notes a long span without readings before a slice.
func (r *reader) gap(at time.Time) {
	long := r.LongGap
	if long == 0 {
		long = 5
	}
	if !r.end.IsZero() && at.Sub(r.end) >= time.Duration(long)*r.Slice {
		r.amounts.Gaps = append(r.amounts.Gaps, evenkeel.Window{From: r.end, To: at})
	}
	r.end = at.Add(r.Slice)
}

// event is what happened to a counter in a slice.
type event int

const (
	grew event = iota
	wasBorn
	wasReset
)

func (r *reader) note(at time.Time, events [3]event) {
	r.amounts.Born = noted(r.amounts.Born, at, events, wasBorn)
	r.amounts.Resets = noted(r.amounts.Resets, at, events, wasReset)
}

// noted appends the counters to which one thing happened in a slice.
func noted(list []CounterEvent, at time.Time, events [3]event, what event) []CounterEvent {
	one := CounterEvent{At: at}
	for i, field := range []string{fieldGood, fieldBad, fieldTotal} {
		if events[i] == what {
			one.Fields = append(one.Fields, field)
		}
	}
	if one.Fields == nil {
		return list
	}
	return append(list, one)
}

// amount is by how much a counter grew; nil for one that is not read at all. A
// first reading only says where it stands, unless the counter began in its
// slice; one that will be born later has not grown.
func (c *counter) amount(reading *float64, late bool) (*float64, event) {
	if c.began = false; !c.used {
		return nil, grew
	}
	if reading == nil {
		return new(float64), grew
	}
	grown, what := *reading-c.last, grew
	switch {
	case !c.known && !late:
		c.began = true
	case !c.known:
		what = wasBorn
	case *reading < c.last:
		grown, what = *reading, wasReset
	}
	c.last, c.known = *reading, true
	return &grown, what
}
