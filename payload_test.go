package evenkeel_test

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
)

const someSHA = "1111111111111111111111111111111111111111"

func noon() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func measured(slices ...evenkeel.Slice) *evenkeel.Measurement {
	return &evenkeel.Measurement{Application: "checkout", Environment: "production", Series: "availability", SliceSeconds: 60, Slices: slices}
}

func used(slices ...evenkeel.UsageSlice) *evenkeel.FlagUsage {
	return &evenkeel.FlagUsage{Application: "checkout", Flag: "basket", SliceSeconds: 300, Slices: slices}
}

func TestPayloadsNameWhatIsWrong(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", evenkeel.MaxText+1)
	change := func(f evenkeel.FlagChange) *evenkeel.FlagChange {
		f.Flag, f.Action, f.At = "basket", evenkeel.FlagChanged, noon()
		return &f
	}
	tests := map[string]struct {
		payload evenkeel.Payload
		want    string
	}{
		"an empty build":   {&evenkeel.Build{}, "repository: is required; commit: is required; pipeline: is required"},
		"a whole build":    {&evenkeel.Build{Repository: "a/b", Commit: someSHA, Pipeline: "ci", Attempt: 2, Result: evenkeel.BuildSkipped, Tests: &evenkeel.Tests{}}, ""},
		"negative tests":   {&evenkeel.Build{Repository: "a/b", Commit: someSHA, Pipeline: "ci", Tests: &evenkeel.Tests{Failed: -1}}, "tests.failed: -1 is negative"},
		"an unknown end":   {&evenkeel.Build{Repository: "a/b", Commit: someSHA, Pipeline: "ci", Result: "green"}, `result: "green" is not one of success, failure, cancelled, skipped`},
		"a short commit":   {&evenkeel.Build{Repository: "a/b", Commit: "abc", Pipeline: "ci"}, `commit: "abc" is not a full commit id; give all 40 (or 64) lower-case hexadecimal digits`},
		"a bare work item": {&evenkeel.WorkItem{}, ""},
		"a long link":      {&evenkeel.WorkItem{Links: []string{"a", long}}, "links[1]: is 1025 bytes long; at most 1024 are kept"},
		"an unknown work":  {&evenkeel.WorkItem{Type: "chore", State: "done"}, `type: "chore" is not one of feature, bug, debt, security, unplanned; state: "done" is not one of open, started, closed`},
		"an empty change":  {&evenkeel.FlagChange{}, "flag: is required; action: is required; at: is required"},
		"known states":     {change(evenkeel.FlagChange{Before: &evenkeel.FlagState{}, After: &evenkeel.FlagState{On: new(true), Shares: map[string]float64{"on": 1, "off": 0}}}), ""},
		"too large a share": {
			change(evenkeel.FlagChange{After: &evenkeel.FlagState{Shares: map[string]float64{"on": 25}}}),
			`after.shares["on"]: 25 is not a share from 0 to 1`,
		},
		"no share":               {change(evenkeel.FlagChange{Before: &evenkeel.FlagState{Shares: map[string]float64{"on": math.NaN()}}}), `before.shares["on"]: NaN is not a share from 0 to 1`},
		"a nameless variant":     {change(evenkeel.FlagChange{Before: &evenkeel.FlagState{Shares: map[string]float64{"": 1}}}), `before.shares[""]: has an empty name`},
		"empty evidence":         {&evenkeel.Evidence{}, "application: is required where no repository is named; check: is required; result: is required; at: is required"},
		"evidence of code":       {&evenkeel.Evidence{Repository: "a/b", Check: "scan", Result: evenkeel.EvidenceNotApplicable, At: noon()}, ""},
		"an unknown result":      {&evenkeel.Evidence{Application: "a", Check: "scan", Result: "ok", At: noon()}, `result: "ok" is not one of pass, fail, warn, n/a, unknown, waived, stale`},
		"an incident's origin":   {&evenkeel.Incident{Origin: long}, "origin: is 1025 bytes long; at most 1024 are kept"},
		"no slices":              {&evenkeel.Measurement{Series: "a", SliceSeconds: 60}, "slices: is required and holds at least one slice"},
		"an odd length":          {&evenkeel.Measurement{Series: "a", SliceSeconds: 7, Slices: []evenkeel.Slice{{At: time.Unix(7, 0), Value: new(1.0)}}}, "slice_seconds: 7 does not divide an hour; give 10, 60, 300 or 3600"},
		"longer than an hour":    {&evenkeel.FlagUsage{Flag: "a", SliceSeconds: 7200, Slices: []evenkeel.UsageSlice{{At: time.Unix(7200, 0), Counts: map[string]int{"on": 1}}}}, "slice_seconds: 7200 does not divide an hour; give 10, 60, 300 or 3600"},
		"a gauge below zero":     {measured(evenkeel.Slice{At: noon(), Value: new(-1.5)}), ""},
		"nothing happened":       {measured(evenkeel.Slice{At: noon(), Good: new(0.0), Total: new(0.0)}), ""},
		"nothing measured":       {measured(evenkeel.Slice{At: noon()}), "slices[0]: measures nothing; give good, bad, total or value"},
		"less than nothing":      {measured(evenkeel.Slice{At: noon(), Bad: new(-1.0)}), "slices[0].bad: -1 is not a finite number of 0 or more"},
		"no end":                 {measured(evenkeel.Slice{At: noon(), Value: new(math.Inf(1))}), "slices[0].value: is not a finite number"},
		"between two slices":     {measured(evenkeel.Slice{At: noon(), Good: new(1.0)}, evenkeel.Slice{At: noon().Add(time.Second), Good: new(1.0)}), "slices[1].at: 2026-03-01T12:00:01Z is not the beginning of a slice of 60 seconds"},
		"at no time":             {measured(evenkeel.Slice{Good: new(1.0)}), "slices[0].at: is required"},
		"counts of nothing":      {used(evenkeel.UsageSlice{At: noon()}), "slices[0].counts: is required and names at least one variant"},
		"negative counts":        {used(evenkeel.UsageSlice{At: noon(), Counts: map[string]int{"on": -1}}), `slices[0].counts["on"]: -1 is negative`},
		"counts without a name":  {used(evenkeel.UsageSlice{At: noon(), Counts: map[string]int{"": 1}}), `slices[0].counts[""]: has an empty name`},
		"counts":                 {used(evenkeel.UsageSlice{At: noon(), Counts: map[string]int{"on": 0, "off": 3}}), ""},
		"a commit without an id": {&evenkeel.Deployment{Commits: map[string]string{"a/b": ""}}, `commits["a/b"]: is required`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := test.payload.Validate()
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != test.want || err != nil && !errors.Is(err, evenkeel.ErrInvalid) {
				t.Errorf("%v\nwant %s", err, test.want)
			}
		})
	}
}

