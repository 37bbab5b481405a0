package demo

import (
	"iter"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// batchSize is how many events arrive together at most.
const batchSize = 500

// ledger gathers what sources said up to now.
type ledger struct {
	now    time.Time
	events []evenkeel.Event
}

// add notes what became known at an instant; what is not known yet is left out.
func (l *ledger) add(at time.Time, source, id string, p evenkeel.Payload, cleared ...string) {
	if at.After(l.now) {
		return
	}
	l.events = append(l.events, evenkeel.Event{Kind: p.Kind(), ID: id, Source: source, ObservedAt: at, Payload: p, Cleared: cleared})
}

// batches yields the events, which are in order of arrival. Parents of a commit
// arrive before it, because they were noted before it.
func (l *ledger) batches() iter.Seq[[]evenkeel.Event] {
	return slices.Chunk(slices.Clone(l.events), batchSize)
}
