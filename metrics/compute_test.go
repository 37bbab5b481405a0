package metrics_test

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// year is a query for 2024 as known a year later.
func year() metrics.Query {
	return metrics.Query{Window: evenkeel.Window{From: epoch, To: epoch.AddDate(1, 0, 0)}, Policy: evenkeel.DefaultPolicy(), AsOf: epoch.AddDate(2, 0, 0)}
}

// deployments are successes in production at the given hours after the epoch.
func deployments(hours ...int) metrics.Input {
	in := metrics.Input{Application: "shop"}
	for i, h := range hours {
		in.Deployments = append(in.Deployments, fact(evenkeel.KindDeployment, fmt.Sprint(i),
			evenkeel.Deployment{Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: epoch.Add(time.Duration(h) * time.Hour)}))
	}
	return in
}

func report(in metrics.Input) metrics.Report {
	return metrics.Compute(year(), metrics.Derive(in, year().Policy))
}

// failing are n deployments a week apart of which the first k fail.
func failing(k, n int) metrics.Input {
	hours := make([]int, n)
	for i := range hours {
		hours[i] = 80 * i
	}
	in := deployments(hours...)
	for i := range k {
		in.Incidents = append(in.Incidents, fact(evenkeel.KindIncident, fmt.Sprint(i), evenkeel.Incident{OpenedAt: in.Deployments[i].Value.FinishedAt}))
	}
	return in
}

func TestFailRateHasWilsonIntervals(t *testing.T) {
	t.Parallel()
	// Published roundings of Wilson's interval.
	for _, want := range []struct {
		k, n      int
		low, high float64
	}{{0, 5, 0, 0.43}, {0, 10, 0, 0.28}, {1, 7, 0.026, 0.51}, {3, 20, 0.052, 0.36}, {5, 100, 0.022, 0.11}, {0, 60, 0, 0.06}} {
		r := report(failing(want.k, want.n)).FailRate
		if r.Failed != want.k || r.N != want.n || math.Abs(*r.Low-want.low) > 0.0005 || math.Abs(*r.High-want.high) > 0.005 {
			t.Errorf("%d of %d: got %d of %d, %.4f to %.4f, want %v to %v", want.k, want.n, r.Failed, r.N, *r.Low, *r.High, want.low, want.high)
		}
	}
}

// shipping is a baseline and one deployment on 21 January that ships changes
// with the given lead times in hours.
func shipping(hours ...float64) metrics.Input {
	in := deployments(0, 480)
	for i := range in.Deployments {
		in.Deployments[i].Value.Repository, in.Deployments[i].Value.Commit = repository, sha(fmt.Sprint(i))
	}
	finish := in.Deployments[1].Value.FinishedAt
	for i, h := range hours {
		in.Changes = append(in.Changes, fact(evenkeel.KindChange, fmt.Sprint(i),
			evenkeel.Change{Repository: repository, Number: i + 1, OpenedAt: finish.Add(-time.Duration(h * float64(time.Hour))), MergedAt: finish}))
	}
	return in
}

