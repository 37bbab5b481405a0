package evenkeel_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
)

// minute is an instant of the morning of the tests.
func minute(m int) time.Time { return time.Date(2026, 3, 1, 10, m, 0, 0, time.UTC) }

// TestWhenIncidentsStood, by hand: every line is what was said, when (minutes
// after ten), and the times in which the incident stood then.
func TestWhenIncidentsStood(t *testing.T) {
	t.Parallel()
	type said map[int]string
	for name, one := range map[string]struct {
		said said
		want []evenkeel.Window
	}{
		"open":               {said{1: `{"opened_at":"2026-03-01T10:01:00Z"}`}, []evenkeel.Window{{From: minute(1)}}},
		"detected before":    {said{1: `{"opened_at":"2026-03-01T10:05:00Z","detected_at":"2026-03-01T10:03:00Z","resolved_at":"2026-03-01T10:08:00Z"}`}, []evenkeel.Window{{From: minute(3), To: minute(8)}}},
		"only detected":      {said{1: `{"detected_at":"2026-03-01T10:03:00Z"}`}, []evenkeel.Window{{From: minute(3)}}},
		"never began":        {said{1: `{"resolved_at":"2026-03-01T10:08:00Z"}`}, nil},
		"mitigated first":    {said{1: `{"opened_at":"2026-03-01T10:01:00Z","mitigated_at":"2026-03-01T10:04:00Z","resolved_at":"2026-03-01T10:20:00Z"}`}, []evenkeel.Window{{From: minute(1), To: minute(4)}}},
		"ended before begun": {said{1: `{"opened_at":"2026-03-01T10:09:00Z","resolved_at":"2026-03-01T10:08:00Z"}`}, nil},
		"reopened, and stands": {said{
			1: `{"opened_at":"2026-03-01T10:01:00Z"}`, 5: `{"resolved_at":"2026-03-01T10:05:00Z"}`, 30: `{"resolved_at":null,"reopened_at":"2026-03-01T10:30:00Z"}`,
		}, []evenkeel.Window{{From: minute(1), To: minute(5)}, {From: minute(30)}}},
		"reopened twice": {said{
			1: `{"opened_at":"2026-03-01T10:01:00Z"}`, 5: `{"resolved_at":"2026-03-01T10:05:00Z"}`, 30: `{"resolved_at":null,"reopened_at":"2026-03-01T10:30:00Z"}`,
			33: `{"mitigated_at":"2026-03-01T10:33:00Z"}`, 35: `{"resolved_at":"2026-03-01T10:35:00Z"}`,
			40: `{"mitigated_at":null,"resolved_at":null,"reopened_at":"2026-03-01T10:40:00Z"}`, 42: `{"resolved_at":"2026-03-01T10:42:00Z"}`,
		}, []evenkeel.Window{{From: minute(1), To: minute(5)}, {From: minute(30), To: minute(33)}, {From: minute(40), To: minute(42)}}},
		"nobody said when it ended before": {
			said{50: `{"opened_at":"2026-03-01T10:01:00Z","reopened_at":"2026-03-01T10:30:00Z","resolved_at":"2026-03-01T10:42:00Z"}`},
			[]evenkeel.Window{{From: minute(1), To: minute(42)}},
		},
		"the end was corrected": {said{
			1: `{"opened_at":"2026-03-01T10:01:00Z"}`, 5: `{"resolved_at":"2026-03-01T10:05:00Z"}`, 6: `{"resolved_at":"2026-03-01T10:04:00Z"}`,
			30: `{"resolved_at":null,"reopened_at":"2026-03-01T10:30:00Z"}`,
		}, []evenkeel.Window{{From: minute(1), To: minute(4)}, {From: minute(30)}}},
	} {
		var list []evenkeel.Observation
		for at, fields := range one.said {
			list = append(list, evenkeel.Observation{ObservedAt: minute(at), Fields: json.RawMessage(fields)})
		}
		for range 5 { // In any order, and repeated.
			rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			said := append(slices.Clone(list), list[0])
			if diff := cmp.Diff(one.want, incidentOf(t, said).Stood(said)); diff != "" {
				t.Errorf("%s (-want +got)\n%s", name, diff)
			}
		}
	}
}

func incidentOf(t *testing.T, said []evenkeel.Observation) *evenkeel.Incident {
	t.Helper()
	fields, _, err := evenkeel.Fold(said)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := evenkeel.Decode(evenkeel.KindIncident, fields)
	if err != nil {
		t.Fatal(err)
	}
	i, ok := payload.(*evenkeel.Incident)
	if !ok {
		t.Fatalf("%T", payload)
	}
	return i
}

// TestWhereIncidentsAre: an incident that names no environment concerns the
// production class, one that names a class all of it.
func TestWhereIncidentsAre(t *testing.T) {
	t.Parallel()
	class := evenkeel.DefaultPolicy().Class
	for _, one := range []struct {
		named, environment string
		want               bool
	}{
		{"", "", true},
		{"", "prod-eu", true},
		{"", "staging", false},
		{"production", "", true},
		{"production", "prod-eu", true},
		{"prod-eu", "", true},
		{"prod-eu", "prod-eu", true},
		{"prod-us", "prod-eu", false},
		{"staging", "", false},
		{"staging", "staging", true},
		{"staging", "prod-eu", false},
		{"somewhere", "somewhere", true},
		{"somewhere", "", false},
	} {
		i := evenkeel.Incident{Environment: one.named}
		if got := i.Concerns(one.environment, class); got != one.want {
			t.Errorf("an incident in %q concerns %q: %v", one.named, one.environment, got)
		}
	}
}
