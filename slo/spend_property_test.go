package slo_test

import (
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// drawn is a random service with random causes.
type drawn struct {
	definition slo.Definition
	series     *slo.Series
	window     evenkeel.Window
	causes     []slo.Cause
	cohorts    []slo.Cohort
	policy     slo.SpendPolicy
}

func (d drawn) spend(causes []slo.Cause) slo.Spending {
	return slo.Spend(d.definition, d.definition.Objectives[0], d.series, d.window, causes, d.cohorts, d.policy)
}

// drawnMinutes is how long random services run.
const drawnMinutes = 2200

// drawnSeconds are when causes begin: seldom long before the window, or in its
// first hour, of which little is known.
func drawnSeconds() (list []int) {
	for n := 0; n < 1500*60; n += 12007 {
		list = append(list, n)
	}
	for n := 1500 * 60; n < drawnMinutes*60; n += 607 {
		list = append(list, n)
	}
	return list
}

func draw(t *testing.T, r *rapid.T) drawn {
	method := rapid.SampledFrom([]slo.Method{slo.Occurrences, slo.Timeslices, slo.RatioTimeslices}).Draw(r, "method")
	d := drawn{definition: availability(t, method), window: evenkeel.Window{From: at(1440), To: at(drawnMinutes)}, policy: slo.DefaultSpendPolicy()}
	d.definition.Missing = rapid.SampledFrom([]slo.Missing{slo.MissingExclude, slo.MissingGood, slo.MissingBad, slo.MissingHold}).Draw(r, "missing")
	d.policy.Incident = rapid.SampledFrom([]float64{0, 0.125, 1000}).Draw(r, "incidents")
	d.policy.Confidence = rapid.SampledFrom([]float64{d.policy.Confidence, 1e-9}).Draw(r, "confidence")
	for k := range rapid.IntRange(0, 8).Draw(r, "causes") {
		d.causes = append(d.causes, drawCause(r, k))
	}
	whole := window(d.window.To)
	d.series = slo.Gather(d.definition, d.definition.Objectives[0], drawTraffic(r, "all", d.causes), whole)
	if rapid.Bool().Draw(r, "cohorts") {
		for _, name := range []string{"1", "2"} {
			series := slo.Gather(d.definition, d.definition.Objectives[0], drawTraffic(r, "version "+name, nil), whole)
			d.cohorts = append(d.cohorts, slo.Cohort{Dimension: "version", Name: name, Tallies: series})
		}
	}
	return d
}

func window(to time.Time) evenkeel.Window { return evenkeel.Window{From: start, To: to} }

// drawTraffic has a few levels of traffic and of errors, and holes. Half of the
// causes do harm for half an hour, after which errors are as they were.
func drawTraffic(r *rapid.T, name string, causes []slo.Cause) (list []evenkeel.Slice) {
	harmed := map[int]bool{}
	for _, c := range causes {
		if began := int(c.At.Sub(start).Minutes()); rapid.Bool().Draw(r, "harm") {
			for n := range 30 {
				harmed[began+n] = true
			}
		}
	}
	seed := rapid.Uint32().Draw(r, name)
	next := func(n uint32) uint32 { // Drawing each number would take long.
		seed = seed*1664525 + 1013904223
		return (seed >> 16) % n
	}
	total, bad := next(50), uint32(0)
	for n := range drawnMinutes {
		if next(400) == 0 {
			total, bad = next(50), next(3)*next(3)
		}
		if next(40) == 0 {
			continue
		}
		wrong := min(total, next(bad+2)*next(2))
		if harmed[n] {
			wrong = total - next(total/2+1)
		}
		list = append(list, minute(n, float64(total-wrong), float64(total)))
	}
	return list
}

func drawCause(r *rapid.T, k int) slo.Cause {
	c := slo.Cause{
		Kind:   rapid.SampledFrom([]slo.CauseKind{slo.CauseDeployment, slo.CauseFlagChange, slo.CauseIncident}).Draw(r, "kind"),
		ID:     strconv.Itoa(k),
		At:     start.Add(time.Duration(rapid.SampledFrom(drawnSeconds()).Draw(r, "at")) * time.Second),
		Cohort: rapid.SampledFrom([]string{"", "1", "2", "3"}).Draw(r, "cohort"), Dimension: "version",
		Group: rapid.SampledFrom([]string{"", "", "g"}).Draw(r, "group"),
	}
	if c.Kind == slo.CauseIncident {
		if length := rapid.IntRange(-60, 300).Draw(r, "length"); length != 0 {
			c.Until = c.At.Add(time.Duration(length) * time.Minute)
		}
		c.CausedBy = strconv.Itoa(rapid.IntRange(0, 9).Draw(r, "caused by"))
	}
	return c
}

// TestSpendAddsUp: in whatever order the entries are added, nothing is lost or
// told twice, to the last bit.
func TestSpendAddsUp(t *testing.T) {
	t.Parallel()
	booked := 0
	rapid.Check(t, func(r *rapid.T) {
		d := draw(t, r)
		s := d.spend(d.causes)
		parts := []float64{s.Unattributed}
		for _, e := range s.Entries {
			parts = append(parts, e.Bad)
			if e.Bad <= 0 || e.Low < 0 || e.Low > e.Bad || e.High < e.Bad || e.High > s.Bad || len(e.Causes) == 0 || (e.Kind == slo.CauseJoint) != (len(e.Causes) > 1) {
				r.Errorf("%+v of %v", e, s.Bad)
			}
		}
		booked += len(s.Entries)
		sum := 0.0
		for _, part := range rapid.Permutation(parts).Draw(r, "order") {
			sum += part
		}
		if want := d.series.Tally(d.window).Count(d.definition.Method, d.definition.Missing).Bad; sum != want || s.Bad != want || s.Unattributed < 0 {
			r.Errorf("%v add up to %v, %v were consumed", parts, sum, want)
		}
	})
	if booked == 0 {
		t.Error("nothing was ever booked")
	}
}

func TestSpendHasNoOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		d := draw(t, r)
		want := d.spend(d.causes)
		shuffled := rapid.Permutation(append(d.causes, d.causes...)).Draw(r, "causes")
		d.cohorts = rapid.Permutation(d.cohorts).Draw(r, "cohorts")
		if diff := cmp.Diff(want, d.spend(shuffled)); diff != "" {
			r.Errorf("in another order, and named twice:\n%s", diff)
		}
	})
}