func TestMedianIntervalNeedsSixValues(t *testing.T) {
	t.Parallel()
	// P(Bin(6, 1/2) = 0) = 1/64 <= 0.025 < P(Bin(5, 1/2) = 0) = 1/32; for ten
	// values P(X <= 1) = 11/1024 <= 0.025 < P(X <= 2) = 56/1024, so the second
	// and the ninth.
	for name, want := range map[string]struct {
		hours     []float64
		low, high *float64
	}{
		"five have none":              {[]float64{1, 2, 3, 4, 5}, nil, nil},
		"six span all":                {[]float64{1, 2, 3, 4, 5, 6}, seconds(1), seconds(6)},
		"ten from second to ninth":    {[]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, seconds(2), seconds(9)},
		"order of input is no matter": {[]float64{10, 3, 2, 9, 5, 6, 7, 8, 4, 1}, seconds(2), seconds(9)},
	} {
		l := report(shipping(want.hours...)).LeadTime
		if d := cmp.Diff([]*float64{want.low, want.high}, []*float64{l.Low, l.High}); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func seconds(hours float64) *float64 {
	s := hours * 3600
	return &s
}

func TestManyValuesAreSelectedExactly(t *testing.T) {
	t.Parallel()
	hours := make([]float64, 5001)
	for i := range hours {
		hours[i] = float64((i*1789)%5001) * 300 / 5001 // A permutation of 0, 300/5001, …
	}
	l := report(shipping(hours...)).LeadTime
	step := 300 * 3600 / 5001.0
	got := []float64{*l.Median, *l.P75, *l.P90}
	for i, want := range []float64{2500 * step, 3750 * step, 4500 * step} {
		if math.Abs(got[i]-want) > 1e-3 {
			t.Errorf("quantile %d: got %v, want %v", i, got[i], want)
		}
	}
	// Normal approximation of the rank: (5001 - 1.96 * sqrt(5001)) / 2 = 2431.2.
	if rank := *l.Low / step; rank < 2429 || rank > 2432 {
		t.Errorf("lower rank is %v", rank)
	}
}

func TestRestorationOfIncidents(t *testing.T) {
	t.Parallel()
	at := func(h int) time.Time {
		if h == 0 {
			return time.Time{}
		}
		return epoch.Add(time.Duration(h) * time.Hour)
	}
	for name, c := range map[string]struct {
		mitigated, resolved, reopened int
		want                          *float64
	}{
		"mitigated before resolved":           {5, 9, 0, seconds(4)},
		"only resolved":                       {0, 9, 0, seconds(8)},
		"neither":                             {0, 0, 0, nil},
		"reopened after the end":              {5, 9, 10, nil},
		"reopened at the end":                 {0, 9, 9, seconds(8)},
		"reopened between, resolved later":    {5, 9, 7, seconds(8)},
		"reopened before it was mitigated":    {5, 9, 3, seconds(4)},
		"reopened after the end, then fixed":  {12, 9, 10, seconds(11)},
		"mitigated, reopened, never resolved": {5, 0, 6, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := deployments(0)
			i := evenkeel.Incident{OpenedAt: at(1), MitigatedAt: at(c.mitigated), ResolvedAt: at(c.resolved), ReopenedAt: at(c.reopened)}
			in.Incidents = append(in.Incidents, fact(evenkeel.KindIncident, "i", i))
			r := report(in).Recovery
			if d := cmp.Diff(c.want, r.Median); d != "" {
				t.Errorf("median (-want +got):\n%s", d)
			}
			if open := c.want == nil; open != (r.Unresolved == 1) {
				t.Errorf("unresolved is %d", r.Unresolved)
			}
		})
	}
}

func TestSharedChangesCountWithTheEarliestShipment(t *testing.T) {
	t.Parallel()
	late := shipping(10, 20)
	for i := range late.Changes {
		late.Changes[i].Shared = true
	}
	early := late
	early.Application = "other"
	early.Deployments = nil
	for i, d := range late.Deployments {
		d.Value.FinishedAt = d.Value.FinishedAt.Add(time.Duration(30*i) * -time.Minute)
		d.ID = evenkeel.FactID(evenkeel.KindDeployment, fmt.Sprint("early", i))
		early.Deployments = append(early.Deployments, d)
	}
	early.Changes = nil
	for _, c := range late.Changes {
		c.Value.MergedAt = c.Value.MergedAt.Add(-time.Hour)
		early.Changes = append(early.Changes, c)
	}
	p := evenkeel.DefaultPolicy()
	for _, parts := range [][]metrics.Derived{
		{metrics.Derive(late, p), metrics.Derive(early, p)}, {metrics.Derive(early, p), metrics.Derive(late, p)},
	} {
		r := metrics.Compute(year(), parts...)
		if r.LeadTime.N != 2 || *r.LeadTime.Median != 14.5*3600 || r.Frequency.Deployments != 4 {
			t.Errorf("got %d changes, median %v s, %d deployments; want 2, 52200, 4", r.LeadTime.N, *r.LeadTime.Median, r.Frequency.Deployments)
		}
		q := year() // The window begins between the two deployments: the earlier one still wins.
		q.Window.From = epoch.Add(480*time.Hour - time.Minute)
		if r := metrics.Compute(q, parts...); r.LeadTime.N != 0 || r.Frequency.Deployments != 1 {
			t.Errorf("after the first shipment: got %d changes, %d deployments; want 0, 1", r.LeadTime.N, r.Frequency.Deployments)
		}
	}
}

func TestAttributionsAndOutcomesAreFoundById(t *testing.T) {
	t.Parallel()
	in := deployments(0, 80)
	in.Deployments[1].Value.Group = "g"
	in.Deployments = append(in.Deployments, fact(evenkeel.KindDeployment, "member", in.Deployments[1].Value))
	in.Deployments = append(in.Deployments, fact(evenkeel.KindDeployment, "attempt", evenkeel.Deployment{Environment: "production", Status: evenkeel.StatusFailure, FinishedAt: epoch}))
	in.Incidents = append(in.Incidents,
		fact(evenkeel.KindIncident, "near", evenkeel.Incident{OpenedAt: epoch.Add(time.Hour), ResolvedAt: epoch.Add(2 * time.Hour)}),
		fact(evenkeel.KindIncident, "linked", evenkeel.Incident{OpenedAt: epoch.Add(300 * time.Hour), CausedBy: "member"}),
		fact(evenkeel.KindIncident, "lost", evenkeel.Incident{OpenedAt: epoch.Add(300 * time.Hour)}))
	d := metrics.Derive(in, evenkeel.DefaultPolicy())
	explicit, incident := metrics.RungExplicit, metrics.RungIncident
	for id, want := range map[string]metrics.Outcome{
		in.Deployments[0].ID: {Counted: true, Failed: true, Rung: &incident, Method: metrics.MethodNone},
		in.Deployments[1].ID: {Counted: true, Failed: true, Rung: &explicit, Method: metrics.MethodNone},
		in.Deployments[2].ID: {Counted: true, Failed: true, Rung: &explicit, Method: metrics.MethodNone},
		in.Deployments[3].ID: {Method: metrics.MethodNone},
	} {
		got, ok := d.Outcome(id)
		got.Evidence = nil // TestFailures says what it holds.
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("outcome of %s (-want +got):\n%s", id, diff)
		}
	}
	near, _ := d.Attribution(in.Incidents[0].ID)
	laid := metrics.Laid{Deployment: &in.Deployments[0].ID, Rung: &incident, GapSeconds: seconds(1), Inferred: true}
	if want := (metrics.Attribution{Laid: laid, Automatic: laid, Deployments: []string{in.Deployments[0].ID}, RecoverySeconds: seconds(1)}); !cmp.Equal(want, near) {
		t.Errorf("attribution (-want +got):\n%s", cmp.Diff(want, near))
	}
	lost, ok := d.Attribution(in.Incidents[2].ID)
	if diff := cmp.Diff(metrics.Attribution{Deployments: []string{}}, lost); diff != "" || !ok {
		t.Errorf("unattributed incident (-want +got):\n%s", diff)
	}
	if _, ok := d.Outcome("unknown"); ok {
		t.Error("an unknown id has an outcome")
	}
	if _, ok := (metrics.Derived{}).Shipment("unknown", ""); ok {
		t.Error("the zero value knows a shipment")
	}
}

