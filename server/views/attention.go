package views

import (
	"cmp"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// Concern is something that needs a person: what, where and on what evidence.
type Concern struct {
	Code     string `json:"code" enum:"fail_rate_up,fail_rate_from_zero,lead_time_up,recovery_up,stale,no_deployments,low_coverage,unattributed_incidents,deploys_below_cadence,unresolved_incidents"`
	Severity string `json:"severity" enum:"bad,watch"`
	// Application is null for concerns of a whole group.
	Application *Named `json:"application"`
	Group       *Named `json:"group"`
	// Tier is the application's declared tier; 0 is unassessed.
	Tier evenkeel.Tier `json:"tier"`
	// Value is the figure behind the concern, in the unit of its code: a
	// relative change, a share, days, or a count.
	Value *float64 `json:"value"`
	// N is how many facts the value rests on.
	N int `json:"n"`
}

const (
	// maxConcerns is how many are listed; a longer list is not read.
	maxConcerns = 7
	// fewForCoverage is the least number of deployments that coverage is judged on.
	fewForCoverage = 5
)

// concerns lists what needs attention, most urgent first: bad before watch,
// then by tier, then by size.
//
// Each application is judged by its own rules, as its page is.
func (m *Memo) concerns(r *jobs.Results, query metrics.Query, q Question, ids []string) []Concern {
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	var applications []evenkeel.Application
	for _, a := range r.Catalogue.Applications {
		if wanted[a.ID] {
			applications = append(applications, a)
		}
	}
	reports := make([]metrics.Report, len(applications))
	changes := make([]*metrics.Comparison, len(applications))
	parallel(len(applications), func(i int) {
		s := m.scope(memoKey{"application", applications[i].Slug}, q.Environment, r.Of([]string{applications[i].ID}))
		s.once.Do(func() {
			alone := q.alone(r, query, applications[i].Slug)
			s.report = s.joined.Headline(alone)
			s.change = s.since(alone)
		})
		change := s.change // Screening writes to it.
		reports[i], changes[i] = s.report, &change
	})
	metrics.Screen(changes)
	var found []Concern
	for i, a := range applications {
		found = append(found, concernsOf(r, query, a, reports[i], *changes[i])...)
	}
	slices.SortStableFunc(found, func(a, b Concern) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(rank(a.Tier), rank(b.Tier)), cmp.Compare(size(b), size(a)), cmp.Compare(a.Application.Slug, b.Application.Slug))
	})
	return varied(found)
}

// varied takes the most urgent concerns, but first at most two of each code:
// seven times the same says less than seven different things.
func varied(found []Concern) []Concern {
	const each = 2
	chosen, rest := []Concern{}, []Concern{}
	seen := map[string]int{}
	for _, c := range found {
		if seen[c.Code]++; seen[c.Code] <= each {
			chosen = append(chosen, c)
		} else {
			rest = append(rest, c)
		}
	}
	chosen = append(chosen, rest...)
	return chosen[:min(len(chosen), maxConcerns)]
}

// rank puts unassessed applications after the assessed ones.
func rank(t evenkeel.Tier) int {
	if t == 0 {
		return int(^uint(0) >> 1)
	}
	return int(t)
}

func size(c Concern) float64 {
	if c.Value == nil {
		return 0
	}
	return *c.Value
}

func concernsOf(r *jobs.Results, query metrics.Query, a evenkeel.Application, report metrics.Report, change metrics.Comparison) []Concern {
	activity := r.Activity[a.ID]
	concern := func(code, severity string, value float64, n int) Concern {
		return Concern{Code: code, Severity: severity, Application: &Named{Slug: a.Slug, Name: a.Name}, Group: GroupOf(r.Catalogue, a.Group), Tier: a.Tier, Value: &value, N: n}
	}
	switch StateOf(activity, query.AsOf) {
	case StateNoData:
		return nil // The coverage page lists them; they are not urgent.
	case StateStale:
		return []Concern{concern("stale", "watch", query.AsOf.Sub(activity.LastAt).Hours()/24, 0)}
	}
	var found []Concern
	found = appendWorse(found, change.FailRate, func(v float64) Concern { return concern("fail_rate_up", severity(a.Tier), v, report.FailRate.N) })
	if d := change.FailRate; d.Direction == metrics.Worse && d.Relative == nil {
		found = append(found, concern("fail_rate_from_zero", severity(a.Tier), *report.FailRate.Value, report.FailRate.N))
	}
	found = appendWorse(found, change.LeadTime, func(v float64) Concern { return concern("lead_time_up", "watch", v, report.LeadTime.N) })
	found = appendWorse(found, change.Recovery, func(v float64) Concern { return concern("recovery_up", severity(a.Tier), v, report.Recovery.N) })
	if n := report.Recovery.Unresolved; n > 0 {
		found = append(found, concern("unresolved_incidents", "bad", float64(n), n))
	}
	if n := report.Unattributed; n > 0 {
		found = append(found, concern("unattributed_incidents", "watch", float64(n), report.Incidents.Opened))
	}
	if c := report.LeadTime.Coverage; c != nil && *c < metrics.LeastCoverage && report.Frequency.Deployments >= fewForCoverage {
		found = append(found, concern("low_coverage", "watch", *c, report.Frequency.Deployments))
	}
	if days, wanted := belowCadence(activity, CadenceOf(r, a), query.AsOf); wanted {
		found = append(found, concern("deploys_below_cadence", "watch", days, activity.Facts[evenkeel.KindDeployment]))
	}
	return found
}

func severity(t evenkeel.Tier) string {
	if t == 1 || t == 2 {
		return "bad"
	}
	return "watch"
}

func appendWorse(found []Concern, d metrics.Difference, concern func(float64) Concern) []Concern {
	if d.Direction != metrics.Worse || d.Relative == nil {
		return found
	}
	return append(found, concern(*d.Relative))
}

// belowCadence says whether the last deployment is more than two wanted
// intervals ago, and how many days ago it was.
func belowCadence(a evenkeel.Activity, cadence string, now time.Time) (days float64, below bool) {
	wanted := map[string]float64{"daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92}[cadence]
	if wanted == 0 || a.LastDeploymentAt.IsZero() {
		return 0, false
	}
	days = now.Sub(a.LastDeploymentAt).Hours() / 24
	const weekend = 3
	return days, days > 2*wanted+weekend
}
