package slo

import (
	"iter"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Tallies says what a span of time came to. The span's ends are beginnings of
// counted slices; slices that were not measured are in its NoData.
type Tallies interface {
	Tally(window evenkeel.Window) Tally
}

// Series is the counted slices of an objective in memory: one after another,
// without holes, in 19 bytes each. The zero value is empty. It may be read by
// many at once, but not while it is changed.
type Series struct {
	objective Objective
	indicator Indicator
	// fine and step are the lengths of a measured and of a counted slice.
	fine, step time.Duration
	// from is the beginning of the first slice.
	from time.Time
	// good and bad are events; of a slice without data those of the last slice
	// before it that had some.
	good, bad []float64
	states    []state
	// blocks are sums of blockLen slices each, so that long spans are added up
	// in few steps and nothing is ever taken away.
	blocks []Tally
}

// state is what a counted slice is.
type state uint8

const (
	// counted has events.
	counted state = 1 << iota
	// badSlice is not good enough; of a slice that is held, the one it repeats.
	badSlice
	// held has no data, and some slice before it has.
	held
	isIdle
	isOverfull
	isUnusable
)

// blockLen is how many slices a block has.
const blockLen = 64

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
	return evenkeel.Window{From: s.from, To: s.from.Add(time.Duration(len(s.states)) * s.step)}
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
	first := min(from, len(s.states))
	s.grow(to)
	for k, e := range s.judge(list, from, to) {
		s.set(from+k, e)
	}
	s.sum(first, s.hold(first, to))
}

// Forget drops slices before an instant, but at most whole blocks.
func (s *Series) Forget(before time.Time) {
	blocks := min(max(0, s.index(before))/blockLen, len(s.blocks))
	n := blocks * blockLen
	s.from = s.from.Add(time.Duration(n) * s.step)
	s.good, s.bad, s.states, s.blocks = s.good[n:], s.bad[n:], s.states[n:], s.blocks[blocks:]
}

// spare is for how many slices memory is asked at a time, beyond those there
// are.
const spare = 1024

// grow makes the series n slices long; new ones have no data.
func (s *Series) grow(n int) {
	if n <= len(s.states) {
		return
	}
	if n > cap(s.states) {
		room := n
		if len(s.states) > 0 {
			room += spare
		}
		s.good = append(make([]float64, 0, room), s.good...)
		s.bad = append(make([]float64, 0, room), s.bad...)
		s.states = append(make([]state, 0, room), s.states...)
	}
	s.good, s.bad, s.states = s.good[:n], s.bad[:n], s.states[:n]
}

// judge judges what was measured from one counted slice to another.
func (s *Series) judge(list []evenkeel.Slice, from, to int) []events {
	parts := int(s.step / s.fine)
	begin := s.from.Add(time.Duration(from) * s.step).Unix()
	fine := make([]events, (to-from)*parts)
	for _, one := range list {
		past := one.At.Unix() - begin
		if k := past / int64(s.fine/time.Second); past >= 0 && k < int64(len(fine)) {
			fine[k] = s.indicator.judge(s.objective, one)
		}
	}
	if parts == 1 {
		return fine
	}
	for k := range to - from {
		var sum events
		for _, e := range fine[k*parts : (k+1)*parts] {
			sum = sum.add(e)
		}
		fine[k] = sum
	}
	return fine[:to-from]
}

// set makes a counted slice of events. It is good if its share of good events
// reaches the objective's; an objective without one wants all of them.
func (s *Series) set(k int, e events) {
	s.good[k], s.bad[k], s.states[k] = e.good, e.bad, 0
	if e.finding&overfull != 0 {
		s.states[k] |= isOverfull
	}
	if e.finding&unusable != 0 {
		s.states[k] |= isUnusable
	}
	switch total := e.good + e.bad; {
	case total > 0:
		s.states[k] |= counted
		if share := s.objective.SliceTarget; e.bad > 0 && (share.IsZero() || !share.Met(e.good, total)) {
			s.states[k] |= badSlice
		}
	case e.finding == measured:
		s.states[k] |= isIdle
	}
}

// hold notes of every slice without data what the last one before it was: from
// one slice to another, and as far after that as there is no data. It says where
// it stopped.
func (s *Series) hold(from, to int) int {
	for k := from; k < len(s.states); k++ {
		switch {
		case s.states[k]&counted != 0:
			if k >= to {
				return k
			}
		case k > 0 && s.states[k-1]&(counted|held) != 0:
			s.good[k], s.bad[k] = s.good[k-1], s.bad[k-1]
			s.states[k] = s.states[k]&^badSlice | held | s.states[k-1]&badSlice
		default:
			s.good[k], s.bad[k] = 0, 0
			s.states[k] &^= held | badSlice
		}
	}
	return len(s.states)
}

// sum adds up the whole blocks that slices from one to another lie in.
func (s *Series) sum(from, to int) {
	for b := from / blockLen; b*blockLen < to && (b+1)*blockLen <= len(s.states); b++ {
		if b == len(s.blocks) {
			s.blocks = append(s.blocks, Tally{})
		}
		s.blocks[b] = s.scan(b*blockLen, (b+1)*blockLen)
	}
}

// scan adds up slices one by one.
func (s *Series) scan(from, to int) (t Tally) {
	for k := from; k < to; k++ {
		t = t.Add(s.slice(k))
	}
	return t
}

// slice is the tally of one slice.
func (s *Series) slice(k int) (t Tally) {
	state := s.states[k]
	if state&isOverfull != 0 {
		t.Overfull = 1
	}
	if state&isUnusable != 0 {
		t.Unusable = 1
	}
	good, bad := int64(1), int64(0)
	if state&badSlice != 0 {
		good, bad = 0, 1
	}
	switch {
	case state&counted != 0:
		t.Good, t.Bad = s.good[k], s.bad[k]
		t.GoodSlices, t.BadSlices, t.BadRatios = good, bad, s.badRatio(k)
		return t
	case state&held != 0:
		t.HeldGood, t.HeldBad, t.HeldBadRatios = good, bad, s.badRatio(k)
	}
	if t.NoData = 1; state&isIdle != 0 {
		t.Idle = 1
	}
	return t
}

func (s *Series) badRatio(k int) float64 { return s.bad[k] / (s.good[k] + s.bad[k]) }

// Tally implements [Tallies]. What lies outside the series is NoData.
func (s *Series) Tally(window evenkeel.Window) Tally {
	from, to := s.index(window.From), s.index(window.To)
	if to <= from {
		return Tally{}
	}
	n := len(s.states)
	t := Tally{NoData: int64(max(0, min(0, to)-from) + max(0, to-max(n, from)))}
	from, to = max(0, from), min(n, to)
	for from < to {
		if from%blockLen == 0 && from+blockLen <= to {
			t = t.Add(s.blocks[from/blockLen])
			from += blockLen
			continue
		}
		t = t.Add(s.slice(from))
		from++
	}
	return t
}

// Slices are the beginnings of a window's slices and what each came to, as far
// as the series has them.
func (s *Series) Slices(window evenkeel.Window) iter.Seq2[time.Time, Tally] {
	return func(yield func(time.Time, Tally) bool) {
		for k := max(0, s.index(window.From)); k < min(len(s.states), s.index(window.To)); k++ {
			if !yield(s.from.Add(time.Duration(k)*s.step), s.slice(k)) {
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
