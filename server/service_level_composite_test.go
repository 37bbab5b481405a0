package server_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/server/watch"
)

// inARow promises 99 % of answers and of payments, which are needed at once.
const inARow = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: journey
  annotations: {evenkeel.dev/environment: production, evenkeel.dev/composite: serial}
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow: [{duration: 1d, isRolling: true}]
  objectives:
    - displayName: answers
      target: 0.99
      indicator:
        metadata: {name: availability}
        spec: {ratioMetric: {counter: false, bad: {metricSource: {type: Pushed, spec: {}}}, total: {metricSource: {type: Pushed, spec: {}}}}}
    - displayName: payments
      target: 0.99
      indicator:
        metadata: {name: payments}
        spec: {ratioMetric: {counter: false, bad: {metricSource: {type: Pushed, spec: {}}}, total: {metricSource: {type: Pushed, spec: {}}}}}
`

// pay records minutes of 100 payments up to the clock's present, all of them good.
func (s site) pay(minutes int, series string) {
	s.t.Helper()
	m := &evenkeel.Measurement{Application: "shop", Environment: "production", Series: series, SliceSeconds: 60}
	end := clock().Truncate(time.Minute)
	for n := minutes; n > 0; n-- {
		m.Slices = append(m.Slices, evenkeel.Slice{At: end.Add(-time.Duration(n) * time.Minute), Bad: new(0.0), Total: new(100.0)})
	}
	if _, err := s.store.In("default").Record(s.t.Context(), []evenkeel.Event{{Kind: evenkeel.KindMeasurement, ID: fmt.Sprint("paid ", minutes, series), Source: "probe", ObservedAt: end, Payload: m}}); err != nil {
		s.t.Fatal(err)
	}
}

func (s site) look() {
	s.t.Helper()
	looking := watch.New(watch.Options{
		Workspaces: s.store.Workspaces, Workspace: func(slug string) watch.Workspace { return s.store.In(slug) },
		Budgets: budgets.New(func(slug string) budgets.Workspace { return s.store.In(slug) }), Now: clock,
	})
	if err := looking.Look(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func (s site) composite() views.LevelComposite {
	s.t.Helper()
	detail := decode[views.LevelDetail](s.t, s.do("GET", "/api/v1/service-levels/journey", s.reader(), ""))
	if detail.Composite == nil {
		s.t.Fatalf("%+v", detail)
	}
	return *detail.Composite
}

// TestACompositeIsServed: of 1,000 minutes of 100 answers half of the last ten are
// bad, and no payments. Together 0.005 of 0.0199 are spent; of the last hour 500 of
// 6,000 answers failed, a burn of 0.08333/0.0199.
func TestACompositeIsServed(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.measure("shop", 1000, 10, 50)
	s.pay(1000, "payments")
	s.save(inARow)
	s.look()
	c := s.composite()
	if math.Abs(*c.Budget.Consumed-0.005/0.0199) > 1e-9 || c.Burn["1h"] == nil || math.Abs(*c.Burn["1h"]-500.0/6000/0.0199) > 1e-9 || len(c.Lacks) > 0 || c.NoForecast != "" || c.Unforeseen != nil || c.ExhaustsAt == nil || c.Exhausts.From == nil {
		t.Errorf("%+v", c)
	}
	if c.Alert == nil || c.Alert.Severity != "page" || c.Alert.State != "firing" || c.Status != "at_risk" {
		t.Errorf("%s, %s, alert %+v", c.Status, c.Reason, c.Alert)
	}
	for _, row := range decode[server.LevelsView](t, s.do("GET", "/api/v1/service-levels", s.reader(), "")).Items {
		if row.Composite == nil || row.Composite.Alert == nil || row.Composite.Alert.Severity != "page" || row.Composite.Status != "at_risk" {
			t.Errorf("%s: %+v", row.Objective, row.Composite)
		}
	}
	history := decode[struct{ Items []views.LevelAlertSpan }](t, s.do("GET", "/api/v1/service-levels/journey/alerts", s.reader(), ""))
	if !slices.ContainsFunc(history.Items, func(a views.LevelAlertSpan) bool { return a.Objective == "" && a.Severity == "page" && a.Until == nil }) {
		t.Errorf("%+v", history.Items)
	}
	burn := decode[views.LevelBurn](t, s.do("GET", "/api/v1/service-levels/journey/burn?composite=true", s.reader(), ""))
	last := burn.Rates[len(burn.Rates)-1]
	if len(burn.Rows) == 0 || !burn.Rows[0].Over || burn.UntilPage != nil || last.Burn["12m"] == nil || math.Abs(*last.Burn["12m"]-500.0/1200/0.0199) > 1e-9 {
		t.Errorf("rows %+v, last %+v", burn.Rows, last)
	}
}

// TestACompositeHasABurndown: measured are 1,000 minutes, the last ten of them half
// bad, of which 5 spend 0.0025/0.0199 of the budget and 10 twice that, as the budget
// says. Before they began nothing is known, and the chart says of whom.
func TestACompositeHasABurndown(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.measure("shop", 1000, 10, 50)
	s.pay(1000, "payments")
	at := clock().Truncate(time.Minute).Add(-10 * time.Minute)
	deployment := &evenkeel.Deployment{Application: "shop", Environment: "production", Status: evenkeel.StatusSuccess, Version: "1.42", StartedAt: at, FinishedAt: at.Add(time.Minute)}
	if _, err := s.store.In("default").Record(t.Context(), []evenkeel.Event{{Kind: evenkeel.KindDeployment, ID: "d1", Source: "ci", ObservedAt: at, Payload: deployment}}); err != nil {
		t.Fatal(err)
	}
	s.save(inARow)
	down := decode[views.LevelBurndown](t, s.do("GET", "/api/v1/service-levels/journey/burndown?composite=true&points=288", s.reader(), ""))
	first, half, last := down.Points[0], down.Points[len(down.Points)-2], down.Points[len(down.Points)-1]
	if first.Remaining != nil || !first.NoData || first.Why.Code != "members_unmeasured" || first.Why.Values["names"] != "answers, payments" {
		t.Errorf("%+v, %+v", first, first.Why)
	}
	if left := s.composite().Budget.Remaining; *last.Remaining != *left || math.Abs(*left-(1-0.005/0.0199)) > 1e-9 || last.NoData || last.Why != nil {
		t.Errorf("%v left, of the budget %v", *last.Remaining, *left)
	}
	if want := 1 - 250.0/99500/0.0199; math.Abs(*half.Remaining-want) > 1e-9 || len(down.Points) != 289 || len(down.Even) > 0 || down.Basis == nil || len(down.Forecast) == 0 {
		t.Errorf("%v left, want %v, of %d points", *half.Remaining, want, len(down.Points))
	}
	if len(down.Marks) != 1 || down.Marks[0].Kind != "deployment" || down.Marks[0].Consumed != nil {
		t.Errorf("%+v", down.Marks)
	}
}

// TestACompositeSaysWhatItLacks: payments were never measured. What is no composite
// does not burn as one.
func TestACompositeSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.measure("shop", 1000, 0, 0)
	s.save(inARow)
	c := s.composite()
	if c.Burn["1h"] != nil || !slices.Equal(c.Lacks["1h"], []string{"payments"}) || c.NoForecast != "nothing was measured of payments" || c.Unforeseen.Code != "members_unmeasured" || c.Unforeseen.Values["names"] != "payments" || c.Status != "no_data" || c.Reason != c.NoForecast {
		t.Errorf("%+v", c)
	}
	if r := s.do("GET", "/api/v1/service-levels/journey/burn?composite=true", s.reader(), ""); r.status != 200 {
		t.Errorf("%d: %s", r.status, r.text)
	}
	down := decode[views.LevelBurndown](t, s.do("GET", "/api/v1/service-levels/journey/burndown?composite=true&points=10", s.reader(), ""))
	for _, p := range down.Points {
		if p.Remaining != nil || !p.NoData || !strings.Contains(p.Why.Text, "payments") {
			t.Errorf("%+v, %+v", p, p.Why)
		}
	}
	s.save(strings.ReplaceAll(availabilityOf("shop-availability", "shop"), "availability", "uptime"))
	for _, chart := range []string{"burn", "burndown"} {
		if r := s.do("GET", "/api/v1/service-levels/shop-uptime/"+chart+"?composite=true", s.reader(), ""); r.status != 422 {
			t.Errorf("%s: %d: %s", chart, r.status, r.text)
		}
	}
}

// TestMembersOfSeveralSeriesMakeNoComposite: answers are measured in two regions,
// each with a budget of its own, and payments in one. Nobody says which belong
// together, so the whole has no value, and says why.
func TestMembersOfSeveralSeriesMakeNoComposite(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.pay(10, `availability{region="eu"}`)
	s.pay(10, `availability{region="us"}`)
	s.pay(10, `payments{region="eu"}`)
	s.save(strings.Replace(inARow, "composite: serial", "composite: serial, evenkeel.dev/group-by: region", 1))
	c := s.composite()
	if c.Status != "no_data" || c.Code != "several_series" || c.Values["name"] != "answers" || c.Unforeseen == nil || c.Unforeseen.Code != "several_series" || c.Budget.Remaining != nil || c.SLI != nil || len(c.Members) > 0 {
		t.Errorf("%+v", c)
	}
	for _, chart := range []string{"burn", "burndown"} {
		if r := s.do("GET", "/api/v1/service-levels/journey/"+chart+"?composite=true", s.reader(), ""); r.status != 422 {
			t.Errorf("%s: %d: %s", chart, r.status, r.text)
		}
	}
}
