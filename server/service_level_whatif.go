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

type whatIfInput struct {
	BudgetInput
	Targets []string `query:"target,explode" maxItems:"12" doc:"Shares to try, 0.995; the definition's own and its neighbours by default"`
	Windows []string `query:"window,explode" maxItems:"8" doc:"Windows to try: 28d rolls; 1M, 1Q and 1Y follow the calendar in the definition's zone, else in UTC; one as long as the definition's own is that; the definition's own by default"`
}

// mostHistory is how many days of the past windows are tried on.
const mostHistory = 400

func (s *Server) getServiceLevelWhatIf(ctx context.Context, in *whatIfInput) (*body[views.LevelWhatIf], error) {
	var view views.LevelWhatIf
	err := s.budget(ctx, &in.BudgetInput, func(k known, b *budgets.Budget) error {
		d := b.Definition()
		targets, windows, err := in.variants(d, b.Objective)
		if err != nil {
			return err
		}
		since := b.Since()
		if first := k.book.At.AddDate(0, 0, -mostHistory); !since.IsZero() && first.After(since) {
			since = first
		}
		measured, err := s.Budgets.Measured(ctx, k.slug, k.book, b, since)
		if err != nil {
			return err
		}
		if measured.First.After(since) {
			since = measured.First
		}
		view = views.NewLevelWhatIf(b, since)
		for _, window := range windows {
			d.Window = window
			then := func(at time.Time) slo.Tallies { return b.Then(measured, d, at) }
			for _, o := range slo.WhatIf(d, b.Objective, targets, then, since, k.book.At) {
				view.Outcomes = append(view.Outcomes, views.NewLevelOutcome(b, o))
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
		window, err := anotherWindow(d, o, text)
		if err != nil {
			return nil, nil, evenkeel.FieldErrors{{Field: fmt.Sprintf("window[%d]", i), Rule: err.Error()}}
		}
		windows = append(windows, window)
	}
	if len(windows) == 0 {
		windows = []slo.TimeWindow{d.Window}
	}
	return targets, windows, nil
}

// anotherWindow is a window that a definition could have. Months, quarters and
// years follow the calendar, others roll; one as long as the definition's own is
// that.
func anotherWindow(d slo.Definition, o slo.Objective, text string) (slo.TimeWindow, error) {
	span, err := slo.ParseSpan(text)
	if err != nil {
		return slo.TimeWindow{}, err
	}
	if least := max(24*time.Hour, o.Counted(d)); span.Fixed() < least {
		return slo.TimeWindow{}, fmt.Errorf("%s is shorter than a day; 1m is a minute and 1M a month", text)
	}
	if span == d.Window.Span {
		return d.Window, nil
	}
	if span.Fixed() > mostHistory*24*time.Hour {
		return slo.TimeWindow{}, fmt.Errorf("%s is longer than the %d days that are tried", text, mostHistory)
	}
	window := slo.TimeWindow{Span: span}
	if span.Unit == slo.Month || span.Unit == slo.Quarter || span.Unit == slo.Year {
		window.Start = beginningOfTime(d.Window)
	}
	return window, nil
}

// beginningOfTime is a first of January in the zone of a window, from which
// months, quarters and years are counted.
func beginningOfTime(w slo.TimeWindow) time.Time {
	zone := time.UTC
	if !w.Rolling() {
		zone = w.Start.Location()
	}
	return time.Date(2000, time.January, 1, 0, 0, 0, 0, zone)
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
