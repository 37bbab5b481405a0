package slo

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// CorrectionMode is what a correction takes slices for.
type CorrectionMode string

// The modes of corrections.
const (
	// ExcludeSlices leaves slices out: they are neither counted nor missing.
	ExcludeSlices CorrectionMode = "exclude"
	// TakeForGood takes all events of slices for good, and slices without data
	// too.
	TakeForGood CorrectionMode = "good"
)

// Correction is an entry of the ledger of what a contract does not count:
// maintenance, bad data. It never changes what was measured.
type Correction struct {
	ID string
	// From and To are a half-open span; every counted slice that it touches is
	// corrected.
	From, To time.Time
	Mode     CorrectionMode
	Reason   string
	// Author said so at At.
	Author string
	At     time.Time
}

// Check says what is wrong with a correction: an error that names the field.
func (c Correction) Check() error {
	switch {
	case c.From.IsZero():
		return errors.New("from: is required")
	case !c.From.Before(c.To):
		return fmt.Errorf("to: %s is not after from, %s", c.To.UTC().Format(time.RFC3339), c.From.UTC().Format(time.RFC3339))
	case c.Mode != ExcludeSlices && c.Mode != TakeForGood:
		return fmt.Errorf("mode: %q is none; give exclude or good", c.Mode)
	case c.Reason == "":
		return errors.New("reason: is required; say why these slices do not count")
	}
	return nil
}

// Corrected are the tallies of an objective with corrections. Where corrections
// overlap one that excludes goes before one that takes for good, in whatever
// order they were made. A slice that is held repeats what was measured,
// corrected or not.
func Corrected(tallies Tallies, d Definition, o Objective, list []Correction) Tallies {
	spans := correctedSpans(list, o.counted(d))
	if len(spans) == 0 {
		return tallies
	}
	return corrected{tallies, spans, o.counted(d)}
}

// corrected corrects tallies span by span.
type corrected struct {
	tallies Tallies
	spans   []correctedSpan
	step    time.Duration
}

// correctedSpan is a span of slices of one mode. Those of a list are in order of
// time and do not meet unless their modes differ.
type correctedSpan struct {
	evenkeel.Window
	mode CorrectionMode
}

// Tally implements [Tallies].
func (c corrected) Tally(window evenkeel.Window) Tally {
	at, to := floor(window.From, c.step), floor(window.To, c.step)
	first, _ := slices.BinarySearchFunc(c.spans, at, func(s correctedSpan, at time.Time) int {
		if s.To.After(at) {
			return 1
		}
		return -1
	})
	var sum Tally
	for _, s := range c.spans[first:] {
		if !s.From.Before(to) {
			break
		}
		if s.From.After(at) {
			sum, at = sum.Add(c.tallies.Tally(evenkeel.Window{From: at, To: s.From})), s.From
		}
		end := earlier(s.To, to)
		sum, at = sum.Add(c.tallies.Tally(evenkeel.Window{From: at, To: end}).corrected(s.mode)), end
	}
	if at.Before(to) {
		sum = sum.Add(c.tallies.Tally(evenkeel.Window{From: at, To: to}))
	}
	return sum
}

// corrected is what a span counts as in which every slice is corrected.
func (t Tally) corrected(mode CorrectionMode) Tally {
	n := t.Slices()
	if mode == ExcludeSlices {
		return Tally{Excluded: n}
	}
	return Tally{Good: t.Good + t.Bad, GoodSlices: n, Corrected: n, Assumed: t.NoData - t.Idle}
}

// correctedSpans puts corrections together: one sweep over where they begin and
// end.
func correctedSpans(list []Correction, step time.Duration) (spans []correctedSpan) {
	open := map[CorrectionMode]int{}
	edges := correctionEdges(list, step)
	for i, e := range edges {
		if open[e.mode] += e.opens; i+1 == len(edges) || !e.at.Before(edges[i+1].at) {
			continue
		}
		mode := ExcludeSlices
		if open[mode] == 0 {
			mode = TakeForGood
		}
		if open[mode] == 0 {
			continue
		}
		span := correctedSpan{evenkeel.Window{From: e.at, To: edges[i+1].at}, mode}
		if last := len(spans) - 1; last >= 0 && spans[last].mode == mode && spans[last].To.Equal(span.From) {
			spans[last].To = span.To
			continue
		}
		spans = append(spans, span)
	}
	return spans
}

// correctionEdge is where a correction begins (opens 1) or ends (opens -1).
type correctionEdge struct {
	at    time.Time
	mode  CorrectionMode
	opens int
}

func correctionEdges(list []Correction, step time.Duration) (edges []correctionEdge) {
	for _, c := range list {
		if !c.From.Before(c.To) {
			continue
		}
		end := floor(c.To, step)
		if end.Before(c.To) {
			end = end.Add(step)
		}
		edges = append(edges, correctionEdge{floor(c.From, step), c.Mode, 1}, correctionEdge{end, c.Mode, -1})
	}
	slices.SortFunc(edges, func(a, b correctionEdge) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.mode, b.mode), cmp.Compare(b.opens, a.opens))
	})
	return edges
}

// Standing is where an objective stands by contract, with corrections, and as it
// was experienced, without them.
type Standing struct {
	Contractual, Experienced Result
	// Undilated is what is consumed by contract of the budget that the time or
	// the events that are left out bring with them as well: leaving out a day of
	// a week makes every bad minute of the rest weigh 7/6, and this does not. Nil
	// where nothing was counted.
	Undilated *float64
}

// Stand says where an objective stands at an instant with corrections and
// without.
func Stand(d Definition, o Objective, tallies Tallies, list []Correction, at time.Time) Standing {
	s := Standing{Contractual: Evaluate(d, o, Corrected(tallies, d, o, list), at), Experienced: Evaluate(d, o, tallies, at)}
	whole := s.Contractual.Count.Total + float64(s.Contractual.Tally.Excluded)
	if d.Method == Occurrences {
		whole = s.Experienced.Count.Total
	}
	if s.Contractual.Consumed != nil {
		undilated := o.Target.Spent(s.Contractual.Count.Bad, whole)
		s.Undilated = &undilated
	}
	return s
}
