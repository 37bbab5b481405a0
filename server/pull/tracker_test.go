package pull_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
	"github.com/evenkeel-dev/evenkeel/server/intake"
)

// incidents are those that are known, by the names of their source.
func (o *office) incidents() map[string]evenkeel.Incident {
	o.t.Helper()
	page, err := o.store.In("acme").Incidents(o.t.Context(), evenkeel.Filter{Limit: 500})
	if err != nil {
		o.t.Fatal(err)
	}
	known := map[string]evenkeel.Incident{}
	for _, fact := range page.Items {
		known[fact.ExternalID] = fact.Value
	}
	if len(known) != len(page.Items) {
		o.t.Errorf("%d incidents of %d names", len(page.Items), len(known))
	}
	return known
}

func (o *office) revision() int64 {
	o.t.Helper()
	revision, err := o.store.In("acme").Revision(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return revision
}

// kept counts the deliveries of the connection.
func (o *office) kept() int {
	o.t.Helper()
	page, err := o.store.In("acme").Deliveries(o.t.Context(), evenkeel.DeliveryFilter{Connection: o.connection.ID, Limit: 500})
	if err != nil {
		o.t.Fatal(err)
	}
	return len(page.Items)
}

func TestPollsThatOverlapCountOnce(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	const settings = `{"api":{"url":"URL","user":"bot","token":"${env:T}"},"incidents":{"projects":["OPS"],"types":["Incident"]}}`
	vendor := func() http.Handler { return vendortest.NewJira(true, zone, 10) }
	eachOf(t, "jira", settings, time.Date(2026, 10, 25, 0, 40, 0, 0, time.UTC), vendor, func(t *testing.T, o *office, vendor http.Handler) {
		jira := vendor.(*vendortest.Jira)
		made := o.clock.Now().Add(-10 * time.Minute)
		issue := func(n int, at time.Time, status, category string) vendortest.JiraIssue {
			return vendortest.JiraIssue{Key: fmt.Sprintf("OPS-%d", n), Updated: at, Fields: map[string]any{
				"created": made.Format("2006-01-02T15:04:05.000-0700"), "project": map[string]any{"key": "OPS"}, "status": vendortest.JiraStatus(status, status, category),
				"statuscategorychangedate": at.Format("2006-01-02T15:04:05.000-0700"),
			}}
		}
		for n := range 25 {
			jira.Put(issue(n, made, "1", "new"))
		}
		o.readAll()
		revision, kept := o.revision(), o.kept()
		if n := len(o.incidents()); n != 25 || kept != 25 {
			t.Fatalf("%d incidents of %d deliveries", n, kept)
		}
		o.later() // All of them lie in the overlap.
		if again := o.revision(); again != revision || o.kept() != kept {
			t.Errorf("nothing is new, but the revision is %d after %d, and %d deliveries are kept", again, revision, o.kept())
		}
		resolved := o.clock.Now()
		jira.Put(issue(7, resolved, "5", "done"))
		o.later()
		now := o.incidents()
		if len(now) != 25 || !now["OPS-7"].ResolvedAt.Equal(resolved) || !now["OPS-8"].ResolvedAt.IsZero() || o.kept() != kept+1 {
			t.Errorf("%d incidents, OPS-7 %+v, %d deliveries", len(now), now["OPS-7"], o.kept())
		}
	})
}

func TestTicketsAreReplayedAfterARuleIsMended(t *testing.T) {
	t.Parallel()
	const settings = `{"api":{"url":"URL","user":"evenkeel","password":"${env:P}"},"incidents":{},"change_requests":{},"deployment":{"field":"correlation_id","source":"github:github.com"}}`
	vendor := func() http.Handler { return vendortest.NewServiceNow(100) }
	eachOf(t, "servicenow", settings, time.Date(2019, 5, 20, 0, 0, 0, 0, time.UTC), vendor, func(t *testing.T, o *office, vendor http.Handler) {
		now := vendor.(*vendortest.ServiceNow)
		now.Put("change_request", vendortest.Row{"sys_id": "c1", "number": "CHG1", "sys_updated_on": "2019-05-19 10:00:00", "sys_mod_count": "1", "approval": "approved", "cmdb_ci": "x|checkout-api", "correlation_id": "118", "opened_at": "2019-05-18 10:00:00"})
		now.Put("incident", vendortest.Row{"sys_id": "i1", "number": "INC1", "sys_updated_on": "2019-05-19 12:00:00", "sys_mod_count": "0", "opened_at": "2019-05-19 11:00:00", "state": "2", "caused_by": "c1|CHG1"})
		o.readAll()
		if i := o.incidents()["INC1"]; i.CausedBy != "github:github.com/118" {
			t.Errorf("the cause is %q", i.CausedBy)
		}
		evidence := func() []evenkeel.Entry {
			page, err := o.store.In("acme").Entries(t.Context(), evenkeel.EntryFilter{Kinds: []evenkeel.Kind{evenkeel.KindEvidence}})
			if err != nil {
				t.Fatal(err)
			}
			return page.Items
		}
		if found := evidence(); len(found) != 0 {
			t.Fatalf("evidence of no application: %+v", found)
		}
		c := o.connection
		c.Settings = append(c.Settings[:len(c.Settings)-1:len(c.Settings)-1], `,"applications":[{"ci":"checkout-*","application":"checkout"}]}`...)
		if _, err := o.store.In("acme").SaveConnection(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		done, err := intake.Replay(t.Context(), o.store.In("acme"), intake.Selection{}, slog.New(slog.DiscardHandler))
		if err != nil || done.Recorded < 1 {
			t.Fatalf("%+v, %v", done, err)
		}
		if found := evidence(); len(found) != 1 || found[0].ExternalID != "CHG1" || found[0].Status != "pass" {
			t.Errorf("after the replay: %+v", found)
		}
	})
}
