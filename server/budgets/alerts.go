package budgets

import (
	"context"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// alertKey names a budget in the history of alerts.
type alertKey struct{ level, objective, series string }

// alerts are spans that stand, by the budget that they are of.
type alerts map[alertKey][]evenkeel.AlertSpan

// standing reads which alerts the history says last.
func standing(ctx context.Context, w Workspace) (alerts, error) {
	list, filter := alerts{}, evenkeel.AlertSpanFilter{Open: true, Limit: 500}
	for {
		page, err := w.AlertSpans(ctx, filter)
		if err != nil {
			return nil, err
		}
		for _, span := range page.Items {
			k := alertKey{span.ServiceLevel, span.Objective, span.Series}
			list[k] = append(list[k], span)
		}
		if filter.Cursor = page.Next; filter.Cursor == "" {
			return list, nil
		}
	}
}

// of are the alerts of a budget, as far as its rows are those that it has now.
func (l alerts) of(b *Budget) (list []slo.Alert) {
	rows, _ := b.Rows() // A set that is not known has no assessment.
	for _, span := range l[b.alertKey()] {
		for _, row := range rows {
			if row.Name() == span.Row && string(row.Severity) == span.Severity {
				list = append(list, slo.Kept(row, slo.AlertState(span.State), span.From, span.Peak))
			}
		}
	}
	return list
}

func (b *Budget) alertKey() alertKey {
	return alertKey{b.level.ID, b.Objective.Name, b.AlertSeries()}
}

// AlertSeries tells the budgets of an objective apart in the history of alerts: by
// the labels of the series, and by its environment where the objective is of any.
func (b *Budget) AlertSeries() string {
	if b.level.Definition.Environment != "" {
		return b.Labels
	}
	return b.Environment + b.Labels
}
