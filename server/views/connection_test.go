package views_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// eachDay is a delivery at noon of each of some days up to the last.
func eachDay(days int, last time.Time, each int) evenkeel.ConnectionPace {
	var p evenkeel.ConnectionPace
	for i := range days {
		p.Arrivals = append(p.Arrivals, evenkeel.ArrivalCount{At: last.AddDate(0, 0, i-days+1), N: each})
	}
	return p
}

// TestStatesOfConnectionsByHand: with one delivery a day the usual pause is a
// day, so a silence of more than a day and a quarter of an hour is late.
func TestStatesOfConnectionsByHand(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	asked := func(s evenkeel.Stream) *evenkeel.Stream {
		if s.NextAt.IsZero() {
			s.NextAt = noon.Add(30 * time.Second)
		}
		return &s
	}
	steady := eachDay(20, noon, 1)
	for name, c := range map[string]struct {
		facts views.ConnectionFacts
		now   time.Time
		want  views.ConnectionState
	}{
		"nothing came":                           {views.ConnectionFacts{}, noon, views.ConnectionWaiting},
		"something came":                         {views.ConnectionFacts{LastAt: noon.Add(-time.Minute)}, noon, views.ConnectionFlowing},
		"little came, long ago":                  {views.ConnectionFacts{LastAt: noon.Add(-20 * day)}, noon, views.ConnectionFlowing},
		"nothing for a month":                    {views.ConnectionFacts{LastAt: noon.Add(-29 * day)}, noon, views.ConnectionLate},
		"as silent as ever":                      {views.ConnectionFacts{LastAt: noon, Pace: steady}, noon.Add(day + 15*time.Minute), views.ConnectionFlowing},
		"more silent than ever":                  {views.ConnectionFacts{LastAt: noon, Pace: steady}, noon.Add(day + 16*time.Minute), views.ConnectionLate},
		"too few to know a pause":                {views.ConnectionFacts{LastAt: noon, Pace: eachDay(19, noon, 1)}, noon.Add(5 * day), views.ConnectionFlowing},
		"many, but within a week":                {views.ConnectionFacts{LastAt: noon, Pace: eachDay(7, noon, 100)}, noon.Add(5 * day), views.ConnectionFlowing},
		"no secret":                              {views.ConnectionFacts{LastAt: noon, Unusable: "no secret"}, noon, views.ConnectionUnusable},
		"refused":                                {views.ConnectionFacts{LastAt: noon, Refused: true, Asked: asked(evenkeel.Stream{Error: "revoked"})}, noon, views.ConnectionRefused},
		"ended":                                  {views.ConnectionFacts{Asked: asked(evenkeel.Stream{}), Access: evenkeel.Access{ExpiresAt: noon}}, noon, views.ConnectionRefused},
		"not ended":                              {views.ConnectionFacts{LastAt: noon, Asked: asked(evenkeel.Stream{}), Access: evenkeel.Access{ExpiresAt: noon.Add(time.Second)}}, noon, views.ConnectionFlowing},
		"the vendor is down":                     {views.ConnectionFacts{Asked: asked(evenkeel.Stream{Error: "502"})}, noon, views.ConnectionFailing},
		"one list fails":                         {views.ConnectionFacts{LastAt: noon, Failed: "410", Asked: asked(evenkeel.Stream{})}, noon, views.ConnectionFailing},
		"the limit is used up":                   {views.ConnectionFacts{LastAt: noon, Asked: asked(evenkeel.Stream{NextAt: noon.Add(40 * time.Minute)})}, noon, views.ConnectionPaused},
		"asked, and nothing there":               {views.ConnectionFacts{Asked: asked(evenkeel.Stream{LastAt: noon})}, noon, views.ConnectionFlowing},
		"to be asked":                            {views.ConnectionFacts{Asked: asked(evenkeel.Stream{})}, noon, views.ConnectionWaiting},
		"refused counts more than a lost secret": {views.ConnectionFacts{Unusable: "no secret", Refused: true, Asked: asked(evenkeel.Stream{Error: "revoked"})}, noon, views.ConnectionRefused},
	} {
		if got, wrong := views.StateOfConnection(c.facts, c.now); got != c.want {
			t.Errorf("%s: %s (%s), not %s", name, got, wrong, c.want)
		}
	}
}

// TestArrivalsCountOnTheDaysOfTheWorkspace, also where a day has 23 hours.
func TestArrivalsCountOnTheDaysOfTheWorkspace(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, time.UTC) }
	p := evenkeel.ConnectionPace{Arrivals: []evenkeel.ArrivalCount{
		{At: at(27, 22, 45), N: 1}, // 27 March, 23:45
		{At: at(27, 23, 0), N: 2},  // 28 March, 0:00
		{At: at(28, 23, 0), N: 4},  // 29 March, 0:00; the clocks go forward at 2:00.
		{At: at(29, 21, 45), N: 8}, // 29 March, 23:45
		{At: at(29, 22, 0), N: 16}, // 30 March, 0:00
	}}
	want := []views.DayCount{{Date: "2026-03-27", N: 1}, {Date: "2026-03-28", N: 2}, {Date: "2026-03-29", N: 12}, {Date: "2026-03-30", N: 16}, {Date: "2026-03-31", N: 0}}
	if diff := cmp.Diff(want, views.ArrivalDays(p, 5, at(30, 22, 30), zone)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
