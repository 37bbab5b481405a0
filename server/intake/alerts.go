package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// alertInterval is how often alerts are looked at.
const alertInterval = 5 * time.Second

// AlertStore is what making incidents of alerts needs of a workspace.
type AlertStore interface {
	Revision(ctx context.Context) (int64, error)
	Connections(ctx context.Context) ([]evenkeel.Connection, error)
	ChangedFacts(ctx context.Context, k evenkeel.Kind, source string, after int64) ([]evenkeel.ChangedFact, int64, error)
	Record(ctx context.Context, events []evenkeel.Event) (evenkeel.Recorded, error)
}

// Alerts keeps incidents equal to what the rules of connections make of the
// alerts that are known. What it holds in memory can be lost at any time:
// everything is computed from facts, so several processes may do it at once.
// It is for one goroutine.
type Alerts struct {
	workspace func(slug string) AlertStore
	now       func() time.Time
	logger    *slog.Logger
	held      map[string]*alertBook
}

// NewAlerts makes one over the workspaces of a store.
func NewAlerts(workspace func(slug string) AlertStore, now func() time.Time, logger *slog.Logger) *Alerts {
	return &Alerts{workspace: workspace, now: now, logger: logger, held: map[string]*alertBook{}}
}

// Run follows all workspaces until the context ends.
func (a *Alerts) Run(ctx context.Context, workspaces func(context.Context) ([]evenkeel.WorkspaceInfo, error)) error {
	tick := time.NewTicker(alertInterval)
	defer tick.Stop()
	for {
		known, err := workspaces(ctx)
		for _, w := range known {
			err = errors.Join(err, a.Settle(ctx, w.Slug))
		}
		if err != nil && ctx.Err() == nil {
			a.logger.ErrorContext(ctx, "incidents do not follow alerts", slog.Any("err", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Settle makes the incidents of one workspace what the rules make of its
// alerts now. Doing it again changes nothing.
func (a *Alerts) Settle(ctx context.Context, slug string) error {
	w := a.workspace(slug)
	connections, err := w.Connections(ctx)
	if err != nil {
		return err
	}
	for source, rules := range alertRules(connections) {
		name := slug + "\x1f" + source
		if a.held[name] == nil || a.held[name].settings != rules.settings {
			a.held[name] = newAlertBook(source, rules)
		}
		if err := a.held[name].settle(ctx, w, a.now()); err != nil {
			delete(a.held, name)
			return fmt.Errorf("alerts of %s: %w", source, err)
		}
	}
	return nil
}

// sourceRules are the rules of all connections that receive the same alerts.
type sourceRules struct {
	list []*connectors.AlertRules
	// settings stand for the rules.
	settings string
}

// alertRules finds the rules of every source of alerts. A source of which one
// connection has wrong settings is left as it is.
func alertRules(connections []evenkeel.Connection) map[string]sourceRules {
	found, broken := map[string]sourceRules{}, map[string]bool{}
	for _, c := range connections {
		source, err := connectors.SourceNamed(c.Source)
		if err != nil {
			continue
		}
		receiver, err := source.Open(c.Settings)
		alerting, ok := receiver.(connectors.Alerting)
		switch {
		case !ok:
		case err != nil:
			broken[alerting.AlertRules().Source()] = true
		default:
			rules := alerting.AlertRules()
			held := found[rules.Source()]
			held.list = append(held.list, rules)
			held.settings += c.ID + string(c.Settings) + "\x1f"
			found[rules.Source()] = held
		}
	}
	maps.DeleteFunc(found, func(source string, _ sourceRules) bool { return broken[source] })
	return found
}

// alertBook is what is known of the alerts of one source.
type alertBook struct {
	source   string
	rules    []*connectors.AlertRules
	settings string
	// revision is that up to which facts were read; 0 before the first time.
	revision int64
	// spans are by rules and by alert.
	spans []map[string]connectors.AlertSpan
	// held are the incidents that were made, by external id.
	held map[string]heldIncident
	due  time.Time
}

// heldIncident is an incident as the store has it.
type heldIncident struct {
	text     string
	facts    evenkeel.Incident
	observed time.Time
	gone     bool
	// written is what was last written of it here.
	written string
}

func newAlertBook(source string, rules sourceRules) *alertBook {
	b := &alertBook{source: source, rules: rules.list, settings: rules.settings, held: map[string]heldIncident{}}
	for range rules.list {
		b.spans = append(b.spans, map[string]connectors.AlertSpan{})
	}
	return b
}

func (b *alertBook) settle(ctx context.Context, w AlertStore, now time.Time) error {
	revision, err := w.Revision(ctx)
	if err != nil || revision == b.revision && revision > 0 && (b.due.IsZero() || now.Before(b.due)) {
		return err
	}
	if err := b.read(ctx, w); err != nil {
		return err
	}
	events := b.differences(now)
	if len(events) == 0 {
		return nil
	}
	_, err = w.Record(ctx, events)
	return err
}

// read brings the book up to date with the facts.
func (b *alertBook) read(ctx context.Context, w AlertStore) error {
	incidents, revision, err := w.ChangedFacts(ctx, evenkeel.KindIncident, b.source, b.revision)
	if err != nil {
		return err
	}
	for _, f := range incidents {
		if !strings.HasPrefix(f.ExternalID, connectors.AlertIncident) {
			continue
		}
		one := heldIncident{observed: f.ObservedAt, gone: f.Gone}
		if before := b.held[f.ExternalID]; before.observed.Equal(f.ObservedAt) {
			one.written = before.written
		}
		if err := json.Unmarshal(f.Fields, &one.facts); err != nil {
			return err
		}
		if one.text, err = incidentText(one.facts); err != nil {
			return err
		}
		b.held[f.ExternalID] = one
	}
	if err := b.readAlerts(ctx, w); err != nil {
		return err
	}
	b.revision = revision
	return nil
}

// readAlerts comes after incidents and may know more: that is read again the
// next time.
func (b *alertBook) readAlerts(ctx context.Context, w AlertStore) error {
	alerts, _, err := w.ChangedFacts(ctx, evenkeel.KindAlert, b.source, b.revision)
	if err != nil {
		return err
	}
	for _, f := range alerts {
		var alert evenkeel.Alert
		if err := json.Unmarshal(f.Fields, &alert); err != nil {
			return err
		}
		for i, rules := range b.rules {
			delete(b.spans[i], f.ID)
			if span, takes := rules.Take(alert); takes && !f.Gone {
				b.spans[i][f.ID] = span
			}
		}
	}
	return nil
}

// wanted are the incidents that the rules make, by external id.
func (b *alertBook) wanted(now time.Time) map[string]evenkeel.Event {
	wanted := map[string]evenkeel.Event{}
	b.due = time.Time{}
	for i := range b.rules {
		events, due := connectors.AlertIncidents(b.source, slices.Collect(maps.Values(b.spans[i])), now)
		for _, e := range events {
			if _, twice := wanted[e.ID]; !twice {
				wanted[e.ID] = e
			}
		}
		if !due.IsZero() && (b.due.IsZero() || due.Before(b.due)) {
			b.due = due
		}
	}
	return wanted
}

// differences are the events that make the incidents what they should be. An
// event holds against everything said before, whatever the clocks say.
func (b *alertBook) differences(now time.Time) []evenkeel.Event {
	wanted := b.wanted(now)
	var events []evenkeel.Event
	add := func(e evenkeel.Event, text string) {
		held := b.held[e.ID]
		if held.written == text {
			return // It did not help the last time.
		}
		e.ObservedAt = now.UTC().Truncate(time.Microsecond)
		if next := held.observed.Add(time.Microsecond); e.ObservedAt.Before(next) {
			e.ObservedAt = next
		}
		held.written, held.observed = text, e.ObservedAt
		b.held[e.ID] = held
		events = append(events, e)
	}
	for _, id := range slices.Sorted(maps.Keys(wanted)) {
		e := wanted[id]
		text, err := incidentText(*e.Payload.(*evenkeel.Incident)) //nolint:forcetypeassert // Alerts become incidents.
		if held := b.held[id]; err == nil && (held.gone || held.text != text) {
			add(e, text)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(b.held)) {
		if held := b.held[id]; !held.gone && held.text != "" && wanted[id].ID == "" {
			facts := held.facts
			add(evenkeel.Event{Kind: evenkeel.KindIncident, ID: id, Source: b.source, Deleted: true, Payload: &facts}, "gone")
		}
	}
	return events
}

// incidentText compares incidents as they are kept, to the microsecond.
func incidentText(i evenkeel.Incident) (string, error) {
	for _, at := range []*time.Time{&i.OpenedAt, &i.ResolvedAt, &i.ReopenedAt} {
		if !at.IsZero() {
			*at = at.UTC().Truncate(time.Microsecond)
		}
	}
	text, err := json.Marshal(i)
	return string(text), err
}
