package slo_test

import (
	"maps"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// TestReasonsHoldWhatFillsThem: whoever tells a reason in another language has
// every number and instant that the English sentence has, and more exactly.
func TestReasonsHoldWhatFillsThem(t *testing.T) {
	t.Parallel()
	const minutes = 30 * 24 * 60
	d := alerting(t, "workbook-30d")
	for name, one := range map[string]struct {
		reason slo.Said
		code   string
		want   map[string]string
	}{
		"half is left": {
			assess(t, d, lived(d, 30, 0, func(int) float64 { return 5 }), start).Reason,
			"remains",
			map[string]string{"share": "0.5"},
		},
		"all is spent and a half more": {
			assess(t, d, lived(d, 30, 0, func(m int) float64 { return when(m < -minutes+24*60, 450) }), start).Reason,
			"spent",
			map[string]string{"share": "1.5"},
		},
		"ten minutes of errors": {
			assess(t, d, lived(d, 30, 0, func(m int) float64 { return when(m >= -10, 1000) }), start).Reason,
			"fires",
			map[string]string{"severity": "page", "row": "1h/5m", "since": "2026-10-31T23:59:00Z"},
		},
		"a budget of less than five": {
			assess(t, d, slo.Gather(d, d.Objectives[0], []evenkeel.Slice{minute(0, 4000, 4000)}, evenkeel.Window{From: start.AddDate(0, 0, -30), To: after(1)}), after(1)).Reason,
			"too_few",
			map[string]string{"allowed": "4", "total": "4000"},
		},
	} {
		if one.reason.Code != one.code || !maps.Equal(one.reason.Values, one.want) {
			t.Errorf("%s: %s %v (%s); want %s %v", name, one.reason.Code, one.reason.Values, one.reason, one.code, one.want)
		}
	}
}
