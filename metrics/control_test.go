package metrics_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

func near(a, b, by float64) bool { return math.Abs(a-b) <= by }

func TestIndividualsChart(t *testing.T) {
	t.Parallel()
	// Moving ranges 3 5 3 1 3 5 4 19 20 1 2 add up to 66, 6 on average; the
	// values to 153, 12.75 on average; 12.75 ± 2.66 · 6 is -3.2 and 28.7.
	values := []float64{12, 9, 14, 11, 10, 13, 8, 12, 31, 11, 10, 12}
	c := metrics.NewIndividuals(values, false)
	l := c.Limits(metrics.Observation{})
	if c.Centre != 12.75 || !near(c.Sigma, 6/1.128, 0.002) || !near(c.Centre-3*c.Sigma, -3.2, 0.01) || l.Lower != 0 || !near(l.Upper, 28.7, 0.01) {
		t.Errorf("centre %v, sigma %v, limits %+v", c.Centre, c.Sigma, l)
	}
	var weeks []metrics.Observation
	for _, v := range values {
		weeks = append(weeks, metrics.Observation{Value: v})
	}
	for i, j := range metrics.Judge(c, weeks) {
		if (j.Beyond == 1) != (i == 8) || j.Beyond < 0 {
			t.Errorf("week %d: %+v", i+1, j)
		}
	}
	// On a log scale 100 and 1000 alternate by ln 10: the centre is their
	// geometric mean, the limits 10^(2.5 ± 2.6587).
	c = metrics.NewIndividuals([]float64{100, 1000, 100, 1000}, true)
	l = c.Limits(metrics.Observation{})
	if !near(l.Centre, 316.228, 0.001) || !near(l.Lower, 0.6939, 0.001) || !near(l.Upper, 144104, 20) {
		t.Errorf("log limits %+v", l)
	}
	if z := c.Score(metrics.Observation{Value: 0}); math.IsInf(z, 0) || math.IsNaN(z) {
		t.Errorf("a duration of 0 scores %v", z)
	}
}

func TestCountsChart(t *testing.T) {
	t.Parallel()
	type counts = metrics.Counts
	week := metrics.Observation{Of: 1}
	for name, c := range map[string]struct {
		chart        metrics.Counts
		o            metrics.Observation
		lower, upper float64
		by           float64
	}{
		// Tables of Poisson 4: P(X <= 10) = 0.9972, P(X <= 11) = 0.9991.
		"a well-known mean of 4": {counts{4e6, 1e6, 1}, week, 0, 11, 1e-4},
		// The same for half the exposure: Poisson 2, P(X <= 6) = 0.9955, P(X <= 7) = 0.9989.
		"half a week": {counts{4e6, 1e6, 1}, metrics.Observation{Of: 0.5}, 0, 7, 1e-4},
		// 100 ± 3 · 10, and a little more above than below.
		"many": {counts{1e8, 1e6, 1}, week, 71, 131, 1},
		// a = 1/2, b = 12: P(0) = √(12/13) = 0.96077, P(1) = P(0)/26 = 0.03695,
		// P(2) = P(1) · 1.5/26 = 0.00213: P(X > 1) = 0.0023, P(X > 2) = 0.0001.
		"nothing in 12 weeks": {counts{0, 12, 1}, week, 0, 2, 0},
		// A spread of 2 doubles the distance: 4 + 2 · (11 - 4).
		"counts in clusters": {counts{4e6, 1e6, 2}, week, 0, 18, 1e-4},
	} {
		if l := c.chart.Limits(c.o); !near(l.Lower, c.lower, c.by) || !near(l.Upper, c.upper, c.by) {
			t.Errorf("%s: %+v, want %v to %v", name, l, c.lower, c.upper)
		}
	}
	// The normal quantile of 0.96077/2 is -0.0492.
	if z := (counts{0, 12, 1}).Score(week); !near(z, -0.0492, 0.0001) {
		t.Errorf("nothing after nothing scores %v", z)
	}
}

