package levels

import (
	"context"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// entry is what is kept of one question.
type entry struct {
	ask       Ask
	workspace Workspace
	// filled says that everything up to the book's revision is in.
	filled bool
	// version is the revision up to which the book was when anything of it last
	// changed.
	version int64
	// hours are those of one series whose hours can be counted one by one; nil
	// for others, which are counted as a whole and anew when they change.
	hours  *slo.Hours
	series *slo.Series
	// read are the slices of the whole while they are read, by series.
	read map[string][]evenkeel.Slice
	ctx  context.Context //nolint:containedctx // That of the call that reads.
	err  error
}

func newEntry(a Ask, w Workspace) *entry {
	e := &entry{ask: a, workspace: w}
	if len(a.Series) == 1 && slo.InHours(a.Definition, a.Objective) {
		e.hours = slo.NewHours(a.Definition, a.Objective, a.From, e.load)
	}
	return e
}

// begin moves the beginning of an entry on. One that is gathered as a whole is
// gathered anew, as what it holds and what its counters grew from begin there.
func (e *entry) begin(a Ask) {
	if e.hours == nil && !a.From.Equal(e.ask.From) {
		e.filled = false
	}
	e.ask.From, e.ask.Spans = a.From, a.Spans
}

// before is how far before its spans a counter's last reading is looked for.
const before = 7 * 24 * time.Hour

// from is where reading an entry begins.
func (e *entry) from() time.Time {
	if e.ask.Objective.In(e.ask.Definition).Counter {
		return e.ask.From.Add(-before)
	}
	return e.ask.From
}

// add takes an hour while an entry is filled.
func (e *entry) add(hour evenkeel.MeasuredHour) {
	if e.hours != nil {
		e.hours.Put(hour.Hour, hour.Slices)
		return
	}
	if e.read == nil {
		e.read = map[string][]evenkeel.Slice{}
	}
	e.read[hour.Series] = append(e.read[hour.Series], hour.Slices...)
}

// end is called when all hours are added.
func (e *entry) end() {
	e.filled = true
	if e.hours != nil {
		return
	}
	var list []evenkeel.Slice
	for _, id := range e.ask.Series {
		list = append(list, e.read[id]...)
	}
	e.read = nil
	d, o := e.ask.Definition, e.ask.Objective
	const day = 24 * time.Hour // Counted slices divide it.
	span := evenkeel.Window{From: e.ask.From, To: e.ask.From.Add(day)}
	first := time.Time{}
	for _, s := range list {
		if !s.At.Before(span.To) {
			span.To = s.At.Add(day)
		}
		if first.IsZero() || s.At.Before(first) {
			first = s.At
		}
	}
	if o.In(d).Counter {
		list = slo.Increases(list, slo.Counting{Slice: d.Slice, Since: first}).Slices
	}
	e.series = slo.Gather(d, o, list, span)
}

// take takes an hour that has changed.
func (e *entry) take(hour evenkeel.MeasuredHour) {
	if e.hours == nil {
		e.filled = false
		return
	}
	e.hours.Put(hour.Hour, hour.Slices)
}

// lacks are the hours at the ends of spans whose slices are not there.
func (e *entry) lacks() []time.Time {
	if e.hours == nil {
		return nil
	}
	e.hours.Forget(e.ask.From, e.ask.Spans...)
	return e.hours.Lacks(e.ask.Spans...)
}

func (e *entry) tallies() slo.Tallies {
	if e.hours != nil {
		return e.hours
	}
	e.reach()
	return e.series
}

// reach lets what is gathered as a whole go on to the end of the spans, for what
// is held there.
func (e *entry) reach() {
	for _, span := range e.ask.Spans {
		if end := e.series.Window().To; span.To.After(end) {
			e.series.Put(nil, evenkeel.Window{From: end, To: span.To})
		}
	}
}

// load reads the slices of one hour that nobody said would be needed.
func (e *entry) load(hour time.Time) []evenkeel.Slice {
	var list []evenkeel.Slice
	err := e.workspace.MeasuredIn(e.ctx, e.ask.Series, []time.Time{hour}, func(one evenkeel.MeasuredHour) error {
		list = one.Slices
		return nil
	})
	if err != nil {
		e.err = err
	}
	return list
}
