package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/demo"
	"github.com/evenkeel-dev/evenkeel/store"
)

// demoEvery is how often it is looked whether the demo has something to measure.
const demoEvery = 30 * time.Second

// demoPresent is the demo workspace after its year: its service levels go on
// being measured, so that their budgets are those of the present.
type demoPresent struct {
	workspace *store.Workspace
	seed      uint64
	now       func() time.Time
	logger    *slog.Logger
}

// stay measures until the context ends.
func (d *demoPresent) stay(ctx context.Context) error {
	tick := time.NewTicker(demoEvery)
	defer tick.Stop()
	for {
		if err := d.measure(ctx); err != nil && ctx.Err() == nil {
			d.logger.ErrorContext(ctx, "the demo's service levels were not measured", slog.Any("err", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// measure records the slices that ended since the last one that was recorded.
func (d *demoPresent) measure(ctx context.Context) error {
	known, err := d.workspace.Series(ctx, evenkeel.EntryFilter{Kinds: []evenkeel.Kind{evenkeel.KindMeasurement}, Sources: []string{demo.Monitor}})
	if err != nil {
		return err
	}
	var last time.Time
	for _, s := range known {
		if s.LastAt.After(last) {
			last = s.LastAt
		}
	}
	if last.IsZero() {
		return nil
	}
	events := demo.Measured(d.seed, evenkeel.Window{From: last.Add(demo.SliceLength), To: d.now()})
	if len(events) == 0 {
		return nil
	}
	_, err = d.workspace.Record(ctx, events)
	return err
}
