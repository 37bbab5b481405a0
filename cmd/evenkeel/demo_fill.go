package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/demo"
	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/store"
)

// demoLive is how much of the invented year is taken in as it would have come:
// within the hour, not at once.
const demoLive = 2 * 24 * time.Hour

// demoClock is the clock of the demo's store: while the year is filled in it
// shows when things became known, afterwards the present.
type demoClock struct {
	now   func() time.Time
	known atomic.Pointer[time.Time]
}

// Now is the clock's time.
func (c *demoClock) Now() time.Time {
	if known := c.known.Load(); known != nil {
		return *known
	}
	return c.now()
}

// filling is the demo workspace while its year is filled in.
type filling struct {
	workspace *store.Workspace
	clock     *demoClock
	bar       *progress
	until     time.Time
	pending   []evenkeel.Event
	done      int
	// deliveries, service levels and corrections are still to come, oldest first.
	deliveries  []evenkeel.Delivery
	levels      []evenkeel.ServiceLevel
	corrections []evenkeel.Correction
}

// fillDemo records the invented year.
func (p *Process) fillDemo(ctx context.Context, s *store.Store, o demo.Options, world demo.World, clock *demoClock) error {
	w := s.In(world.Slug)
	f := &filling{workspace: w, clock: clock, bar: p.progress("Inventing a year"), until: clock.Now()}
	f.levels, f.corrections = demo.ServiceLevels(o)
	defer f.bar.finish()
	defer clock.known.Store(nil)
	begun := f.until.AddDate(-1, 0, -1)
	clock.known.Store(&begun)
	if err := w.ApplyCatalogue(ctx, world.Catalogue); err != nil {
		return err
	}
	if err := f.understand(ctx, world); err != nil {
		return err
	}
	for batch := range world.Events() {
		if err := f.take(ctx, batch); err != nil {
			return err
		}
	}
	if err := f.record(ctx); err != nil {
		return err
	}
	if err := f.deliver(ctx, f.until); err != nil {
		return err
	}
	clock.known.Store(nil)
	_, err := newDeriver(s).Results(ctx, world.Slug)
	return err
}

// take records what came long ago day by day, and the last days hour by hour,
// so that what was known at an instant is what had happened by then.
func (f *filling) take(ctx context.Context, batch []evenkeel.Event) error {
	for _, e := range batch {
		step := 24 * time.Hour
		if f.live(e) {
			step = time.Hour
		}
		if n := len(f.pending); n > 0 && (n >= demoBatch || !e.ObservedAt.Truncate(step).Equal(f.pending[n-1].ObservedAt.Truncate(step))) {
			if err := f.record(ctx); err != nil {
				return err
			}
		}
		f.pending = append(f.pending, e)
	}
	return nil
}

func (f *filling) live(e evenkeel.Event) bool { return e.ObservedAt.After(f.until.Add(-demoLive)) }

func (f *filling) record(ctx context.Context) error {
	if len(f.pending) == 0 {
		return nil
	}
	known := f.pending[len(f.pending)-1].ObservedAt.Add(2 * time.Second)
	f.clock.known.Store(&known)
	_, err := f.workspace.Record(ctx, f.pending)
	f.done += len(f.pending)
	f.pending = f.pending[:0]
	f.bar.set(f.done, -1)
	if err != nil {
		return err
	}
	if err := f.promise(ctx, known); err != nil {
		return err
	}
	return f.deliver(ctx, known)
}

// promise keeps service levels and corrections that were made until an instant.
func (f *filling) promise(ctx context.Context, until time.Time) error {
	for len(f.levels) > 0 && !f.levels[0].At.After(until) {
		l := f.levels[0]
		change := evenkeel.ServiceLevelChange{ID: l.ID, Application: l.Application, Document: l.Document, Source: l.Source, By: l.By}
		if _, _, err := f.workspace.SaveServiceLevel(ctx, change); err != nil {
			return err
		}
		f.levels = f.levels[1:]
	}
	for len(f.corrections) > 0 && !f.corrections[0].At.After(until) {
		if _, err := f.workspace.AddCorrection(ctx, f.corrections[0]); err != nil {
			return err
		}
		f.corrections = f.corrections[1:]
	}
	return nil
}

// deliver takes in what the invented code host delivered until an instant.
func (f *filling) deliver(ctx context.Context, until time.Time) error {
	n := 0
	for n < len(f.deliveries) && !f.deliveries[n].ReceivedAt.After(until) {
		n++
	}
	if n == 0 {
		return nil
	}
	_, err := f.workspace.Deliver(ctx, f.deliveries[:n])
	f.deliveries = f.deliveries[n:]
	return err
}

// understand reads what was delivered through the invented connections, with
// their connectors.
func (f *filling) understand(ctx context.Context, world demo.World) error {
	for _, feed := range world.Feeds() {
		if err := f.connect(ctx, feed); err != nil {
			return fmt.Errorf("connection %s: %w", feed.Connection.Name, err)
		}
	}
	slices.SortStableFunc(f.deliveries, func(a, b evenkeel.Delivery) int { return a.ReceivedAt.Compare(b.ReceivedAt) })
	return nil
}

func (f *filling) connect(ctx context.Context, feed demo.Feed) error {
	source, err := connectors.SourceNamed(feed.Connection.Source)
	if err != nil {
		return err
	}
	receiver, err := source.Open(feed.Connection.Settings)
	if err != nil {
		return err
	}
	connection, err := f.workspace.SaveConnection(ctx, feed.Connection)
	if err != nil {
		return err
	}
	for _, stream := range feed.Streams {
		stream.Connection = connection.ID
		if _, err := f.workspace.SaveStream(ctx, stream); err != nil {
			return err
		}
	}
	for _, d := range feed.Deliveries {
		d.Connection, d.Source, d.Size = connection.ID, source.Name, len(d.Body)
		f.deliveries = append(f.deliveries, intake.Understand(ctx, receiver, d, slog.New(slog.DiscardHandler)))
	}
	return nil
}
