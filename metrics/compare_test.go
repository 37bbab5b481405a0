package metrics_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel/metrics"
)

func TestDiscoveries(t *testing.T) {
	t.Parallel()
	// The example of the paper: at 5 % the first four of fifteen hold, because
	// 0.0095 <= 4/15 of 0.05 = 0.0133, and 0.0201 > 5/15 of it = 0.0167.
	p := []float64{0.0344, 0.0001, 0.0004, 1, 0.0019, 0.0201, 0.0278, 0.0298, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 0.0095}
	var held []float64
	for i, holds := range metrics.Discoveries(p, 0.05) {
		if holds {
			held = append(held, p[i])
		}
	}
	if d := cmp.Diff([]float64{0.0001, 0.0004, 0.0019, 0.0095}, held); d != "" {
		t.Errorf("held (-want +got):\n%s", d)
	}
	if got := metrics.Discoveries(nil, 0.05); len(got) != 0 {
		t.Errorf("of nothing %v holds", got)
	}
}

func TestLongTablesTellFewerChanges(t *testing.T) {
	t.Parallel()
	rising := func() *metrics.Comparison { // p of 10 against 30 deployments in equal time is 0.002.
		c := metrics.Compare(report(failing(0, 30)), report(failing(0, 10)))
		return &c
	}
	same := func() *metrics.Comparison {
		c := metrics.Compare(report(failing(1, 12)), report(failing(1, 12)))
		return &c
	}
	for name, c := range map[string]struct {
		rows int
		want metrics.Direction
		why  metrics.Unclear
	}{"a short table": {5, metrics.Higher, ""}, "a long one": {200, metrics.NoClearChange, metrics.UnclearMany}} {
		list := []*metrics.Comparison{rising()}
		for range c.rows {
			list = append(list, same())
		}
		metrics.Screen(list)
		if got := list[0].Frequency; got.Direction != c.want || got.Reason != c.why || got.Significant != (c.why == "") {
			t.Errorf("%s: %s %s", name, got.Direction, got.Reason)
		}
	}
	list := []*metrics.Comparison{}
	for range 200 {
		list = append(list, rising())
	}
	metrics.Screen(list)
	if list[7].Frequency.Direction != metrics.Higher {
		t.Errorf("what holds everywhere is told: %+v", list[7].Frequency)
	}
}

func TestWhyADifferenceIsUnclear(t *testing.T) {
	t.Parallel()
	pair := func(current, previous metrics.Input) metrics.Comparison {
		return metrics.Compare(report(current), report(previous))
	}
	other := report(failing(5, 10))
	other.Policy.Version = "another"
	changed := metrics.Compare(other, report(failing(0, 10)))
	for name, c := range map[string]struct {
		got  metrics.Difference
		want metrics.Unclear
	}{
		"clear":                 {pair(failing(5, 10), failing(0, 10)).FailRate, ""},
		"chance":                {pair(failing(3, 10), failing(1, 10)).FailRate, metrics.UnclearChance},
		"too few":               {pair(failing(1, 4), failing(2, 10)).FailRate, metrics.UnclearTooFew},
		"few lead times":        {pair(shipping(1, 2, 3), shipping(20, 21, 22)).LeadTime, metrics.UnclearTooFew},
		"small":                 {pair(failing(2, 10), failing(2, 10)).FailRate, metrics.UnclearSmall},
		"no value":              {pair(metrics.Input{}, failing(1, 10)).FailRate, metrics.UnclearNoValue},
		"another definition":    {changed.FailRate, metrics.UnclearDefinition},
		"incidents":             {pair(failing(9, 10), failing(0, 10)).Incidents, ""},
		"three incidents after": {pair(failing(3, 10), failing(1, 10)).Incidents, metrics.UnclearTooFew},
	} {
		if c.got.Reason != c.want || c.got.Significant != (c.want == "") {
			t.Errorf("%s: %s %q (significant %v), want %q", name, c.got.Direction, c.got.Reason, c.got.Significant, c.want)
		}
	}
	if d := pair(failing(9, 10), failing(0, 10)).Incidents; d.Direction != metrics.Worse || d.Relative != nil || !near(*d.P, 0.0039, 0.0001) {
		t.Errorf("9 incidents after none: %+v, p %v", d, *d.P) // 2 / 2^9 = 0.0039
	}
}

func TestFrequencyComparedWithWhatIsWanted(t *testing.T) {
	t.Parallel()
	many, few := report(failing(0, 100)), report(failing(0, 40)) // 1.9 and 0.8 a week.
	for _, c := range []struct {
		current, previous metrics.Report
		cadence           string
		want              metrics.Direction
	}{
		{many, few, "", metrics.Higher},
		{many, few, "weekly", metrics.Better},
		{many, few, "monthly", metrics.Higher},
		{few, many, "", metrics.Lower},
		{few, many, "weekly", metrics.Worse},
		{few, many, "monthly", metrics.Lower},
		{few, many, "on-demand", metrics.Lower},
	} {
		got := metrics.Compare(c.current, c.previous).Toward(metrics.WantedPerWeek(c.cadence), c.current, c.previous).Frequency
		if got.Direction != c.want {
			t.Errorf("from %.1f to %.1f a week, wanted %q: %s, want %s", 7**c.previous.Frequency.PerDay, 7**c.current.Frequency.PerDay, c.cadence, got.Direction, c.want)
		}
	}
}
