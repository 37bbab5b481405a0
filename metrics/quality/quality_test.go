package quality_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/metrics/quality"
)

const day = 24 * time.Hour

// on lists days with one fact each.
func on(days ...evenkeel.Day) []evenkeel.DayCount {
	list := make([]evenkeel.DayCount, len(days))
	for i, d := range days {
		list[i] = evenkeel.DayCount{Day: d, N: 1}
	}
	return list
}

// workdays are the Mondays to Fridays of some weeks; day 4 is a Monday,
// 5 January 1970.
func workdays(weeks int) (days []evenkeel.DayCount) {
	for w := range weeks {
		for d := range 5 {
			days = append(days, evenkeel.DayCount{Day: evenkeel.Day(4 + 7*w + d), N: 1})
		}
	}
	return days
}

// TestUsualIntervals are the vectors of docs/formulas.md, worked by hand.
func TestUsualIntervals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		days  []evenkeel.DayCount
		want  quality.Interval
		known bool
	}{
		// Gaps: twelve of 1 and two of 3 days. The 90 % quantile lies at 11.7
		// of 0 to 13: 1 + 0.7 × 2 = 2.4, and three times that is 7.2 days.
		"workdays":   {workdays(3), quality.Interval{Usual: day, Limit: 7*day + 4*time.Hour + 48*time.Minute, Gaps: 14}, true},
		"monthly":    {on(0, 30, 60, 91, 121, 152), quality.Interval{Usual: 30 * day, Limit: 93 * day, Gaps: 5}, true},
		"daily":      {on(1, 2, 3, 4, 5, 6), quality.Interval{Usual: day, Limit: 7 * day, Gaps: 5}, true},
		"four gaps":  {on(1, 2, 3, 4, 5), quality.Interval{Gaps: 4}, false},
		"no fact":    {nil, quality.Interval{}, false},
		"on one day": {on(9), quality.Interval{}, false},
	} {
		got, known := quality.UsualInterval(c.days)
		if diff := cmp.Diff(c.want, got); diff != "" || known != c.known {
			t.Errorf("%s: known %v\n%s", name, known, diff)
		}
	}
}

// TestJudge works through every reason.
func TestJudge(t *testing.T) {
	t.Parallel()
	const deployment, incident, flag = quality.Signal(evenkeel.KindDeployment), quality.Signal(evenkeel.KindIncident), quality.Signal(evenkeel.KindFlagChange)
	daily := on(100, 101, 102, 103, 104, 105)
	at := func(d evenkeel.Day) time.Time { return d.Start().Add(12 * time.Hour) }
	all := quality.Seen{LastAt: at(119), Days: on(100, 104, 108, 112, 116, 119)}
	n := func(n int) *int { return &n }
	for name, c := range map[string]struct {
		signal quality.Signal
		seen   quality.Seen
		around quality.Around
		now    time.Time
		state  quality.State
		reason quality.Reason
		recent *int
	}{
		"a week of silence after daily facts": {deployment, quality.Seen{LastAt: at(105), Days: daily}, quality.Around{}, at(112), quality.Flowing, quality.WithinInterval, n(6)},
		"a minute more":                       {deployment, quality.Seen{LastAt: at(105), Days: daily}, quality.Around{}, at(112).Add(time.Minute), quality.Stale, quality.LongerThanUsual, n(6)},
		"two facts, the last 90 days ago":     {deployment, quality.Seen{LastAt: at(11), Days: on(10, 11)}, quality.Around{}, at(101), quality.Flowing, quality.FewFacts, n(0)},
		"two facts, the last longer ago":      {deployment, quality.Seen{LastAt: at(11), Days: on(10, 11)}, quality.Around{}, at(102), quality.Stale, quality.NoneLately, n(0)},
		"the 90th day counts":                 {deployment, quality.Seen{LastAt: at(12), Days: on(11, 12)}, quality.Around{}, at(101), quality.Flowing, quality.FewFacts, n(1)},
		"no deployment":                       {deployment, quality.Seen{}, quality.Around{Of: 3}, at(101), quality.Never, quality.NoFact, n(0)},
		"no flag anywhere":                    {flag, quality.Seen{}, quality.Around{Of: 3}, at(101), quality.NotExpected, quality.NobodySends, n(0)},
		"flags of half of the applications":   {flag, quality.Seen{}, quality.Around{Have: 2, Of: 4}, at(101), quality.NotExpected, quality.FewSend, n(0)},
		"flags of most applications":          {flag, quality.Seen{}, quality.Around{Have: 3, Of: 4}, at(101), quality.Never, quality.NoFact, n(0)},
		"no incident here, but elsewhere":     {incident, quality.Seen{LastAt: at(105), Days: daily}, quality.Around{All: all}, at(121), quality.Flowing, quality.ComesElsewhere, n(6)},
		"no incident anywhere any more":       {incident, quality.Seen{LastAt: at(105), Days: daily}, quality.Around{All: all}, at(132), quality.Stale, quality.SilentForAll, n(6)},
		"only in the future":                  {deployment, quality.Seen{LastAt: at(200), Ahead: true}, quality.Around{}, at(101), quality.Stale, quality.InFuture, n(0)},
		"measurements are not counted by day": {quality.Signal(evenkeel.KindMeasurement), quality.Seen{LastAt: at(100), Uncounted: true}, quality.Around{}, at(101), quality.Flowing, quality.FewFacts, nil},
	} {
		got := quality.Judge(c.signal, c.seen, c.around, c.now)
		if got.State != c.state || got.Reason != c.reason || !cmp.Equal(got.Recent, c.recent) {
			t.Errorf("%s: %s because %s, recent %v; want %s because %s, %v", name, got.State, got.Reason, got.Recent, c.state, c.reason, c.recent)
		}
	}
}

