package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// quietOf promises that 99 % of the minutes of an application's last day have no
// incident.
func quietOf(name, application string) string {
	return `apiVersion: openslo/v1
kind: SLO
metadata:
  name: ` + name + `
  annotations: {evenkeel.dev/source: incidents}
spec:
  service: ` + application + `
  budgetingMethod: Occurrences
  timeWindow: [{duration: 1d, isRolling: true}]
  objectives: [{target: 0.99}]
`
}

// outage records one of an application, from so many minutes ago to so many; 0
// is still open.
func (s site) outage(application, id string, from, to int) {
	s.t.Helper()
	end := clock().Truncate(time.Minute)
	i := &evenkeel.Incident{Application: application, Severity: "sev1", OpenedAt: end.Add(-time.Duration(from) * time.Minute)}
	if to > 0 {
		i.ResolvedAt = end.Add(-time.Duration(to) * time.Minute)
	}
	e := evenkeel.Event{Kind: evenkeel.KindIncident, ID: id, Source: "pager", ObservedAt: end, Payload: i}
	if _, err := s.store.In("default").Record(s.t.Context(), []evenkeel.Event{e}); err != nil {
		s.t.Fatal(err)
	}
}

// TestWhatWasDetectedBeforeItWasOpenedStood: the first that is known of an application
// is an incident that was noticed five minutes before it was opened. It stood for ten
// of the fifteen minutes since.
func TestWhatWasDetectedBeforeItWasOpenedStood(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.save(quietOf("shop-quiet", "shop"))
	s.outage("other", "c", 500, 400)
	end := clock().Truncate(time.Minute)
	i := &evenkeel.Incident{Application: "shop", OpenedAt: end.Add(-10 * time.Minute), DetectedAt: end.Add(-15 * time.Minute), ResolvedAt: end.Add(-5 * time.Minute)}
	e := evenkeel.Event{Kind: evenkeel.KindIncident, ID: "noticed", Source: "pager", ObservedAt: end, Payload: i}
	if _, err := s.store.In("default").Record(t.Context(), []evenkeel.Event{e}); err != nil {
		t.Fatal(err)
	}
	row := decode[views.LevelDetail](t, s.do("GET", "/api/v1/service-levels/shop-quiet", s.reader(), "")).Budgets[0]
	if row.Bad != 10 || row.Total != 15 {
		t.Errorf("%v of %v minutes", row.Bad, row.Total)
	}
}

// TestABudgetOfIncidentsIsServed works one by hand. Before any incident is known
// nothing is said to be good. Then one of ten minutes lies before the window, one
// of four in it, and one is open for two: 6 of 1,440 minutes are bad, 14.4 may be.
func TestABudgetOfIncidentsIsServed(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.save(quietOf("shop-quiet", "shop"))
	list := decode[server.LevelsView](t, s.do("GET", "/api/v1/service-levels", s.reader(), ""))
	if row := list.Items[0]; row.Status != "no_data" || row.SLI != nil || row.Budget.Remaining != nil || !strings.Contains(row.Reason, "no source has reported an incident") || row.Code != "no_incidents" {
		t.Errorf("without incidents: %+v", row)
	}
	s.outage("shop", "old", 3000, 2990)
	s.outage("shop", "a", 100, 96)
	s.outage("shop", "b", 2, 0)
	s.outage("other", "c", 500, 0)
	detail := decode[views.LevelDetail](t, s.do("GET", "/api/v1/service-levels/shop-quiet", s.reader(), ""))
	row := detail.Budgets[0]
	if row.Bad != 6 || row.Total != 1440 || row.Unit != "minutes" || *row.Coverage != 1 || *row.Budget.Allowed != 14.4 || *row.Burn["5m"] != 40 {
		t.Errorf("%+v", row)
	}
	if !strings.Contains(detail.Statement, "minutes have no incident") || len(detail.Anomalies) != 0 {
		t.Errorf("%q %+v", detail.Statement, detail.Anomalies)
	}
	if n := len(detail.Late); n != 1 || detail.Late[0].Change != nil || detail.Late[0].KnownAt.Before(detail.Late[0].To) {
		t.Errorf("what was told late: %+v", detail.Late)
	}
	spend := decode[views.LevelSpend](t, s.do("GET", "/api/v1/service-levels/shop-quiet/spend", s.reader(), ""))
	sum := 0.0
	for _, e := range spend.Entries {
		sum += e.Bad
		if e.Kind != "incident" || len(e.Causes) != 1 || e.Causes[0].ID != evenkeel.FactID(evenkeel.KindIncident, "pager\x1f"+strings.Fields(e.Causes[0].Title)[0]) {
			t.Errorf("%+v", e)
		}
	}
	if len(spend.Entries) != 2 || sum != 6 || spend.Unattributed != 0 || spend.Entries[0].Bad != 4 {
		t.Errorf("%+v", spend)
	}
	down := decode[views.LevelBurndown](t, s.do("GET", "/api/v1/service-levels/shop-quiet/burndown", s.reader(), ""))
	if last := down.Points[len(down.Points)-1]; last.Remaining == nil || *last.Remaining != *row.Budget.Remaining || down.Unit != "minutes" {
		t.Errorf("%+v", last)
	}
	if whatIf := decode[views.LevelWhatIf](t, s.do("GET", "/api/v1/service-levels/shop-quiet/what-if?target=0.9", s.reader(), "")); whatIf.Since == nil || len(whatIf.Outcomes) != 1 || whatIf.Outcomes[0].Met != 2 {
		t.Errorf("%+v", whatIf)
	}
	decode[views.LevelBurn](t, s.do("GET", "/api/v1/service-levels/shop-quiet/burn", s.reader(), ""))
	preview := decode[views.LevelPreview](t, s.do("POST", "/api/v1/service-levels/preview", s.reader(), body(quietOf("shop-quieter", "shop"))))
	if preview.Problem != "" || len(preview.Remarks) != 0 || preview.Budgets[0].Bad != 6 {
		t.Errorf("%+v", preview)
	}
}

