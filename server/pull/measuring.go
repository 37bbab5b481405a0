package pull

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server/measure"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// measureInterval is the pause after a question that failed.
const measureInterval = time.Minute

// levels are the streams of a monitoring system: one for every indicator that
// it is asked for.
func (r *reading) levels(ctx context.Context, m connectors.Measurer) (names []string, err error) {
	if r.Levels == nil {
		return nil, nil
	}
	place, err := r.place(ctx, m)
	if err != nil {
		return nil, err
	}
	definitions, err := r.Levels(r.connection.Workspace).SLOs(ctx)
	for _, task := range measure.Tasks(definitions, place) {
		names = append(names, task.Stream)
	}
	return names, err
}

// place is the connection as documents may name it.
func (r *reading) place(ctx context.Context, m connectors.Measurer) (measure.Place, error) {
	connections, err := r.w.Connections(ctx)
	others := slices.ContainsFunc(connections, func(c evenkeel.Connection) bool {
		return c.Source == r.connection.Source && c.ID != r.connection.ID
	})
	return measure.Place{Name: r.connection.Name, Source: r.source.Name, Address: m.Terms().Address, Only: !others}, err
}

// measure asks for what is due of one indicator.
func (r *reading) measure(ctx context.Context, m connectors.Measurer) error {
	task, place, err := r.task(ctx, m)
	if err != nil {
		return err
	}
	run := measure.Run{Task: task, Place: place, Measurer: m, Workspace: r.w, Now: r.Outside.Now(), Keep: r.keep}
	if err := run.Do(ctx, r.stream.Cursor); err != nil {
		return err
	}
	r.pace = time.Second
	if r.stream.Complete {
		now := r.Outside.Now()
		r.pace = measure.Next(task, m.Terms(), now).Sub(now)
	}
	return nil
}

// task is the indicator of the stream; [evenkeel.ErrNotFound] if it is gone.
func (r *reading) task(ctx context.Context, m connectors.Measurer) (task measure.Task, place measure.Place, err error) {
	gone := fmt.Errorf("service level %q: %w", measure.DefinitionIn(r.stream.Name), evenkeel.ErrNotFound)
	if r.Levels == nil {
		return task, place, gone
	}
	definition, err := r.Levels(r.connection.Workspace).SLO(ctx, measure.DefinitionIn(r.stream.Name))
	if err != nil {
		return task, place, err
	}
	if place, err = r.place(ctx, m); err != nil {
		return task, place, err
	}
	for _, one := range measure.Tasks([]slo.Definition{definition}, place) {
		if one.Stream == r.stream.Name {
			return one, place, nil
		}
	}
	return task, place, gone
}

// keep notes where measuring stands.
func (r *reading) keep(ctx context.Context, s measure.Standing) error {
	next := r.stream
	next.Cursor, next.Done, next.Total, next.Complete, next.LastAt = s.Cursor, s.Done, s.Total, s.Complete, r.Outside.Now()
	saved, err := r.w.SaveStream(ctx, next)
	if err == nil {
		r.stream = saved
	}
	return err
}
