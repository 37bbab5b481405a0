package jobs

import (
	"context"
	"fmt"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// FactReader reads what is known of an application.
type FactReader interface {
	Facts(ctx context.Context, application string) (evenkeel.ApplicationFacts, error)
	FactsAt(ctx context.Context, application string, revision int64) (evenkeel.ApplicationFacts, error)
}

// PeerProject reads the facts of the applications of a scope, one application
// after another, and keeps of them what a peer would look at. The facts are
// those that the results were derived from, also if newer ones have come since.
func PeerProject(ctx context.Context, w FactReader, r *Results, parts []metrics.Derived) (*metrics.PeerProject, error) {
	slugs := make(map[string]string, len(r.Catalogue.Applications))
	for _, a := range r.Catalogue.Applications {
		slugs[a.ID] = a.Slug
	}
	project := metrics.NewPeerProject()
	for _, d := range parts {
		facts, err := factsOf(ctx, w, r, d.Application)
		if err != nil {
			return nil, fmt.Errorf("application %s: %w", slugs[d.Application], err)
		}
		project.Add(inputOf(d.Application, facts), r.Policy.For(slugs[d.Application]))
	}
	return project, nil
}

func factsOf(ctx context.Context, w FactReader, r *Results, application string) (evenkeel.ApplicationFacts, error) {
	if r.Known != nil {
		return w.FactsAt(ctx, application, r.Known.Revision)
	}
	facts, err := w.Facts(ctx, application)
	if err == nil && facts.Revision > r.Revision {
		return w.FactsAt(ctx, application, r.Revision)
	}
	return facts, err
}
