package server

import (
	"context"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/slo"
)

func (s *Server) getServiceLevelSpend(ctx context.Context, in *BudgetInput) (*body[views.LevelSpend], error) {
	var view views.LevelSpend
	err := s.budget(ctx, in, func(k known, b *budgets.Budget) error {
		measured, err := s.Budgets.Measured(ctx, k.slug, k.book, b, time.Time{})
		if err != nil {
			return err
		}
		_, spending, err := s.spending(ctx, k, b, measured)
		view = views.NewLevelSpend(b, spending)
		return err
	})
	return answer(view), err
}

// spending says who spent a budget up to the instant of its book, and who was
// asked.
func (s *Server) spending(ctx context.Context, k known, b *budgets.Budget, m budgets.Measured) ([]slo.Cause, slo.Spending, error) {
	window := evenkeel.Window{From: b.Contractual.Window.From, To: b.Contractual.At}
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

// spendersHeld is for how long who spent a budget last is remembered: it changes
// seldom, and costs more than all else in a list.
const spendersHeld = 10 * time.Minute

// heldSpender is who spent a budget last, as it was known a while ago.
type heldSpender struct {
	at      time.Time
	version int64
	spender *views.LevelSpender
}

// spenders tells of every row who spent its budget last.
func (s *Server) spenders(ctx context.Context, k known, rows []views.LevelRow) error {
	byKey := map[string]*budgets.Budget{}
	for _, level := range k.book.Levels {
		for _, b := range level.Budgets {
			byKey[views.BudgetKey(b)] = b
		}
	}
	for i := range rows {
		b := byKey[rows[i].Key()]
		if b == nil || b.Contractual.Count.Bad == 0 {
			continue
		}
		spender, err := s.spender(ctx, k, rows[i].Key(), b)
		if err != nil {
			return err
		}
		rows[i].LastSpender = spender
	}
	return nil
}

// spender is who spent a budget last; at present it may be remembered.
func (s *Server) spender(ctx context.Context, k known, key string, b *budgets.Budget) (*views.LevelSpender, error) {
	key = k.slug + "\x1f" + key
	if held, ok := s.lastSpenders.Load(key); ok && k.Known == nil {
		if h, ok := held.(heldSpender); ok && h.version == b.Level().Number && k.book.At.Sub(h.at) < spendersHeld {
			return h.spender, nil
		}
	}
	measured, err := s.Budgets.Measured(ctx, k.slug, k.book, b, time.Time{})
	if err != nil {
		return nil, err
	}
	_, spending, err := s.spending(ctx, k, b, measured)
	if err != nil {
		return nil, err
	}
	spender := views.NewLevelSpender(spending)
	if k.Known == nil {
		s.lastSpenders.Store(key, heldSpender{at: k.book.At, version: b.Level().Number, spender: spender})
	}
	return spender, nil
}