func TestEverySignalIsJudged(t *testing.T) {
	t.Parallel()
	now := evenkeel.Day(500).Start()
	rapid.Check(t, func(t *rapid.T) {
		signal := rapid.SampledFrom(quality.Signals()).Draw(t, "signal")
		facts := rapid.SliceOf(rapid.IntRange(310, 499)).Draw(t, "days")
		var lists [][]evenkeel.DayCount
		var last time.Time
		for _, d := range facts {
			lists = append(lists, on(evenkeel.Day(d)))
			if at := evenkeel.Day(d).Start(); at.After(last) {
				last = at
			}
		}
		seen := quality.Seen{LastAt: last, Days: quality.Merge(lists...)}
		around := quality.Around{Have: rapid.IntRange(0, 9).Draw(t, "have"), Of: 9, All: seen}
		got := quality.Judge(signal, seen, around, now)
		if some := len(facts) > 0; some == (got.State == quality.Never || got.State == quality.NotExpected) {
			t.Fatalf("%d facts, and the signal is %s", len(facts), got.State)
		}
		shuffled := rapid.Permutation(lists).Draw(t, "shuffled")
		if again := quality.Judge(signal, quality.Seen{LastAt: last, Days: quality.Merge(shuffled...)}, around, now); !cmp.Equal(got, again) {
			t.Fatalf("the order of facts matters: %+v, %+v", got, again)
		}
		if later := quality.Judge(signal, seen, quality.Around{Have: around.Have, Of: 9}, now.AddDate(3, 0, 0)); later.State == quality.Flowing {
			t.Fatalf("still flowing three years later: %+v", later)
		}
	})
}

// pattern is what comes on each weekday, by the week, up to but not including
// a day; day 4 is a Monday.
func pattern(today evenkeel.Day, weeks int, count func(week int, weekday int) int) (days []evenkeel.DayCount) {
	for d := today - evenkeel.Day(7*weeks); d < today; d++ {
		if n := count(int(today-d-1)/7, (int(d)-4)%7); n > 0 {
			days = append(days, evenkeel.DayCount{Day: d, N: n})
		}
	}
	return days
}

// office is 18 and 22 on workdays by turns of weeks, and nothing at weekends.
// The mean is 20 and the moving range 4, so the lower limit is
// 20 - 3 × 4 / 1.128 = 9.37.
func office(week, weekday int) int {
	if weekday >= 5 {
		return 0
	}
	return 18 + 4*(week%2)
}

