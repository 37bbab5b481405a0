package views

import (
	"testing"

	"github.com/evenkeel-dev/evenkeel/metrics"
)

// TestUnitsOfBadges: the same values as in the dashboard's own tests.
func TestUnitsOfBadges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{durationText(0), "0 s"},
		{durationText(0.34), "340 ms"},
		{durationText(42), "42 s"},
		{durationText(5.25), "5.3 s"},
		{durationText(59.99), "60 s"},
		{durationText(720), "12 min"},
		{durationText(90), "1.5 min"},
		{durationText(3600), "1 h"},
		{durationText(56_880), "15.8 h"},
		{durationText(172_799), "48 h"},
		{durationText(172_800), "2 d"},
		{durationText(198_720), "2.3 d"},
		{durationText(8_636_000), "100 d"},
		{shareText(0), "0 %"},
		{shareText(0.089), "8.9 %"},
		{shareText(1), "100 %"},
		{shareText(0.99951), "100 %"},
		{rateText(0), "0 /day"},
		{rateText(2.44), "2.4 /day"},
		{rateText(0.5), "3.5 /week"},
		{rateText(0.1), "3 /30 d"},
		{rateText(0.0111), "0.33 /30 d"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// TestFewOrUncoveredCasesHaveNoValue: four cases, or half of the shipments known.
func TestFewOrUncoveredCasesHaveNoValue(t *testing.T) {
	t.Parallel()
	v := 3600.0
	for want, f := range map[string]badged{
		"no data":   {withheld: metrics.WithheldNoValue, write: durationText},
		"too few":   {value: &v, withheld: metrics.WithheldTooFew, write: durationText},
		"not shown": {value: &v, withheld: metrics.WithheldCoverage, write: durationText},
		"1 h":       {value: &v, write: durationText},
	} {
		if got := f.text(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
