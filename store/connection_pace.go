package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// maxLags is how many deliveries of a connection are looked at for their lag:
// enough for a 95th percentile, and the same work however much came.
const maxLags = 500

// ConnectionPace says how deliveries came in a window, by the id of their
// connection; connections through which nothing came in it are left out.
func (w *Workspace) ConnectionPace(ctx context.Context, window evenkeel.Window) (map[string]evenkeel.ConnectionPace, error) {
	found := map[string]evenkeel.ConnectionPace{}
	err := w.read(ctx, func(tx *gorm.DB) error {
		if err := w.countArrivals(tx, window, found); err != nil {
			return err
		}
		if err := w.countUnclaimedOf(ctx, tx, window, found); err != nil {
			return err
		}
		return w.measureLags(ctx, tx, window, found)
	})
	if err != nil {
		return nil, fmt.Errorf("store: pace of connections: %w", translate(err))
	}
	return found, nil
}

func (w *Workspace) countArrivals(tx *gorm.DB, window evenkeel.Window, found map[string]evenkeel.ConnectionPace) error {
	var rows []struct {
		Connection string
		Step, N    int64
	}
	// Instants are positive, so both databases round down.
	err := arrivedIn(w.rows(tx.Model(&deliveryRow{})), window).
		Select("connection, received_at / ? AS step, count(*) AS n", evenkeel.ArrivalStep.Microseconds()).
		Group("connection, step").Order("connection, step").Find(&rows).Error
	for _, row := range rows {
		pace := found[row.Connection]
		at := time.UnixMicro(row.Step * evenkeel.ArrivalStep.Microseconds()).UTC()
		pace.Arrivals = append(pace.Arrivals, evenkeel.ArrivalCount{At: at, N: int(row.N)})
		found[row.Connection] = pace
	}
	return err
}

func (w *Workspace) countUnclaimedOf(ctx context.Context, tx *gorm.DB, window evenkeel.Window, found map[string]evenkeel.ConnectionPace) error {
	narrowed, err := w.onlyUnclaimed(tx, of[deliveryRow](w, tx))
	if err != nil {
		return err
	}
	var rows []struct {
		Connection string
		N          int64
	}
	from, to := instantOf(window.From), instantOf(window.To)
	err = narrowed.Where("id >= ? AND id < ? AND received_at >= ? AND received_at < ?", firstID(from), firstID(to+millisecond), from, to).
		Select("connection, count(*) AS n").Group("connection").Scan(ctx, &rows)
	for _, row := range rows {
		pace := found[row.Connection]
		pace.Unclaimed = int(row.N)
		found[row.Connection] = pace
	}
	return err
}

// measureLags compares arrivals with the newest instant that each delivery was
// the first to tell of.
func (w *Workspace) measureLags(ctx context.Context, tx *gorm.DB, window evenkeel.Window, found map[string]evenkeel.ConnectionPace) error {
	connections, err := of[connectionRow](w, tx).Find(ctx)
	if err != nil {
		return err
	}
	for _, c := range connections {
		pace, ok := found[c.ID]
		if !ok {
			continue
		}
		if pace.Lags, err = w.lags(tx, c, window); err != nil {
			return err
		}
		found[c.ID] = pace
	}
	return nil
}

func (w *Workspace) lags(tx *gorm.DB, c connectionRow, window evenkeel.Window) ([]time.Duration, error) {
	newest := arrivedIn(w.rows(tx.Session(&gorm.Session{NewDB: true}).Model(&deliveryRow{})), window).Select("id, received_at").
		Where("connection = ? AND outcome = ?", c.ID, evenkeel.OutcomeRecorded).Order("id DESC").Limit(maxLags)
	var rows []struct{ Received, Said instant }
	err := tx.Session(&gorm.Session{NewDB: true}).Table("(?) AS d", newest).
		Select("d.received_at AS received, max(o.observed_at) AS said").
		Joins("JOIN delivery_facts AS f ON f.workspace = ? AND f.delivery = d.id AND f.fresh = ?", w.slug, true).
		Joins("JOIN observations AS o ON o.workspace = f.workspace AND o.fact = f.fact AND o.digest = f.digest").
		Where("o.observed_at >= ? AND o.observed_at <> d.received_at", c.CreatedAt). // Equal: nobody said when.
		Group("d.id, d.received_at").Order("d.id DESC").Find(&rows).Error
	lags := make([]time.Duration, len(rows))
	for i, row := range rows {
		lags[i] = row.Received.Time().Sub(row.Said.Time())
	}
	return lags, err
}
