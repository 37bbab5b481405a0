package views

import (
	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/metrics/quality"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// Chain leads from what arrived to a figure.
type Chain struct {
	Metric    metrics.Metric    `json:"metric"`
	Of        evenkeel.Kind     `json:"of" doc:"The kind of fact that the figure counts"`
	Statistic string            `json:"statistic"`
	Unit      string            `json:"unit" enum:"seconds,per_day,share"`
	Window    evenkeel.Window   `json:"window"`
	Policy    metrics.PolicyRef `json:"policy"`
	Value     *float64          `json:"value"`
	N         int               `json:"n"`
	// Untraced says why steps are not counted.
	Untraced string              `json:"untraced" enum:",packed,too_many" doc:"Why nothing is counted before the facts: commits are kept without their records, or there are too many facts for one answer; else empty"`
	Steps    []quality.ChainStep `json:"steps" nullable:"false"`
	// Narrowing counts the facts that are known, and what scope and window
	// leave of them.
	Narrowing []metrics.Step `json:"narrowing" nullable:"false" doc:"Facts that are known, in scope, and in the window"`
	Known     *Known         `json:"known,omitempty"`
}

// MaxTraced is the most facts that are traced for one answer.
const MaxTraced = 100_000

// NewChain makes the chain of a figure. trace counts what lies behind facts,
// by their ids, and arrived what arrived in the window; it is asked for no more
// than MaxTraced facts, and for none that are commits.
func NewChain(r *jobs.Results, q Question, metric metrics.Metric, arrived func(evenkeel.Window) (evenkeel.Arrived, error), trace func([]string, evenkeel.Window) (evenkeel.Trace, error)) (Chain, error) {
	parts, err := r.Parts(q.Scope)
	if err != nil {
		return Chain{}, err
	}
	query, _, err := q.prepare(r)
	if err != nil {
		return Chain{}, err
	}
	e, err := metrics.Explain(query, metric, parts...)
	if err != nil {
		return Chain{}, err
	}
	c := Chain{
		Metric: metric, Of: e.Of, Statistic: e.Statistic, Unit: e.Unit, Window: query.Window, Policy: metrics.PolicyRef{Version: query.Policy.Version},
		Value: e.Value, N: e.N, Narrowing: e.Chain[:len(e.Chain)-1], Known: KnownOf(r),
	}
	var raw quality.Raw
	if raw.Arrived, err = arrived(query.Window); err != nil {
		return c, err
	}
	ids := quality.FactIDs(e)
	switch {
	case e.Of == evenkeel.KindCommit:
		c.Untraced = "packed"
	case len(ids) > MaxTraced:
		c.Untraced = "too_many"
	default:
		t, err := trace(ids, query.Window)
		if err != nil {
			return c, err
		}
		raw.Trace = &t
	}
	c.Steps = quality.Chain(e, raw)
	return c, nil
}
