package slo_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// TestWhatBecameKnown: minutes 2 and 3 came late, minute 5 was corrected and
// minute 7 taken back.
func TestWhatBecameKnown(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Timeslices)
	d.Missing = slo.MissingHold
	window := evenkeel.Window{From: start, To: at(9)}
	then := slo.Gather(d, d.Objectives[0], []evenkeel.Slice{minute(0, 1, 1), minute(1, 0, 1), minute(5, 1, 2), minute(7, 1, 1)}, window)
	now := slo.Gather(d, d.Objectives[0], []evenkeel.Slice{minute(0, 1, 1), minute(1, 0, 1), minute(2, 1, 1), minute(3, 0, 0), minute(5, 2, 2)}, window)
	got := slo.Compare(d, d.Objectives[0], then, now, window)
	want := slo.Revision{
		Window: window, Then: then.Tally(window), Now: now.Tally(window), Arrived: 1, Altered: 2, Withdrawn: 1,
		Spans: []evenkeel.Window{{From: at(2), To: at(4)}, {From: at(5), To: at(6)}, {From: at(7), To: at(8)}},
	}
	if diff := cmp.Diff(want, got); diff != "" || !got.Changed() {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if same := slo.Compare(d, d.Objectives[0], now, now, window); same.Changed() || same.Altered != 0 {
		t.Errorf("%+v", same)
	}
}

// TestResultsReplay: what was known at an instant gives the same result whatever
// became known later.
func TestResultsReplay(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Occurrences)
	list := every(start, 60, 9, 10)
	window := evenkeel.Window{From: start, To: at(60)}
	series := slo.Gather(d, d.Objectives[0], list, window)
	before := slo.Evaluate(d, d.Objectives[0], series, at(60))
	series.Put(every(at(30), 10, 0, 10), evenkeel.Window{From: at(30), To: at(40)})
	after := slo.Evaluate(d, d.Objectives[0], series, at(60))
	again := slo.Evaluate(d, d.Objectives[0], slo.Gather(d, d.Objectives[0], list, window), at(60))
	if before.Count != again.Count || after.Count.Bad != 50+100 {
		t.Errorf("%v, then %v, again %v", before.Count, after.Count, again.Count)
	}
}

// TestWhatIf: of January, February and March 2026 the second had 41 bad minutes of
// 40,320 (28 days) and the third 40 of 44,640. At 99.9 % February, which may have
// 40.32, is missed; at 99.8 % none is.
func TestWhatIf(t *testing.T) {
	t.Parallel()
	month := func(n int) time.Time { return time.Date(2026, time.Month(n), 1, 0, 0, 0, 0, time.UTC) }
	list := every(month(2), 28*1440, 1, 1)
	list = append(list, every(month(3), 31*1440, 1, 1)...)
	list = append(list, every(month(2), 41, 0, 1)...)
	list = append(list, every(month(3), 40, 0, 1)...)
	d := availability(t, slo.Timeslices)
	d.Window = slo.TimeWindow{Span: slo.Span{N: 1, Unit: slo.Month}, Start: month(1)}
	now := month(4).Add(time.Hour)
	s := slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: month(1), To: now})
	o := d.Objectives[0]
	whatIf := func(o slo.Objective, since, at time.Time) slo.Outcome {
		return slo.WhatIf(d, o, []slo.Target{o.Target}, func(time.Time) slo.Tallies { return s }, since, at)[0]
	}
	out := whatIf(o, month(1), now)
	if out.Met != 1 || out.Missed != 1 || out.Unknown != 1 || len(out.Windows) != 3 || out.Now.SLI != nil {
		t.Fatalf("%+v", out)
	}
	if march, february := out.Windows[0], out.Windows[1]; !*march.Met || *february.Met || *february.Consumed != 41/40.32 || !february.Window.From.Equal(month(2)) {
		t.Errorf("%+v, %+v", march, february)
	}
	lower := o
	lower.Target = target(t, "0.998")
	if out := whatIf(lower, month(1), now); out.Met != 2 || out.Missed != 0 {
		t.Errorf("%+v", out)
	}
	// Rolling weeks back from the end of March, as far as they begin in February:
	// the one that began on the 25th has the bad minutes of March. Those of the
	// first of February lie in one that began in January.
	d.Window = slo.TimeWindow{Span: slo.Span{N: 7, Unit: slo.Day}}
	out = whatIf(o, month(2), month(4))
	if len(out.Windows) != 8 || out.Missed != 1 || out.Met != 7 || *out.Windows[4].Met || !out.Windows[4].Window.From.Equal(time.Date(2026, 2, 25, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", out)
	}
	if out := whatIf(o, time.Time{}, month(4)); len(out.Windows) != 0 || out.Now.SLI == nil {
		t.Errorf("%+v", out)
	}
}
