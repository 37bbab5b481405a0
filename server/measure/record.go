package measure

import (
	"context"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// record keeps what is new or has changed of answers.
func (r Run) record(ctx context.Context, list []*Work, now time.Time) error {
	held, err := r.held(ctx, list, now)
	if err != nil {
		return err
	}
	var events []evenkeel.Event
	for _, w := range list {
		for _, one := range w.answer.Series {
			e := r.event(w.Task, one.Labels, now)
			if fresh := changed(one.Slices, held[e.series()]); len(fresh) > 0 {
				e.measurement.Slices = fresh
				events = append(events, e.Event)
			}
		}
	}
	if len(events) == 0 {
		return nil
	}
	_, err = r.Workspace.Record(ctx, events)
	return err
}

// held are the slices that are known of what was answered, by series.
func (r Run) held(ctx context.Context, list []*Work, now time.Time) (map[string][]evenkeel.Slice, error) {
	asked := map[evenkeel.Window][]string{}
	for _, w := range list {
		for _, one := range w.answer.Series {
			asked[w.windows[0]] = append(asked[w.windows[0]], r.event(w.Task, one.Labels, now).series())
		}
	}
	held := map[string][]evenkeel.Slice{}
	for window, ids := range asked {
		found, err := r.Workspace.MeasurementsOf(ctx, ids, window)
		if err != nil {
			return nil, err
		}
		for id, list := range found {
			held[id] = append(held[id], list...)
		}
	}
	return held, nil
}

// batch is an event of measurements while it is made.
type batch struct {
	evenkeel.Event

	measurement *evenkeel.Measurement
}

// series is the id of the series that a batch is of.
func (b batch) series() string { return evenkeel.FactID(b.Kind, b.Payload.Key(b.Source, b.ID)) }

// event is a batch of one series of a task, without slices. It has no name: what
// a source answers now holds, also where it has answered the same before and
// something else in between.
func (r Run) event(t Task, labels map[string]string, now time.Time) batch {
	d, name := t.Definition, slo.SeriesNamed(t.Indicator.Series)
	for label, value := range labels {
		name = name.With(label, value)
	}
	m := &evenkeel.Measurement{Application: d.Service, Environment: d.Environment, SliceSeconds: int(d.Slice / time.Second), Series: name.String()}
	return batch{evenkeel.Event{Kind: evenkeel.KindMeasurement, Source: r.Place.Source + ":" + r.Place.Name, ObservedAt: now.UTC(), Payload: m}, m}
}

// changed are the slices that are not held, or held otherwise.
func changed(list, held []evenkeel.Slice) (fresh []evenkeel.Slice) {
	known := make(map[int64]evenkeel.Slice, len(held))
	for _, s := range held {
		known[s.At.Unix()] = s
	}
	for _, s := range list {
		if before, ok := known[s.At.Unix()]; !ok || !same(s, before) {
			fresh = append(fresh, s)
		}
	}
	return fresh
}

func same(a, b evenkeel.Slice) bool {
	return equal(a.Good, b.Good) && equal(a.Bad, b.Bad) && equal(a.Total, b.Total) && equal(a.Value, b.Value)
}

func equal(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
