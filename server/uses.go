package server

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// UseView says whether one figure of one application counts a fact.
type UseView struct {
	Application NamedView      `json:"application"`
	Metric      metrics.Metric `json:"metric"`
	Included    bool           `json:"included"`
	Reason      string         `json:"reason" doc:"Why it is not counted; empty if it is"`
	Value       *float64       `json:"value" doc:"What the fact adds: seconds, or 1 for what is counted"`
	At          *time.Time     `json:"at" doc:"The instant under which it is counted"`
}

// usesOf finds, for each fact, which figures count it over all time, and why
// others do not. Every application is asked: an incident may be laid to a
// deployment of another than its own.
func (s *Server) usesOf(r *jobs.Results, entries []evenkeel.Entry) map[string][]metrics.Use {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
	}
	return metrics.UsesOf(metrics.Query{Policy: r.Policy, AsOf: s.present(r)}, ids, slices.Collect(maps.Values(r.Derived))...)
}

// countedIn names the figures that count a fact, each once.
func countedIn(uses []metrics.Use) []string {
	names := []string{}
	for _, u := range uses {
		if u.Included && !slices.Contains(names, string(u.Metric)) {
			names = append(names, string(u.Metric))
		}
	}
	slices.Sort(names)
	return names
}

func useViews(r *jobs.Results, uses []metrics.Use) []UseView {
	known := namesOf(r.Catalogue)
	views := make([]UseView, len(uses))
	for i, u := range uses {
		views[i] = UseView{
			Application: known[u.Application], Metric: u.Metric, Included: u.Included, Reason: u.Reason, Value: u.Value, At: optional(u.At),
		}
	}
	slices.SortFunc(views, func(a, b UseView) int {
		return cmp.Or(strings.Compare(a.Application.Slug, b.Application.Slug), strings.Compare(string(a.Metric), string(b.Metric)))
	})
	return views
}
