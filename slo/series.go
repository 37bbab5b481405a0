package slo

import (
	"iter"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Tallies says what a span of time came to. The span's ends are beginnings of
// counted slices; slices that were not measured are in its NoData.
type Tallies interface {
	Tally(window evenkeel.Window) Tally
}

// Series is the counted slices of an objective in memory: one after another,
// without holes, in 19 bytes each. The zero value is empty and stays so; see
// [Gather]. It may be read by many at once, but not while it is changed.
type Series struct {
	objective Objective
	indicator Indicator
	// fine and step are the lengths of a measured and of a counted slice.
	fine, step time.Duration
	// from is the beginning of the first of n slices.
	from   time.Time
	n      int
	chunks []*chunk
}

// Gather judges measured slices and gathers those of a window, whose ends are
// moved down to beginnings of counted slices. The slices may come in any order;
// of several of one instant the last stands. Readings of counters have to be
// made amounts before, see [Increases].
func Gather(d Definition, o Objective, list []evenkeel.Slice, window evenkeel.Window) *Series {
	step := o.counted(d)
	s := &Series{objective: o, indicator: o.In(d), fine: d.Slice, step: step, from: floor(window.From, step)}
	s.Put(list, window)
	return s
}

// Window is the span that the series has slices of.
func (s *Series) Window() evenkeel.Window {
	return evenkeel.Window{From: s.from, To: s.from.Add(time.Duration(s.n) * s.step)}
}

// Put judges the slices of a window anew: new ones at the end, or late ones of
// a window that is known already. The list holds all that was measured in the
// window; what it lacks was not measured. Before the series' beginning nothing
// is put. A new slice costs the same however long the series is.
func (s *Series) Put(list []evenkeel.Slice, window evenkeel.Window) {
	from, to := s.index(window.From), s.index(window.To)
	if from = max(0, from); to <= from {
		return
	}
	first := min(from, s.n)
	s.grow(to)
	if s.step == s.fine {
		s.judge(list, from, to)
	} else {
		s.gather(list, from, to)
	}
	s.sum(first, s.hold(first, to))
}

// Forget drops slices before an instant, but at most whole chunks of 1,024.
func (s *Series) Forget(before time.Time) {
	n := min(max(0, s.index(before)), s.n) / chunkLen
	s.from = s.from.Add(time.Duration(n*chunkLen) * s.step)
	s.chunks, s.n = slices.Delete(s.chunks, 0, n), s.n-n*chunkLen
}

// grow makes the series n slices long; new ones have no data.
func (s *Series) grow(n int) {
	s.n = max(s.n, n)
	for len(s.chunks)*chunkLen < n {
		s.chunks = append(s.chunks, new(chunk))
	}
}

// at is the chunk of a slice, and its place there.
func (s *Series) at(k int) (*chunk, int) { return s.chunks[k/chunkLen], k % chunkLen }

// judge judges what was measured from one counted slice to another, where those
// are the measured ones.
func (s *Series) judge(list []evenkeel.Slice, from, to int) {
	for k := from; k < to; k++ {
		c, j := s.at(k)
		c.states[j] = 0
	}
	begin, seconds := s.from.Unix(), int64(s.step/time.Second)
	for i := range list {
		past := list[i].At.Unix() - begin
		if k := int(past / seconds); past >= 0 && k >= from && k < to {
			s.set(k, s.indicator.judge(&s.objective, &list[i]))
		}
	}
}

// gather does the same where several measured slices make a counted one.
func (s *Series) gather(list []evenkeel.Slice, from, to int) {
	parts := int(s.step / s.fine)
	begin, seconds := s.from.Add(time.Duration(from)*s.step).Unix(), int64(s.fine/time.Second)
	fine := make([]events, (to-from)*parts)
	for i := range list {
		past := list[i].At.Unix() - begin
		if k := past / seconds; past >= 0 && k < int64(len(fine)) {
			fine[k] = s.indicator.judge(&s.objective, &list[i])
		}
	}
	for k := from; k < to; k++ {
		var sum events
		for _, e := range fine[(k-from)*parts : (k-from+1)*parts] {
			sum = sum.add(e)
		}
		s.set(k, sum)
	}
}

// set makes a counted slice of events.
func (s *Series) set(k int, e events) {
	c, j := s.at(k)
	c.good[j], c.bad[j], c.states[j] = e.good, e.bad, s.objective.state(e)
}

// state is what a counted slice of events is. It is good if its share of good
// events reaches the objective's; an objective without one wants all of them.
func (o *Objective) state(e events) (s state) {
	if e.finding&overfull != 0 {
		s |= isOverfull
	}
	if e.finding&unusable != 0 {
		s |= isUnusable
	}
	switch total := e.good + e.bad; {
	case total > 0:
		s |= counted
		if share := o.SliceTarget; e.bad > 0 && (share.IsZero() || !share.Met(e.good, total)) {
			s |= badSlice
		}
	case e.finding == measured:
		s |= isIdle
	}
	return s
}

// hold notes of every slice without data what the last one before it was: from
// one slice to another, and as far after that as there is no data. It says where
// it stopped.
func (s *Series) hold(from, to int) int {
	var last events
	var was state
	if from > 0 {
		c, j := s.at(from - 1)
		last, was = events{good: c.good[j], bad: c.bad[j]}, c.states[j]
	}
	for k := from; k < s.n; k++ {
		c, j := s.at(k)
		switch {
		case c.states[j]&counted != 0:
			if k >= to {
				return k
			}
			last = events{good: c.good[j], bad: c.bad[j]}
		case was&(counted|held) != 0:
			c.good[j], c.bad[j] = last.good, last.bad
			c.states[j] = c.states[j]&^badSlice | held | was&badSlice
		default:
			c.good[j], c.bad[j] = 0, 0
			c.states[j] &^= held | badSlice
		}
		was = c.states[j]
	}
	return s.n
}

// sum adds up the full blocks and chunks that slices from one to another lie in.
func (s *Series) sum(from, to int) {
	for b := from / blockLen; b*blockLen < to && (b+1)*blockLen <= s.n; b++ {
		c, j := s.at(b * blockLen)
		c.blocks[j/blockLen] = Tally{}
		c.add(&c.blocks[j/blockLen], j, j+blockLen)
	}
	for i := from / chunkLen; i*chunkLen < to && (i+1)*chunkLen <= s.n; i++ {
		c := s.chunks[i]
		c.whole = Tally{}
		for _, block := range c.blocks {
			c.whole = c.whole.Add(block)
		}
	}
}

// Tally implements [Tallies]. What lies outside the series is NoData.
func (s *Series) Tally(window evenkeel.Window) Tally {
	from, to := s.index(window.From), s.index(window.To)
	if to <= from {
		return Tally{}
	}
	t := Tally{NoData: int64(max(0, min(0, to)-from) + max(0, to-max(s.n, from)))}
	from, to = max(0, from), min(s.n, to)
	for from < to {
		c, j := s.at(from)
		switch {
		case j == 0 && from+chunkLen <= to:
			t = t.Add(c.whole)
			from += chunkLen
		case j%blockLen == 0 && from+blockLen <= to:
			t = t.Add(c.blocks[j/blockLen])
			from += blockLen
		default:
			n := min(blockLen-j%blockLen, to-from)
			c.add(&t, j, j+n)
			from += n
		}
	}
	return t
}

// Slices are the beginnings of a window's slices and what each came to, as far
// as the series has them.
func (s *Series) Slices(window evenkeel.Window) iter.Seq2[time.Time, Tally] {
	return func(yield func(time.Time, Tally) bool) {
		for k := max(0, s.index(window.From)); k < min(s.n, s.index(window.To)); k++ {
			var t Tally
			c, j := s.at(k)
			c.add(&t, j, j+1)
			if !yield(s.from.Add(time.Duration(k)*s.step), t) {
				return
			}
		}
	}
}

// index is the number of the slice that an instant lies in; negative before the
// first.
func (s *Series) index(t time.Time) int {
	if s.step == 0 {
		return 0
	}
	return int((floor(t, s.step).Unix() - s.from.Unix()) / int64(s.step/time.Second))
}

// floor is the beginning of the slice that an instant lies in. Slices have
// whole seconds and are counted from 1970 in UTC.
func floor(t time.Time, step time.Duration) time.Time {
	seconds := int64(step / time.Second)
	if seconds <= 0 {
		return t.UTC()
	}
	past := t.Unix() % seconds
	if past < 0 {
		past += seconds
	}
	return time.Unix(t.Unix()-past, 0).UTC()
}
