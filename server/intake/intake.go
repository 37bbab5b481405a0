// Package intake takes a stream of events in: it records the valid ones in
// batches and tells of every other one why it was refused.
package intake

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// batchSize is how many events are recorded at once.
const batchSize = 1000

// maxItems is how many items an answer tells of; refused ones come first.
const maxItems = 1000

// Status is what became of an item.
type Status string

// The states of an item.
const (
	Accepted Status = "accepted"
	Rejected Status = "rejected"
)

// Item is what became of one event of the input.
type Item struct {
	// Index counts from 0, Line from 1.
	Index  int           `json:"index"`
	Line   int           `json:"line,omitempty"`
	Kind   evenkeel.Kind `json:"kind,omitempty"`
	ID     string        `json:"id,omitempty"`
	Status Status        `json:"status"`
	// Errors are the reasons of a refusal, each naming the field and the fix.
	Errors []evenkeel.FieldError `json:"errors,omitempty"`
}

// Summary is what became of an input.
type Summary struct {
	Accepted int `json:"accepted"`
	Rejected int `json:"rejected"`
	evenkeel.Recorded
	DryRun bool `json:"dry_run"`
	// Items tells of single events, refused ones first when not all fit.
	Items []Item `json:"items"`
	// Omitted counts the accepted and refused items that Items leaves out.
	Omitted int `json:"omitted"`
}

// Unreadable says that the input holds nothing that could be read as an
// event, valid or not.
func (s Summary) Unreadable() bool {
	if s.Accepted > 0 || s.Rejected == 0 {
		return false
	}
	for _, item := range s.Items {
		for _, e := range item.Errors {
			if e.Field != "" {
				return false
			}
		}
	}
	return true
}

// Options say what to do with the events.
type Options struct {
	// Received completes events that carry no instant.
	Received time.Time
	// DryRun checks everything and records nothing.
	DryRun bool
	// Record keeps a batch.
	Record func(context.Context, []evenkeel.Event) (evenkeel.Recorded, error)
	// Progress, if set, hears of the number of items read.
	Progress func(items int)
}

// Take reads the items to the end. What was recorded before an error stays
// recorded, and the summary tells how much; sending the whole input again is
// harmless.
func Take(ctx context.Context, items iter.Seq2[connectors.Item, error], o Options) (Summary, error) {
	t := taker{Options: o, sum: Summary{DryRun: o.DryRun}}
	for item, err := range items {
		if err != nil {
			t.refuse(item, err)
			return t.finish(ctx, err)
		}
		if err := t.take(ctx, item); err != nil {
			return t.finish(ctx, err)
		}
	}
	return t.finish(ctx, nil)
}

type taker struct {
	Options
	sum      Summary
	pending  []evenkeel.Event
	accepted []Item
	rejected []Item
}

func (t *taker) take(ctx context.Context, item connectors.Item) error {
	if item.Err != nil {
		t.refuse(item, item.Err)
		return nil //nolint:nilerr // A refused item is told of, not an end.
	}
	t.sum.Accepted++
	if len(t.accepted) < maxItems {
		t.accepted = append(t.accepted, Item{Index: item.Index, Line: item.Line, Kind: item.Event.Kind, ID: item.Event.ID, Status: Accepted})
	}
	t.pending = append(t.pending, item.Event.Complete(t.Received))
	if len(t.pending) < batchSize {
		return nil
	}
	return t.flush(ctx)
}

func (t *taker) refuse(item connectors.Item, err error) {
	t.sum.Rejected++
	if len(t.rejected) == maxItems {
		return
	}
	t.rejected = append(t.rejected, Item{
		Index: item.Index, Line: item.Line, Kind: item.Event.Kind, ID: item.Event.ID, Status: Rejected, Errors: reasons(err),
	})
}

func reasons(err error) []evenkeel.FieldError {
	if fields, ok := errors.AsType[evenkeel.FieldErrors](err); ok {
		return fields
	}
	return []evenkeel.FieldError{{Rule: err.Error()}}
}

func (t *taker) flush(ctx context.Context) error {
	if t.Progress != nil {
		t.Progress(t.sum.Accepted + t.sum.Rejected)
	}
	if t.DryRun || len(t.pending) == 0 {
		t.pending = t.pending[:0]
		return nil
	}
	recorded, err := t.Record(ctx, t.pending)
	t.pending = t.pending[:0]
	t.sum.Observations += recorded.Observations
	t.sum.Repeated += recorded.Repeated
	t.sum.Facts += recorded.Facts
	t.sum.Revision = max(t.sum.Revision, recorded.Revision)
	return err
}

// finish records what is pending, unless recording itself failed.
func (t *taker) finish(ctx context.Context, cause error) (Summary, error) {
	err := cause
	if cause == nil || errors.Is(cause, evenkeel.ErrInvalid) {
		err = errors.Join(cause, t.flush(ctx))
	}
	t.sum.Items = slices.Concat(t.rejected, t.accepted[:min(len(t.accepted), maxItems-len(t.rejected))])
	if t.sum.Items == nil {
		t.sum.Items = []Item{}
	}
	t.sum.Omitted = t.sum.Accepted + t.sum.Rejected - len(t.sum.Items)
	return t.sum, err
}