// TestFindDrop are the vectors of docs/formulas.md: today is a Saturday.
func TestFindDrop(t *testing.T) {
	t.Parallel()
	const today = evenkeel.Day(4 + 7*60 + 5)
	with := func(n int, dates ...evenkeel.Day) []evenkeel.DayCount {
		days := pattern(today, 28, office)
		for i, d := range days {
			for _, changed := range dates {
				if d.Day == changed {
					days[i].N = n
				}
			}
		}
		return days
	}
	for name, c := range map[string]struct {
		days          []evenkeel.DayCount
		today         evenkeel.Day
		want          quality.Drop
		found, judged bool
	}{
		"as ever":                        {with(0), today, quality.Drop{}, false, true},
		"nothing on Thursday and Friday": {with(0, today-2, today-1), today, quality.Drop{Since: today - 2, Days: 2, Observed: 0, Expected: 40, Weeks: 26}, true, true},
		"nothing on Friday":              {with(0, today-1), today, quality.Drop{Since: today - 1, Days: 1, Expected: 20, Weeks: 26}, false, true},
		"9 is below the limit":           {with(9, today-2, today-1), today, quality.Drop{Since: today - 2, Days: 2, Observed: 18, Expected: 40, Weeks: 26}, true, true},
		"10 is within":                   {with(10, today-2, today-1), today, quality.Drop{}, false, true},
		"it came back on Friday":         {with(0, today-3, today-2), today, quality.Drop{}, false, true},
		"a weekend is passed over":       {with(0, today-1), today + 3, quality.Drop{Since: today - 1, Days: 2, Observed: 0, Expected: 40, Weeks: 26}, true, true},
		"eleven weeks say nothing":       {pattern(today, 13, office), today, quality.Drop{}, false, false},
		"one a day says nothing":         {pattern(today, 28, func(week, _ int) int { return week % 2 }), today, quality.Drop{}, false, false},
		"no data":                        {nil, today, quality.Drop{}, false, false},
	} {
		got, found, judged := quality.FindDrop(c.days, c.today)
		if diff := cmp.Diff(c.want, got); found != c.found || judged != c.judged || diff != "" {
			t.Errorf("%s: found %v, judged %v\n%s", name, found, judged, diff)
		}
	}
}

// TestFindSkew are the vectors of docs/formulas.md.
func TestFindSkew(t *testing.T) {
	t.Parallel()
	times := func(n int, lag, step time.Duration) (list []time.Duration) {
		for i := range n {
			list = append(list, lag+time.Duration(i)*step)
		}
		return list
	}
	for name, c := range map[string]struct {
		lags   []time.Duration
		want   quality.Skew
		judged bool
	}{
		"seconds late":                      {times(40, time.Second, time.Second), quality.Skew{Of: 40}, true},
		"a minute ahead is no matter":       {times(40, -time.Minute, time.Second), quality.Skew{Of: 40}, true},
		"five of 100 ahead":                 {append(times(5, -time.Hour, time.Minute), times(95, time.Second, 0)...), quality.Skew{Ahead: true, Median: 58 * time.Minute, N: 5, Of: 100}, true},
		"five of 101 ahead":                 {append(times(5, -time.Hour, time.Minute), times(96, time.Second, 0)...), quality.Skew{Of: 101}, true},
		"four ahead":                        {times(4, -time.Hour, 0), quality.Skew{Of: 4}, false},
		"always two hours late":             {times(21, 2*time.Hour, 15*time.Second), quality.Skew{Behind: true, Median: 2*time.Hour + 150*time.Second, N: 21, Of: 21}, true},
		"an import scatters":                {times(200, time.Hour, time.Hour), quality.Skew{Of: 200}, true},
		"two hours late, but only 19 times": {times(19, 2*time.Hour, 0), quality.Skew{Of: 19}, true},
		"no data":                           {nil, quality.Skew{}, false},
	} {
		got, judged := quality.FindSkew(c.lags)
		if diff := cmp.Diff(c.want, got); diff != "" || judged != c.judged {
			t.Errorf("%s: judged %v\n%s", name, judged, diff)
		}
	}
}

// TestFindTwice: three deployments told by two tools within minutes.
func TestFindTwice(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	told := func(id, source, revision string, after time.Duration) quality.Told {
		return quality.Told{ID: id, Source: source, Application: "shop", Environment: "production", Revision: revision, At: noon.Add(after)}
	}
	three := []quality.Told{
		told("a1", "argocd", "r1", 0), told("g1", "github", "r1", 5*time.Minute),
		told("g2", "github", "r2", time.Hour), told("a2", "argocd", "r2", time.Hour+quality.TwiceWithin),
		told("a3", "argocd", "r3", 2*time.Hour), told("g3", "github", "r3", 2*time.Hour),
		told("g4", "github", "r4", 3*time.Hour), // Told by one only.
	}
	want := []quality.Twice{{
		Sources: [2]string{"argocd", "github"}, Pairs: [][2]string{{"a1", "g1"}, {"a2", "g2"}, {"a3", "g3"}}, Of: 3, Applications: []string{"shop"}, Since: noon,
	}}
	if diff := cmp.Diff(want, quality.FindTwice(three)); diff != "" {
		t.Error(diff)
	}
	for name, change := range map[string]func(list []quality.Told){
		"a second too late":      func(l []quality.Told) { l[3].At = l[3].At.Add(time.Second) },
		"of another environment": func(l []quality.Told) { l[0].Environment = "staging" },
		"of another revision":    func(l []quality.Told) { l[0].Revision = "r9" },
		"of another application": func(l []quality.Told) { l[0].Application = "pay" },
		"of one source":          func(l []quality.Told) { l[0].Source = "github" },
		"of one group":           func(l []quality.Told) { l[0].Group, l[1].Group = "x", "x" },
	} {
		list := append([]quality.Told{}, three...)
		change(list)
		if got := quality.FindTwice(list); got != nil {
			t.Errorf("%s: two pairs were told: %+v", name, got)
		}
	}
	// A redeployment is a pair of its own, and no deployment is in two pairs.
	again := append([]quality.Told{}, three...)
	again = append(again, told("a9", "argocd", "r1", time.Minute))
	if diff := cmp.Diff(want[0].Pairs, quality.FindTwice(again)[0].Pairs); diff != "" {
		t.Error(diff)
	}
}

func TestTwiceDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var list []quality.Told
		for i := range rapid.IntRange(0, 30).Draw(t, "n") {
			list = append(list, quality.Told{
				ID: string(rune('a' + i)), Source: rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "source"), Application: rapid.SampledFrom([]string{"p", "q"}).Draw(t, "application"),
				Revision: rapid.SampledFrom([]string{"1", "2"}).Draw(t, "revision"), At: time.Unix(int64(rapid.IntRange(0, 90).Draw(t, "minute"))*60, 0),
			})
		}
		first := quality.FindTwice(list)
		if diff := cmp.Diff(first, quality.FindTwice(rapid.Permutation(list).Draw(t, "order"))); diff != "" {
			t.Fatal(diff)
		}
		for _, f := range first {
			seen := map[string]bool{}
			for _, pair := range f.Pairs {
				if seen[pair[0]] || seen[pair[1]] {
					t.Fatalf("a deployment is in two pairs: %v", f.Pairs)
				}
				seen[pair[0]], seen[pair[1]] = true, true
			}
			if len(f.Pairs) > f.Of {
				t.Fatalf("%d pairs of %d deployments", len(f.Pairs), f.Of)
			}
		}
	})
}

// TestChain is the chain of docs/formulas.md. Two of the three deployments
// count; one failed, and was also told of in the future.
func TestChain(t *testing.T) {
	t.Parallel()
	row := func(id string, kind evenkeel.Kind, reason string) metrics.Row {
		return metrics.Row{ID: id, Kind: kind, Included: reason == "", Reason: reason}
	}
	value := 0.5
	e := metrics.Explanation{Of: evenkeel.KindDeployment, Value: &value, N: 2, Rows: []metrics.Row{
		row("d1", evenkeel.KindDeployment, ""), row("d2", evenkeel.KindDeployment, ""),
		row("d3", evenkeel.KindDeployment, "in_future"), row("d3", evenkeel.KindDeployment, "failed_attempt"),
		row("i1", evenkeel.KindIncident, "unattributed"),
	}}
	raw := quality.Raw{
		Arrived: evenkeel.Arrived{Recorded: 10, Ignored: 4, Rejected: 1, Repeats: 2},
		Trace:   &evenkeel.Trace{Deliveries: 4, Within: 3, Records: 6, Told: 5, Observations: 7, Facts: 3},
	}
	count := func(n int) *int { return &n }
	want := []quality.ChainStep{
		{Step: "arrived", Count: count(17), Parts: []quality.ChainPart{}},
		{Step: "recorded", Count: count(10), Parts: []quality.ChainPart{{"repeated", -2}, {"rejected", -1}, {"ignored", -4}}},
		{Step: "speaking", Count: count(4), Parts: []quality.ChainPart{{"of_other_facts", -7}, {"arrived_outside", 1}}},
		{Step: "records", Count: count(8), Parts: []quality.ChainPart{{"further_records", 2}, {"without_delivery", 2}}},
		{Step: "observations", Count: count(7), Parts: []quality.ChainPart{{"said_again", -1}}},
		{Step: "facts", Count: count(3), Parts: []quality.ChainPart{{"same_fact", -4}}},
		{Step: "included", Count: count(2), Parts: []quality.ChainPart{{"failed_attempt", -1}}},
	}
	if diff := cmp.Diff(want, quality.Chain(e, raw)); diff != "" {
		t.Error(diff)
	}
	raw.Trace = nil
	for _, step := range quality.Chain(e, raw)[2:5] {
		if step.Count != nil || len(step.Parts) > 0 {
			t.Errorf("what is not traced is counted: %+v", step)
		}
	}
}

func TestDays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]evenkeel.Day{
		"1970-01-01T00:00:00Z": 0, "1969-12-31T23:59:59Z": -1, "2026-03-02T23:59:59.999Z": 20514, "2026-03-03T00:30:00+01:00": 20514,
	} {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := evenkeel.DayOf(at); got != want || at.Before(got.Start()) || !at.Before((got + 1).Start()) {
			t.Errorf("%s is day %d", text, got)
		}
	}
}
