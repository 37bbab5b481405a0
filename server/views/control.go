package views

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// wanted is how many deployments a week the application asked about is meant
// to make; nil for several applications and where nobody has said.
func (q Question) wanted(r *jobs.Results) *float64 {
	at := slices.IndexFunc(r.Catalogue.Applications, func(a evenkeel.Application) bool { return a.Slug == q.Application })
	if q.Application == "" || at < 0 {
		return nil
	}
	return metrics.WantedPerWeek(CadenceOf(r, r.Catalogue.Applications[at]))
}

// CadenceOf is how often an application wants to be deployed: what the
// catalogue says of it, else its policy; empty where nobody has said.
func CadenceOf(r *jobs.Results, a evenkeel.Application) string {
	return cmp.Or(a.Cadence, r.Policy.For(a.Slug).Cadence)
}

// alone is a query as it is asked of one application: its own policy and
// versions, in the window of the whole.
func (q Question) alone(r *jobs.Results, whole metrics.Query, slug string) metrics.Query {
	whole.Policy = r.Policy.For(slug)
	whole.Policy.TimeZone = cmp.Or(q.TimeZone, whole.Policy.TimeZone)
	whole.Versions = versions(r, jobs.Scope{Application: slug})
	return whole
}

// benchmark finds the set to show: the one asked for, else the policy's, else
// the default; nil is none. A policy that names an unknown set, which an older
// version may, does not make figures fail.
func (q Question) benchmark(p evenkeel.Policy) (*metrics.Benchmark, error) {
	for _, id := range []string{q.Benchmark, p.For(q.Application).Benchmark, metrics.DefaultBenchmark} {
		if id == metrics.NoBenchmark {
			return nil, nil //nolint:nilnil // None is a choice, not a failure.
		}
		if b, ok := metrics.BenchmarkNamed(id); ok {
			return &b, nil
		}
		if id != "" && id == q.Benchmark {
			break
		}
	}
	return nil, evenkeel.FieldErrors{{Field: "benchmark", Rule: fmt.Sprintf("%q is not a known set; GET /api/v1/benchmarks lists them, and none shows none", q.Benchmark)}}
}

// judge adds what a report is judged by: the charts of its series, and where
// it stands among the answers of a survey.
func (v *DORA) judge(q Question, r *jobs.Results, query metrics.Query, whole *metrics.Joined, pools *metrics.Pools) {
	wanted := q.wanted(r)
	v.Comparison = v.Comparison.Toward(wanted, v.Report, *v.Previous)
	if q.Series != "" {
		series, control := whole.TrendIn(pools, query, q.Series, wanted)
		v.Series, v.Control = series, &control
	}
	if v.Benchmark != nil {
		standings := metrics.StandingsOf(v.Report, q.Application != "")
		v.Standings = &standings
	}
}
