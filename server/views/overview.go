package views

import (
	"cmp"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// Overview is one answer with all that the executive overview shows.
type Overview struct {
	Workspace      OverviewWorkspace `json:"workspace"`
	Scope          Scope             `json:"scope"`
	Window         evenkeel.Window   `json:"window"`
	PreviousWindow evenkeel.Window   `json:"previous_window"`
	TimeZone       string            `json:"time_zone"`
	AsOf           time.Time         `json:"as_of"`
	// LastFactAt is the latest instant that any fact carries; null without facts.
	LastFactAt *time.Time `json:"last_fact_at"`
	Revision   int64      `json:"revision"`
	// Known is left out of answers of the present.
	Known  *Known `json:"known,omitempty"`
	Counts Counts `json:"counts"`
	// Coverage is the share of counted deployments whose shipped changes are known.
	Coverage   *float64           `json:"coverage"`
	Report     metrics.Report     `json:"report"`
	Previous   *metrics.Report    `json:"previous"`
	Comparison metrics.Comparison `json:"comparison"`
	Series     []metrics.Bucket   `json:"series"`
	Breaks     []jobs.Break       `json:"breaks" nullable:"false"`
	// Control holds the weekly charts of the figures.
	Control *metrics.Controls `json:"control"`
	// Benchmark is null where none is wanted.
	Benchmark *metrics.Benchmark `json:"benchmark"`
	// Standings are where the figures lie among the latest answers of the
	// survey; null where no benchmark is wanted.
	Standings *metrics.Standings `json:"standings"`
	Verdict   []Clause           `json:"verdict"`
	Attention []Concern          `json:"attention"`
	Groups    []GroupRow         `json:"groups"`
}

// OverviewWorkspace names the workspace.
type OverviewWorkspace struct {
	Named
	Demo bool `json:"demo"`
}

// Counts says how much the figures rest on.
type Counts struct {
	Groups                      int `json:"groups"`
	Applications                int `json:"applications"`
	ApplicationsWithDeployments int `json:"applications_with_deployments"`
	Deployments                 int `json:"deployments"`
	Changes                     int `json:"changes"`
}

// GroupRow is one group of the overview's table.
type GroupRow struct {
	Named
	// Path names the groups above, outermost first.
	Path         []string           `json:"path"`
	Applications int                `json:"applications"`
	State        State              `json:"state"`
	Report       metrics.Report     `json:"report"`
	Comparison   metrics.Comparison `json:"comparison"`
	Sparks       Sparks             `json:"sparks"`
}

// Sparks are short series, one value per bucket; null where there is none.
type Sparks struct {
	LeadTime  []*float64 `json:"change_lead_time"`
	Frequency []*float64 `json:"deployment_frequency"`
	FailRate  []*float64 `json:"change_fail_rate"`
}

// NewOverview answers for a workspace, or for one group of it. The groups
// listed are those that own applications themselves.
func NewOverview(r *jobs.Results, q Question) (Overview, error) {
	return new(Memo).Overview(r, q)
}

// Overview is [NewOverview] by what is remembered of earlier answers to the
// question, which differ in nothing but its present.
func (m *Memo) Overview(r *jobs.Results, q Question) (Overview, error) {
	m.begin(r, q)
	q.Series = cmp.Or(q.Series, metrics.Week)
	whole, err := m.dora(r, q)
	if err != nil {
		return Overview{}, err
	}
	query, _, err := q.prepare(r)
	if err != nil {
		return Overview{}, err
	}
	ids, err := r.Applications(q.Scope)
	if err != nil {
		return Overview{}, err
	}
	known := joined(r.Activity, ids)
	view := Overview{
		Workspace: OverviewWorkspace{Named: Named{Slug: q.Workspace.Slug, Name: q.Workspace.Name}, Demo: q.Workspace.Demo},
		Scope:     whole.Scope, Window: query.Window, PreviousWindow: query.Window.Previous(), TimeZone: whole.TimeZone,
		AsOf: whole.AsOf, Revision: whole.Revision, Known: whole.Known, Coverage: whole.LeadTime.Coverage,
		Report: whole.Report, Previous: whole.Previous, Comparison: whole.Comparison, Series: whole.Series, Breaks: whole.Breaks, Benchmark: whole.Benchmark,
		Control: whole.Control, Standings: whole.Standings,
		Verdict: verdict(whole.Comparison), Attention: m.concerns(r, query, q, ids), Groups: m.groupRows(r, query, q),
	}
	if !known.LastAt.IsZero() {
		view.LastFactAt = &known.LastAt
	}
	view.Counts = Counts{
		Groups: len(view.Groups), Applications: len(ids), Deployments: whole.Frequency.Deployments, Changes: whole.LeadTime.N,
		ApplicationsWithDeployments: deploying(r.Activity, ids),
	}
	return view, nil
}

func deploying(activity map[string]evenkeel.Activity, ids []string) (n int) {
	for _, id := range ids {
		if activity[id].Facts[evenkeel.KindDeployment] > 0 {
			n++
		}
	}
	return n
}

// groupRows computes a row for every group that owned or owns applications
// itself, or for every capability that applications serve.
func (m *Memo) groupRows(r *jobs.Results, query metrics.Query, q Question) []GroupRow {
	tree, own := r.Catalogue.Groups, owning(r, q.Today)
	if q.ByCapability {
		tree, own = r.Catalogue.Capabilities, serving(r)
	}
	var listed []evenkeel.Group
	for _, g := range tree {
		if len(own(g.Slug).parts) > 0 && q.below(r.Catalogue, g.Slug) {
			listed = append(listed, g)
		}
	}
	rows, path := make([]GroupRow, len(listed)), pathsIn(tree)
	parallel(len(listed), func(i int) {
		rows[i] = m.groupRow(r, query, q, listed[i], own(listed[i].Slug))
		rows[i].Path = path(listed[i].Slug)
	})
	comparisons := make([]*metrics.Comparison, len(rows))
	for i := range rows {
		comparisons[i] = &rows[i].Comparison
	}
	metrics.Screen(comparisons)
	slices.SortFunc(rows, func(a, b GroupRow) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Slug, b.Slug)) })
	return rows
}

