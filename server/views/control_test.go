package views_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// growing are the results of an application with two deployments a week, and
// seven a week in the last ten weeks.
func growing(cadence string, change func(*evenkeel.Policy)) *jobs.Results {
	policy := evenkeel.DefaultPolicy()
	if change != nil {
		change(&policy)
	}
	in := metrics.Input{Application: "1"}
	start := now().AddDate(0, 0, -7*40)
	for week := range 40 {
		n := 2 + week%2
		if week >= 30 {
			n = 7
		}
		for i := range n {
			d := evenkeel.Deployment{Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: start.Add(time.Duration(week*168+i*20) * time.Hour)}
			f := evenkeel.Fact[evenkeel.Deployment]{Value: d}
			f.ID = fmt.Sprintf("%020x", week*100+i)
			in.Deployments = append(in.Deployments, f)
		}
	}
	return &jobs.Results{
		Policy: policy, Derived: map[string]metrics.Derived{"1": metrics.Derive(in, policy)},
		Catalogue: evenkeel.Catalogue{Applications: []evenkeel.Application{{ID: "1", Slug: "shop", Name: "Shop", Cadence: cadence}}},
	}
}

func ask(t *testing.T, r *jobs.Results, benchmark string) views.DORA {
	t.Helper()
	q := views.Question{From: "91d", Series: metrics.Week, Benchmark: benchmark, Now: now()}
	q.Application = "shop"
	view, err := views.Dora(r, q)
	if err != nil {
		t.Fatal(err)
	}
	return view
}

func TestFrequencyIsJudgedByCadence(t *testing.T) {
	t.Parallel()
	monthly := func(p *evenkeel.Policy) { p.Cadence = "monthly" }
	daily := func(p *evenkeel.Policy) {
		p.Applications = map[string]evenkeel.Override{"shop": {Cadence: "daily"}}
	}
	for name, c := range map[string]struct {
		results *jobs.Results
		want    metrics.Direction
	}{
		"nothing stated":                   {growing("", nil), metrics.Higher},
		"daily":                            {growing("daily", nil), metrics.Better},
		"more than is wanted":              {growing("weekly", nil), metrics.Higher},
		"the policy's wish":                {growing("", monthly), metrics.Higher},
		"the policy's for the application": {growing("", daily), metrics.Better},
		"its own before the policy's":      {growing("weekly", daily), metrics.Higher},
	} {
		view := ask(t, c.results, "")
		if view.Comparison.Frequency.Direction != c.want || view.Control.Frequency.Verdict != c.want {
			t.Errorf("%s: compared %s, charted %s (%s), want %s", name, view.Comparison.Frequency.Direction, view.Control.Frequency.Verdict, view.Control.Frequency.Found, c.want)
		}
	}
}

func TestBenchmarkOfThePolicy(t *testing.T) {
	t.Parallel()
	policy := func(id string) func(*evenkeel.Policy) { return func(p *evenkeel.Policy) { p.Benchmark = id } }
	own := func(p *evenkeel.Policy) {
		p.Benchmark, p.Applications = "none", map[string]evenkeel.Override{"shop": {Benchmark: "dora-2024"}}
	}
	for _, c := range []struct {
		change func(*evenkeel.Policy)
		asked  string
		want   string
	}{
		{nil, "", "dora-2023"},
		{nil, "dora-2019", "dora-2019"},
		{nil, "none", ""},
		{policy("dora-2021"), "", "dora-2021"},
		{policy("none"), "", ""},
		{policy("none"), "dora-2025", "dora-2025"},
		{own, "", "dora-2024"},
		{policy("dora-1999"), "", "dora-2023"},
	} {
		view := ask(t, growing("", c.change), c.asked)
		got := ""
		if view.Benchmark != nil {
			got = view.Benchmark.ID
		}
		if got != c.want || (view.Standings == nil) != (c.want == "") {
			t.Errorf("asked for %q: %q, want %q; standings %v", c.asked, got, c.want, view.Standings)
		}
	}
	_, err := views.Dora(growing("", nil), views.Question{From: "91d", Benchmark: "dora-1999", Now: now()})
	if !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), "none shows none") {
		t.Errorf("an unknown set: %v", err)
	}
}

