package evenkeel

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
	"time"
)

// Observation is an event as it is kept: only the fields its source knows,
// as a canonical JSON object (sorted keys, null for a cleared field).
type Observation struct {
	ObservedAt time.Time
	Deleted    bool
	// Final is that of the event.
	Final  bool
	Fields json.RawMessage
}

// earliestWins lists fields of which the earliest value is right: a later
// report can only have missed the first occurrence.
//
//nolint:gochecknoglobals // A constant table.
var earliestWins = map[string]bool{"opened_at": true, "first_review_at": true}

// Observe turns a complete event into the observation that is kept.
func (e Event) Observe() (Observation, error) {
	o := Observation{ObservedAt: e.ObservedAt.UTC(), Deleted: e.Deleted, Final: e.Final}
	fields, err := json.Marshal(e.Payload)
	if err != nil {
		return o, fmt.Errorf("%w: encode %s: %w", ErrInvalid, e.Kind, err)
	}
	if len(e.Cleared) == 0 {
		o.Fields = fields
		return o, nil
	}
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(fields, &members); err != nil {
		return o, fmt.Errorf("%w: encode %s: %w", ErrInvalid, e.Kind, err)
	}
	for _, name := range e.Cleared {
		members[name] = json.RawMessage("null")
	}
	o.Fields, err = json.Marshal(members)
	return o, err
}

// Complete fills ObservedAt where the source gave none: with the latest
// instant the event itself carries, so that posting an event twice is one
// observation, else with received. A batch of a series is completed with
// received: its id already makes it one, and a later batch holds against an
// earlier one.
func (e Event) Complete(received time.Time) Event {
	if !e.ObservedAt.IsZero() {
		return e
	}
	e.ObservedAt = received.UTC()
	if latest := latestInstant(e.Payload); !latest.IsZero() {
		e.ObservedAt = latest.UTC()
	}
	return e
}

func latestInstant(p Payload) time.Time {
	var all []time.Time
	switch f := p.(type) {
	case *Deployment:
		all = []time.Time{f.StartedAt, f.FinishedAt}
	case *Change:
		all = []time.Time{f.OpenedAt, f.ReadyAt, f.FirstReviewAt, f.ApprovedAt, f.MergedAt, f.ClosedAt}
	case *Commit:
		all = []time.Time{f.CommittedAt}
	case *Artifact:
		all = []time.Time{f.BuiltAt}
	case *Incident:
		all = []time.Time{f.OpenedAt, f.DetectedAt, f.AcknowledgedAt, f.MitigatedAt, f.ResolvedAt, f.ReopenedAt}
	case *Dependency:
		all = []time.Time{f.LastSeenAt}
	case *Build:
		all = []time.Time{f.QueuedAt, f.StartedAt, f.FinishedAt}
	case *WorkItem:
		all = []time.Time{f.OpenedAt, f.StartedAt, f.ClosedAt}
	case *FlagChange:
		all = []time.Time{f.At}
	case *Evidence:
		all = []time.Time{f.At}
	case *Alert:
		all = []time.Time{f.StartsAt, f.EndsAt}
	}
	var latest time.Time
	for _, t := range all {
		if t.After(latest) {
			latest = t
		}
	}
	return latest
}

// Fold makes the current fields of one fact from all its observations. The
// result depends only on the set: order and repetition do not matter.
//
// Per field a final observation wins over others, and of final ones the first;
// else the newest wins. Fields in which the first occurrence counts (opened_at,
// first_review_at) take the earliest value; equal instants are decided by the
// greater JSON text. A fact is gone when its newest
// observation is a deletion. Fold of nothing is an empty object.
func Fold(observations []Observation) (fields json.RawMessage, deleted bool, err error) {
	if len(observations) == 1 {
		return withoutNulls(observations[0])
	}
	winners := map[string]winner{}
	var newest, deletion time.Time
	for _, o := range observations {
		if o.Deleted && !o.ObservedAt.Before(deletion) {
			deletion, deleted = o.ObservedAt, true
		}
		if !o.Deleted && o.ObservedAt.After(newest) {
			newest = o.ObservedAt
		}
		if err := contest(winners, o); err != nil {
			return nil, false, err
		}
	}
	fields, err = encodeWinners(winners)
	return fields, deleted && !newest.After(deletion), err
}

type winner struct {
	at    time.Time
	final bool
	value json.RawMessage
}

func withoutNulls(o Observation) (json.RawMessage, bool, error) {
	if !bytes.Contains(o.Fields, []byte("null")) {
		return o.Fields, o.Deleted, nil
	}
	winners := map[string]winner{}
	if err := contest(winners, o); err != nil {
		return nil, false, err
	}
	fields, err := encodeWinners(winners)
	return fields, o.Deleted, err
}

func contest(winners map[string]winner, o Observation) error {
	members := map[string]json.RawMessage{}
	if len(o.Fields) > 0 {
		if err := json.Unmarshal(o.Fields, &members); err != nil {
			return fmt.Errorf("fold: %w", err)
		}
	}
	for name, value := range members {
		challenger := winner{o.ObservedAt, o.Final, value}
		if held, ok := winners[name]; !ok || beats(name, challenger, held) {
			winners[name] = challenger
		}
	}
	return nil
}

func beats(name string, challenger, held winner) bool {
	if earliestWins[name] && !isNull(challenger.value) && !isNull(held.value) {
		a, errA := parseInstant(challenger.value)
		b, errB := parseInstant(held.value)
		if errA == nil && errB == nil && !a.Equal(b) {
			return a.Before(b)
		}
	}
	switch {
	case challenger.final != held.final:
		return challenger.final
	case !challenger.at.Equal(held.at):
		return challenger.at.After(held.at) != challenger.final
	}
	return bytes.Compare(challenger.value, held.value) > 0
}

func isNull(value json.RawMessage) bool { return bytes.Equal(value, []byte("null")) }

func parseInstant(value json.RawMessage) (t time.Time, err error) {
	err = json.Unmarshal(value, &t)
	return t, err
}

func encodeWinners(winners map[string]winner) (json.RawMessage, error) {
	names := make([]string, 0, len(winners))
	for name, w := range winners {
		if !isNull(w.value) {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	members := make(map[string]json.RawMessage, len(names))
	for _, name := range names {
		members[name] = winners[name].value
	}
	return json.Marshal(members)
}

// Decode reads folded fields into a payload of the kind.
func Decode(k Kind, fields json.RawMessage) (Payload, error) {
	payload := NewPayload(k)
	if payload == nil {
		return nil, fmt.Errorf("%w: kind %s is unknown", ErrInvalid, quoted(string(k)))
	}
	if err := json.Unmarshal(fields, payload); err != nil {
		return nil, fmt.Errorf("decode %s: %w", k, err)
	}
	return payload, nil
}