// TestADocumentThatNoLongerLoadsIsShown, without any number.
func TestADocumentThatNoLongerLoadsIsShown(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	broken := strings.Replace(quietOf("shop-quiet", "shop"), "target: 0.99", "target: 1", 1)
	c := evenkeel.ServiceLevelChange{ID: "shop-quiet", Application: "shop", Document: broken, By: "older", Source: evenkeel.ServiceLevelSource{Kind: evenkeel.FromUI}}
	if _, _, err := s.store.In("default").SaveServiceLevel(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	list := decode[server.LevelsView](t, s.do("GET", "/api/v1/service-levels", s.reader(), ""))
	if len(list.Items) != 1 {
		t.Fatalf("%+v", list)
	}
	row := list.Items[0]
	if row.Status != "no_data" || !strings.Contains(row.Problem, "leaves no error budget") || row.Reason != row.Problem || row.Code != "unevaluable" || row.SLI != nil || row.Budget.Remaining != nil || row.Coverage != nil {
		t.Errorf("%+v", row)
	}
	detail := decode[views.LevelDetail](t, s.do("GET", "/api/v1/service-levels/shop-quiet", s.reader(), ""))
	if detail.Problem != row.Problem || len(detail.Versions) != 1 || len(detail.Remarks) == 0 {
		t.Errorf("%+v", detail)
	}
}

// TestTwoQuestionsForOneSeriesAreRefused when a document is saved, and are said
// in its preview and of documents that came in by other ways.
func TestTwoQuestionsForOneSeriesAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.save(availabilityOf("shop-availability", "shop"))
	other := strings.Replace(availabilityOf("shop-counters", "shop"), "counter: false", "counter: true", 1)
	const says = `as SLO \"shop-availability\" does with another question; name the indicators differently`
	if r := s.do("POST", "/api/v1/service-levels", s.admin(), body(other)); r.status != 422 || !strings.Contains(r.text, says) || !strings.Contains(r.text, "document.spec.indicator") {
		t.Errorf("%d %s", r.status, r.text)
	}
	preview := decode[views.LevelPreview](t, s.do("POST", "/api/v1/service-levels/preview", s.reader(), body(other)))
	if len(preview.Remarks) != 1 || preview.Remarks[0].Severity != "error" || preview.Remarks[0].Fix == "" {
		t.Errorf("%+v", preview.Remarks)
	}
	// The same service level may change its own question.
	changed := strings.Replace(other, "shop-counters", "shop-availability", 1)
	if r := s.do("PUT", "/api/v1/service-levels/shop-availability", s.admin(), body(changed)); r.status != 200 {
		t.Errorf("%d %s", r.status, r.text)
	}
	c := evenkeel.ServiceLevelChange{ID: "shop-again", Application: "shop", Document: availabilityOf("shop-again", "shop"), By: "config", Source: evenkeel.ServiceLevelSource{Kind: evenkeel.FromConfig}}
	if _, _, err := s.store.In("default").SaveServiceLevel(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for id, named := range map[string]string{"shop-again": "shop-availability", "shop-availability": "shop-again"} {
		detail := decode[views.LevelDetail](t, s.do("GET", "/api/v1/service-levels/"+id, s.reader(), ""))
		if n := len(detail.Remarks); n != 1 || !strings.Contains(detail.Remarks[0].Text, named) {
			t.Errorf("%s: %+v", id, detail.Remarks)
		}
	}
}

// body is a request with a document.
func body(document string) string {
	return `{"document":` + quote(document) + `}`
}

func quote(text string) string {
	return `"` + strings.NewReplacer("\\", `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}
