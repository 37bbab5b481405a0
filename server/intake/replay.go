package intake

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// maxReplay is the most deliveries that one replay looks at.
const maxReplay = 10_000

// Kept is what replaying needs of the store.
type Kept interface {
	Deliveries(ctx context.Context, f evenkeel.DeliveryFilter) (evenkeel.Page[evenkeel.Delivery], error)
	Delivery(ctx context.Context, id string) (evenkeel.Delivery, error)
	Reparse(ctx context.Context, id string, outcome evenkeel.Outcome, reason string, events []evenkeel.Event) (evenkeel.Delivered, error)
	Connections(ctx context.Context) ([]evenkeel.Connection, error)
}

// Selection says which deliveries are replayed.
type Selection struct {
	// Filter narrows; its cursor, limit and order are of no account.
	Filter evenkeel.DeliveryFilter
	// IDs are replayed instead of what the filter finds.
	IDs []string
	// DryRun parses everything and writes nothing.
	DryRun bool
}

// ReplayRequest says which deliveries are replayed as people and programs
// write it; since and until are read by those who know the present.
type ReplayRequest struct {
	Source     string   `json:"source,omitempty" maxLength:"63"`
	Connection string   `json:"connection,omitempty" doc:"Id of a connection" maxLength:"100"`
	Since      string   `json:"since,omitempty" doc:"Only what arrived at or after this: an RFC 3339 instant, a date, or a length such as 7d" maxLength:"40"`
	Until      string   `json:"until,omitempty" doc:"Only what arrived before this: an RFC 3339 instant or a date" maxLength:"40"`
	Outcomes   []string `json:"outcomes,omitempty" doc:"recorded, ignored or rejected; without it, rejected and ignored" maxItems:"3"`
	Unclaimed  bool     `json:"unclaimed,omitempty" doc:"Only deliveries with a fact that belongs to no application"`
	IDs        []string `json:"ids,omitempty" doc:"Just these deliveries, whatever else is said" maxItems:"1000"`
	DryRun     bool     `json:"dry_run,omitempty" doc:"Parse everything and write nothing"`
}

// Selection is the request on a window of arrivals. An outcome that is none is
// ErrInvalid.
func (r ReplayRequest) Selection(window evenkeel.Window) (Selection, error) {
	s := Selection{IDs: r.IDs, DryRun: r.DryRun, Filter: evenkeel.DeliveryFilter{
		Source: r.Source, Connection: r.Connection, Unclaimed: r.Unclaimed, Window: window,
		Outcomes: []evenkeel.Outcome{evenkeel.OutcomeRejected, evenkeel.OutcomeIgnored},
	}}
	if len(r.Outcomes) == 0 {
		return s, nil
	}
	var err error
	s.Filter.Outcomes, err = Outcomes("outcomes", r.Outcomes)
	return s, err
}

// Outcomes checks names of outcomes; field is what they are the value of.
func Outcomes(field string, names []string) ([]evenkeel.Outcome, error) {
	known := []evenkeel.Outcome{evenkeel.OutcomeRecorded, evenkeel.OutcomeIgnored, evenkeel.OutcomeRejected}
	var found []evenkeel.Outcome
	for _, name := range names {
		if !slices.Contains(known, evenkeel.Outcome(name)) {
			return nil, evenkeel.FieldErrors{{Field: field, Rule: fmt.Sprintf("%.40q is not one of recorded, ignored, rejected", name)}}
		}
		found = append(found, evenkeel.Outcome(name))
	}
	return found, nil
}

// Noted is what the audit keeps of a replay that changed something.
func (r Replayed) Noted() string {
	return fmt.Sprintf("examined %d, changed %d, observations %d", r.Examined, r.Changed, r.Observations)
}

// Replayed is what became of a replay.
type Replayed struct {
	Examined int `json:"examined"`
	Changed  int `json:"changed" doc:"Deliveries whose outcome, reason or facts are others now"`
	Recorded int `json:"recorded"`
	Ignored  int `json:"ignored"`
	Rejected int `json:"rejected"`
	Expired  int `json:"expired" doc:"Deliveries that cannot be replayed because their bodies were dropped"`
	// Observations and Facts are those of recording; 0 in a dry run.
	Observations int  `json:"observations"`
	Facts        int  `json:"facts"`
	DryRun       bool `json:"dry_run"`
	// Items tells of single deliveries, changed ones first when not all fit.
	Items   []ReplayItem `json:"items" nullable:"false"`
	Omitted int          `json:"omitted" doc:"Deliveries that items leaves out"`
	// More is null when everything was looked at.
	More *time.Time `json:"more" doc:"Go on with this instant as since; null when everything was looked at"`
}

// ReplayItem is what became of one delivery.
type ReplayItem struct {
	ID         string           `json:"id"`
	Event      string           `json:"event"`
	ReceivedAt time.Time        `json:"received_at"`
	Before     evenkeel.Outcome `json:"before"`
	After      evenkeel.Outcome `json:"after"`
	Reason     string           `json:"reason"`
	Events     int              `json:"events"`
}

