package server_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/server/watch"
)

// availabilityOf promises that 99 % of the events of an application are good
// over the last day.
func availabilityOf(name, application string) string {
	return fmt.Sprintf(`apiVersion: openslo/v1
kind: SLO
metadata:
  name: %s
  annotations:
    evenkeel.dev/series: availability
    evenkeel.dev/environment: production
spec:
  service: %s
  budgetingMethod: Occurrences
  timeWindow:
    - duration: 1d
      isRolling: true
  indicator:
    metadata:
      name: availability
    spec:
      ratioMetric:
        counter: false
        good:
          metricSource: {type: Pushed, spec: {}}
        total:
          metricSource: {type: Pushed, spec: {}}
  objectives:
    - target: 0.99
`, name, application)
}

// measure records minutes of 100 events each up to the clock's present, of
// which bad are bad for the last of them.
func (s site) measure(application string, minutes, badMinutes, bad int) {
	s.t.Helper()
	m := &evenkeel.Measurement{Application: application, Environment: "production", Series: "availability", SliceSeconds: 60}
	end := clock().Truncate(time.Minute)
	for n := minutes; n > 0; n-- {
		total, wrong := 100.0, 0.0
		if n <= badMinutes {
			wrong = float64(bad)
		}
		m.Slices = append(m.Slices, evenkeel.Slice{At: end.Add(-time.Duration(n) * time.Minute), Bad: &wrong, Total: &total})
	}
	event := evenkeel.Event{Kind: evenkeel.KindMeasurement, ID: fmt.Sprint(minutes, badMinutes, bad), Source: "probe", ObservedAt: end, Payload: m}
	if _, err := s.store.In("default").Record(s.t.Context(), []evenkeel.Event{event}); err != nil {
		s.t.Fatal(err)
	}
}

// save keeps a document.
func (s site) save(document string) server.SavedLevel {
	s.t.Helper()
	text, _ := json.Marshal(map[string]any{"document": document})
	return decode[server.SavedLevel](s.t, s.do("POST", "/api/v1/service-levels", s.admin(), string(text)))
}

// reader is a token that may read.
func (s site) reader() string { return s.token("default", clock().Add(time.Hour), evenkeel.ScopeRead) }

// register makes an application.
func (s site) register(slug string) {
	s.t.Helper()
	if _, err := s.store.In("default").RegisterApplication(s.t.Context(), evenkeel.Application{Slug: slug, Name: slug}); err != nil {
		s.t.Fatal(err)
	}
}

