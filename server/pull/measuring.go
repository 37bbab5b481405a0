package pull

import (
	"context"
	"fmt"
	"log/slog"
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
	place, err := r.place(ctx, r.source, r.connection, m)
	if err != nil {
		return nil, err
	}
	definitions, err := r.Levels(r.connection.Workspace).SLOs(ctx)
	for _, task := range measure.Tasks(definitions, place) {
		names = append(names, task.Stream)
	}
	return names, err
}

// place is a connection as documents may name it.
func (r *Reader) place(ctx context.Context, source connectors.Source, c evenkeel.Connection, m connectors.Measurer) (measure.Place, error) {
	connections, err := r.Workspace(c.Workspace).Connections(ctx)
	others := slices.ContainsFunc(connections, func(other evenkeel.Connection) bool { return other.Source == c.Source && other.ID != c.ID })
	return measure.Place{Name: c.Name, Source: source.Name, Address: m.Terms().Address, Only: !others}, err
}

// Measure asks for what is due of some streams of one connection, all of which
// measure service levels. What is due no more, another process has measured.
func (r *Reader) Measure(ctx context.Context, workspace, connection string, names []string) error {
	w := r.Workspace(workspace)
	streams, err := w.StreamsNamed(ctx, connection, names)
	if err != nil {
		return err
	}
	now := r.Outside.Now()
	streams = slices.DeleteFunc(streams, func(s evenkeel.Stream) bool { return s.NextAt.After(now) })
	if len(streams) == 0 {
		return nil
	}
	held, err := r.Store.Connection(ctx, connection)
	if err != nil {
		return err
	}
	round := &measuring{Reader: r, w: w, connection: held}
	for _, s := range streams {
		round.list = append(round.list, &reading{Reader: r, w: w, connection: held, stream: s})
	}
	return round.run(ctx)
}

// measuring is streams of one connection while they are measured.
type measuring struct {
	*Reader
	w          Workspace
	connection evenkeel.Connection
	list       []*reading
	// of are the streams of what is measured.
	of map[*measure.Work]*reading
	// saved are those of which is noted when they are measured next.
	saved map[*reading]bool
}

func (m *measuring) run(ctx context.Context) error {
	source, measurer, err := m.open()
	if measurer == nil && err == nil {
		return m.forget(ctx)
	}
	why := map[*reading]error{}
	if err == nil {
		why, err = m.ask(ctx, source, measurer)
	}
	var left []*reading
	var failed []string
	for _, one := range m.list {
		if m.saved[one] || one.gone {
			continue
		}
		if why[one] == nil {
			why[one] = err
		}
		if one.note(why[one]); one.stream.Error != "" {
			failed = append(failed, one.stream.Error)
		}
		left = append(left, one)
	}
	if len(failed) > 0 {
		m.Logger.WarnContext(ctx, "service levels not measured", slog.String("connection", m.connection.ID), slog.Int("of", len(m.list)), slog.Int("failed", len(failed)), slog.String("error", failed[0]))
	}
	return m.save(context.WithoutCancel(ctx), left)
}

// open is what asks the connection; nil where nobody does.
func (m *measuring) open() (source connectors.Source, measurer connectors.Measurer, err error) {
	if source, err = connectors.SourceNamed(m.connection.Source); err != nil {
		return source, nil, err
	}
	puller, err := m.pullers.of(source, m.connection, m.outside(m.connection))
	if err != nil || puller == nil {
		return source, nil, err
	}
	measurer, ok := puller.(connectors.Measurer)
	if !ok {
		return source, nil, fmt.Errorf("%w: %s measures nothing", evenkeel.ErrNotFound, source.Name)
	}
	return source, measurer, nil
}

// forget lets go of streams that nobody asks for any more.
func (m *measuring) forget(ctx context.Context) error {
	for _, one := range m.list {
		if err := m.w.RemoveStream(ctx, m.connection.ID, one.stream.Name); err != nil {
			return err
		}
	}
	return nil
}

// ask measures all that can be, and says of what it could not why.
func (m *measuring) ask(ctx context.Context, source connectors.Source, measurer connectors.Measurer) (why map[*reading]error, err error) {
	why = map[*reading]error{}
	place, err := m.place(ctx, source, m.connection, measurer)
	if err != nil {
		return why, err
	}
	m.of, m.saved = map[*measure.Work]*reading{}, map[*reading]bool{}
	var list []*measure.Work
	for _, one := range m.list {
		task, err := m.task(ctx, one.stream.Name, place)
		if err != nil {
			why[one] = err
			continue
		}
		work := &measure.Work{Task: task, Standing: measure.Standing{Cursor: one.stream.Cursor}}
		list, m.of[work] = append(list, work), one
	}
	run := measure.Run{Place: place, Measurer: measurer, Workspace: m.w, Now: m.Outside.Now, Keep: func(ctx context.Context, some []*measure.Work) error { return m.keep(ctx, measurer, some) }}
	run.Do(ctx, list)
	for _, work := range list {
		why[m.of[work]] = work.Err
	}
	return why, nil
}

// task is the indicator of a stream; [evenkeel.ErrNotFound] if it is gone.
func (m *measuring) task(ctx context.Context, stream string, place measure.Place) (task measure.Task, err error) {
	name := measure.DefinitionIn(stream)
	gone := fmt.Errorf("service level %q: %w", name, evenkeel.ErrNotFound)
	if m.Levels == nil {
		return task, gone
	}
	definition, err := m.Levels(m.connection.Workspace).SLO(ctx, name)
	if err != nil {
		return task, err
	}
	for _, one := range measure.Tasks([]slo.Definition{definition}, place) {
		if one.Stream == stream {
			return one, nil
		}
	}
	return task, gone
}

// keep notes where measuring stands, and of what is measured to its end when it
// goes on.
func (m *measuring) keep(ctx context.Context, measurer connectors.Measurer, some []*measure.Work) error {
	now := m.Outside.Now()
	list := make([]*reading, len(some))
	for i, work := range some {
		one := m.of[work]
		one.stream.Cursor, one.stream.Done, one.stream.Total, one.stream.Complete, one.stream.LastAt = work.Cursor, work.Done, work.Total, work.Complete, now
		if one.pace = time.Second; work.Complete {
			one.pace = measure.Next(work.Task, measurer.Terms(), now).Sub(now)
		}
		if work.Over() {
			one.note(nil)
		}
		list[i] = one
	}
	if err := m.save(ctx, list); err != nil {
		return err
	}
	for i, work := range some {
		switch {
		case list[i].gone:
			work.Err = evenkeel.ErrConflict
		case work.Over():
			m.saved[list[i]] = true
		}
	}
	return nil
}

// save keeps streams. Those that another process has read on are gone from here.
func (m *measuring) save(ctx context.Context, list []*reading) error {
	list = slices.DeleteFunc(slices.Clone(list), func(one *reading) bool { return one.gone })
	streams := make([]evenkeel.Stream, len(list))
	for i, one := range list {
		streams[i] = one.stream
	}
	saved, err := m.w.SaveStreams(ctx, m.connection.ID, streams)
	if err != nil {
		return fmt.Errorf("reading of %s: %w", m.connection.Name, err)
	}
	for _, one := range list {
		next, kept := saved[one.stream.Name]
		if one.gone = !kept; kept {
			one.stream = next
		}
	}
	return nil
}
