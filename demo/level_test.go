package demo_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/demo"
	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// promised are the demo's objectives by name.
func promised(t *testing.T) map[string]slo.Definition {
	t.Helper()
	list, _ := demo.ServiceLevels(demo.Options{Seed: 1, Now: now})
	all := map[string]slo.Definition{}
	for _, one := range list {
		set := openslo.Read(openslo.File{Name: one.ID + ".yaml", Text: []byte(one.Document)})
		for _, lint := range set.Lints {
			if lint.Severity != openslo.Note {
				t.Errorf("%s: %+v", one.ID, lint)
			}
		}
		if len(set.Definitions) != 1 || set.Definitions[0].Name != one.ID || set.Definitions[0].Service != one.Application {
			t.Fatalf("%s: %d definitions of\n%s", one.ID, len(set.Definitions), one.Document)
		}
		all[one.ID] = set.Definitions[0]
	}
	return all
}

// measured are slices by application, environment and series.
func measured(f *facts) map[string][]evenkeel.Slice {
	all := map[string][]evenkeel.Slice{}
	for _, e := range f.events {
		if m, ok := e.Payload.(*evenkeel.Measurement); ok {
			key := m.Application + " " + m.Environment + " " + m.Series
			all[key] = append(all[key], m.Slices...)
		}
	}
	return all
}

// stands is where an objective of one series stands now, and who spent it.
func stands(f *facts, d slo.Definition, list []evenkeel.Slice) (slo.Result, slo.Spending) {
	window := evenkeel.Window{From: now.Add(-45 * day), To: now}
	series := slo.Gather(d, d.Objectives[0], list, window)
	r := slo.Evaluate(d, d.Objectives[0], series, now)
	return r, slo.Spend(d, d.Objectives[0], series, evenkeel.Window{From: r.Window.From, To: now}, causes(f, d), nil, slo.DefaultSpendPolicy())
}

// causes are what the company did to an application, as sources told it.
func causes(f *facts, d slo.Definition) (list []slo.Cause) {
	for _, e := range f.events {
		switch p := e.Payload.(type) {
		case *evenkeel.Deployment:
			if owners := f.owners(p.Subject()); len(owners) == 1 && owners[0] == d.Service && p.Status == evenkeel.StatusSuccess {
				list = append(list, slo.Cause{Kind: slo.CauseDeployment, ID: e.ID, At: p.StartedAt, Environment: p.Environment})
			}
		case *evenkeel.FlagChange:
			if p.Application == d.Service {
				list = append(list, slo.Cause{Kind: slo.CauseFlagChange, ID: e.ID, At: p.At, Environment: p.Environment})
			}
		}
	}
	for id, i := range f.incidents {
		if i.Application == d.Service {
			list = append(list, slo.Cause{Kind: slo.CauseIncident, ID: id, At: i.OpenedAt, Until: i.ResolvedAt, Environment: i.Environment, CausedBy: i.CausedBy})
		}
	}
	return list
}

// key is the series of a definition without labels.
func key(d slo.Definition) string { return d.Service + " " + d.Environment + " " + d.Indicator.Series }

func TestLevelsHaveDocumentsAndMeasurements(t *testing.T) {
	t.Parallel()
	series := measured(year())
	used := map[string]bool{}
	for name, d := range promised(t) {
		var keys []string
		switch {
		case d.Indicator.Incidents != nil:
			continue
		case d.Composite != "":
			for _, o := range d.Objectives {
				keys = append(keys, d.Service+" "+d.Environment+" "+o.Indicator.Series)
			}
		case len(d.GroupBy) > 0:
			for _, region := range []string{"ap", "eu", "us"} {
				keys = append(keys, key(d)+`{region="`+region+`"}`)
			}
		default:
			keys = append(keys, key(d))
		}
		for _, k := range keys {
			used[k] = true
			list := series[k]
			if len(list) < 40*288 {
				t.Errorf("%s: %d slices of %s", name, len(list), k)
				continue
			}
			last := list[len(list)-1].At
			if old := now.Sub(last) > day; old != (name == "route-planning") {
				t.Errorf("%s: the last slice of %s is at %v", name, k, last)
			}
		}
	}
	for k := range series {
		if !used[k] {
			t.Errorf("%s is measured and promised nowhere", k)
		}
	}
}

