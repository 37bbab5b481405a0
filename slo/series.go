package slo

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Tallies says what a span of time came to. The span's ends are beginnings of
// counted slices; slices that were not measured are in its NoData.
type Tallies interface {
	Tally(window evenkeel.Window) Tally
}

// Series is the counted slices of an objective in memory: one after another,
// without holes. The zero value is empty.
type Series struct {
	window evenkeel.Window
	step   time.Duration
	slices []Tally
	// blocks are sums of blockLen slices each, so that long spans are added up
	// in few steps and nothing is ever taken away.
	blocks []Tally
}

// blockLen is how many slices a block has.
const blockLen = 64

// Gather judges measured slices and gathers those of a window, whose ends are
// moved down to beginnings of counted slices. The slices may come in any order;
// of several of one instant the last stands. Readings of counters have to be
// made amounts before, see [Increases].
func Gather(d Definition, o Objective, list []evenkeel.Slice, window evenkeel.Window) *Series {
	step := o.counted(d)
	s := &Series{window: evenkeel.Window{From: floor(window.From, step), To: floor(window.To, step)}, step: step}
	n := max(0, int(s.window.To.Sub(s.window.From)/step))
	fine := latest(d, list, s.window)
	indicator := o.In(d)
	counted := make([]events, n)
	for at, one := range fine {
		k := int(at.Sub(s.window.From) / step)
		counted[k] = counted[k].add(indicator.judge(o, one))
	}
	s.slices = make([]Tally, n)
	for k, e := range counted {
		s.slices[k] = e.tally(o)
	}
	s.hold()
	s.sum()
	return s
}

// latest is the last slice of each instant of the window.
func latest(d Definition, list []evenkeel.Slice, window evenkeel.Window) map[time.Time]evenkeel.Slice {
	fine := make(map[time.Time]evenkeel.Slice, len(list))
	for _, one := range list {
		if at := floor(one.At, d.Slice); window.Contains(at) {
			fine[at] = one
		}
	}
	return fine
}

// hold notes of every slice without data what the slice before it was.
func (s *Series) hold() {
	var last Tally
	for k := range s.slices {
		one := &s.slices[k]
		if one.Measured() > 0 {
			last = *one
			continue
		}
		one.HeldGood, one.HeldBad, one.HeldRatios = last.GoodSlices, last.BadSlices, last.Ratios
	}
}

func (s *Series) sum() {
	for k := 0; k+blockLen <= len(s.slices); k += blockLen {
		s.blocks = append(s.blocks, total(s.slices[k:k+blockLen]))
	}
}

func total(list []Tally) (t Tally) {
	for _, one := range list {
		t = t.Add(one)
	}
	return t
}

// Tally implements [Tallies]. What lies outside the series is NoData.
func (s *Series) Tally(window evenkeel.Window) Tally {
	from, to := s.index(window.From), s.index(window.To)
	if to <= from {
		return Tally{}
	}
	outside := max(0, min(0, to)-from) + max(0, to-max(len(s.slices), from))
	t := Tally{NoData: int64(outside)}
	from, to = max(0, from), min(len(s.slices), to)
	for from < to {
		if from%blockLen == 0 && from+blockLen <= to {
			t = t.Add(s.blocks[from/blockLen])
			from += blockLen
			continue
		}
		t = t.Add(s.slices[from])
		from++
	}
	return t
}

// index is the number of the slice that an instant lies in; negative before the
// first.
func (s *Series) index(t time.Time) int {
	if s.step == 0 {
		return 0
	}
	return int(floor(t, s.step).Sub(s.window.From) / s.step)
}

// floor is the beginning of the slice that an instant lies in. Slices are
// counted from 1970 in UTC.
func floor(t time.Time, step time.Duration) time.Time {
	if step <= 0 {
		return t.UTC()
	}
	past := t.UnixNano() % int64(step)
	if past < 0 {
		past += int64(step)
	}
	return t.Add(-time.Duration(past)).UTC()
}
