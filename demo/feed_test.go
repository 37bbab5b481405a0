package demo_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/evenkeel-dev/evenkeel/demo"
)

// TestFeedsAreAsEverywhere: one does well, one is silent, one is refused, one
// waits; none of their deliveries is of the future, and no two worlds differ.
func TestFeedsAreAsEverywhere(t *testing.T) {
	t.Parallel()
	got, again := demo.New(demo.Options{Seed: 3, Now: now}).Feeds(), demo.New(demo.Options{Seed: 3, Now: now}).Feeds()
	byName := map[string]demo.Feed{}
	for i, f := range got {
		byName[f.Connection.Name] = f
		for j, d := range f.Deliveries {
			if d.ReceivedAt.After(now) || !bytes.Equal(d.Body, again[i].Deliveries[j].Body) || f.Connection.Name != demo.Hook && !json.Valid(d.Body) {
				t.Errorf("%s: delivery %d at %s: %s", f.Connection.Name, j, d.ReceivedAt, d.Body)
			}
		}
	}
	if n := len(byName["larkmoor-alertmanager"].Deliveries); n < 100 {
		t.Errorf("only %d notifications", n)
	}
	probes := byName["larkmoor-probes"].Deliveries
	if last := probes[len(probes)-1].ReceivedAt; len(probes) < 20 || now.Sub(last) < 2*day {
		t.Errorf("%d probes, the last at %s", len(probes), last)
	}
	if f := byName["larkmoor-enterprise"]; len(f.Streams) == 0 || f.Streams[0].Error == "" || len(f.Deliveries) > 0 {
		t.Errorf("refused: %+v", f)
	}
	if f := byName["larkmoor-pagerduty"]; len(f.Deliveries)+len(f.Streams) > 0 {
		t.Errorf("waiting: %+v", f)
	}
}
