package server

import (
	"context"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/slo"
)

type burnInput struct {
	BudgetInput
	Points    int  `query:"points" minimum:"10" maximum:"500" default:"240" doc:"The most points of a line"`
	Composite bool `query:"composite" doc:"All objectives of a composite as one, whatever objective is named"`
}

// whole finds the composite of a budget.
func whole(b *budgets.Budget) (*budgets.Budget, error) {
	c := b.Level().Composite
	if c == nil || c.Contractual.Composite == nil {
		return nil, evenkeel.FieldErrors{{Field: "composite", Rule: "the objectives of this service level do not stand as one; leave it out for those of one"}}
	}
	return c, nil
}

func (s *Server) getServiceLevelBurndown(ctx context.Context, in *burnInput) (*body[views.LevelBurndown], error) {
	var view views.LevelBurndown
	err := s.budget(ctx, &in.BudgetInput, func(k known, b *budgets.Budget) (err error) {
		if in.Composite {
			view, err = s.compositeBurndown(ctx, k, b, in)
			return err
		}
		measured, err := s.Budgets.Measured(ctx, k.slug, k.book, b, b.Lead(k.book.At))
		if err != nil {
			return err
		}
		causes, spending, err := s.spending(ctx, k, b, spentIn(b), measured)
		if err != nil {
			return err
		}
		versions, err := s.Workspace(k.slug).ServiceLevelVersions(ctx, k.book.Revision, in.ID)
		view = views.NewLevelBurndown(b, measured, spending, causes, versions, in.Points)
		return err
	})
	return answer(view), err
}

// compositeBurndown shows what remained of a composite at instants of its window,
// each of the window that ended then: what was measured before the present one is
// read too where it rolls.
func (s *Server) compositeBurndown(ctx context.Context, k known, b *budgets.Budget, in *burnInput) (view views.LevelBurndown, err error) {
	if b, err = whole(b); err != nil {
		return view, err
	}
	window := spentIn(b)
	past, err := s.Budgets.Past(ctx, k.slug, k.book, b, b.Level().Definition.Window.At(window.From).From)
	if err != nil {
		return view, err
	}
	causes, err := s.causes(ctx, k, b, evenkeel.Window{From: window.From.Add(-slo.DefaultSpendPolicy().Horizon), To: window.To})
	if err != nil {
		return view, err
	}
	causes = besides(causes, withOutages(nil, b.Outages(), window))
	versions, err := s.Workspace(k.slug).ServiceLevelVersions(ctx, k.book.Revision, in.ID)
	return views.NewCompositeBurndown(b, past, k.book.At, causes, versions, in.Points), err
}

// besides adds causes that are not in a list.
func besides(list, more []slo.Cause) []slo.Cause {
	for _, c := range more {
		if !slices.ContainsFunc(list, func(other slo.Cause) bool { return other.ID == c.ID }) {
			list = append(list, c)
		}
	}
	return list
}

func (s *Server) getServiceLevelBurn(ctx context.Context, in *burnInput) (*body[views.LevelBurn], error) {
	var view views.LevelBurn
	err := s.budget(ctx, &in.BudgetInput, func(k known, b *budgets.Budget) (err error) {
		if in.Composite {
			if b, err = whole(b); err != nil {
				return err
			}
		}
		past, err := s.Budgets.Past(ctx, k.slug, k.book, b, b.Lead(k.book.At))
		if err != nil {
			return err
		}
		view = views.NewLevelBurn(b, past.Contractual, in.Points)
		return nil
	})
	return answer(view), err
}

type alertSpansInput struct {
	WorkspaceInput
	PageInput
	ID string `path:"id" maxLength:"253" doc:"Name of a service level"`
}

func (s *Server) getServiceLevelAlerts(ctx context.Context, in *alertSpansInput) (*body[list[views.LevelAlertSpan]], error) {
	w, _, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeRead)
	if err != nil {
		return nil, err
	}
	if _, err := w.ServiceLevel(ctx, evenkeel.LastRevision, in.ID); err != nil {
		return nil, err
	}
	page, err := w.AlertSpans(ctx, evenkeel.AlertSpanFilter{ServiceLevels: []string{in.ID}, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return answer(listOf(views.LevelAlertSpans(page.Items), page.Next)), nil
}
