package measure

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// Levels are the service levels of a workspace.
type Levels interface {
	// SLOs lists all that are in force.
	SLOs(ctx context.Context) ([]slo.Definition, error)
	// SLO is the one of a name; [evenkeel.ErrNotFound] if there is none.
	SLO(ctx context.Context, name string) (slo.Definition, error)
}

// Workspace keeps measurements.
type Workspace interface {
	Measurements(ctx context.Context, series string, window evenkeel.Window) ([]evenkeel.Slice, error)
	Record(ctx context.Context, events []evenkeel.Event) (evenkeel.Recorded, error)
}

// Run measures a task on from where its cursor stands. keep is called after
// every window with the cursor after it; what was recorded and not noted is
// recognised when it is measured again.
type Run struct {
	Task      Task
	Place     Place
	Measurer  connectors.Measurer
	Workspace Workspace
	Now       time.Time
	// Keep notes where measuring stands.
	Keep func(ctx context.Context, s Standing) error
}

// Standing is where measuring stands after a window.
type Standing struct {
	Cursor json.RawMessage
	// Done of Total slices are measured.
	Done, Total int
	Complete    bool
}

// Do asks until nothing is due, or as much as one run may.
func (r Run) Do(ctx context.Context, cursor json.RawMessage) error {
	if err := errors.Join(r.Task.Check(r.Place), r.Task.checkSlice()); err != nil {
		return err
	}
	p, err := progressOf(cursor, r.Task)
	if err != nil {
		return err
	}
	for _, window := range p.plan(r.Task, r.Measurer.Terms(), r.Now) {
		answer, err := r.Measurer.Measure(ctx, connectors.Question{
			Indicator: r.Task.Indicator, GroupBy: r.Task.Definition.GroupBy, Slice: r.Task.Definition.Slice, Window: window,
		})
		if err != nil {
			return err
		}
		if err := r.record(ctx, window, answer); err != nil {
			return err
		}
		p = p.take(window, answer)
		p.Delay = r.Task.delay(r.Measurer.Terms())
		if err := r.keep(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// checkSlice refuses slices that the store does not know.
func (t Task) checkSlice() error {
	if s := t.Definition.Slice; s < time.Second || s%time.Second != 0 || time.Hour%s != 0 {
		return fmt.Errorf("%w: evenkeel.dev/slice: %s does not divide an hour; give 10s, 1m, 5m or 1h", evenkeel.ErrInvalid, s)
	}
	return nil
}

func (r Run) keep(ctx context.Context, p Progress) error {
	cursor, err := json.Marshal(p)
	if err != nil {
		return err
	}
	done, total, complete := p.counts(r.Task, r.Measurer.Terms(), r.Now)
	return r.Keep(ctx, Standing{cursor, done, total, complete})
}

// record keeps what is new or has changed of an answer.
func (r Run) record(ctx context.Context, window evenkeel.Window, a connectors.Answer) error {
	var events []evenkeel.Event
	for _, one := range a.Series {
		e := r.event(one.Labels)
		held, err := r.Workspace.Measurements(ctx, evenkeel.FactID(e.Kind, e.Payload.Key(e.Source, e.ID)), window)
		if err != nil && !errors.Is(err, evenkeel.ErrNotFound) {
			return err
		}
		batch := changed(one.Slices, held)
		if len(batch) == 0 {
			continue
		}
		e.named(r.Task.Definition.Name, batch)
		events = append(events, e.Event)
	}
	if len(events) == 0 {
		return nil
	}
	_, err := r.Workspace.Record(ctx, events)
	return err
}

// batch is an event of measurements while it is made.
type batch struct {
	evenkeel.Event

	measurement *evenkeel.Measurement
}

// event is a batch of one series, without slices.
func (r Run) event(labels map[string]string) batch {
	d, name := r.Task.Definition, slo.SeriesNamed(r.Task.Indicator.Series)
	for label, value := range labels {
		name = name.With(label, value)
	}
	m := &evenkeel.Measurement{Application: d.Service, Environment: d.Environment, SliceSeconds: int(d.Slice / time.Second), Series: name.String()}
	return batch{evenkeel.Event{Kind: evenkeel.KindMeasurement, Source: r.Place.Source + ":" + r.Place.Name, ObservedAt: r.Now.UTC(), Payload: m}, m}
}

// named puts slices into a batch and names it after them: the same batch has the
// same name, and one that holds anything else has another.
func (b *batch) named(level string, list []evenkeel.Slice) {
	b.measurement.Slices = list
	text, err := json.Marshal(list)
	if err != nil {
		text = []byte(err.Error()) // Amounts are finite: Measure has seen to it.
	}
	sum := sha256.Sum256(text)
	b.ID = fmt.Sprintf("%s %s %s %x", level, list[0].At.UTC().Format(time.RFC3339), list[len(list)-1].At.UTC().Format(time.RFC3339), sum[:8])
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

// Next is when a task is to be measured next: once a slice and at most once a
// minute, spread by its name, so that not all are asked at once.
func Next(t Task, terms connectors.Terms, now time.Time) time.Time {
	step := max(t.Definition.Slice, time.Minute)
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(t.Stream))
	spread := t.delay(terms)%step + time.Duration(sum.Sum32()%uint32(min(step, time.Minute)/time.Millisecond))*time.Millisecond
	return floor(now.Add(-spread), step).Add(step + spread)
}