// TestSpendIsLocal: a change more than an hour from all excess that was booked
// and takes nothing changes nothing but how sure others are; what it takes, it
// takes from nobody far, except that whole events are rounded anew. How sure they
// are is left out of the decision here.
func TestSpendIsLocal(t *testing.T) {
	t.Parallel()
	sure := cmpopts.IgnoreFields(slo.SpendEvidence{}, "Sure")
	rapid.Check(t, func(r *rapid.T) {
		d := draw(t, r)
		d.policy.Confidence, d.policy.Incident = 1e-9, 1000*math.Floor(d.policy.Incident/1000)
		before := d.spend(d.causes)
		more := deployment("more", rapid.IntRange(0, drawnMinutes).Draw(r, "more"))
		after := d.spend(append(d.causes, more))
		taken := map[string]bool{}
		for _, e := range after.Entries {
			for _, c := range e.Causes {
				if involves(e, "more") {
					taken[c.ID] = true
				}
			}
		}
		alone := true
		for _, e := range before.Entries {
			began := e.From
			if began.Equal(d.window.From) || e.Evidence.Basis == slo.BasisIncident {
				began = start // It may have begun before what is booked.
			}
			near := !more.At.Before(began.Add(-time.Hour)) && more.At.Before(e.To.Add(time.Hour))
			alone = alone && !near
			if near || involvesAny(e, taken) {
				continue
			}
			if !contains(after.Entries, e) {
				r.Errorf("a change at %v alters %+v", more.At, e)
			}
		}
		if alone && !taken["more"] && !cmp.Equal(before, after, sure) {
			r.Errorf("a change that takes nothing alters something:\n%s", cmp.Diff(before, after, sure))
		}
	})
}

// TestSpendDoubtsMore: one more change after which nothing happened makes others
// less likely, never more.
func TestSpendDoubtsMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		d := draw(t, r)
		d.causes = slices.DeleteFunc(d.causes, func(c slo.Cause) bool { return c.Kind == slo.CauseIncident })
		before := d.spend(d.causes)
		after := d.spend(append(d.causes, deployment("more", rapid.IntRange(0, drawnMinutes).Draw(r, "more"))))
		for _, e := range after.Entries {
			if involves(e, "more") {
				return
			}
		}
		if after.Unattributed < before.Unattributed {
			r.Errorf("%v was unattributed, %v with one more change", before.Unattributed, after.Unattributed)
		}
	})
}

// TestSpendReadsAmountsNotRecords: measurements that come again, and backwards,
// are the same ledger.
func TestSpendReadsAmountsNotRecords(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		d := draw(t, r)
		o, whole := d.definition.Objectives[0], window(d.window.To)
		list := drawTraffic(r, "traffic", d.causes)
		d.series = slo.Gather(d.definition, o, list, whole)
		want := d.spend(d.causes)
		from := rapid.IntRange(0, len(list)-1).Draw(r, "from")
		shuffled := append(slices.Clone(list[from:]), list...)
		slices.Reverse(shuffled)
		d.series = slo.Gather(d.definition, o, shuffled, whole)
		if diff := cmp.Diff(want, d.spend(d.causes)); diff != "" {
			r.Errorf("again and backwards:\n%s", diff)
		}
	})
}

func involves(e slo.SpendEntry, id string) bool {
	for _, c := range e.Causes {
		if c.ID == id {
			return true
		}
	}
	return false
}

func involvesAny(e slo.SpendEntry, ids map[string]bool) bool {
	for _, c := range e.Causes {
		if ids[c.ID] {
			return true
		}
	}
	return false
}

// contains tells whether an entry is in a list, give or take one event and how
// sure it is.
func contains(list []slo.SpendEntry, e slo.SpendEntry) bool {
	rounded := cmp.Options{cmpopts.IgnoreFields(slo.SpendEntry{}, "Bad", "Share"), cmpopts.IgnoreFields(slo.SpendEvidence{}, "Sure")}
	for _, one := range list {
		if math.Abs(one.Bad-e.Bad) <= 1 && cmp.Equal(one, e, rounded) {
			return true
		}
	}
	return false
}
