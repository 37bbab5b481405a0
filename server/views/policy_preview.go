package views

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// PolicyPreview says what a policy would make of the last year, beside what
// the one in force makes of it.
type PolicyPreview struct {
	Window   evenkeel.Window `json:"window"`
	Sentence string          `json:"sentence" doc:"The figures in one English sentence"`
	// Base is the digest of the policy in force, which a change is based on.
	Base    string         `json:"base"`
	Changes []PolicyChange `json:"changes" nullable:"false"`
	Whole   PreviewRow     `json:"whole"`
	// Applications are those that the change bears on, the most changed first;
	// at most 50 of ApplicationsTotal.
	Applications      []PreviewRow `json:"applications" nullable:"false"`
	ApplicationsTotal int          `json:"applications_total"`
	// Deployments that newly count, and that no longer do; at most 20 each,
	// newest first.
	Added   PreviewFacts `json:"added"`
	Removed PreviewFacts `json:"removed"`
	// Failures that deployments newly count as, and no longer do.
	FailuresAdded   PreviewFacts     `json:"failures_added"`
	FailuresRemoved PreviewFacts     `json:"failures_removed"`
	Warnings        []PreviewWarning `json:"warnings" nullable:"false"`
	// Nothing says that no deployment would count although some are known.
	Nothing bool `json:"nothing"`
}

// PreviewRow is one scope before and after.
type PreviewRow struct {
	Scope
	Before PreviewFigures `json:"before"`
	After  PreviewFigures `json:"after"`
}

// PreviewFigures are the headline figures; null where there is none.
type PreviewFigures struct {
	Deployments int               `json:"deployments"`
	Failures    int               `json:"failures"`
	Changes     int               `json:"changes"`
	PerDay      *float64          `json:"deployments_per_day"`
	LeadTime    *float64          `json:"lead_time_seconds"`
	FailRate    *float64          `json:"fail_rate"`
	Recovery    *float64          `json:"recovery_seconds"`
	Rework      *float64          `json:"rework_rate"`
	Statistic   metrics.Statistic `json:"statistic" enum:"median,p75,p90,mean"`
}

// PreviewFacts are some facts of a list.
type PreviewFacts struct {
	Total int      `json:"total"`
	IDs   []string `json:"ids" nullable:"false"`
}

// PreviewWarning is something to look at before saving.
type PreviewWarning struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

const (
	previewFacts        = 20
	previewApplications = 50
)

// NewPolicyPreview compares two results of one workspace over the year before
// an instant.
func NewPolicyPreview(w evenkeel.WorkspaceInfo, before, after *jobs.Results, now time.Time) PolicyPreview {
	window := evenkeel.Window{From: now.AddDate(-1, 0, 0).UTC(), To: now.UTC()}
	p := PolicyPreview{
		Window: window, Base: before.Policy.Digest(), Changes: PolicyDiff(before.Policy, after.Policy),
		Applications: []PreviewRow{}, Warnings: []PreviewWarning{},
	}
	query := func(r *jobs.Results, slug string) metrics.Query {
		return metrics.Query{Window: window, Policy: r.Policy.For(slug), AsOf: now}
	}
	every := before.Catalogue.Applications
	ids := make([]string, len(every))
	for i, a := range every {
		ids[i] = a.ID
	}
	was, is := metrics.Compute(query(before, ""), before.Of(ids)...), metrics.Compute(query(after, ""), after.Of(ids)...)
	p.Whole = PreviewRow{Scope{Kind: "workspace", Slug: w.Slug, Name: w.Name}, figuresOf(was), figuresOf(is)}
	for _, a := range every {
		if before.Policy.For(a.Slug).Digest() == after.Policy.For(a.Slug).Digest() {
			continue
		}
		one := []string{a.ID}
		row := PreviewRow{
			Scope{Kind: "application", Slug: a.Slug, Name: a.Name},
			figuresOf(metrics.Compute(query(before, a.Slug), before.Of(one)...)), figuresOf(metrics.Compute(query(after, a.Slug), after.Of(one)...)),
		}
		p.Applications = append(p.Applications, row)
		if row.After.Deployments == 0 && row.Before.Deployments > 0 {
			p.Warnings = append(p.Warnings, PreviewWarning{"applications." + a.Slug, fmt.Sprintf("nothing of %s would count; before %d deployments", a.Name, row.Before.Deployments)})
		}
	}
	p.ApplicationsTotal = len(p.Applications)
	slices.SortStableFunc(p.Applications, func(a, b PreviewRow) int { return cmp.Compare(b.moved(), a.moved()) })
	p.Applications = p.Applications[:min(len(p.Applications), previewApplications)]
	p.facts(query(before, ""), query(after, ""), before.Of(ids), after.Of(ids))
	p.judge(after, ids, is)
	return p
}