// TestLevelsShowStates: every state that people should see has its level.
func TestLevelsShowStates(t *testing.T) {
	t.Parallel()
	f := year()
	all, series := promised(t), measured(f)
	for name, want := range map[string]struct{ least, most, told float64 }{
		"checkout-availability": {0.2, 0.75, 0.5},
		"pricing-availability":  {1.05, 1.7, 0.7}, // exhausted
		"pricing-quotes":        {1, 1.5, 0.7},    // thaws soon
		"payments-availability": {0.6, 2.5, 0},    // by a maintenance that a correction leaves out
		"inventory-answers":     {0.4, 0.9, 0.3},
		"tracking-availability": {0.5, 1.1, 0.5},
		"ingest-acceptance":     {0.15, 0.7, 0.4},
		"identity-logins":       {0.1, 0.7, 0.3},
		"gateway-availability":  {0.3, 1.1, 0.5},
	} {
		d := all[name]
		r, spent := stands(f, d, series[key(d)])
		if r.Consumed == nil || *r.Consumed < want.least || *r.Consumed > want.most {
			t.Errorf("%s: consumed %v of %v, want %v", name, value(r.Consumed), r.Count, want)
		}
		if told := 1 - spent.Unattributed/spent.Bad; told < want.told {
			t.Errorf("%s: the ledger lays %.2f of %v to causes, want %v", name, told, spent.Bad, want.told)
		}
	}
	few, _ := stands(f, all["ledger-postings"], series[key(all["ledger-postings"])])
	if allowed := few.Target.Allowed(few.Count.Total); allowed >= 5 || few.Count.Total == 0 {
		t.Errorf("ledger-postings: %v bad events are allowed, want few", allowed)
	}
	thaws := all["pricing-quotes"]
	window := evenkeel.Window{From: now.Add(-45 * day), To: now}
	later := slo.Evaluate(thaws, thaws.Objectives[0], slo.Gather(thaws, thaws.Objectives[0], series[key(thaws)], window), now.Add(10*day))
	if value(later.Consumed) > 0.7 {
		t.Errorf("pricing-quotes: consumed %v in ten days, want a thaw", value(later.Consumed))
	}
}

// TestALevelOfIncidentsHasSome: minutes of the window, a part of the budget.
func TestALevelOfIncidentsHasSome(t *testing.T) {
	t.Parallel()
	d := promised(t)["checkout-incidents"]
	var list []slo.Outage
	for id, i := range year().incidents {
		if i.Application == d.Service && i.Concerns(d.Environment, evenkeel.DefaultPolicy().Class) {
			list = append(list, slo.Outage{Cause: slo.Cause{ID: id}, Stood: i.Stood(nil)})
		}
	}
	r := slo.Evaluate(d, d.Objectives[0], slo.MinutesOf(d, d.Objectives[0], list, evenkeel.Window{From: now.Add(-45 * day), To: now}), now)
	if r.Consumed == nil || *r.Consumed <= 0.05 || *r.Consumed >= 3 {
		t.Errorf("%v is consumed: %+v", value(r.Consumed), r.Count)
	}
}

// TestCorrectionsLeaveTheMaintenanceOut: what the contract counts is not what
// people met.
func TestCorrectionsLeaveTheMaintenanceOut(t *testing.T) {
	t.Parallel()
	_, list := demo.ServiceLevels(demo.Options{Seed: 1, Now: now})
	if len(list) != 1 || list[0].ServiceLevel != "payments-availability" {
		t.Fatalf("%+v", list)
	}
	d := promised(t)["payments-availability"]
	o := d.Objectives[0]
	series := slo.Gather(d, o, measured(year())[key(d)], evenkeel.Window{From: now.Add(-45 * day), To: now})
	c := slo.Correction{ID: list[0].ID, From: list[0].From, To: list[0].To, Mode: slo.CorrectionMode(list[0].Mode), Reason: list[0].Reason, At: list[0].At}
	r := slo.Evaluate(d, o, slo.Corrected(series, d, o, []slo.Correction{c}), now)
	met := slo.Evaluate(d, o, series, now)
	if r.Consumed == nil || *r.Consumed > 0.8 || *r.Consumed > value(met.Consumed)-0.3 {
		t.Errorf("%v is consumed, %v with the correction", value(met.Consumed), value(r.Consumed))
	}
}

// TestLevelsAreOfEveryKind: what the product can count, the demo shows.
func TestLevelsAreOfEveryKind(t *testing.T) {
	t.Parallel()
	kinds := map[string]int{}
	for _, d := range promised(t) {
		kinds[string(d.Method)]++
		kinds[string(d.Indicator.Kind)]++
		kinds["rolling "+strconv.FormatBool(d.Window.Rolling())]++
		kinds["composite "+string(d.Composite)]++
		kinds["grouped by "+strings.Join(d.GroupBy, ",")]++
		kinds["by incidents "+strconv.FormatBool(d.Indicator.Incidents != nil)]++
		kinds["with alert policies "+strconv.FormatBool(len(d.Policies) > 0 && d.Alerts == "")]++
	}
	for _, kind := range []string{"Occurrences", "Timeslices", "RatioTimeslices", "good/total", "bad/total", "threshold", "rolling true", "rolling false", "composite weighted", "grouped by region", "by incidents true", "with alert policies true"} {
		if kinds[kind] == 0 {
			t.Errorf("no level is %s", kind)
		}
	}
}

func value(v *float64) float64 {
	if v == nil {
		return -1
	}
	return *v
}
