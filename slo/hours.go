package slo

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Hours is what an objective came to, hour by hour, with the single slices of
// some hours only: of slices of a minute it takes a twentieth of the memory of a
// [Series], and a span costs as many additions as it has hours. Nothing is ever taken away, so
// it says what a Series of the same slices says, but for the order in which
// parts of events were added up. It fits objectives that [InHours] names.
type Hours struct {
	definition Definition
	objective  Objective
	// load reads the slices of an hour that spans begin or end in.
	load func(hour time.Time) []evenkeel.Slice
	// from is the beginning of the first hour.
	from time.Time
	sums []hourSum
	// fine are the slices of some hours.
	fine map[int][]hourSum
}

// hourSum is the tally of an hour, of 3,600 slices at most, or of a slice, in
// little memory. What is not counted here has
// no data; held slices are none of it.
type hourSum struct {
	good, bad, badRatios                            float64
	goodSlices, badSlices, idle, overfull, unusable uint16
}

// InHours says whether an objective may be counted by hours: each hour has to
// say by itself what it came to. Counters are read from one hour to the next, a
// slice that holds repeats one of an hour before, and counted slices may be
// longer than an hour.
func InHours(d Definition, o Objective) bool {
	return !o.In(d).Counter && d.Missing != MissingHold && time.Hour%o.counted(d) == 0
}

// NewHours is without data from the hour of an instant on. load is asked for the
// slices of an hour that a span begins or ends in, unless they were put with
// [Hours.PutFine]; it returns all of them.
func NewHours(d Definition, o Objective, from time.Time, load func(hour time.Time) []evenkeel.Slice) *Hours {
	return &Hours{definition: d, objective: o, load: load, from: floor(from, time.Hour), fine: map[int][]hourSum{}}
}

// From is the beginning of the first hour.
func (h *Hours) From() time.Time { return h.from }

// Put takes all slices of an hour that are known, in the place of those that
// were. Hours before the first are passed over.
func (h *Hours) Put(hour time.Time, list []evenkeel.Slice) {
	k := h.index(hour)
	if k < 0 {
		return
	}
	for k >= len(h.sums) {
		h.sums = append(h.sums, hourSum{})
	}
	s := h.gather(hour, list)
	h.sums[k] = sumOf(s.Tally(s.Window()))
	if _, kept := h.fine[k]; kept {
		h.fine[k] = finely(s)
	}
}

// PutFine is [Hours.Put] that keeps the slices, for spans that begin or end in
// the hour.
func (h *Hours) PutFine(hour time.Time, list []evenkeel.Slice) {
	if k := h.index(hour); k >= 0 {
		h.fine[k] = nil
		h.Put(hour, list)
	}
}

func (h *Hours) gather(hour time.Time, list []evenkeel.Slice) *Series {
	hour = floor(hour, time.Hour)
	return Gather(h.definition, h.objective, list, evenkeel.Window{From: hour, To: hour.Add(time.Hour)})
}

func finely(s *Series) []hourSum {
	list := make([]hourSum, 0, s.n)
	for _, t := range s.Slices(s.Window()) {
		list = append(list, sumOf(t))
	}
	return list
}

func sumOf(t Tally) hourSum {
	return hourSum{t.Good, t.Bad, t.BadRatios, uint16(t.GoodSlices), uint16(t.BadSlices), uint16(t.Idle), uint16(t.Overfull), uint16(t.Unusable)}
}

func (s hourSum) tally(slices int64) Tally {
	t := Tally{
		Good: s.good, Bad: s.bad, BadRatios: s.badRatios, GoodSlices: int64(s.goodSlices), BadSlices: int64(s.badSlices),
		Idle: int64(s.idle), Overfull: int64(s.overfull), Unusable: int64(s.unusable),
	}
	t.NoData = slices - t.Measured()
	return t
}

// Lacks are the hours that spans begin or end in and whose slices are not there,
// by their beginnings.
func (h *Hours) Lacks(spans ...evenkeel.Window) []time.Time {
	var list []time.Time
	for _, span := range spans {
		for _, end := range []time.Time{span.From, span.To} {
			k := h.index(end)
			if _, kept := h.fine[k]; k >= 0 && !kept && !floor(end, h.step()).Equal(floor(end, time.Hour)) {
				list = append(list, floor(end, time.Hour))
			}
		}
	}
	return list
}

// Forget drops what lies before an instant, and the slices of hours in which none
// of the spans begin or end.
func (h *Hours) Forget(before time.Time, spans ...evenkeel.Window) {
	n := min(max(0, h.index(before)), len(h.sums))
	h.sums = h.sums[n:]
	wanted := map[int]bool{}
	for _, span := range spans {
		wanted[h.index(span.From)], wanted[h.index(span.To)] = true, true
	}
	fine := map[int][]hourSum{}
	for k, s := range h.fine {
		if wanted[k] && k >= n {
			fine[k-n] = s
		}
	}
	h.fine, h.from = fine, h.from.Add(time.Duration(n)*time.Hour)
}

// Tally implements [Tallies]. What lies before the first hour is NoData.
func (h *Hours) Tally(window evenkeel.Window) (t Tally) {
	step := h.step()
	from, to := floor(window.From, step), floor(window.To, step)
	if !from.Before(to) {
		return t
	}
	if from.Before(h.from) {
		early := h.from
		if to.Before(early) {
			early = to
		}
		t.NoData = int64(early.Sub(from) / step)
		from = early
	}
	first, last := floor(from.Add(time.Hour-1), time.Hour), floor(to, time.Hour)
	if first.After(last) { // Within one hour.
		return t.Add(h.part(from, to))
	}
	t = t.Add(h.part(from, first))
	slices := int64(time.Hour / step)
	for k, end := h.index(first), h.index(last); k < end; k++ {
		if k >= len(h.sums) {
			t.NoData += slices * int64(end-k)
			break
		}
		t = t.Add(h.sums[k].tally(slices))
	}
	return t.Add(h.part(last, to))
}

// part is what a part of an hour came to.
func (h *Hours) part(from, to time.Time) (t Tally) {
	if !from.Before(to) {
		return t
	}
	k, hour := h.index(from), floor(from, time.Hour)
	if h.fine[k] == nil {
		h.fine[k] = finely(h.gather(hour, h.load(hour)))
	}
	for _, s := range h.fine[k][from.Sub(hour)/h.step() : to.Sub(hour)/h.step()] {
		t = t.Add(s.tally(1))
	}
	return t
}

func (h *Hours) step() time.Duration { return h.objective.counted(h.definition) }

// index is the number of the hour that an instant lies in; negative before the
// first.
func (h *Hours) index(t time.Time) int { return int(floor(t, time.Hour).Sub(h.from) / time.Hour) }
