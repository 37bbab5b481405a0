package measure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"net"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
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
	MeasurementsOf(ctx context.Context, series []string, window evenkeel.Window) (map[string][]evenkeel.Slice, error)
	Record(ctx context.Context, events []evenkeel.Event) (evenkeel.Recorded, error)
}

// Work is a task that is measured on from where its cursor stands.
type Work struct {
	Task Task
	Standing
	// Err says why it was not measured on; what was kept before stands.
	Err error

	progress Progress
	// windows are still to be asked for; answer is that of the first.
	windows []evenkeel.Window
	answer  connectors.Answer
}

// Standing is where measuring stands after a window.
type Standing struct {
	Cursor json.RawMessage
	// Done of Total slices are measured.
	Done, Total int
	Complete    bool
}

// Over says that nothing is left to ask in this run.
func (w *Work) Over() bool { return len(w.windows) == 0 }

// Run measures tasks of one connection together: what is due of all of them is
// asked, a few questions at a time, and kept in one transaction, and then the
// next window of those that have more to catch up.
type Run struct {
	Place     Place
	Measurer  connectors.Measurer
	Workspace Workspace
	Now       func() time.Time
	// Keep notes where some tasks stand, after every window; a task that it could
	// not note gets an error. What was recorded and not noted is recognised when
	// it is measured again.
	Keep func(ctx context.Context, some []*Work) error
}

const (
	// inFlight is how many questions one run has under way.
	inFlight = 4
	// catchingUp is how long a run goes on with tasks that have more than one
	// window to ask for; others wait for it.
	catchingUp = 20 * time.Second
	// mostSlices is about how many slices are held until they are kept.
	mostSlices = 20_000
	// grouped is how many series a task with groups is taken to have.
	grouped = 20
)

// Do asks until nothing is due, or as much as one run may.
func (r Run) Do(ctx context.Context, list []*Work) {
	now := r.Now()
	for _, w := range list {
		w.begin(r, now)
	}
	for first := true; ctx.Err() == nil && (first || r.Now().Sub(now) < catchingUp); first = false {
		list = slices.DeleteFunc(slices.Clone(list), func(w *Work) bool { return w.Err != nil || w.Over() })
		if len(list) == 0 {
			return
		}
		r.round(ctx, list, now)
	}
}

func (w *Work) begin(r Run, now time.Time) {
	if w.Err = errors.Join(w.Task.Check(r.Place), w.Task.checkSlice()); w.Err != nil {
		return
	}
	if w.progress, w.Err = progressOf(w.Cursor, w.Task); w.Err == nil {
		w.windows = w.progress.plan(w.Task, r.Measurer.Terms(), now)
	}
}

// weight is about how many slices the next answer has.
func (w *Work) weight() int {
	n := int(w.windows[0].To.Sub(w.windows[0].From) / w.Task.Definition.Slice)
	if len(w.Task.Definition.GroupBy) > 0 {
		n *= grouped
	}
	return n
}

// round asks for the next window of each task.
func (r Run) round(ctx context.Context, list []*Work, now time.Time) {
	for len(list) > 0 {
		n, held := 1, list[0].weight()
		for n < len(list) && held+list[n].weight() <= mostSlices {
			held += list[n].weight()
			n++
		}
		r.ask(ctx, list[:n])
		r.take(ctx, list[:n], now)
		list = list[n:]
	}
}

// ask asks for the next window of tasks. What nobody would be answered is asked
// for once.
func (r Run) ask(ctx context.Context, list []*Work) {
	var asking errgroup.Group
	asking.SetLimit(inFlight)
	var everybody refusal
	for _, w := range list {
		asking.Go(func() error {
			if w.Err = everybody.get(); w.Err == nil {
				d := w.Task.Definition
				w.answer, w.Err = r.Measurer.Measure(ctx, connectors.Question{Indicator: w.Task.Indicator, GroupBy: d.GroupBy, Slice: d.Slice, Window: w.windows[0]})
				everybody.note(w.Err)
			}
			return nil
		})
	}
	_ = asking.Wait() // Errors are those of tasks.
}

// refusal is why nobody is answered.
type refusal struct {
	mu  sync.Mutex
	err error
}

func (r *refusal) get() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// note keeps an error that is not that of one question.
func (r *refusal) note(err error) {
	if forAll(err) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.err = err
	}
}

// forAll says that an error is that of the connection: it is not reached, wants
// no questions for a while, or refuses who asks.
func forAll(err error) bool {
	_, network := errors.AsType[*net.OpError](err)
	_, limited := errors.AsType[*outgoing.LimitError](err)
	return network || limited || errors.Is(err, connectors.ErrRefused)
}

// take keeps the answers of tasks, and notes where they stand.
func (r Run) take(ctx context.Context, list []*Work, now time.Time) {
	list = answered(list)
	if err := r.record(ctx, list, now); err != nil {
		for _, w := range list { // One of them may be at fault.
			w.Err = r.record(ctx, []*Work{w}, now)
		}
	}
	list = answered(list)
	for _, w := range list {
		w.progress = w.progress.take(w.Task, w.windows[0], w.answer, now)
		w.progress.Delay = w.Task.delay(r.Measurer.Terms())
		w.windows, w.answer = w.windows[1:], connectors.Answer{}
		w.Cursor, w.Err = json.Marshal(w.progress)
		w.Done, w.Total, w.Complete = w.progress.counts(w.Task, r.Measurer.Terms(), now)
	}
	if list = answered(list); len(list) == 0 {
		return
	}
	if err := r.Keep(ctx, list); err != nil {
		for _, w := range list {
			w.Err = err
		}
	}
}

func answered(list []*Work) []*Work {
	return slices.DeleteFunc(slices.Clone(list), func(w *Work) bool { return w.Err != nil })
}

// checkSlice refuses slices that the store does not know.
func (t Task) checkSlice() error {
	if s := t.Definition.Slice; s < time.Second || s%time.Second != 0 || time.Hour%s != 0 {
		return fmt.Errorf("%w: evenkeel.dev/slice: %s does not divide an hour; give 10s, 1m, 5m or 1h", evenkeel.ErrInvalid, s)
	}
	return nil
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