func TestProportionsChart(t *testing.T) {
	t.Parallel()
	type shares = metrics.Proportions
	for name, c := range map[string]struct {
		chart            metrics.Proportions
		n                float64
		lower, upper, by float64
	}{
		// Tables of Bin(20, 0.1): P(X <= 6) = 0.9976, P(X <= 7) = 0.9996.
		"20 of a well-known 10 %": {shares{1e6, 1e7, 1}, 20, 0, 7.0 / 20, 1e-6},
		// The textbook's p ± 3 √(p(1-p)/n): 0.1 ± 0.018.
		"2500 of a well-known 10 %": {shares{1e8, 1e9, 1}, 2500, 0.082, 0.118, 0.001},
		// Beta(1/2, 60 1/2): P(0) = 60.5/61 · 61.5/62 · … · 64.5/65 = 0.96092,
		// P(1) = P(0) · 5 · 0.5/64.5 = 0.03725, P(2) = P(1) · 2 · 1.5/63.5 =
		// 0.00176: P(X > 1) = 0.0018, P(X > 2) = 0.0001.
		"5 after none of 60": {shares{0, 60, 1}, 5, 0, 2.0 / 5, 1e-9},
		"always":             {shares{1e7, 1e7, 1}, 3, 1, 1, 1e-4},
	} {
		if l := c.chart.Limits(metrics.Observation{Of: c.n}); !near(l.Lower, c.lower, c.by) || !near(l.Upper, c.upper, c.by) {
			t.Errorf("%s: %+v, want %v to %v", name, l, c.lower, c.upper)
		}
	}
	// Half of an even chance scores 0.
	if z := (shares{5e6, 1e7, 1}).Score(metrics.Observation{Count: 10, Of: 20}); !near(z, 0, 0.001) {
		t.Errorf("10 of 20 of one half score %v", z)
	}
	// Shares that swing between 0 and 40 of 100 score -a and +b in turn: their
	// moving range is a + b, the spread (a + b)/1.128.
	var baseline []metrics.Observation
	for i := range 12 {
		baseline = append(baseline, metrics.Observation{Count: 40 * (i % 2), Of: 100, Value: 0.4 * float64(i%2)})
	}
	plain := shares{Count: 240, Of: 1200, Spread: 1}
	want := (plain.Score(baseline[1]) - plain.Score(baseline[0])) / 1.1283791
	got := metrics.NewProportions(baseline)
	if got.Count != 240 || got.Of != 1200 || !near(got.Spread, want, 1e-6) || got.Spread < 5 {
		t.Errorf("%+v, want a spread of %v", got, want)
	}
	if j := metrics.Judge(got, baseline[1:2]); j[0].Beyond != 0 {
		t.Errorf("what is usual is beyond the limits: %+v", j)
	}
}

func TestCumulativeSum(t *testing.T) {
	t.Parallel()
	var got []string
	s := metrics.Shift{}
	// 5 counts as 3; the sum is held at 6; it takes 3.5 back at once.
	for _, z := range []float64{2, -1, 3, 5, 3, -4, 0.5, -3} {
		s = s.Next(z)
		got = append(got, fmt.Sprintf("%.1f %.1f %d", s.High, s.Low, s.Side()))
	}
	want := []string{"1.5 0.0 0", "0.0 0.5 0", "2.5 0.0 0", "5.0 0.0 1", "6.0 0.0 1", "2.5 2.5 0", "2.5 1.5 0", "0.0 4.0 0"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("high, low, side (-want +got):\n%s", d)
	}
	// One standard deviation adds 0.5 a week: eight weeks reach 4, the ninth is beyond.
	chart := metrics.Individuals{Sigma: 1}
	weeks := make([]metrics.Observation, 12)
	for i := range weeks {
		weeks[i].Value = -1
		if i < 2 {
			weeks[i].Value = 1
		}
	}
	for i, j := range metrics.Judge(chart, weeks) {
		if side := map[bool]int{true: -1}[i >= 10]; j.Shift != side || (side != 0 && j.Since != 2) {
			t.Errorf("week %d: %+v", i, j)
		}
	}
}

// weekly makes deployments: so many in each week since the epoch, a Monday.
func weekly(counts ...int) metrics.Input {
	var hours []int
	for week, n := range counts {
		for i := range n {
			hours = append(hours, week*168+i*160/n+1)
		}
	}
	return deployments(hours...)
}