// moved is how much a row changes.
func (r PreviewRow) moved() int {
	return max(r.After.Deployments-r.Before.Deployments, r.Before.Deployments-r.After.Deployments) + max(r.After.Failures-r.Before.Failures, r.Before.Failures-r.After.Failures)
}

func figuresOf(r metrics.Report) PreviewFigures {
	return PreviewFigures{
		Deployments: r.Frequency.Deployments, Failures: r.FailRate.Failed, Changes: r.LeadTime.N, PerDay: r.Frequency.PerDay,
		LeadTime: r.LeadTime.Value, FailRate: r.FailRate.Value, Recovery: r.Recovery.Value, Rework: r.Rework.Value, Statistic: r.LeadTime.Statistic,
	}
}

// facts lists the deployments that one policy counts and the other does not.
func (p *PolicyPreview) facts(before, after metrics.Query, was, is []metrics.Derived) {
	old, failedOld := countedIn(before, was)
	now, failedNow := countedIn(after, is)
	p.Added, p.Removed = without(now, old), without(old, now)
	p.FailuresAdded, p.FailuresRemoved = without(failedNow, failedOld), without(failedOld, failedNow)
}

// countedIn lists the deployments that count, and those that failed, newest
// first.
func countedIn(q metrics.Query, parts []metrics.Derived) (all, failed []string) {
	e, err := metrics.Explain(q, metrics.MetricFailRate, parts...)
	if err != nil {
		return nil, nil // The metric is known.
	}
	for _, row := range e.Rows {
		if !row.Included {
			continue
		}
		all = append(all, row.ID)
		if *row.Value > 0 {
			failed = append(failed, row.ID)
		}
	}
	return all, failed
}

func without(list, other []string) PreviewFacts {
	known := make(map[string]bool, len(other))
	for _, id := range other {
		known[id] = true
	}
	f := PreviewFacts{IDs: []string{}}
	for _, id := range list {
		if known[id] {
			continue
		}
		if f.Total++; len(f.IDs) < previewFacts {
			f.IDs = append(f.IDs, id)
		}
	}
	return f
}

// judge writes the sentence, and what must be looked at.
func (p *PolicyPreview) judge(after *jobs.Results, ids []string, report metrics.Report) {
	a, b := p.Whole.After, p.Whole.Before
	p.Sentence = fmt.Sprintf("This rule finds %d deployments, %d failures; before %d and %d.", a.Deployments, a.Failures, b.Deployments, b.Failures)
	for _, slug := range after.Policy.Strangers(after.Catalogue) {
		p.Warnings = append(p.Warnings, PreviewWarning{"applications." + slug, "names no application and changes nothing"})
	}
	known := joined(after.Activity, ids).Facts[evenkeel.KindDeployment]
	if p.Nothing = a.Deployments == 0 && known > 0; p.Nothing {
		field, text := blame(report, b.Deployments)
		p.Warnings = append([]PreviewWarning{{field, text}}, p.Warnings...)
	}
}

// blame names the member of a policy that keeps most deployments from counting.
func blame(r metrics.Report, before int) (field, text string) {
	members := map[string]string{"rule_source": "deployments.sources", "rule_ref": "deployments.refs", "rule_artifact_kind": "deployments.artifact_kinds"}
	most, ruled := metrics.Exclusion{}, 0
	for _, e := range r.Exclusions {
		if members[e.Reason] == "" {
			continue
		}
		ruled += e.Count
		if e.Count > most.Count {
			most = e
		}
	}
	if most.Count > 0 && most.Count >= before-ruled {
		return members[most.Reason], fmt.Sprintf("nothing would count: %s leaves out %d deployments of the last year", members[most.Reason], most.Count)
	}
	return "environments", fmt.Sprintf("nothing would count: by environments no environment with deployments is production; before %d deployments counted", before)
}
