package server

import (
	"context"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/slo"
)

func (s *Server) getServiceLevelSpend(ctx context.Context, in *BudgetInput) (*body[views.LevelSpend], error) {
	var view views.LevelSpend
	err := s.budget(ctx, in, func(k known, b *budgets.Budget) error {
		measured, err := s.Budgets.Measured(ctx, k.slug, k.book, b, b.Lead(k.book.At))
		if err != nil {
			return err
		}
		_, spending, err := s.spending(ctx, k, b, spentIn(b), measured)
		view = views.NewLevelSpend(b, spending)
		return err
	})
	return answer(view), err
}

// spentIn is the window of a budget up to the instant of its book.
func spentIn(b *budgets.Budget) evenkeel.Window {
	return evenkeel.Window{From: b.Contractual.Window.From, To: b.Contractual.At}
}

// spending says who spent a budget in a window, and who was asked.
func (s *Server) spending(ctx context.Context, k known, b *budgets.Budget, window evenkeel.Window, m budgets.Measured) ([]slo.Cause, slo.Spending, error) {
	policy := slo.DefaultSpendPolicy()
	causes, err := s.causes(ctx, k, b, evenkeel.Window{From: window.From.Add(-policy.Horizon), To: window.To})
	if err != nil {
		return nil, slo.Spending{}, err
	}
	d := b.Level().Definition
	d.Environment = b.Environment
	if b.ByIncidents() {
		return withOutages(causes, b.Outages(), window), slo.SpendOf(d, b.Objective, m.Contractual, window, b.Outages()), nil
	}
	return causes, slo.Spend(d, b.Objective, m.Contractual, window, causes, m.Cohorts, policy), nil
}

// withOutages puts the incidents that a budget is measured by, as far as they
// stood in a window, in the place of those of the application.
func withOutages(causes []slo.Cause, list []slo.Outage, window evenkeel.Window) []slo.Cause {
	causes = slices.DeleteFunc(causes, func(c slo.Cause) bool { return c.Kind == slo.CauseIncident })
	for _, one := range list {
		if slices.ContainsFunc(one.Stood, func(w evenkeel.Window) bool {
			return w.From.Before(window.To) && (w.To.IsZero() || w.To.After(window.From))
		}) {
			causes = append(causes, one.Cause)
		}
	}
	return causes
}
