package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// arrivedDay is one row of Arrived.
type arrivedDay struct {
	Connection                         string
	Day                                int64
	Recorded, Ignored, Rejected, Again int64
}

// Arrived counts what arrived in the window, by connection and day. A zero end
// of the window is open.
func (w *Workspace) Arrived(ctx context.Context, window evenkeel.Window) ([]evenkeel.Arrived, error) {
	var rows []arrivedDay
	const when = "sum(CASE WHEN outcome = ? THEN 1 ELSE 0 END)"
	err := arrivedIn(w.rows(w.reader.WithContext(ctx).Model(&deliveryRow{})), window).
		Select("connection, received_at / ? AS day, "+when+" AS recorded, "+when+" AS ignored, "+when+" AS rejected, sum(repeats) AS again",
			dayMicros, evenkeel.OutcomeRecorded, evenkeel.OutcomeIgnored, evenkeel.OutcomeRejected).
		Group("connection, day").Order("connection, day").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("store: arrived: %w", translate(err))
	}
	list := make([]evenkeel.Arrived, len(rows))
	for i, r := range rows {
		list[i] = evenkeel.Arrived{
			Connection: r.Connection, Day: evenkeel.Day(r.Day),
			Recorded: int(r.Recorded), Ignored: int(r.Ignored), Rejected: int(r.Rejected), Repeats: int(r.Again),
		}
	}
	return list, nil
}

// arrivedIn narrows deliveries to those that arrived in a window. The ids are
// what an index can begin at.
func arrivedIn(rows *gorm.DB, window evenkeel.Window) *gorm.DB {
	if !window.From.IsZero() {
		from := instantOf(window.From)
		rows = rows.Where("id >= ? AND received_at >= ?", firstID(from), from)
	}
	if !window.To.IsZero() {
		to := instantOf(window.To)
		rows = rows.Where("id < ? AND received_at < ?", firstID(to+millisecond), to)
	}
	return rows
}

// SharedFacts counts the facts of which two connections have told in
// deliveries since an instant. Of more than two, the first and the last by id
// are named.
func (w *Workspace) SharedFacts(ctx context.Context, since time.Time) ([]evenkeel.Shared, error) {
	var rows []struct {
		Low, High string
		N         int64
		At        instant
	}
	err := w.reader.WithContext(ctx).Raw(`SELECT low, high, count(*) AS n, min(at) AS at
		FROM (SELECT l.fact, min(d.connection) AS low, max(d.connection) AS high, min(d.received_at) AS at
			FROM deliveries d JOIN delivery_facts l ON l.workspace = d.workspace AND l.delivery = d.id
			WHERE d.workspace = ? AND d.id >= ? GROUP BY l.fact HAVING min(d.connection) <> max(d.connection)) AS shared
		GROUP BY low, high ORDER BY low, high`, w.slug, firstID(instantOf(since))).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("store: shared facts: %w", translate(err))
	}
	list := make([]evenkeel.Shared, len(rows))
	for i, r := range rows {
		list[i] = evenkeel.Shared{Connections: [2]string{r.Low, r.High}, Facts: int(r.N), Since: r.At.Time()}
	}
	return list, nil
}

// Heard tells, of the facts whose own instant is not before the one given,
// how it lies to when they became known. Commits and series are not among
// them, nor what version 1 has recorded, of which the instant is not kept.
func (w *Workspace) Heard(ctx context.Context, since time.Time) ([]evenkeel.Heard, error) {
	var rows []struct {
		ID           string
		Kind         kind
		Source, Last string
		// Lag is the least that is not negative, Longest the greatest of all.
		Lag     *int64
		Longest int64
	}
	err := w.reader.WithContext(ctx).Raw(`SELECT f.id, f.kind, min(o.source) AS source, max(o.source) AS last,
			min(CASE WHEN o.recorded_at >= f.at THEN o.recorded_at - f.at END) AS lag, max(o.recorded_at) - f.at AS longest
		FROM facts f JOIN observations o ON o.workspace = f.workspace AND o.fact = f.id
		WHERE f.workspace = ? AND f.gone = false AND f.at >= ? AND o.recorded_at > 0
		GROUP BY f.id, f.kind, f.at`, w.slug, instantOf(since)).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("store: heard: %w", translate(err))
	}
	list := make([]evenkeel.Heard, len(rows))
	for i, r := range rows {
		lag := r.Longest
		if r.Lag != nil {
			lag = *r.Lag
		}
		list[i] = evenkeel.Heard{Fact: r.ID, Kind: r.Kind.name(), Source: r.Source, Lag: time.Duration(lag) * time.Microsecond}
		if r.Last != r.Source {
			list[i].Other = r.Last
		}
	}
	return list, nil
}
