package server

import (
	"context"
	"sync"
	"time"

	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/telemetry"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// headlines keeps the headline figures of workspaces for as long as nothing
// that they rest on changes, at most for the minute. The zero value is ready.
type headlines struct {
	mu   sync.Mutex
	held map[string]heldHeadlines
}

type heldHeadlines struct {
	revision int64
	policy   string
	present  time.Time
	values   []telemetry.Headline
}

// headlinesOf are the headline figures of the workspaces that a principal sees.
func (s *Server) headlinesOf(ctx context.Context, p Principal) ([]telemetry.Headline, error) {
	known, err := s.Store.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	var all []telemetry.Headline
	for _, w := range known {
		if !p.sees(w.Slug) {
			continue
		}
		results, err := s.Deriver.Results(ctx, w.Slug)
		if err != nil {
			return nil, err
		}
		held, err := s.headlines.of(results, w.Slug, s.Now())
		if err != nil {
			return nil, err
		}
		all = append(all, held...)
	}
	return all, nil
}

func (h *headlines) of(r *jobs.Results, workspace string, now time.Time) ([]telemetry.Headline, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	present := views.Present(now)
	held, ok := h.held[workspace]
	if ok && held.revision == r.Revision && held.policy == r.Policy.Version && held.present.Equal(present) {
		return held.values, nil
	}
	list, err := views.Headlines(r, workspace, now)
	if err != nil {
		return nil, err
	}
	held = heldHeadlines{revision: r.Revision, policy: r.Policy.Version, present: present}
	for _, one := range list {
		held.values = appendHeadline(held.values, workspace, one)
	}
	if h.held == nil {
		h.held = map[string]heldHeadlines{}
	}
	h.held[workspace] = held
	return held.values, nil
}

// appendHeadline adds what has a value.
func appendHeadline(list []telemetry.Headline, workspace string, h views.Headline) []telemetry.Headline {
	add := func(f telemetry.Figure, v *float64) {
		if v != nil {
			list = append(list, telemetry.Headline{Figure: f, Workspace: workspace, Kind: h.Kind, Slug: h.Slug, Value: *v})
		}
	}
	count := func(f telemetry.Figure, n int) { v := float64(n); add(f, &v) }
	r := h.Report
	add(telemetry.FigureFrequency, r.Frequency.PerDay)
	add(telemetry.FigureLeadTime, r.LeadTime.Value)
	add(telemetry.FigureFailRate, r.FailRate.Value)
	add(telemetry.FigureRecovery, r.Recovery.Value)
	add(telemetry.FigureRework, r.Rework.Value)
	add(telemetry.FigureCoverage, r.LeadTime.Coverage)
	count(telemetry.FigureOpen, r.Recovery.Unresolved)
	count(telemetry.FigureDeployed, r.Frequency.Deployments)
	count(telemetry.FigureFailed, r.FailRate.Failed)
	count(telemetry.FigureChanges, r.LeadTime.N)
	if !h.LastFactAt.IsZero() {
		at := float64(h.LastFactAt.UnixMilli()) / 1000
		add(telemetry.FigureLastFact, &at)
	}
	return list
}
