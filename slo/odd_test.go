package slo_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// TestOdditiesNameSliceAndField: what a tally counts as overfull or unusable is
// named with its field.
func TestOdditiesNameSliceAndField(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		name  string
		kind  slo.IndicatorKind
		slice evenkeel.Slice
		want  []slo.Oddity
	}{
		{"as it should be", slo.GoodOfTotal, evenkeel.Slice{Good: new(9.0), Total: new(10.0)}, nil},
		{"nothing", slo.GoodOfTotal, evenkeel.Slice{}, nil},
		{"more good than there were", slo.GoodOfTotal, evenkeel.Slice{Good: new(11.0), Total: new(10.0)}, []slo.Oddity{{Kind: slo.Overfull, Field: "good"}}},
		{"more bad than there were", slo.BadOfTotal, evenkeel.Slice{Good: new(1.0), Bad: new(11.0), Total: new(10.0)}, []slo.Oddity{{Kind: slo.Overfull, Field: "bad"}}},
		{"more bad, where good is not measured", slo.GoodOfTotal, evenkeel.Slice{Bad: new(11.0), Total: new(10.0)}, []slo.Oddity{{Kind: slo.Overfull, Field: "bad"}}},
		{"below zero", slo.GoodOfTotal, evenkeel.Slice{Good: new(-1.0), Total: new(10.0)}, []slo.Oddity{{Kind: slo.Unusable, Field: "good"}}},
		{"bad is no number", slo.BadOfTotal, evenkeel.Slice{Bad: new(math.NaN()), Total: new(10.0)}, []slo.Oddity{{Kind: slo.Unusable, Field: "bad"}}},
		{"no end of events", slo.GoodOfTotal, evenkeel.Slice{Good: new(1.0), Total: new(math.Inf(1))}, []slo.Oddity{{Kind: slo.Unusable, Field: "total"}}},
		{"a value that is no number", slo.Threshold, evenkeel.Slice{Value: new(math.NaN())}, []slo.Oddity{{Kind: slo.Unusable, Field: "value"}}},
		{"a share above 1", slo.Success, evenkeel.Slice{Value: new(1.2)}, []slo.Oddity{{Kind: slo.Unusable, Field: "value"}}},
	} {
		d := availability(t, slo.Occurrences)
		d.Indicator.Kind = one.kind
		o := d.Objectives[0]
		o.Op, o.Value = slo.AtMost, 1
		window := evenkeel.Window{From: at(1), To: at(2)}
		inside, outside := one.slice, one.slice
		inside.At, outside.At = at(1), at(2)
		for i := range one.want {
			one.want[i].At = at(1)
		}
		got := slo.Oddities(d, o, []evenkeel.Slice{inside, outside}, window)
		if diff := cmp.Diff(one.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", one.name, diff)
		}
		tally := slo.Gather(d, o, []evenkeel.Slice{inside}, window).Tally(window)
		if counted := tally.Overfull + tally.Unusable; counted != int64(len(got)) {
			t.Errorf("%s: the tally counts %d, named are %d", one.name, counted, len(got))
		}
	}
}