// Replay parses kept deliveries again, oldest first, with the settings that
// their connections have now, and records what is understood. A delivery that
// was recorded stays so whatever the parser says of it now: its observations
// are there. Doing it again changes nothing.
func Replay(ctx context.Context, kept Kept, chosen Selection, logger *slog.Logger) (Replayed, error) {
	r := replay{kept: kept, logger: logger, done: Replayed{DryRun: chosen.DryRun, Items: []ReplayItem{}}, receivers: map[string]connectors.Receiver{}}
	connections, err := kept.Connections(ctx)
	if err != nil {
		return r.done, err
	}
	r.connections = map[string]evenkeel.Connection{}
	for _, c := range connections {
		r.connections[c.ID] = c
	}
	for d, err := range r.chosen(ctx, chosen) {
		if err != nil {
			return r.finish(), err
		}
		if r.done.Examined == maxReplay {
			r.done.More = &d.ReceivedAt
			break
		}
		if err := r.again(ctx, d); err != nil {
			return r.finish(), err
		}
	}
	return r.finish(), nil
}

type replay struct {
	kept        Kept
	logger      *slog.Logger
	connections map[string]evenkeel.Connection
	receivers   map[string]connectors.Receiver
	done        Replayed
	changed     []ReplayItem
	same        []ReplayItem
}

// chosen yields the selected deliveries, the oldest first; those of a filter
// are without bodies.
func (r *replay) chosen(ctx context.Context, chosen Selection) iter.Seq2[evenkeel.Delivery, error] {
	return func(yield func(evenkeel.Delivery, error) bool) {
		// Ids sort by arrival.
		for _, id := range slices.Compact(slices.Sorted(slices.Values(chosen.IDs))) {
			d, err := r.kept.Delivery(ctx, id)
			if !yield(d, err) || err != nil {
				return
			}
		}
		f := chosen.Filter
		f.Oldest, f.Limit, f.Cursor = true, 500, ""
		for more := len(chosen.IDs) == 0; more; more = f.Cursor != "" {
			page, err := r.kept.Deliveries(ctx, f)
			if err != nil {
				yield(evenkeel.Delivery{}, err)
				return
			}
			for _, d := range page.Items {
				if !yield(d, nil) {
					return
				}
			}
			f.Cursor = page.Next
		}
	}
}

// again replays one delivery.
func (r *replay) again(ctx context.Context, d evenkeel.Delivery) error {
	r.done.Examined++
	if d.Expired {
		r.done.Expired++
		r.note(d, d, false)
		return nil
	}
	full, err := r.kept.Delivery(ctx, d.ID)
	if err != nil {
		return err
	}
	now := full
	receiver, err := r.receiver(full)
	if err != nil {
		now.Reason = Reason(err, evenkeel.ErrNotFound)
	} else {
		now = Understand(ctx, receiver, full, r.logger)
	}
	changed, err := r.apply(ctx, full, &now)
	r.note(full, now, changed)
	return err
}

// apply writes what has changed, and says whether anything has.
func (r *replay) apply(ctx context.Context, before evenkeel.Delivery, now *evenkeel.Delivery) (changed bool, err error) {
	recorded := before.Outcome == evenkeel.OutcomeRecorded
	switch {
	case recorded && now.Outcome != evenkeel.OutcomeRecorded:
		*now = before
		return false, nil
	case r.done.DryRun:
		return before.Outcome != now.Outcome || before.Reason != now.Reason || recorded && factsOf(now.Events) != before.Facts, nil
	case !recorded && before.Outcome == now.Outcome && before.Reason == now.Reason:
		return false, nil
	}
	delivered, err := r.kept.Reparse(ctx, before.ID, now.Outcome, now.Reason, now.Events)
	r.done.Observations += delivered.Observations
	r.done.Facts += delivered.Facts
	return !recorded || delivered.Observations > 0, err
}

// factsOf counts the distinct facts that events name.
func factsOf(events []evenkeel.Event) int {
	named := map[string]bool{}
	for _, e := range events {
		named[evenkeel.FactID(e.Kind, e.Payload.Key(e.Source, e.ID))] = true
	}
	return len(named)
}

// receiver is that of the delivery's connection as it is now; a removed
// connection has no settings.
func (r *replay) receiver(d evenkeel.Delivery) (connectors.Receiver, error) {
	if held, ok := r.receivers[d.Connection]; ok {
		return held, nil
	}
	source, err := connectors.SourceNamed(d.Source)
	if err != nil {
		return nil, fmt.Errorf("this version does not know it: %w", err)
	}
	receiver, err := OpenReceiver(source, connectors.SettingsOf(r.connections[d.Connection]))
	if err == nil {
		r.receivers[d.Connection] = receiver
	}
	return receiver, err
}

func (r *replay) note(before, now evenkeel.Delivery, changed bool) {
	switch now.Outcome {
	case evenkeel.OutcomeRecorded:
		r.done.Recorded++
	case evenkeel.OutcomeIgnored:
		r.done.Ignored++
	case evenkeel.OutcomeRejected:
		r.done.Rejected++
	}
	item := ReplayItem{
		ID: now.ID, Event: now.Event, ReceivedAt: now.ReceivedAt.UTC(), Before: before.Outcome, After: now.Outcome, Reason: now.Reason, Events: len(now.Events),
	}
	switch {
	case changed:
		r.done.Changed++
		r.changed = append(r.changed, item)
	case len(r.same) < maxItems:
		r.same = append(r.same, item)
	}
}

func (r *replay) finish() Replayed {
	items := slices.Concat(r.changed, r.same)
	r.done.Items = append(r.done.Items, items[:min(len(items), maxItems)]...)
	r.done.Omitted = r.done.Examined - len(r.done.Items)
	return r.done
}