func TestStandingsAreOfOneApplication(t *testing.T) {
	t.Parallel()
	r := growing("", nil)
	if s := ask(t, r, "").Standings; s.Frequency == nil || s.Frequency.Year != 2025 || s.Rework != nil {
		t.Errorf("an application stands at %+v", s)
	}
	whole, err := views.Dora(r, views.Question{From: "91d", Now: now()})
	if err != nil || whole.Standings == nil || whole.Standings.Frequency != nil || whole.Control != nil {
		t.Errorf("all together: %+v, charts %v, %v", whole.Standings, whole.Control, err)
	}
}

// TestManyApplicationsNeedClearerEvidence gives one of them a change that
// chance makes once in a hundred; among 200 it is not told.
func TestManyApplicationsNeedClearerEvidence(t *testing.T) {
	t.Parallel()
	results := func(others int) *jobs.Results {
		r := &jobs.Results{Policy: evenkeel.DefaultPolicy(), Derived: map[string]metrics.Derived{}, Activity: map[string]evenkeel.Activity{}}
		for i := range others + 1 {
			id := fmt.Sprint("a", i)
			in := metrics.Input{Application: id}
			for k := range 40 {
				at := now().AddDate(0, 0, -180+9*k/2)
				f := evenkeel.Fact[evenkeel.Deployment]{Value: evenkeel.Deployment{Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: at}}
				f.ID = fmt.Sprintf("%020x", i*1000+k)
				in.Deployments = append(in.Deployments, f)
				if k == 3 || (i == 0 && k >= 32) || (i > 0 && k == 37) {
					incident := evenkeel.Fact[evenkeel.Incident]{Value: evenkeel.Incident{OpenedAt: at.Add(time.Hour)}}
					incident.ID = fmt.Sprintf("%020x", i*1000+500+k)
					in.Incidents = append(in.Incidents, incident)
				}
			}
			r.Derived[id] = metrics.Derive(in, r.Policy)
			r.Activity[id] = evenkeel.Activity{Facts: map[evenkeel.Kind]int{evenkeel.KindDeployment: 40}, LastAt: now().Add(-time.Hour), LastDeploymentAt: now().Add(-time.Hour)}
			r.Catalogue.Applications = append(r.Catalogue.Applications, evenkeel.Application{ID: id, Slug: id, Name: id})
		}
		return r
	}
	for others, want := range map[int]bool{5: true, 200: false} {
		view, err := views.NewOverview(results(others), views.Question{From: "90d", Now: now()})
		if err != nil {
			t.Fatal(err)
		}
		told := false
		for _, c := range view.Attention {
			told = told || strings.HasPrefix(c.Code, "fail_rate")
		}
		if told != want {
			t.Errorf("beside %d others told %v, want %v: %+v", others, told, want, view.Attention)
		}
	}
}

// TestOtherRulesAreNotCompared begins other rules a month ago: the windows
// around that are not compared, and the charts begin anew.
func TestOtherRulesAreNotCompared(t *testing.T) {
	t.Parallel()
	r := growing("", nil)
	before, after := r.Policy, r.Policy
	before.Version, after.Version, after.FailureWindow = "1", "2", time.Hour
	r.Policy = after
	r.Eras = []evenkeel.Era{{Version: evenkeel.PolicyVersion{Policy: before}}, {From: now().AddDate(0, 0, -30), Version: evenkeel.PolicyVersion{Policy: after}}}
	view := ask(t, r, "")
	if d := view.Comparison.Frequency; d.Reason != metrics.UnclearDefinition || d.Significant || d.Direction != metrics.NoClearChange || d.Relative == nil {
		t.Errorf("compared %s %q", d.Direction, d.Reason)
	}
	if c := view.Control.Frequency; c.State != metrics.Silent || c.Reason != metrics.SilentDefinition || c.Verdict != metrics.TooFew {
		t.Errorf("charted %s %s %s", c.State, c.Reason, c.Verdict)
	}
}
