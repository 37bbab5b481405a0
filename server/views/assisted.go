package views

import (
	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// AssistedChanges compares changes made with a model's help with others.
type AssistedChanges struct {
	Answered
	metrics.Assisted
	// Rules are what marks a change as assisted, by the workspace's policy.
	Rules MarkRules `json:"rules"`
}

// MarkRules are patterns by what they look at.
type MarkRules struct {
	Trailers []string `json:"trailers" nullable:"false"`
	Labels   []string `json:"labels" nullable:"false"`
	Actors   []string `json:"actors" nullable:"false"`
}

// NewAssistedChanges compares the changes of one scope and window.
func NewAssistedChanges(r *jobs.Results, q Question) (AssistedChanges, error) {
	parts, err := r.Parts(q.Scope)
	if err != nil {
		return AssistedChanges{}, err
	}
	query, _, err := q.prepare(r)
	if err != nil {
		return AssistedChanges{}, err
	}
	return AssistedChanges{Answered: answered(r, q, query), Assisted: metrics.AssistedOf(query, parts...), Rules: rulesOf(query.Policy.Assisted)}, nil
}

func rulesOf(r evenkeel.MarkRule) MarkRules {
	return MarkRules{Trailers: orEmpty(r.Trailers), Labels: orEmpty(r.Labels), Actors: orEmpty(r.Actors)}
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
