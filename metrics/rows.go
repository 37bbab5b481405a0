package metrics

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Rows are what an environment shows, before they are columns: sorted lists,
// each by its own order. While an application is derived they are appended and
// sorted in the end; after that they are put in and taken out one by one.

// period is a stretch of time, half-open, in Unix microseconds.
type period struct{ from, to int64 }

// everything holds every instant, also the unknown one.
func everything() period { return period{unknown, math.MaxInt64} }

// monthAt is the month of an instant, by the calendar of UTC.
func monthAt(at int64) (name string, in period) {
	if at == unknown {
		return "0000-00", period{unknown, unknown + 1}
	}
	t := instant(at)
	first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	return t.Format("2006-01"), period{first.UnixMicro(), first.AddDate(0, 1, 0).UnixMicro()}
}

// cut is the part of a list, sorted by instant, that lies in a span.
func cut[T any](list []T, in period, at func(T) int64) []T {
	from, _ := slices.BinarySearchFunc(list, in.from, func(one T, to int64) int { return cmp.Compare(at(one), to) })
	to, _ := slices.BinarySearchFunc(list[from:], in.to, func(one T, to int64) int { return cmp.Compare(at(one), to) })
	return list[from : from+to]
}

// put lists a row: at the end while everything is derived, in its place after.
func put[T any](s *stage, list []T, one T, compare func(a, b T) int, at func(T) int64) []T {
	if s.d.follow == nil {
		return append(list, one)
	}
	s.touch(at(one))
	place, _ := slices.BinarySearchFunc(list, one, compare)
	return slices.Insert(list, place, one)
}

// unput takes a row out of a sorted list; it may be there no longer.
func unput[T any](s *stage, list []T, one T, compare func(a, b T) int, at func(T) int64) []T {
	place, ok := slices.BinarySearchFunc(list, one, compare)
	if !ok {
		return list
	}
	s.touch(at(one))
	return slices.Delete(list, place, place+1)
}

// touch notes that the rows of a month have changed.
func (s *stage) touch(at int64) {
	if s.d.follow == nil || s.touched.from <= at && at < s.touched.to {
		return
	}
	name, in := monthAt(at)
	s.touched = in
	s.d.follow.touched[segmentName{s.name, name}] = in
}

// sort puts the rows in order when all are known.
func (s *stage) sort() {
	slices.SortFunc(s.incidents, incidentRow.compare)
	slices.SortFunc(s.recoveries, recoveryRow.compare)
	slices.SortFunc(s.notes, note.compare)
	slices.SortFunc(s.unshipped, note.compare)
	slices.SortFunc(s.blames, blame.compare)
	slices.SortFunc(s.reversals, reversal.compare)
}

func (n note) compare(o note) int {
	return cmp.Or(cmp.Compare(n.at, o.at), cmp.Compare(n.code, o.code), n.id.compare(o.id), cmp.Compare(rank(n.shared), rank(o.shared)), cmp.Compare(rank(n.unplaced), rank(o.unplaced)))
}

func noteAt(n note) int64 { return n.at }

func (b blame) compare(o blame) int {
	return cmp.Or(cmp.Compare(b.at, o.at), b.by.compare(o.by), b.id.compare(o.id), cmp.Compare(b.rung, o.rung), cmp.Compare(rank(b.inferred), rank(o.inferred)))
}

func blameAt(b blame) int64 { return b.at }

// compare orders by instant; each deployment takes back at most one other.
func (r reversal) compare(o reversal) int {
	return cmp.Or(cmp.Compare(r.at, o.at), cmp.Compare(r.row, o.row))
}

func reversalAt(r reversal) int64 { return r.at }

func (i incidentRow) compare(o incidentRow) int {
	return cmp.Or(cmp.Compare(i.start, o.start), i.id.compare(o.id))
}

func incidentAt(i incidentRow) int64 { return i.start }

func (r recoveryRow) compare(o recoveryRow) int {
	return cmp.Or(cmp.Compare(r.at, o.at), r.id.compare(o.id))
}

func recoveryAt(r recoveryRow) int64 { return r.at }

func (r openRow) compare(o openRow) int { return cmp.Or(cmp.Compare(r.at, o.at), r.id.compare(o.id)) }

func openAt(r openRow) int64 { return r.at }

func (b build) compare(o build) int {
	return cmp.Or(cmp.Compare(b.finished, o.finished), b.id.compare(o.id))
}

func buildAt(b build) int64 { return b.finished }