func TestALateAttemptOfAnOlderCommitIsNoRollback(t *testing.T) {
	t.Parallel()
	in := deployments(0, 10, 11)
	names := []string{"a", "c", "b"}
	for i := range in.Deployments {
		v := &in.Deployments[i].Value
		v.Repository, v.Commit, v.StartedAt = repository, sha(names[i]), v.FinishedAt.Add(-time.Minute)
	}
	in.Graphs = map[string]*evenkeel.Graph{repository: evenkeel.NewGraph([]evenkeel.Node{
		{SHA: binarySHA("a"), Committed: epoch},
		{SHA: binarySHA("b"), Parents: []evenkeel.SHA{binarySHA("a")}, Committed: epoch},
		{SHA: binarySHA("c"), Parents: []evenkeel.SHA{binarySHA("b")}, Committed: epoch},
	})}
	if got := report(in).Frequency.Rollbacks; got != 1 {
		t.Errorf("started after what it replaces: %d rollbacks, want 1", got)
	}
	in.Deployments[2].Value.StartedAt = epoch.Add(9 * time.Hour)
	r := report(in)
	if r.Frequency.Rollbacks != 0 || r.FailRate.Failed != 0 || len(r.Anomalies) != 1 || r.Anomalies[0].Kind != "overtaken_deployment" {
		t.Errorf("started before what it replaces: %d rollbacks, %d failed, anomalies %v", r.Frequency.Rollbacks, r.FailRate.Failed, r.Anomalies)
	}
}

