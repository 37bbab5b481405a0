package measure_test

import (
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/measure"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// TestAmountsAreNotTakenForReadings: what was asked for is counted as it is, and
// what was sent as its document says.
func TestAmountsAreNotTakenForReadings(t *testing.T) {
	t.Parallel()
	d := slo.Definition{Indicator: slo.Indicator{Counter: true}, Objectives: []slo.Objective{{Indicator: &slo.Indicator{Counter: true}}, {}}}
	for source, want := range map[string]bool{"prometheus:eu": false, "datadog:x": false, "http:x": false, "probe": true, "github:github.com": true, "": true} {
		got := measure.AsKept(d, evenkeel.SeriesInfo{Source: source})
		if got.Indicator.Counter != want || got.Objectives[0].Indicator.Counter != want {
			t.Errorf("%s: %+v", source, got)
		}
	}
	if !d.Indicator.Counter || !d.Objectives[0].Indicator.Counter {
		t.Error("the definition was changed")
	}
}
