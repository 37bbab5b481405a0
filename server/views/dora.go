package views

import (
	"fmt"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// Scope says whose figures an answer holds.
type Scope struct {
	Kind string `json:"kind" enum:"application,group,capability,workspace"`
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// DORA is the five figures of one scope and window, with what they are
// compared to.
type DORA struct {
	metrics.Report
	Scope       Scope  `json:"scope"`
	Environment string `json:"environment"`
	TimeZone    string `json:"time_zone"`
	// AsOf is the instant up to which facts were counted.
	AsOf time.Time `json:"as_of"`
	// Revision is the store's revision the figures were computed at.
	Revision int64 `json:"revision"`
	// Known is left out of answers of the present.
	Known *Known `json:"known,omitempty"`
	// Previous holds the figures of the window of equal length before.
	Previous   *metrics.Report    `json:"previous"`
	Comparison metrics.Comparison `json:"comparison"`
	Series     []metrics.Bucket   `json:"series,omitempty"`
	// Breaks are where other rules begin, within the window and the one before.
	Breaks []jobs.Break `json:"breaks" nullable:"false"`
	// Control holds the weekly charts of the figures; null without a series.
	Control *metrics.Controls `json:"control"`
	// Benchmark is null where none is wanted.
	Benchmark *metrics.Benchmark `json:"benchmark"`
	// Standings are where the figures lie among the latest answers of the
	// survey; null where no benchmark is wanted.
	Standings *metrics.Standings `json:"standings"`
}

// Question asks for figures.
type Question struct {
	Workspace evenkeel.WorkspaceInfo
	jobs.Scope
	// ByCapability lists capabilities, not groups, in tables.
	ByCapability bool
	Environment  string
	// From and To are read by [ParseWindow].
	From, To string
	// TimeZone is an IANA name; empty is the policy's zone.
	TimeZone string
	// Series asks for buckets of a grain; empty asks for none.
	Series metrics.Grain
	// Benchmark is the id of a set; empty is the policy's, "none" none.
	Benchmark string
	// AsOf is the instant of the past that is asked about, as people write it;
	// empty is the present. [jobs.Deriver.AsOf] reads it, and Now is then it.
	AsOf string
	Now  time.Time
}

// maxBuckets is the most points of a series.
const maxBuckets = 500

// prepare checks a question and turns it into a query.
func (q Question) prepare(r *jobs.Results) (metrics.Query, *metrics.Benchmark, error) {
	policy := r.Policy
	if q.Application != "" {
		policy = policy.For(q.Application)
	}
	if q.TimeZone != "" {
		if _, err := time.LoadLocation(q.TimeZone); err != nil || q.TimeZone == "Local" {
			return metrics.Query{}, nil, evenkeel.FieldErrors{{Field: "tz", Rule: fmt.Sprintf("%q is not a time zone such as Europe/Berlin", q.TimeZone)}}
		}
		policy.TimeZone = q.TimeZone
	}
	window, err := ParseWindow(q.From, q.To, q.Now, policy.Location())
	if err != nil {
		return metrics.Query{}, nil, err
	}
	if err := q.checkSeries(window); err != nil {
		return metrics.Query{}, nil, err
	}
	benchmark, err := q.benchmark(policy)
	return metrics.Query{Window: window, Environment: q.Environment, Policy: policy, Versions: versions(r, q.Scope), AsOf: q.Now}, benchmark, err
}

func (q Question) checkSeries(w evenkeel.Window) error {
	days := map[metrics.Grain]float64{metrics.Day: 1, metrics.Week: 7, metrics.Month: 28}
	length, known := days[q.Series]
	switch {
	case q.Series == "":
		return nil
	case !known:
		return evenkeel.FieldErrors{{Field: "series", Rule: fmt.Sprintf("%q is not one of day, week, month", q.Series)}}
	case w.Days()/length > maxBuckets:
		return evenkeel.FieldErrors{{Field: "series", Rule: fmt.Sprintf("the window has more than %d of them; ask for a longer grain or a shorter window", maxBuckets)}}
	}
	return nil
}

// Dora answers a question.
func Dora(r *jobs.Results, q Question) (DORA, error) {
	m := new(Memo)
	m.begin(r, q)
	return m.dora(r, q)
}

func (m *Memo) dora(r *jobs.Results, q Question) (DORA, error) {
	parts, err := r.Parts(q.Scope)
	if err != nil {
		return DORA{}, err
	}
	query, benchmark, err := q.prepare(r)
	if err != nil {
		return DORA{}, err
	}
	view := DORA{
		Scope: scopeOf(r.Catalogue, q), Environment: environment(q.Environment), TimeZone: query.Policy.TimeZone,
		AsOf: q.Now.UTC(), Revision: r.Revision, Known: KnownOf(r), Benchmark: benchmark,
	}
	whole := m.scope(memoKey{what: "whole"}, q.Environment, parts)
	view.Report, view.Previous, view.Comparison = m.compared(query, whole.joined)
	view.Breaks = breaks(r, q.Scope, query.Window)
	view.judge(q, r, query, whole.joined, &m.whole[0])
	return view, nil
}

// compared computes the figures of a window and of the one before it.
func (m *Memo) compared(query metrics.Query, whole *metrics.Joined) (metrics.Report, *metrics.Report, metrics.Comparison) {
	before := query
	before.Window = query.Window.Previous()
	var reports [2]metrics.Report
	parallel(len(reports), func(i int) { reports[i] = whole.ComputeIn(&m.whole[i], [...]metrics.Query{query, before}[i]) })
	return reports[0], &reports[1], metrics.Compare(reports[0], reports[1])
}

func environment(name string) string {
	if name == "" {
		return string(evenkeel.Production)
	}
	return name
}

func scopeOf(c evenkeel.Catalogue, q Question) Scope {
	switch {
	case q.Application != "":
		for _, a := range c.Applications {
			if a.Slug == q.Application {
				return Scope{Kind: "application", Slug: a.Slug, Name: a.Name}
			}
		}
	case q.Group != "":
		if g := named(c.Groups, q.Group); g != nil {
			return Scope{Kind: "group", Slug: g.Slug, Name: g.Name}
		}
	case q.Capability != "":
		if g := named(c.Capabilities, q.Capability); g != nil {
			return Scope{Kind: "capability", Slug: g.Slug, Name: g.Name}
		}
	}
	return Scope{Kind: "workspace", Slug: q.Workspace.Slug, Name: q.Workspace.Name}
}