// TestPayloadsAreOfTheirKind: kind, empty payload and key of every kind agree.
func TestPayloadsAreOfTheirKind(t *testing.T) {
	t.Parallel()
	for _, kind := range evenkeel.Kinds() {
		payload := evenkeel.NewPayload(kind)
		if payload == nil || payload.Kind() != kind {
			t.Fatalf("the payload of %s is %T", kind, payload)
		}
		fields, err := json.Marshal(payload)
		if err != nil {
			t.Fatal(err)
		}
		back, err := evenkeel.Decode(kind, fields)
		if err != nil || !reflect.DeepEqual(payload, back) {
			t.Errorf("%s: %#v is read back as %#v, %v", kind, payload, back, err)
		}
		if byID := payload.Key("s", "1") != payload.Key("s", "2"); kind.IsSeries() && byID {
			t.Errorf("the id of a batch names the series of %s", kind)
		}
	}
	if evenkeel.NewPayload("deploy") != nil {
		t.Error("an unknown kind has a payload")
	}
}

// TestSeriesAreNamedApart: each member that names a series tells two apart.
func TestSeriesAreNamedApart(t *testing.T) {
	t.Parallel()
	base := evenkeel.Measurement{Application: "a", Environment: "e", Series: "s", SliceSeconds: 60}
	variants := []evenkeel.Measurement{base, base, base, base, base}
	variants[1].Application, variants[2].Environment, variants[3].Series, variants[4].SliceSeconds = "e", "a", "x", 10
	keys := map[string]bool{base.Key("other", "1"): true}
	for _, v := range variants {
		keys[v.Key("source", "1")] = true
	}
	if len(keys) != len(variants)+1 {
		t.Errorf("%d keys", len(keys))
	}
}

