package openslo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// TestADefinitionIsWrittenAndReadAgain: whatever a definition holds, its
// document reads as the same definition, and is written the same again.
func TestADefinitionIsWrittenAndReadAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := anyDefinition(t)
		if err := d.Check(); err != nil {
			t.Fatalf("the generator: %v", err)
		}
		text, err := openslo.YAML(openslo.FromDefinition(d))
		if err != nil {
			t.Fatal(err)
		}
		s := readText(string(text))
		if err := s.Err(); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff([]slo.Definition{d}, s.Definitions, exactly()); diff != "" {
			t.Fatalf("%s\n%s", diff, text)
		}
		again, err := openslo.YAML(openslo.FromDefinition(s.Definitions[0]))
		if err != nil || string(again) != string(text) {
			t.Fatalf("%v\n%s", err, again)
		}
	})
}

func anyDefinition(t *rapid.T) slo.Definition {
	text := rapid.SampledFrom([]string{"", "Checkout", "yes", "1", "0.5", "null", "a: b", "- a", "naïve “text”", "two\nlines\n", "  indented\n text", "#", "2026-01-01", "{{.window}}"})
	name := rapid.StringMatching(`[a-z][a-z0-9-]{0,10}`)
	d := slo.Definition{
		Name: name.Draw(t, "name"), DisplayName: text.Draw(t, "display"), Description: text.Draw(t, "description"), Service: name.Draw(t, "service"),
		Environment: rapid.SampledFrom([]string{"", "production"}).Draw(t, "environment"),
		Method:      rapid.SampledFrom([]slo.Method{slo.Occurrences, slo.Timeslices, slo.RatioTimeslices}).Draw(t, "method"),
		Missing:     rapid.SampledFrom([]slo.Missing{slo.MissingExclude, slo.MissingGood, slo.MissingBad, slo.MissingHold}).Draw(t, "missing"),
		Slice:       rapid.SampledFrom([]time.Duration{10 * time.Second, time.Minute, 5 * time.Minute}).Draw(t, "slice"),
		Delay:       rapid.SampledFrom([]time.Duration{0, 90 * time.Second, 2 * time.Hour}).Draw(t, "delay"),
		Window:      anyWindow(t),
		GroupBy:     rapid.SampledFrom([][]string{nil, {"route"}, {"zone", "region"}}).Draw(t, "group by"),
	}
	d.Guard.MinEvents = rapid.SampledFrom([]float64{0, 100, 0.5}).Draw(t, "events")
	d.Guard.MinBad = rapid.SampledFrom([]float64{0, 5}).Draw(t, "bad")
	d.Guard.Confidence = rapid.SampledFrom([]float64{0, 0.95}).Draw(t, "confidence")
	d.Alerts = rapid.SampledFrom([]string{"", "workbook-30d", "pyrra-28d", slo.DefaultWindowSet(d.Window)}).Draw(t, "alerts")
	d.Policies = anyPolicies(t)
	if rapid.Bool().Draw(t, "labels") {
		d.Labels = map[string]string{"team": text.Draw(t, "team"), "tier": "1"}
	}
	composite := rapid.Bool().Draw(t, "composite")
	incidents := !composite && rapid.IntRange(0, 3).Draw(t, "incidents") == 0
	if incidents {
		d.Missing, d.GroupBy = slo.MissingExclude, nil
	}
	if composite {
		d.Composite = rapid.SampledFrom([]slo.CompositeRule{slo.CompositeOpenSLO, slo.CompositeWeighted, slo.CompositeWorst, slo.CompositeSerial}).Draw(t, "rule")
		if rapid.Bool().Draw(t, "promised") {
			target, err := slo.ParseTarget("0.995")
			if err != nil {
				t.Fatal(err)
			}
			d.CompositeTarget = target
		}
	} else {
		d.Indicator = anyIndicator(t, d.Name, "availability", incidents)
	}
	for _, name := range []string{"first", "second"} {
		d.Objectives = append(d.Objectives, anyObjective(t, d, name))
	}
	return d
}

func anyPolicies(t *rapid.T) (list []slo.AlertPolicy) {
	flag := rapid.SampledFrom([]*bool{nil, new(true), new(false)})
	for _, name := range rapid.SampledFrom([][]string{nil, {"fast"}, {"fast", "two\nlines: #"}}).Draw(t, "policies") {
		factor, err := slo.ParseFactor(rapid.SampledFrom([]string{"0.000001", "2", "14.4", "999999.999999"}).Draw(t, "factor"))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, slo.AlertPolicy{
			Name: name, Severity: rapid.SampledFrom([]slo.Severity{slo.Page, slo.Ticket}).Draw(t, "severity"), Factor: factor,
			Meeting: rapid.Bool().Draw(t, "meeting"), Lookback: rapid.SampledFrom([]time.Duration{time.Minute, 90 * time.Minute, time.Hour, 24 * time.Hour}).Draw(t, "lookback"),
			For:       rapid.SampledFrom([]time.Duration{0, 5 * time.Minute, 2 * time.Hour}).Draw(t, "for"),
			Breaching: flag.Draw(t, "breaching"), Resolved: flag.Draw(t, "resolved"), NoData: flag.Draw(t, "no data"),
		})
	}
	return list
}