// decode reads an answer that has to be there.
func decode[T any](t *testing.T, r response) (value T) {
	t.Helper()
	if r.status != http.StatusOK {
		t.Fatalf("%d: %s", r.status, r.text)
	}
	if err := json.Unmarshal([]byte(r.text), &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// TestABudgetIsServed works one by hand: 1,000 minutes of 100 events; in the
// last ten of them 50 are bad. 500 of 100,000 are bad, 1,000 may be: half of the
// budget is spent.
func TestABudgetIsServed(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.measure("shop", 1000, 10, 50)
	if saved := s.save(availabilityOf("shop-availability", "shop")); saved.Number != 1 || !saved.Saved {
		t.Errorf("saved %+v", saved)
	}
	list := decode[server.LevelsView](t, s.do("GET", "/api/v1/service-levels", s.reader(), ""))
	if len(list.Items) != 1 {
		t.Fatalf("%d rows", len(list.Items))
	}
	row := list.Items[0]
	if row.Bad != 500 || row.Total != 100_000 || *row.SLI != 0.995 || *row.Budget.Consumed != 0.5 || *row.Budget.Left != 500 || row.Unit != "events" {
		t.Errorf("row %+v, budget %+v", row, row.Budget)
	}
	if want := 1000.0 / 1440; *row.Coverage != want {
		t.Errorf("coverage %v, want %v", *row.Coverage, want)
	}
	if row.Status != "at_risk" || row.Alert != nil {
		t.Errorf("status %q (%s), alert %+v before its history says of one", row.Status, row.Reason, row.Alert)
	}
	if list.Statuses["at_risk"] != 1 || list.Found != 1 {
		t.Errorf("statuses %v", list.Statuses)
	}
	since := clock().Add(-9 * time.Minute)
	page := evenkeel.AlertSpan{ServiceLevel: "shop-availability", Severity: "page", Row: "12m/1m", From: since, Peak: 50, State: "firing"}
	if _, err := s.store.In("default").SaveAlertSpans(t.Context(), []evenkeel.AlertSpan{page}); err != nil {
		t.Fatal(err)
	}
	list = decode[server.LevelsView](t, s.do("GET", "/api/v1/service-levels", s.reader(), ""))
	if alert := list.Items[0].Alert; alert == nil || alert.Severity != "page" || alert.State != "firing" || !alert.Since.Equal(since) {
		t.Errorf("alert %+v", alert)
	}
}

// exclude leaves the last time out of the budgets of a service level.
func (s site) exclude(id string, last time.Duration) views.LevelCorrection {
	s.t.Helper()
	end := clock().Truncate(time.Minute)
	correction := fmt.Sprintf(`{"from":%q,"to":%q,"mode":"exclude","reason":"moved to another zone"}`, end.Add(-last).Format(time.RFC3339), end.Format(time.RFC3339))
	return decode[views.LevelCorrection](s.t, s.do("POST", "/api/v1/service-levels/"+id+"/corrections", s.admin(), correction))
}

// TestCorrectionsStandBesideWhatWasExperienced excludes the bad minutes.
func TestCorrectionsStandBesideWhatWasExperienced(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.measure("shop", 1000, 10, 50)
	s.save(availabilityOf("shop-availability", "shop"))
	kept := s.exclude("shop-availability", 10*time.Minute)
	detail := decode[views.LevelDetail](t, s.do("GET", "/api/v1/service-levels/shop-availability", s.reader(), ""))
	row := detail.Budgets[0]
	if row.Bad != 0 || row.Total != 99_000 || *row.Budget.Remaining != 1 || row.Experienced == nil || *row.Experienced.Consumed != 0.5 {
		t.Errorf("row %+v, experienced %+v", row, row.Experienced)
	}
	if len(detail.Corrections) != 1 || detail.Corrections[0].Reason != "moved to another zone" {
		t.Errorf("corrections %+v", detail.Corrections)
	}
	if got := s.do("DELETE", "/api/v1/service-levels/shop-availability/corrections/"+kept.ID, s.admin(), ""); got.status != http.StatusNoContent {
		t.Errorf("withdrawn: %d %s", got.status, got.text)
	}
	detail = decode[views.LevelDetail](t, s.do("GET", "/api/v1/service-levels/shop-availability", s.reader(), ""))
	if row := detail.Budgets[0]; row.Bad != 500 || row.Experienced != nil {
		t.Errorf("after withdrawing: %+v", row)
	}
}

// TestWhoSpentABudget lays what was bad to the deployment before it; what it
// says adds up.
func TestWhoSpentABudget(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.measure("shop", 1200, 60, 20)
	at := clock().Truncate(time.Minute).Add(-60 * time.Minute)
	deployment := &evenkeel.Deployment{Application: "shop", Environment: "production", Status: evenkeel.StatusSuccess, Version: "1.42", StartedAt: at.Add(-time.Minute), FinishedAt: at}
	incident := &evenkeel.Incident{Application: "shop", Environment: "production", Severity: "sev2", OpenedAt: at.Add(10 * time.Minute)}
	if _, err := s.store.In("default").Record(t.Context(), []evenkeel.Event{
		{Kind: evenkeel.KindDeployment, ID: "d1", Source: "ci", ObservedAt: at, Payload: deployment},
		{Kind: evenkeel.KindIncident, ID: "OPS-7", Source: "pager", ObservedAt: at.Add(10 * time.Minute), Payload: incident},
	}); err != nil {
		t.Fatal(err)
	}
	s.save(availabilityOf("shop-availability", "shop"))
	spend := decode[views.LevelSpend](t, s.do("GET", "/api/v1/service-levels/shop-availability/spend", s.reader(), ""))
	sum := spend.Unattributed
	for _, e := range spend.Entries {
		sum += e.Bad
	}
	if spend.Bad != 1200 || sum != spend.Bad {
		t.Errorf("bad %v, sum %v", spend.Bad, sum)
	}
	if len(spend.Entries) != 1 || spend.Entries[0].Kind != "deployment" || spend.Entries[0].Causes[0].Title != "1.42" || spend.Entries[0].Share < 0.95 {
		t.Errorf("entries %+v", spend.Entries)
	}
	e := spend.Entries[0].Evidence
	if e.Basis != "timing" || e.Delay == nil || *e.Delay != 60 || e.During != 0.2 || e.Before > 0.0001 || e.Low > e.Before || e.High < e.Before || e.Cohort != nil || len(e.Incidents) != 1 {
		t.Fatalf("evidence %+v", e)
	}
	if i := e.Incidents[0]; i.Kind != "incident" || i.Title != "OPS-7 sev2" || i.ID == "" || !i.At.Equal(at.Add(10*time.Minute)) {
		t.Errorf("incident %+v", i)
	}
	burndown := decode[views.LevelBurndown](t, s.do("GET", "/api/v1/service-levels/shop-availability/burndown", s.reader(), ""))
	last := burndown.Points[len(burndown.Points)-1]
	if *last.Remaining != 0 || len(burndown.Marks) != 2 || burndown.Marks[0].Consumed == nil || *burndown.Marks[0].Consumed < 0.95 {
		t.Errorf("last point %v, marks %+v", *last.Remaining, burndown.Marks)
	}
}

// TestBurnLooksBackBeforeTheWindow: one of a hundred is bad since the window of a
// week began, and none was before. The first point stands 42 minutes into it: of
// three days these are 42 of 4,320, which burn at 1.
func TestBurnLooksBackBeforeTheWindow(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.measure("shop", 11*1440, 7*1440, 1)
	s.save(strings.Replace(availabilityOf("shop-availability", "shop"), "duration: 1d", "duration: 7d", 1))
	burn := decode[views.LevelBurn](t, s.do("GET", "/api/v1/service-levels/shop-availability/burn?points=240", s.reader(), ""))
	first, last := burn.Rates[0], burn.Rates[len(burn.Rates)-1]
	if got := first.Burn["3d"]; burn.Step != 42*60 || got == nil || *got != 42.0/4320 {
		t.Errorf("steps of %d s, burn of 3d %v", burn.Step, *got)
	}
	if got := last.Burn["3d"]; got == nil || *got != 1 {
		t.Errorf("at last %v", got)
	}
}

// TestWhatWouldHaveBeen tries two targets on four days, on the last of which 2 %
// were bad.
func TestWhatWouldHaveBeen(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.measure("shop", 4*1440, 1440, 2)
	s.save(availabilityOf("shop-availability", "shop"))
	what := decode[views.LevelWhatIf](t, s.do("GET", "/api/v1/service-levels/shop-availability/what-if?target=0.99&target=0.97", s.reader(), ""))
	if len(what.Outcomes) != 2 {
		t.Fatalf("%+v", what)
	}
	if own := what.Outcomes[0]; !own.Present || own.Met != 3 || own.Missed != 1 || own.Unknown != 0 {
		t.Errorf("own: %+v", own)
	}
	if other := what.Outcomes[1]; other.Present || other.Met != 4 || other.Missed != 0 {
		t.Errorf("other: %+v", other)
	}
}

// TestOtherWindowsAreTried on the same four days: two days spend 1 % of what
// they have, which is their budget, and no month is over.
func TestOtherWindowsAreTried(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.measure("shop", 4*1440, 1440, 2)
	s.save(availabilityOf("shop-availability", "shop"))
	const path = "/api/v1/service-levels/shop-availability/what-if?target=0.99"
	what := decode[views.LevelWhatIf](t, s.do("GET", path+"&window=1d&window=2d&window=8d&window=1M", s.reader(), ""))
	month := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	for i, want := range []views.LevelOutcome{
		{Window: views.LevelWindow{Span: "1d", Rolling: true, From: clock().AddDate(0, 0, -1), To: clock()}, Present: true, Met: 3, Missed: 1, Coverage: new(1.0), Budget: views.LevelBudget{Consumed: new(2.0)}},
		{Window: views.LevelWindow{Span: "2d", Rolling: true, From: clock().AddDate(0, 0, -2), To: clock()}, Met: 2, Coverage: new(1.0), Budget: views.LevelBudget{Consumed: new(1.0)}},
		{Window: views.LevelWindow{Span: "8d", Rolling: true, From: clock().AddDate(0, 0, -8), To: clock()}, Coverage: new(0.5), Budget: views.LevelBudget{Consumed: new(0.5)}},
		{Window: views.LevelWindow{Span: "1M", Zone: "UTC", From: month, To: month.AddDate(0, 1, 0)}, Coverage: new(96.0 / (21.5 * 24)), Budget: views.LevelBudget{Consumed: new(0.5)}},
	} {
		got := what.Outcomes[i]
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(views.LevelOutcome{}, "Target", "SLI", "Windows", "Budget")); diff != "" || !near(got.Budget.Consumed, want.Budget.Consumed) {
			t.Errorf("%s consumed %v (-want +got)\n%s", want.Window.Span, *got.Budget.Consumed, diff)
		}
	}
	for window, want := range map[string]string{"1m": "1M a month", "28x": "window[0]", "401d": "400 days", "2Y": "400 days"} {
		if got := s.do("GET", path+"&window="+window, s.reader(), ""); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.text, want) {
			t.Errorf("%q: %d %s", window, got.status, got.text)
		}
	}
}

