package metrics_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// TestChartsOfAnyHistory draws messy histories of several applications: the
// charts do not depend on their order, hold only whole weeks, signal only
// judged ones, and every number can be written.
func TestChartsOfAnyHistory(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := metrics.Query{Policy: evenkeel.DefaultPolicy(), AsOf: epoch.AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "as of"))}
		q.Policy.TimeZone = pick(t, "zone", "UTC", "America/New_York", "Pacific/Apia", "Asia/Beirut")
		q.Policy.WeekStart = time.Weekday(rapid.IntRange(0, 6).Draw(t, "week start"))
		from := rapid.IntRange(-30, 400*24).Draw(t, "from")
		q.Window = evenkeel.Window{From: epoch.Add(time.Duration(from) * time.Hour), To: epoch.Add(time.Duration(from+rapid.IntRange(0, 300*24).Draw(t, "hours")) * time.Hour)}
		var parts []metrics.Derived
		for range rapid.IntRange(0, 2).Draw(t, "applications") {
			in := drawInput(t)
			in.Application = pick(t, "application", "shop", "bank")
			parts = append(parts, metrics.Derive(in, q.Policy))
		}
		many := weekly(repeat(rapid.IntRange(0, 60).Draw(t, "weeks"), rapid.SliceOfN(rapid.IntRange(0, 9), 1, 7).Draw(t, "counts")...)...)
		many.Application = "many"
		parts = append(parts, metrics.Derive(many, q.Policy))
		series, charts := metrics.Trend(q, metrics.Week, nil, parts...)
		if d := cmp.Diff(series, metrics.Series(q, metrics.Week, parts...)); d != "" {
			t.Fatalf("the series differs (-trend +series):\n%s", d)
		}
		slices.Reverse(parts)
		if _, again := metrics.Trend(q, metrics.Week, nil, parts...); cmp.Diff(charts, again) != "" {
			t.Fatalf("the order matters:\n%s", cmp.Diff(charts, again))
		}
		if _, err := json.Marshal(charts); err != nil {
			t.Fatal(err)
		}
		for _, c := range []metrics.Control{charts.LeadTime, charts.Frequency, charts.FailRate, charts.Recovery, charts.Rework} {
			checkChart(t, q, c)
		}
	})
}

func checkChart(t *rapid.T, q metrics.Query, c metrics.Control) {
	judged := map[time.Time]bool{}
	for _, p := range c.Points {
		start := p.From.In(q.Policy.Location())
		if start.Weekday() != q.Policy.WeekStart || p.From.Before(q.Window.From) || p.To.After(q.Window.To) || p.To.After(q.AsOf) {
			t.Fatalf("%v to %v is no whole week of %v as of %v", p.From, p.To, q.Window, q.AsOf)
		}
		if p.Centre != nil && (*p.Lower > *p.Centre || *p.Centre > *p.Upper || *p.Lower < 0) {
			t.Fatalf("limits %v %v %v", *p.Lower, *p.Centre, *p.Upper)
		}
		judged[p.From] = p.Use == metrics.UseJudged
	}
	for _, s := range c.Signals {
		if !judged[s.At] || (s.Since != nil && s.Since.After(s.At)) {
			t.Fatalf("signal %+v of a week that is not judged", s)
		}
	}
	silent := c.State == metrics.Silent
	switch {
	case silent != (c.Reason != ""), silent != (c.Verdict == metrics.TooFew), silent != (c.Chart == ""), silent && len(c.Signals) > 0:
		t.Fatalf("%s %q %s %s, %d signals", c.State, c.Reason, c.Verdict, c.Chart, len(c.Signals))
	case !silent && (c.Baseline.Weeks < metrics.ProvisionalWeeks || c.Judged == 0 || c.Judged > metrics.JudgedWeeks):
		t.Fatalf("%s from %d weeks, %d judged", c.State, c.Baseline.Weeks, c.Judged)
	}
}
