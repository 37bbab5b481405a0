package server

import (
	"cmp"
	"context"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// mostCauses is how many deployments, incidents or flag changes of one
// application are weighed in one window: no budget has more to tell.
const mostCauses = 5000

// causes are the deployments, incidents and flag changes of the application of
// a budget in a window, any of which may have spent it.
func (s *Server) causes(ctx context.Context, k known, b *budgets.Budget, window evenkeel.Window) ([]slo.Cause, error) {
	filter := evenkeel.Filter{Applications: applicationIDs(k.Catalogue, b.Level().Application), Window: window, Limit: 500}
	if len(filter.Applications) == 0 {
		return nil, nil
	}
	facts := s.factsOf(k.slug, k.Results)
	deployments, err := allPages(ctx, filter, facts.Deployments)
	if err != nil {
		return nil, err
	}
	incidents, err := allPages(ctx, filter, facts.Incidents)
	if err != nil {
		return nil, err
	}
	list, err := flagCauses(ctx, facts, filter)
	if err != nil {
		return nil, err
	}
	for _, f := range deployments {
		if b.Environment != "" || k.Policy.Class(f.Value.Environment) == evenkeel.Production {
			list = append(list, deploymentCause(f))
		}
	}
	for _, f := range incidents {
		list = append(list, k.incidentCause(f, filter.Applications))
	}
	return list, nil
}

func applicationIDs(c evenkeel.Catalogue, slug string) []string {
	for _, a := range c.Applications {
		if a.Slug == slug {
			return []string{a.ID}
		}
	}
	return nil
}

// allPages reads a list to its end.
func allPages[T any](ctx context.Context, f evenkeel.Filter, page func(context.Context, evenkeel.Filter) (evenkeel.Page[T], error)) (list []T, err error) {
	for len(list) < mostCauses {
		one, err := page(ctx, f)
		list = append(list, one.Items...)
		if err != nil || one.Next == "" {
			return list, err
		}
		f.Cursor = one.Next
	}
	return list, nil
}

// deploymentCause begins when the deployment did: from then on it may reach
// users.
func deploymentCause(f evenkeel.Fact[evenkeel.Deployment]) slo.Cause {
	d := f.Value
	at := d.StartedAt
	if at.IsZero() {
		at = d.FinishedAt
	}
	return slo.Cause{
		Kind: slo.CauseDeployment, ID: f.ID, Title: cmp.Or(d.Version, shortCommit(d.Commit), f.ExternalID, d.Ref), At: at,
		Environment: d.Environment, Dimension: "version", Cohort: d.Version, Group: d.Group,
	}
}

func shortCommit(sha string) string { return sha[:min(len(sha), 7)] }

// incidentCause is an incident, with the deployment that it was laid to by more
// than nearness in time, which the ledger weighs itself.
func (k known) incidentCause(f evenkeel.Fact[evenkeel.Incident], applications []string) slo.Cause {
	i := f.Value
	c := slo.Cause{Kind: slo.CauseIncident, ID: f.ID, Title: strings.TrimSpace(f.ExternalID + " " + i.Severity), At: i.OpenedAt, Until: i.ResolvedAt, Environment: i.Environment}
	if c.Until.IsZero() {
		c.Until = i.MitigatedAt
	}
	for _, d := range k.Of(applications) {
		if a, ok := d.Attribution(f.ID); ok && a.Deployment != nil && !a.Inferred {
			c.CausedBy = *a.Deployment
		}
	}
	return c
}

// flagCauses are changes of flags.
func flagCauses(ctx context.Context, facts Facts, f evenkeel.Filter) (list []slo.Cause, err error) {
	filter := evenkeel.EntryFilter{Kinds: []evenkeel.Kind{evenkeel.KindFlagChange}, Applications: f.Applications, Window: f.Window, Limit: f.Limit}
	for len(list) < mostCauses {
		page, err := facts.Entries(ctx, filter)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Items {
			payload, err := evenkeel.Decode(e.Kind, e.Fields)
			if err != nil {
				return nil, err
			}
			if change, ok := payload.(*evenkeel.FlagChange); ok {
				list = append(list, slo.Cause{Kind: slo.CauseFlagChange, ID: e.ID, Title: change.Flag + " " + string(change.Action), At: change.At, Environment: change.Environment, Dimension: change.Flag})
			}
		}
		if page.Next == "" {
			break
		}
		filter.Cursor = page.Next
	}
	return list, nil
}
