package connectors_test

import (
	"encoding/hex"
	"net/http"
	"testing"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

const pagerdutySignature = "X-Pagerduty-Signature"

var _ = sends("pagerduty", sender{sign: func(header http.Header, raw []byte, secret string) {
	header.Set(pagerdutySignature, "v1="+hex.EncodeToString(hmacOf("the secret before", raw))+", v1="+hex.EncodeToString(hmacOf(secret, raw)))
}})

// FuzzPagerduty reads any body of a webhook.
func FuzzPagerduty(f *testing.F) { fuzzSource(f, "pagerduty") }

// parsed are the events of fixtures of a source, with their settings.
func parsed(t testing.TB, source string, names ...string) map[string][]evenkeel.Event {
	t.Helper()
	s, err := connectors.SourceNamed(source)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]evenkeel.Event{}
	for _, d := range deliveriesOf(t, source) {
		if events, err := receiverOf(t, s, d.Settings).Parse(d.header(), d.bytes(t)); err == nil {
			all[d.name] = events
		}
	}
	for _, name := range names {
		if len(all[name]) == 0 {
			t.Fatalf("%s/%s tells nothing", source, name)
		}
	}
	return all
}

// fataler is a test or a check of rapid.
type fataler interface {
	Helper()
	Fatal(args ...any)
}

// incidentOf folds events of one incident, in any order and any number of
// times; gone says that it was dropped.
func incidentOf(t fataler, events []evenkeel.Event) (i evenkeel.Incident, gone bool) {
	t.Helper()
	observations := make([]evenkeel.Observation, len(events))
	for n, e := range events {
		o, err := e.Observe()
		if err != nil {
			t.Fatal(err)
		}
		observations[n] = o
	}
	fields, gone, err := evenkeel.Fold(observations)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := evenkeel.Decode(evenkeel.KindIncident, fields)
	if err != nil {
		t.Fatal(err)
	}
	return *payload.(*evenkeel.Incident), gone
}

// anyOrder draws every event at least once, in any order.
func anyOrder(t *rapid.T, events []evenkeel.Event) []evenkeel.Event {
	all := append([]evenkeel.Event{}, events...)
	all = append(all, rapid.SliceOfN(rapid.SampledFrom(events), 0, 6).Draw(t, "repeats")...)
	return rapid.Permutation(all).Draw(t, "order")
}

// TestPagerdutyTellsOneStory: deliveries that are repeated or overtake one
// another end in the same incident.
func TestPagerdutyTellsOneStory(t *testing.T) {
	t.Parallel()
	names := []string{
		"triggered", "acknowledged", "priority_updated", "unacknowledged", "acknowledged_again", "service_updated", "resolved", "reopened",
		"resolved_again", "priority_updated_after_the_end",
	}
	all := parsed(t, "pagerduty", names...)
	var events []evenkeel.Event
	for _, name := range names {
		events = append(events, all[name]...)
	}
	rapid.Check(t, func(t *rapid.T) {
		i, gone := incidentOf(t, anyOrder(t, events))
		got := []string{i.Application, i.Origin, i.Environment, i.Severity, stampOf(i.OpenedAt), stampOf(i.AcknowledgedAt), stampOf(i.ReopenedAt), stampOf(i.ResolvedAt)}
		// The last word on the service and the priority was of another service
		// than the first; the first acknowledgement counts.
		want := []string{"checkout", "pagerduty:PCHK001", "production", "sev2", "12:05:00", "12:08:30", "13:00:00", "13:20:00"}
		if gone || !equalTexts(got, want) {
			t.Fatalf("gone %v: %v, want %v", gone, got, want)
		}
	})
}

// TestPagerdutyDropsMergedIncidents whatever else is told of them, until they
// are opened again.
func TestPagerdutyDropsMergedIncidents(t *testing.T) {
	t.Parallel()
	all := parsed(t, "pagerduty", "triggered", "acknowledged", "resolved_merged", "reassigned_after_merge", "reopened")
	merged := append(append(append([]evenkeel.Event{}, all["triggered"]...), all["acknowledged"]...), all["resolved_merged"]...)
	merged = append(merged, all["reassigned_after_merge"]...)
	rapid.Check(t, func(t *rapid.T) {
		if _, gone := incidentOf(t, anyOrder(t, merged)); !gone {
			t.Fatal("a merged incident counts twice")
		}
		i, gone := incidentOf(t, anyOrder(t, append(merged, all["reopened"]...)))
		if gone || !i.ResolvedAt.IsZero() || stampOf(i.ReopenedAt) != "13:00:00" {
			t.Fatalf("reopened: gone %v, %+v", gone, i)
		}
	})
}
