package server

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/slo"
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
		causes, spending, err := s.spending(ctx, k, b, measured)
		if err != nil {
			return err
		}
		versions, err := s.Workspace(k.slug).ServiceLevelVersions(ctx, k.book.Revision, in.ID)
		view = views.NewLevelBurndown(b, measured, spending, causes, versions, in.Points)
		return err
	})
	return answer(view), err
}

func (s *Server) getServiceLevelBurn(ctx context.Context, in *burnInput) (*body[views.LevelBurn], error) {
	var view views.LevelBurn
	err := s.budget(ctx, &in.BudgetInput, func(k known, b *budgets.Budget) error {
		measured, err := s.Budgets.Measured(ctx, k.slug, k.book, b, time.Time{})
		if err != nil {
			return err
		}
		view = views.NewLevelBurn(b, measured.Contractual, in.Points)
		return nil
	})
	return answer(view), err
}

type whatIfInput struct {
	BudgetInput
	Targets []string `query:"target,explode" maxItems:"12" doc:"Shares to try, 0.995; the definition's own and its neighbours by default"`
	Windows []string `query:"window,explode" maxItems:"4" doc:"Rolling windows to try, 28d; the definition's own by default"`
}

// mostHistory is how many days of the past windows are tried on.
const mostHistory = 400

func (s *Server) getServiceLevelWhatIf(ctx context.Context, in *whatIfInput) (*body[views.LevelWhatIf], error) {
	var view views.LevelWhatIf
	err := s.budget(ctx, &in.BudgetInput, func(k known, b *budgets.Budget) error {
		d := b.Level().Definition
		targets, windows, err := in.variants(d, b.Objective)
		if err != nil {
			return err
		}
		since := k.book.At.AddDate(0, 0, -mostHistory)
		if b.Since().After(since) {
			since = b.Since()
		}
		measured, err := s.Budgets.Measured(ctx, k.slug, k.book, b, since)
		if err != nil {
			return err
		}
		view = views.NewLevelWhatIf(b, since)
		for _, window := range windows {
			for _, target := range targets {
				d.Window = window
				o := b.Objective
				o.Target = target
				view.Outcomes = append(view.Outcomes, views.NewLevelOutcome(b, slo.WhatIf(d, o, measured.Contractual, since, k.book.At)))
			}
		}
		return nil
	})
	return answer(view), err
}

// variants are the targets and windows to try.
func (in *whatIfInput) variants(d slo.Definition, o slo.Objective) (targets []slo.Target, windows []slo.TimeWindow, err error) {
	for i, text := range in.Targets {
		target, err := slo.ParseTarget(text)
		if err != nil {
			return nil, nil, evenkeel.FieldErrors{{Field: fmt.Sprintf("target[%d]", i), Rule: err.Error()}}
		}
		targets = append(targets, target)
	}
	if len(targets) == 0 {
		targets = ladder(o.Target)
	}
	for i, text := range in.Windows {
		span, err := slo.ParseSpan(text)
		if err != nil {
			return nil, nil, evenkeel.FieldErrors{{Field: fmt.Sprintf("window[%d]", i), Rule: err.Error()}}
		}
		windows = append(windows, slo.TimeWindow{Span: span})
	}
	if len(windows) == 0 {
		windows = []slo.TimeWindow{d.Window}
	}
	return targets, windows, nil
}

// ladder is a target among those that are usual.
func ladder(own slo.Target) []slo.Target {
	list := []slo.Target{}
	for text := range strings.FieldsSeq("0.99 0.995 0.999 0.9995 0.9999") {
		if target, err := slo.ParseTarget(text); err == nil && target != own {
			list = append(list, target)
		}
	}
	return append([]slo.Target{own}, list...)
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
