package slo_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// TestLateIncidentsAreTold, by hand, in hours after the start. Everything is known
// at once, but for the hours from 10 to 12, which are known since hour 20. In hour 2
// an incident of 30 minutes is told in time, and its end is corrected in hour 9: it
// had stood for 15. One of hour 4 is told in hour 6, and taken back in hour 30. One of
// 20 minutes of hour 11 is known when the hour is. One that has begun in hour 39 stands.
func TestLateIncidentsAreTold(t *testing.T) {
	t.Parallel()
	d := byIncidents(t, slo.Occurrences)
	h := func(n float64) time.Time { return start.Add(time.Duration(n * float64(time.Hour))) }
	stood := func(from, to float64) []slo.Outage {
		return []slo.Outage{{Stood: []evenkeel.Window{{From: h(from), To: h(to)}}}}
	}
	known := func(at time.Time) *slo.IncidentMinutes {
		first, second := evenkeel.Window{From: start, To: at}, evenkeel.Window{From: h(12), To: at}
		if at.Before(h(20)) && at.After(h(10)) {
			first.To = h(10)
		}
		var list []slo.Outage
		switch {
		case !at.Before(h(9)):
			list = stood(2, 2.25)
		case !at.Before(h(2.5)):
			list = stood(2, 2.5)
		}
		if !at.Before(h(6)) && at.Before(h(30)) {
			list = append(list, stood(4, 4.5)...)
		}
		if !at.Before(h(15)) {
			list = append(list, stood(11, 11+1./3)...)
		}
		if !at.Before(h(40)) {
			list = append(list, slo.Outage{Stood: []evenkeel.Window{{From: h(39.9)}}})
		}
		if !at.After(h(12)) {
			return slo.MinutesOf(d, d.Objectives[0], list, first)
		}
		return slo.MinutesOf(d, d.Objectives[0], list, first, second)
	}
	type late struct {
		Hour, Last, Changes         int
		Bad, Now                    float64
		Arrived, Altered, Withdrawn int64
		Filled                      bool
	}
	var got []late
	told := []time.Time{h(40), h(9), h(2.5), h(6), h(15), h(20), h(30), h(30)}
	for _, one := range slo.LateHours(d, d.Objectives[0], evenkeel.Window{From: start, To: h(41)}, 15*time.Minute, told, known) {
		v := late{Hour: int(one.Hour.Sub(start).Hours()), Last: int(one.LastAt.Sub(start).Hours()), Changes: one.Changes, Filled: one.Change == nil}
		if c := one.Change; c != nil {
			v.Bad, v.Now, v.Arrived, v.Altered, v.Withdrawn = c.Then.Bad, c.Now.Bad, c.Arrived, c.Altered, c.Withdrawn
		}
		got = append(got, v)
	}
	want := []late{
		{Hour: 2, Last: 9, Changes: 1, Bad: 30, Now: 15, Altered: 3},
		{Hour: 4, Last: 30, Changes: 2},
		{Hour: 10, Last: 20, Changes: 1, Filled: true},
		{Hour: 11, Last: 20, Changes: 1, Filled: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestLateHoursAreAllThatChangedLate: the hours of a window that are not told came
// to the same when they were due as they do now, and those that are told changed.
func TestLateHoursAreAllThatChangedLate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		d := byIncidents(t, slo.Occurrences)
		minute := func(name string, most int) time.Time { return at(rapid.IntRange(0, most).Draw(r, name)) }
		type version struct {
			told  time.Time
			stood evenkeel.Window
		}
		var all [][]version
		var told []time.Time
		for range rapid.IntRange(0, 4).Draw(r, "incidents") {
			from := minute("from", 1400)
			var of []version
			for when := from; len(of) < 3 && when.Before(at(1500)); when = when.Add(time.Duration(rapid.IntRange(1, 600).Draw(r, "later")) * time.Minute) {
				v := version{when, evenkeel.Window{From: from}}
				if rapid.Bool().Draw(r, "ended") {
					v.stood.To = from.Add(time.Duration(rapid.IntRange(1, 200).Draw(r, "for")) * time.Minute)
				}
				of, told = append(of, v), append(told, when)
			}
			all = append(all, of)
		}
		gap, read := minute("gap", 1000), minute("read", 1500)
		told = append(told, read)
		known := func(at time.Time) *slo.IncidentMinutes {
			var list []slo.Outage
			for _, of := range all {
				for _, v := range slices.Backward(of) {
					if !v.told.After(at) {
						list = append(list, slo.Outage{Stood: []evenkeel.Window{v.stood}})
						break
					}
				}
			}
			end := at
			if gap.Before(read) && at.After(gap) && at.Before(read) {
				end = gap
			}
			return slo.MinutesOf(d, d.Objectives[0], list, evenkeel.Window{From: start, To: end})
		}
		window := evenkeel.Window{From: start, To: at(1500)}
		late := map[time.Time]slo.LateHour{}
		for _, one := range slo.LateHours(d, d.Objectives[0], window, 15*time.Minute, told, known) {
			late[one.Hour] = one
		}
		for hour := start; !hour.Add(75 * time.Minute).After(window.To); hour = hour.Add(time.Hour) {
			one := evenkeel.Window{From: hour, To: hour.Add(time.Hour)}
			due, now := known(one.To.Add(15*time.Minute)).Tally(one), known(window.To).Tally(one)
			h, told := late[hour]
			if !told && due != now {
				r.Fatalf("%v: %+v in time, now %+v, and nobody says so", hour, due, now)
			}
			if told && (h.Changes == 1 && due == now || !h.LastAt.After(one.To.Add(15*time.Minute)) || h.Change != nil && h.Change.Now != now) {
				r.Fatalf("%v: %+v in time, now %+v: %+v", hour, due, now, h)
			}
		}
	})
}