func TestUnpackRefusesDamage(t *testing.T) {
	t.Parallel()
	good := metrics.Derive(failing(2, 10), evenkeel.DefaultPolicy()).Pack()
	for name, damage := range map[string]func([]byte) []byte{
		"another version": func(b []byte) []byte { return append([]byte("metrics-0\n"), b[10:]...) },
		"nothing":         func([]byte) []byte { return nil },
		"cut short":       func(b []byte) []byte { return b[:len(b)-3] },
		"trailing bytes":  func(b []byte) []byte { return append(append([]byte{}, b...), 0) },
	} {
		bad := append([]evenkeel.Segment{}, good...)
		bad[0].Data = damage(append([]byte{}, bad[0].Data...))
		if _, err := metrics.Unpack("shop", bad); !errors.Is(err, evenkeel.ErrInvalid) {
			t.Errorf("%s: got %v, want ErrInvalid", name, err)
		}
	}
	if _, err := metrics.Unpack("shop", append(good, good[0])); !errors.Is(err, evenkeel.ErrInvalid) {
		t.Errorf("a month twice: got %v, want ErrInvalid", err)
	}
}

func FuzzUnpack(f *testing.F) {
	for _, s := range metrics.Derive(failing(2, 10), evenkeel.DefaultPolicy()).Pack() {
		f.Add(s.Data)
	}
	f.Fuzz(func(_ *testing.T, data []byte) {
		d, err := metrics.Unpack("shop", []evenkeel.Segment{{Environment: "production", Month: "2024-01", Data: data}})
		if err == nil {
			metrics.Compute(year(), d)
			metrics.Series(year(), metrics.Month, d)
			for _, m := range metrics.Metrics() {
				e, _ := metrics.Explain(year(), m, d)
				for _, row := range e.Rows {
					metrics.UsesOf(year(), []string{row.ID}, d)
				}
			}
			d.Pack()
		}
	})
}

func TestBenchmarkSetsAreComplete(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, b := range metrics.Benchmarks() {
		if b.Kind != metrics.ClusterCentres {
			continue
		}
		seen++
		for _, metric := range []string{"deployment_frequency", "change_lead_time", "failed_deployment_recovery_time", "change_fail_rate"} {
			if n := len(b.Bands[metric]); n != 4 && (n != 3 || b.Year != 2022) {
				t.Errorf("%s %s has %d bands", b.ID, metric, n)
			}
		}
		for metric, bands := range b.Bands {
			for _, band := range bands {
				if band.Value == nil && (band.From == nil || (band.To != nil && *band.To <= *band.From)) {
					t.Errorf("%s %s %s is empty", b.ID, metric, band.Name)
				}
			}
		}
	}
	set, ok := metrics.BenchmarkNamed(metrics.DefaultBenchmark)
	if seen != 5 || !ok || set.Year != 2023 || *set.Bands["change_fail_rate"][3].Value != 0.64 || *set.Bands["change_lead_time"][0].To != 86400 {
		t.Errorf("%d sets, default %+v", seen, set)
	}
}
