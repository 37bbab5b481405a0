package server

import (
	"context"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

type burnInput struct {
	BudgetInput
	Points int `query:"points" minimum:"10" maximum:"500" default:"240" doc:"The most points of a line"`
}

func (s *Server) getServiceLevelBurndown(ctx context.Context, in *burnInput) (*body[views.LevelBurndown], error) {
	var view views.LevelBurndown
	err := s.budget(ctx, &in.BudgetInput, func(k known, b *budgets.Budget) error {
		measured, err := s.Budgets.Measured(ctx, k.slug, k.book, b, time.Time{})
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

type burnRatesInput struct {
	BudgetInput
	Points    int  `query:"points" minimum:"10" maximum:"500" default:"240" doc:"The most points of a line"`
	Composite bool `query:"composite" doc:"All objectives of a composite as one, whatever objective is named"`
}

func (s *Server) getServiceLevelBurn(ctx context.Context, in *burnRatesInput) (*body[views.LevelBurn], error) {
	var view views.LevelBurn
	err := s.budget(ctx, &in.BudgetInput, func(k known, b *budgets.Budget) error {
		if in.Composite {
			if b = b.Level().Composite; b == nil || b.Contractual.Composite == nil {
				return evenkeel.FieldErrors{{Field: "composite", Rule: "the objectives of this service level do not stand as one; leave it out for those of one"}}
			}
		}
		reader, err := s.Budgets.Reader(ctx, k.slug, k.book, b)
		if err != nil {
			return err
		}
		view = views.NewLevelBurn(b, reader, in.Points)
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
