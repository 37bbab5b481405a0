package server

import (
	"context"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// ChangeView is a change and when it first reached production. Who reviewed
// it is not shown.
type ChangeView struct {
	Identity
	evenkeel.Change
	Shipped *metrics.Shipment `json:"shipped"`
}

func changeView(r *jobs.Results, environment string) func(evenkeel.Fact[evenkeel.Change]) ChangeView {
	return func(f evenkeel.Fact[evenkeel.Change]) ChangeView {
		v := ChangeView{Identity: identity(f, r, f.Value.Subject()), Change: f.Value}
		v.Reviews = withoutAuthors(f.Value.Reviews)
		for _, m := range r.Catalogue.Resolve(f.Value.Subject()) {
			shipped, ok := r.Derived[m.Application].Shipment(f.ID, environment)
			if ok && (v.Shipped == nil || shipped.At.Before(v.Shipped.At)) {
				v.Shipped = &shipped
			}
		}
		return v
	}
}

func withoutAuthors(reviews []evenkeel.Review) []evenkeel.Review {
	shown := make([]evenkeel.Review, len(reviews))
	for i, r := range reviews {
		shown[i] = evenkeel.Review{At: r.At, State: r.State}
	}
	return shown
}

func (s *Server) getChanges(ctx context.Context, in *factsInput) (*body[list[ChangeView]], error) {
	w, results, filter, err := s.query(ctx, in)
	if err != nil {
		return nil, err
	}
	filter.Environment = "" // A change has none; the parameter chooses where it shipped to.
	page, err := w.Changes(ctx, filter)
	if err != nil {
		return nil, err
	}
	return show(page, changeView(results, in.Environment)), nil
}

func (s *Server) getChange(ctx context.Context, in *factInput) (*body[ChangeView], error) {
	results, facts, err := s.factsAsOf(ctx, in.WorkspaceInput, in.AsOfInput)
	if err != nil {
		return nil, err
	}
	fact, err := facts.Change(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(changeView(results, "")(fact)), nil
}
