package demo_test

import (
	"encoding/json"
	"testing"

	"github.com/evenkeel-dev/evenkeel/demo"
)

func TestDeliveriesAreOfTheLastDaysAndDoNotDiffer(t *testing.T) {
	t.Parallel()
	w := demo.New(demo.Options{Seed: 3, Now: now})
	got, again := w.Deliveries(), demo.New(demo.Options{Seed: 3, Now: now}).Deliveries()
	if len(got) < 50 || len(got) != len(again) {
		t.Fatalf("%d deliveries, then %d", len(got), len(again))
	}
	events, broken := map[string]int{}, 0
	for i, d := range got {
		if string(d.Body) != string(again[i].Body) || d.Key != again[i].Key {
			t.Fatalf("delivery %d differs", i)
		}
		if d.ReceivedAt.After(now) || d.ReceivedAt.Before(now.Add(-3*day)) || d.Headers["X-GitHub-Event"] != d.Event {
			t.Errorf("delivery %d: %s at %s", i, d.Event, d.ReceivedAt)
		}
		if events[d.Event]++; !json.Valid(d.Body) {
			broken++
		}
	}
	for _, event := range []string{"ping", "pull_request", "workflow_run", "star", "issues", "deployment"} {
		if events[event] == 0 {
			t.Errorf("no %s", event)
		}
	}
	if broken != 2 {
		t.Errorf("%d bodies are no JSON, want 2", broken)
	}
}
