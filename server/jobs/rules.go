package jobs

import (
	"context"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// rules are what the results of one application are derived by: policies with
// its overrides applied, from the oldest, each from an instant on.
type rules []metrics.PolicyFrom

// rulesOf are the rules of an application, given by its slug. Versions that
// differ in nothing that is derived are one rule.
func rulesOf(eras []evenkeel.Era, slug string) rules {
	var list rules
	for _, era := range eras {
		policy := era.Version.Policy.For(slug)
		if n := len(list); n > 0 && list[n-1].Policy.RulesDigest() == policy.RulesDigest() {
			continue
		}
		list = append(list, metrics.PolicyFrom{From: era.From, Policy: policy})
	}
	return list
}

// digest differs where results do: it stands for the policy in the state of
// derived results.
func (r rules) digest() string {
	parts := make([]string, len(r))
	for i, one := range r {
		parts[i] = one.Policy.RulesDigest()
		if i > 0 {
			parts[i] += "@" + one.From.UTC().Format(time.RFC3339Nano)
		}
	}
	return strings.Join(parts, " ")
}

// eras are the stretches of time that versions of the policy judge, up to the
// version given. The versions before matter only where it begins somewhere.
func eras(ctx context.Context, w Workspace, policy evenkeel.Policy) ([]evenkeel.Era, error) {
	if policy.EffectiveFrom.IsZero() {
		return []evenkeel.Era{{Version: evenkeel.PolicyVersion{Policy: policy}}}, nil
	}
	versions, err := w.PolicyVersions(ctx)
	if err != nil {
		return nil, err
	}
	for i, v := range versions {
		if v.Policy.Version == policy.Version {
			return evenkeel.Eras(versions[:i+1]), nil
		}
	}
	return evenkeel.Eras(append(versions, evenkeel.PolicyVersion{Policy: policy})), nil
}

// Break is an instant at which other rules begin to hold.
type Break struct {
	At time.Time `json:"at"`
	// Version names the rules that begin, Note says why they were made.
	Version string `json:"version"`
	Note    string `json:"note"`
}

// Breaks lists where other rules begin for one of some applications, oldest
// first.
func (r *Results) Breaks(applications []string) []Break {
	found := []Break{}
	for i := 1; i < len(r.Eras); i++ {
		before, era := r.Eras[i-1].Version.Policy, r.Eras[i]
		for _, id := range applications {
			slug := r.slug(id)
			if before.For(slug).RulesDigest() != era.Version.Policy.For(slug).RulesDigest() {
				found = append(found, Break{At: era.From.UTC(), Version: era.Version.Policy.Version, Note: era.Version.Note})
				break
			}
		}
	}
	return found
}

func (r *Results) slug(application string) string {
	for _, a := range r.Catalogue.Applications {
		if a.ID == application {
			return a.Slug
		}
	}
	return ""
}