func repeat(n int, counts ...int) []int {
	var all []int
	for i := range n {
		all = append(all, counts[i%len(counts)])
	}
	return all
}

// weeksOf asks for the charts of weeks [from, to) since the epoch, at their end.
func weeksOf(in metrics.Input, from, to int, change func(*metrics.Query)) metrics.Controls {
	q := metrics.Query{Window: evenkeel.Window{From: epoch.AddDate(0, 0, 7*from), To: epoch.AddDate(0, 0, 7*to)}, Policy: evenkeel.DefaultPolicy()}
	q.AsOf = q.Window.To.AddDate(0, 0, 3)
	if change != nil {
		change(&q)
	}
	_, controls := metrics.Trend(q, metrics.Week, nil, metrics.Derive(in, q.Policy))
	return controls
}

func told(c metrics.Control) string {
	text := fmt.Sprintf("%s %s %s base %d judged %d: %s %s", c.State, c.Reason, c.Chart, c.Baseline.Weeks, c.Judged, c.Verdict, c.Found)
	for _, s := range c.Signals {
		text += fmt.Sprintf("; %s %s %s", s.At.Format("01-02"), s.Rule, s.Direction)
	}
	return text
}

func TestChartsOfCounts(t *testing.T) {
	t.Parallel()
	stable := func(n int) []int { return repeat(n, 2, 3, 1, 2, 4, 2) }
	for name, c := range map[string]struct {
		weeks    []int
		from, to int
		change   func(*metrics.Query)
		want     string
	}{
		"11 weeks before are too few": {stable(24), 12, 24, nil, "silent few_weeks  base 11 judged 12: too_few silent"},
		"12 are provisional":          {stable(25), 13, 25, nil, "provisional  counts base 12 judged 12: no_clear_change stable"},
		"19 are provisional":          {stable(24), 20, 24, nil, "provisional  counts base 19 judged 4: no_clear_change stable"},
		"20 are firm":                 {stable(25), 21, 25, nil, "firm  counts base 20 judged 4: no_clear_change stable"},
		"26 are the most":             {stable(60), 50, 60, nil, "firm  counts base 26 judged 10: no_clear_change stable"},
		"13 weeks are judged at most": {stable(60), 30, 60, nil, "firm  counts base 26 judged 13: no_clear_change stable"},
		"many deployments":            {repeat(40, 9, 11, 10, 8, 12), 27, 40, nil, "firm  individuals base 26 judged 13: no_clear_change stable"},
		// Limits of 10 ± 2.66 · 2.2; 30 is beyond them, and no shift by itself.
		"one unusual week": {
			append(repeat(35, 9, 11, 10, 8, 12), append([]int{30}, repeat(4, 9, 11, 10, 8)...)...), 27, 40, nil,
			"firm  individuals base 26 judged 13: no_clear_change unusual_weeks; 09-02 beyond_limits higher",
		},
		// None where 2.3 are usual scores -1.6: the fourth such week is beyond 4.
		"a fall":          {append(stable(35), repeat(5, 0)...), 27, 40, nil, "firm  counts base 26 judged 13: lower shifted; 09-23 shift lower"},
		"always the same": {repeat(40, 7), 27, 40, nil, "silent no_variation  base 26 judged 13: too_few silent"},
		"nothing known":   {nil, 27, 40, nil, "silent no_data  base 0 judged 0: too_few silent"},
		"no whole week": {
			stable(40), 39, 40, func(q *metrics.Query) { q.Window.From = q.Window.From.Add(time.Hour) },
			"silent no_whole_week  base 26 judged 0: too_few silent",
		},
		"the running week is not judged": {
			append(stable(39), 90), 27, 40, func(q *metrics.Query) { q.AsOf = q.Window.To.Add(-time.Hour) },
			"firm  counts base 26 judged 12: no_clear_change stable",
		},
		"another policy before": {stable(40), 27, 40, func(q *metrics.Query) {
			q.Versions = []metrics.Since{{Version: "1"}, {From: epoch.AddDate(0, 0, 7*20), Version: "2"}}
		}, "silent definition_changed  base 7 judged 13: too_few silent"},
		"another policy from now on": {stable(40), 27, 40, func(q *metrics.Query) {
			q.Versions = []metrics.Since{{Version: "1"}, {From: q.AsOf, Version: "2"}}
		}, "firm  counts base 26 judged 13: no_clear_change stable"},
	} {
		if got := told(weeksOf(weekly(c.weeks...), c.from, c.to, c.change).Frequency); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

func TestChartsWithoutDeploymentsBeforeTheFirst(t *testing.T) {
	t.Parallel()
	// 14 weeks before anything was known are no weeks of no deployments; the
	// week of the first deployment is not whole.
	in := weekly(append(repeat(14, 0), repeat(26, 2, 3, 1, 2, 4, 2)...)...)
	c := weeksOf(in, 27, 40, nil).Frequency
	if c.Baseline.Weeks != 12 || c.State != metrics.Provisional {
		t.Errorf("baseline of %d weeks, %s", c.Baseline.Weeks, c.State)
	}
	for _, p := range weeksOf(in, 10, 40, nil).Frequency.Points {
		if before := p.From.Before(epoch.AddDate(0, 0, 14*7+1)); (p.Use == metrics.UseBefore) != before || (before && p.Centre != nil) {
			t.Errorf("week of %s is %s", p.From.Format(time.DateOnly), p.Use)
		}
	}
}

func TestFailuresOfTheLastDaysAreNotJudged(t *testing.T) {
	t.Parallel()
	in := weekly(repeat(40, 6, 5, 7)...)
	for i, d := range in.Deployments {
		if i%9 == 0 {
			in.Incidents = append(in.Incidents, fact(evenkeel.KindIncident, fmt.Sprint(i), evenkeel.Incident{OpenedAt: d.Value.FinishedAt}))
		}
	}
	for age, judged := range map[time.Duration]int{0: 12, 71 * time.Hour: 12, 72 * time.Hour: 13} {
		c := weeksOf(in, 27, 40, func(q *metrics.Query) { q.AsOf = q.Window.To.Add(age) })
		if c.FailRate.Judged != judged || c.Rework.Judged != 13 || c.FailRate.Chart != "proportions" {
			t.Errorf("%v after the end %d weeks are judged, want %d; rework %d", age, c.FailRate.Judged, judged, c.Rework.Judged)
		}
	}
}

func TestChartsOfLeadTimes(t *testing.T) {
	t.Parallel()
	in := weekly(repeat(40, 4)...)
	for i := range in.Deployments {
		d := &in.Deployments[i].Value
		d.Repository, d.Commit = repository, sha(fmt.Sprint(i))
		week := i / 4
		lead := []float64{20, 30, 24, 40, 26}[i%5]
		if week >= 33 {
			lead *= 8
		}
		if i == 0 || week == 20 || (week == 21 && i%4 > 0) {
			continue // A baseline; a week without changes; a week with one.
		}
		for k := range 3 {
			in.Changes = append(in.Changes, fact(evenkeel.KindChange, fmt.Sprint(i, k), evenkeel.Change{
				Repository: repository, Number: 3*i + k, MergedAt: d.FinishedAt, OpenedAt: d.FinishedAt.Add(-time.Duration(lead+float64(k)) * time.Hour),
			}))
		}
	}
	c := weeksOf(in, 27, 40, nil).LeadTime
	if c.Scale != "log" || c.Unit != "seconds" || c.Baseline.Weeks != 25 || c.State != metrics.Firm || c.Verdict != metrics.Worse || c.Found != metrics.FoundShift {
		t.Errorf("got %s", told(c))
	}
	for _, s := range c.Signals {
		if s.Direction != metrics.Worse || s.Side != "above" || s.At.Before(epoch.AddDate(0, 0, 33*7)) {
			t.Errorf("signal %+v", s)
		}
		// The week before was longer than usual by chance.
		if s.Rule == metrics.Shifted && !s.Since.Equal(epoch.AddDate(0, 0, 32*7)) {
			t.Errorf("shifted since %v", s.Since)
		}
	}
	uses := map[metrics.WeekUse]int{}
	for _, p := range weeksOf(in, 14, 40, nil).LeadTime.Points {
		uses[p.Use]++
	}
	// Of the 26 weeks of the window 13 are judged; of the other 13 one has no
	// changes, and one a quarter of the usual 12, which is just enough.
	want := map[metrics.WeekUse]int{metrics.UseJudged: 13, metrics.UseBaseline: 12, metrics.UseNoValue: 1}
	if d := cmp.Diff(want, uses); d != "" {
		t.Errorf("uses (-want +got):\n%s", d)
	}
}

func TestJudgedWeeksDoNotMoveTheLimits(t *testing.T) {
	t.Parallel()
	base := repeat(27, 9, 11, 10, 8, 12)
	calm := weeksOf(weekly(append(base, repeat(13, 10, 9)...)...), 27, 40, nil).Frequency
	wild := weeksOf(weekly(append(base, repeat(13, 40, 0)...)...), 27, 40, nil).Frequency
	for i, p := range calm.Points {
		if other := wild.Points[i]; *p.Centre != *other.Centre || *p.Upper != *other.Upper || *p.Lower != *other.Lower {
			t.Errorf("limits of week %d moved: %v to %v", i, *p.Upper, *other.Upper)
		}
	}
	if len(wild.Signals) == 0 || len(calm.Signals) != 0 {
		t.Errorf("%d and %d signals", len(wild.Signals), len(calm.Signals))
	}
}

// TestWeeksAreOfTheCalendar crosses the day on which clocks change: each week
// has the same number of deployments, though one has 167 hours.
func TestWeeksAreOfTheCalendar(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	var in metrics.Input
	for week := range 40 {
		for day := range []int{7, 6, 7, 5}[week%4] {
			at := time.Date(2024, 1, 1+7*week+day, 0, 0, 0, 0, zone)
			in.Deployments = append(in.Deployments, fact(evenkeel.KindDeployment, fmt.Sprint(week, day), evenkeel.Deployment{Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: at}))
		}
	}
	c := weeksOf(in, 0, 40, func(q *metrics.Query) {
		q.Policy.TimeZone = "Europe/Berlin"
		q.Window = evenkeel.Window{From: time.Date(2024, 1, 1, 0, 0, 0, 0, zone), To: time.Date(2024, 10, 7, 0, 0, 0, 0, zone)}
		q.AsOf = q.Window.To
	}).Frequency
	if len(c.Points) != 39 || c.Judged != 13 || c.Baseline.Weeks != 26 {
		t.Fatalf("%d points, %d judged", len(c.Points), c.Judged)
	}
	first := 40 - len(c.Points)
	for i, p := range c.Points {
		if want := float64([]int{7, 6, 7, 5}[(i+first)%4]); *p.Value != want || p.From.In(zone).Weekday() != time.Monday || p.From.In(zone).Hour() != 0 {
			t.Errorf("week from %v has %v deployments, want %v", p.From.In(zone), *p.Value, want)
		}
	}
}

func TestFrequencyIsJudgedByWhatIsWanted(t *testing.T) {
	t.Parallel()
	rise := weekly(append(repeat(30, 2, 3, 1, 2, 4, 2), repeat(10, 9, 8, 9)...)...)
	fall := weekly(append(repeat(30, 2, 3, 1, 2, 4, 2), repeat(10, 0)...)...)
	for _, c := range []struct {
		in      metrics.Input
		cadence string
		want    metrics.Direction
	}{
		{rise, "", metrics.Higher},
		{rise, "on-demand", metrics.Higher},
		{rise, "daily", metrics.Better},
		{rise, "weekly", metrics.Higher},
		{fall, "", metrics.Lower},
		{fall, "daily", metrics.Worse},
		{fall, "weekly", metrics.Worse},
	} {
		q := metrics.Query{Window: evenkeel.Window{From: epoch.AddDate(0, 0, 7*27), To: epoch.AddDate(0, 0, 7*40)}, Policy: evenkeel.DefaultPolicy()}
		_, controls := metrics.Trend(q, metrics.Month, metrics.WantedPerWeek(c.cadence), metrics.Derive(c.in, q.Policy))
		if got := controls.Frequency; got.Verdict != c.want || len(got.Points) != 0 {
			t.Errorf("wanted %q: got %s, want %s; %d points of months", c.cadence, told(got), c.want, len(got.Points))
		}
	}
}