// below says whether a row of the table lies in the scope.
func (q Question) below(c evenkeel.Catalogue, slug string) bool {
	switch {
	case q.ByCapability && q.Capability != "":
		return slices.Contains(c.Below(q.Capability), slug)
	case !q.ByCapability && q.Group != "":
		return slices.Contains(c.Descendants(q.Group), slug)
	}
	return true
}

// owned is what one group owns by itself.
type owned struct {
	ids   []string
	parts []metrics.Derived
}

// owning finds what a group owns itself: the applications of today, and the
// results of what it owned when it owned it.
func owning(r *jobs.Results, today bool) func(slug string) owned {
	byGroup := map[string]owned{}
	for _, a := range r.Catalogue.Applications {
		o := byGroup[a.Group]
		o.ids = append(o.ids, a.ID)
		byGroup[a.Group] = o
	}
	for slug, parts := range r.HeldByEach(today) {
		o := byGroup[slug]
		o.parts = parts
		byGroup[slug] = o
	}
	return func(slug string) owned { return byGroup[slug] }
}

func serving(r *jobs.Results) func(slug string) owned {
	byCapability := map[string]owned{}
	for _, a := range r.Catalogue.Applications {
		o := byCapability[a.Capability]
		o.ids = append(o.ids, a.ID)
		o.parts = append(o.parts, r.Of([]string{a.ID})...)
		byCapability[a.Capability] = o
	}
	return func(slug string) owned { return byCapability[slug] }
}

func (m *Memo) groupRow(r *jobs.Results, query metrics.Query, q Question, g evenkeel.Group, own owned) GroupRow {
	s := m.scope(memoKey{"row", g.Slug}, q.Environment, own.parts)
	s.once.Do(func() {
		s.report = s.joined.Compute(query)
		s.change, s.sparks = s.since(query), sparksOf(s.joined.Series(query, q.Series))
	})
	return GroupRow{
		Named: Named{Slug: g.Slug, Name: g.Name}, Applications: len(own.ids), State: StateOf(joined(r.Activity, own.ids), q.Now),
		Report: s.report, Comparison: s.change, Sparks: s.sparks,
	}
}

func sparksOf(series []metrics.Bucket) Sparks {
	s := Sparks{LeadTime: []*float64{}, Frequency: []*float64{}, FailRate: []*float64{}}
	for _, b := range series {
		deployments := float64(b.Frequency.Deployments)
		s.LeadTime = append(s.LeadTime, b.LeadTime.Value)
		s.FailRate = append(s.FailRate, b.FailRate.Value)
		s.Frequency = append(s.Frequency, &deployments)
	}
	return s
}