func near(a, b *float64) bool { return a != nil && b != nil && math.Abs(*a-*b) < 1e-9 }

// TestBadDocumentsAreRefusedByField sends what cannot be evaluated.
func TestBadDocumentsAreRefusedByField(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	good := availabilityOf("shop-availability", "shop")
	for what, want := range map[string][2]string{
		"no budget":   {strings.Replace(good, "target: 0.99", "target: 1", 1), "target"},
		"not YAML":    {"{", "YAML"},
		"no document": {"", "document"},
		"a zone":      {strings.Replace(good, "duration: 1d\n      isRolling: true", "duration: 1M\n      isRolling: false\n      calendar: {startTime: 2026-01-01 00:00:00, timeZone: Mars/Base}", 1), "timeZone"},
	} {
		text, _ := json.Marshal(map[string]any{"document": want[0]})
		got := s.do("POST", "/api/v1/service-levels", s.admin(), string(text))
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.text, want[1]) {
			t.Errorf("%s: %d %s", what, got.status, got.text)
		}
	}
	text, _ := json.Marshal(map[string]any{"document": good})
	if got := s.do("POST", "/api/v1/service-levels", s.reader(), string(text)); got.status != http.StatusForbidden {
		t.Errorf("without the right: %d %s", got.status, got.text)
	}
}