func anyWindow(t *rapid.T) slo.TimeWindow {
	w := slo.TimeWindow{Span: slo.Span{N: rapid.IntRange(1, 10).Draw(t, "n"), Unit: rapid.SampledFrom([]slo.Unit{slo.Day, slo.Week, slo.Month, slo.Quarter, slo.Year}).Draw(t, "unit")}}
	if rapid.Bool().Draw(t, "calendar") {
		zone, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "America/New_York", "Asia/Kathmandu"}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		w.Start = time.Date(2026, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 31).Draw(t, "day"), 12, 30, 0, 0, zone)
	}
	return w
}

func anyIndicator(t *rapid.T, empty, series string, incidents bool) slo.Indicator {
	source := func(label string) *slo.Source {
		query := rapid.SampledFrom([]string{"sum(a)", "sum(\n  a{b=\"c\"}\n)", "1"}).Draw(t, label)
		return &slo.Source{
			DataSource: rapid.SampledFrom([]string{"", "main"}).Draw(t, "source"), Type: "Prometheus", Query: query,
			Spec: map[string]any{"query": query, "step": int64(5), "share": 0.25, "list": []any{"a", nil, true}, "map": map[string]any{"a": "1"}},
		}
	}
	i := slo.Indicator{Name: rapid.SampledFrom([]string{"", series}).Draw(t, "indicator"), Series: series}
	if i.Name == "" {
		i.Series = rapid.SampledFrom([]string{empty, `other{zone="a"}`}).Draw(t, "series")
	}
	if incidents {
		severities := rapid.SampledFrom([][]string{nil, {"sev1"}, {"SEV 1", "critical"}}).Draw(t, "severities")
		return slo.Indicator{Name: i.Name, Kind: slo.BadOfTotal, Incidents: &slo.Incidents{Severities: severities}}
	}
	i.Kind = rapid.SampledFrom([]slo.IndicatorKind{slo.GoodOfTotal, slo.BadOfTotal, slo.Success, slo.Failure, slo.Threshold}).Draw(t, "kind")
	switch i.Kind {
	case slo.GoodOfTotal:
		i.Good, i.Total, i.Counter = source("good"), source("total"), rapid.Bool().Draw(t, "counter")
	case slo.BadOfTotal:
		i.Bad, i.Total, i.Counter = source("bad"), source("total"), rapid.Bool().Draw(t, "counter")
	default:
		i.Value = source("value")
	}
	return i
}

func anyObjective(t *rapid.T, d slo.Definition, name string) slo.Objective {
	parse := func(label string, most int64) slo.Target {
		digits := rapid.IntRange(1, 9).Draw(t, label+" digits")
		text := "0." + strings.Repeat("9", digits)
		if most > 0 && rapid.Bool().Draw(t, label+" whole") {
			text = "1"
		}
		target, err := slo.ParseShare(text)
		if err != nil {
			t.Fatal(err)
		}
		return target
	}
	o := slo.Objective{Name: name, Target: parse("target", 0), Weight: 1}
	if d.Composite != "" {
		indicator := anyIndicator(t, d.Name+"/"+name, name, len(d.GroupBy) == 0 && name == "second" && rapid.Bool().Draw(t, "by incidents"))
		if indicator.Incidents == nil && indicator.Series != d.Name+"/"+name {
			indicator.Series += "-" + name
			indicator.Series = strings.ReplaceAll(indicator.Series, `{zone="a"}-`, "-")
		}
		o.Indicator, o.Weight = &indicator, rapid.SampledFrom([]float64{1, 2, 0.5}).Draw(t, "weight")
	}
	if o.In(d).Kind == slo.Threshold {
		o.Op = rapid.SampledFrom([]slo.Comparison{slo.AtMost, slo.Below, slo.AtLeast, slo.Above}).Draw(t, "op")
		o.Value = rapid.SampledFrom([]float64{0, -1.5, 0.3, 1e300, 500}).Draw(t, "value")
	}
	if d.Method == slo.Timeslices {
		o.SliceTarget = parse("slice", 1)
	}
	if d.Method != slo.Occurrences {
		o.SliceWindow = rapid.SampledFrom([]time.Duration{5 * time.Minute, time.Hour, 24 * time.Hour}).Draw(t, "window")
	}
	return o
}