func TestEventsOfSeriesTakeNothingBack(t *testing.T) {
	t.Parallel()
	batch := evenkeel.Event{Kind: evenkeel.KindMeasurement, ID: "1", Source: "s", Payload: measured(evenkeel.Slice{At: noon(), Good: new(1.0)})}
	commit := evenkeel.Event{Kind: evenkeel.KindCommit, ID: "1", Source: "s", Final: true, Payload: &evenkeel.Commit{Repository: "a/b", SHA: someSHA, CommittedAt: noon()}}
	deleted, cleared, final, finalDeployment := batch, batch, batch, evenkeel.Event{Kind: evenkeel.KindDeployment, ID: "1", Source: "s", Final: true, Payload: &evenkeel.Deployment{}}
	deleted.Deleted, cleared.Cleared, final.Final = true, []string{"environment"}, true
	tests := map[string]struct {
		event evenkeel.Event
		want  string
	}{
		"a batch":            {batch, ""},
		"deleted":            {deleted, "deleted: a batch of a series takes nothing back; send the slices again under another id"},
		"cleared":            {cleared, "deleted: a batch of a series takes nothing back; send the slices again under another id"},
		"final":              {final, "final: is not for events of kind measurement"},
		"a final commit":     {commit, "final: is not for events of kind commit"},
		"a final deployment": {finalDeployment, ""},
	}
	for name, test := range tests {
		got := ""
		if err := test.event.Validate(); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// TestCompleteTakesTheEventsOwnInstant: what an event says itself dates it,
// but for batches, of which the later arrival holds.
func TestCompleteTakesTheEventsOwnInstant(t *testing.T) {
	t.Parallel()
	received, early := noon().Add(time.Hour), noon().Add(-time.Hour)
	tests := map[string]struct {
		payload evenkeel.Payload
		want    time.Time
	}{
		"build":       {&evenkeel.Build{QueuedAt: early, StartedAt: noon()}, noon()},
		"work item":   {&evenkeel.WorkItem{OpenedAt: early, ClosedAt: noon(), DueAt: received.Add(time.Hour)}, noon()},
		"flag change": {&evenkeel.FlagChange{At: noon()}, noon()},
		"evidence":    {&evenkeel.Evidence{At: noon()}, noon()},
		"no time":     {&evenkeel.WorkItem{}, received},
		"measurement": {measured(evenkeel.Slice{At: noon()}), received},
		"flag usage":  {used(evenkeel.UsageSlice{At: noon()}), received},
	}
	for name, test := range tests {
		e := evenkeel.Event{Kind: test.payload.Kind(), Payload: test.payload}
		if got := e.Complete(received).ObservedAt; !got.Equal(test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
		e.ObservedAt = early
		if got := e.Complete(received).ObservedAt; !got.Equal(early) {
			t.Errorf("%s: the source's own instant became %v", name, got)
		}
	}
}

func TestSubjectsOfPayloads(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		payload evenkeel.Payload
		want    evenkeel.Subject
	}{
		"build":                 {&evenkeel.Build{Repository: "a/b"}, evenkeel.Subject{Repository: "a/b"}},
		"work item":             {&evenkeel.WorkItem{Application: "a"}, evenkeel.Subject{Applications: []string{"a"}}},
		"flag change":           {&evenkeel.FlagChange{Application: "a"}, evenkeel.Subject{Applications: []string{"a"}}},
		"evidence":              {&evenkeel.Evidence{Repository: "a/b"}, evenkeel.Subject{Repository: "a/b"}},
		"evidence of both":      {&evenkeel.Evidence{Application: "a", Repository: "a/b"}, evenkeel.Subject{Applications: []string{"a"}}},
		"incident by origin":    {&evenkeel.Incident{Origin: "pagerduty:P1", Repository: "a/b"}, evenkeel.Subject{Origin: "pagerduty:P1", Repository: "a/b"}},
		"incident of two":       {&evenkeel.Incident{Application: "b", Applications: []string{"a", "b"}, Origin: "x"}, evenkeel.Subject{Applications: []string{"a", "b"}}},
		"measurement":           {measured(), evenkeel.Subject{Applications: []string{"checkout"}}},
		"flag usage of nothing": {&evenkeel.FlagUsage{}, evenkeel.Subject{}},
	}
	for name, test := range tests {
		if diff := gocmp.Diff(test.want, test.payload.Subject()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestObservedFieldsAreReadBack: what is kept of an event is what it said.
func TestObservedFieldsAreReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := &evenkeel.FlagChange{
			Flag: rapid.String().Draw(t, "flag"), Action: evenkeel.FlagChanged, At: noon(),
			After: &evenkeel.FlagState{On: rapid.Ptr(rapid.Bool(), true).Draw(t, "on"), Shares: rapid.MapOf(rapid.StringMatching(`[a-z]+`), rapid.Float64Range(0, 1)).Draw(t, "shares")},
		}
		e := evenkeel.Event{Kind: f.Kind(), ID: "1", Source: "s", ObservedAt: noon(), Payload: f, Final: rapid.Bool().Draw(t, "final")}
		if rapid.Bool().Draw(t, "cleared") {
			e.Cleared = []string{"before"}
		}
		o, err := e.Observe()
		if err != nil || o.Final != e.Final {
			t.Fatalf("final %v, %v", o.Final, err)
		}
		fields, _, err := evenkeel.Fold([]evenkeel.Observation{o})
		if err != nil {
			t.Fatal(err)
		}
		back, err := evenkeel.Decode(f.Kind(), fields)
		if diff := gocmp.Diff(evenkeel.Payload(f), back); diff != "" || err != nil {
			t.Fatalf("%v (-want +got)\n%s", err, diff)
		}
	})
}