// TestAPreviewKeepsNothing tries a document that nothing measures.
// TestAPromiseIsASentence: what a document promises, in words and in parts.
func TestAPromiseIsASentence(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	plain := availabilityOf("shop-availability", "shop")
	s.save(plain)
	promise := func(objectives ...views.LevelObjective) *views.LevelPromise {
		return &views.LevelPromise{Span: "1d", Rolling: true, Objectives: objectives}
	}
	byCalendar := promise(views.LevelObjective{Target: 0.99, Of: "events", Severities: []string{}})
	byCalendar.Span, byCalendar.Rolling, byCalendar.Zone = "1M", false, "Asia/Kathmandu"
	const gauge = "ratioMetric:\n        counter: false\n        good:\n          metricSource: {type: Pushed, spec: {}}\n        total:\n          metricSource: {type: Pushed, spec: {}}\n"
	for name, c := range map[string]struct {
		old, now  string
		statement string
		promise   *views.LevelPromise
	}{
		"events": {"", "", "99 % of events are good, over the last 1d.", promise(views.LevelObjective{Target: 0.99, Of: "events", Severities: []string{}})},
		"slices that are judged": {
			"budgetingMethod: Occurrences", "budgetingMethod: Timeslices", "strict: In 99.95 % of slices of 5m, at least 95 % of events are good, over the last 1d.",
			promise(views.LevelObjective{Name: "strict", Target: 0.9995, Of: "events", Severities: []string{}, SliceSeconds: 300, SliceTarget: new(0.95)}),
		},
		"slices that are averaged": {
			"budgetingMethod: Occurrences", "budgetingMethod: RatioTimeslices", "strict: On average of slices of 5m, 99.95 % of events are good, over the last 1d.",
			promise(views.LevelObjective{Name: "strict", Target: 0.9995, Of: "events", Severities: []string{}, SliceSeconds: 300}),
		},
		"a latency": {
			gauge, "thresholdMetric: {metricSource: {type: Pushed, spec: {}}}\n", "99 % of measurements are at most 0.25, over the last 1d.",
			promise(views.LevelObjective{Target: 0.99, Of: "measurements", Severities: []string{}, Comparison: "at_most", Value: new(0.25)}),
		},
		"a ratio that is measured": {
			gauge, "ratioMetric: {counter: false, rawType: success, raw: {metricSource: {type: Pushed, spec: {}}}}\n", "99 % of what is measured succeeds, over the last 1d.",
			promise(views.LevelObjective{Target: 0.99, Of: "successes", Severities: []string{}}),
		},
		"a month": {"- duration: 1d\n      isRolling: true", "- {duration: 1M, isRolling: false, calendar: {startTime: 2026-01-01 00:00:00, timeZone: Asia/Kathmandu}}", "99 % of events are good, in every 1M of the calendar (Asia/Kathmandu).", byCalendar},
	} {
		document := strings.Replace(plain, c.old, c.now, 1)
		switch {
		case strings.HasPrefix(name, "slices"):
			slices := map[bool]string{true: ", timeSliceTarget: 0.95"}[strings.HasSuffix(c.now, ": Timeslices")]
			document = strings.Replace(document, "- target: 0.99\n", "- {displayName: strict, target: 0.9995, timeSliceWindow: 5m"+slices+"}\n", 1)
		case name == "a latency":
			document = strings.Replace(document, "- target: 0.99\n", "- {target: 0.99, op: lte, value: 0.25}\n", 1)
		}
		text, _ := json.Marshal(map[string]any{"document": document})
		decode[server.SavedLevel](t, s.do("PUT", "/api/v1/service-levels/shop-availability", s.admin(), string(text)))
		detail := s.level("shop-availability")
		if detail.Statement != c.statement || detail.Problem != "" {
			t.Errorf("%s: %q %s", name, detail.Statement, detail.Problem)
		}
		if diff := cmp.Diff(c.promise, detail.Promise); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestAPreviewKeepsNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.measure("shop", 100, 0, 0)
	text, _ := json.Marshal(map[string]any{"document": availabilityOf("shop-availability", "shop")})
	preview := decode[views.LevelPreview](t, s.do("POST", "/api/v1/service-levels/preview", s.reader(), string(text)))
	if preview.Problem != "" || len(preview.Budgets) != 1 || *preview.Budgets[0].SLI != 1 {
		t.Errorf("%+v", preview)
	}
	if list := decode[server.LevelsView](t, s.do("GET", "/api/v1/service-levels", s.reader(), "")); len(list.Items) != 0 {
		t.Errorf("kept %+v", list.Items)
	}
}

// TestAPreviewHasTheCorrectionsThatItsNameHas: a document that is tried in place of one
// that is kept stands where it would once it is kept; under another name it has none.
func TestAPreviewHasTheCorrectionsThatItsNameHas(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.measure("shop", 1000, 10, 50)
	s.save(availabilityOf("shop-availability", "shop"))
	kept := s.exclude("shop-availability", 10*time.Minute)
	tried := func(document string) views.LevelRow {
		text, _ := json.Marshal(map[string]any{"document": document})
		return decode[views.LevelPreview](t, s.do("POST", "/api/v1/service-levels/preview", s.reader(), string(text))).Budgets[0]
	}
	row := s.level("shop-availability").Budgets[0]
	if got := tried(availabilityOf("shop-availability", "shop")); got.Bad != 0 || !cmp.Equal(row.Budget, got.Budget) || !cmp.Equal(row.Experienced, got.Experienced) {
		t.Errorf("%+v, experienced %+v, where it is kept %+v", got.Budget, got.Experienced, row.Budget)
	}
	if got := tried(availabilityOf("shop-other", "shop")); got.Bad != 500 || got.Experienced != nil {
		t.Errorf("under another name %+v", got)
	}
	s.do("DELETE", "/api/v1/service-levels/shop-availability/corrections/"+kept.ID, s.admin(), "")
	if got := tried(availabilityOf("shop-availability", "shop")); got.Bad != 500 || got.Experienced != nil {
		t.Errorf("after withdrawing %+v", got)
	}
}

// TestAlertsThatWereNoticedAreServed: of each of the last ten minutes half of
// the events are bad, and the server has just looked.
func TestAlertsThatWereNoticedAreServed(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.measure("shop", 1000, 10, 50)
	s.save(availabilityOf("shop-availability", "shop"))
	looking := watch.New(watch.Options{
		Workspaces: s.store.Workspaces, Workspace: func(slug string) watch.Workspace { return s.store.In(slug) },
		Budgets: budgets.New(func(slug string) budgets.Workspace { return s.store.In(slug) }), Now: clock,
	})
	if err := looking.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	history := decode[struct{ Items []views.LevelAlertSpan }](t, s.do("GET", "/api/v1/service-levels/shop-availability/alerts", s.reader(), ""))
	pages := 0
	for _, a := range history.Items {
		if a.State != "firing" || a.Until != nil || a.From.After(clock()) || a.From.Before(clock().Add(-11*time.Minute)) || a.Peak <= 0 {
			t.Errorf("%+v", a)
		}
		if a.Severity == "page" {
			pages++
		}
	}
	if pages == 0 {
		t.Errorf("no page in %+v", history.Items)
	}
}
