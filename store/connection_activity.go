package store

import (
	"context"
	"fmt"

	"github.com/evenkeel-dev/evenkeel"
)

// arrivedRow counts the deliveries of one connection.
type arrivedRow struct {
	Connection                         string
	Recorded, Ignored, Rejected, Again int64
	LastAt                             instant
}

// ConnectionActivity says what has come through each connection that
// delivered something, by its id; those that were removed stay. It counts, so
// that it cannot differ from the deliveries; an index holds all it reads.
func (w *Workspace) ConnectionActivity(ctx context.Context) (map[string]evenkeel.ConnectionActivity, error) {
	var rows []arrivedRow
	const when = "sum(CASE WHEN outcome = ? THEN 1 ELSE 0 END)"
	err := w.rows(w.reader.WithContext(ctx).Model(&deliveryRow{})).
		Select("connection, "+when+" AS recorded, "+when+" AS ignored, "+when+" AS rejected, sum(repeats) AS again, max(last_at) AS last_at",
			evenkeel.OutcomeRecorded, evenkeel.OutcomeIgnored, evenkeel.OutcomeRejected).
		Group("connection").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("store: activity of connections: %w", translate(err))
	}
	found := make(map[string]evenkeel.ConnectionActivity, len(rows))
	for _, row := range rows {
		a := evenkeel.ConnectionActivity{Deliveries: map[evenkeel.Outcome]int{}, Repeats: int(row.Again), LastAt: row.LastAt.Time()}
		for outcome, n := range map[evenkeel.Outcome]int64{
			evenkeel.OutcomeRecorded: row.Recorded, evenkeel.OutcomeIgnored: row.Ignored, evenkeel.OutcomeRejected: row.Rejected,
		} {
			if n > 0 {
				a.Deliveries[outcome] = int(n)
			}
		}
		found[row.Connection] = a
	}
	return found, nil
}
