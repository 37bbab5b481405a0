package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/metrics/quality"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// ask reads an answer of the API into its type.
func ask[T any](s site, token, path string) (v T) {
	s.t.Helper()
	got := s.do("GET", path, token, "")
	if err := json.Unmarshal([]byte(got.text), &v); err != nil || got.status != http.StatusOK {
		s.t.Fatalf("GET %s = %d %.400s", path, got.status, got.text)
	}
	return v
}

// checkChain holds the steps of a chain to one another, and to the figure.
func checkChain(t *testing.T, path string, c views.Chain) {
	t.Helper()
	before, names := 0, []string{}
	for i, step := range c.Steps {
		names = append(names, string(step.Step))
		if step.Count == nil {
			t.Fatalf("%s: %s is not counted", path, step.Step)
		}
		count := before
		for _, part := range step.Parts {
			count += part.Count
			if part.Count == 0 || part.Reason == "" {
				t.Errorf("%s: %s has a part of nothing: %+v", path, step.Step, part)
			}
		}
		if i > 0 && count != *step.Count || *step.Count < 0 {
			t.Errorf("%s: %s is %d, but its parts lead from %d to %d: %+v", path, step.Step, *step.Count, before, count, step.Parts)
		}
		before = *step.Count
	}
	if diff := cmp.Diff([]string{"arrived", "recorded", "speaking", "records", "observations", "facts", "included"}, names); diff != "" {
		t.Errorf("%s: steps\n%s", path, diff)
	}
	if before != c.N {
		t.Errorf("%s: the chain ends with %d, the figure with %d", path, before, c.N)
	}
}

// TestEveryChainAddsUp asks for all figures of several scopes and windows of
// the invented company, and holds them to the explanation of the same figure.
func TestEveryChainAddsUp(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	admin := s.admin()
	c := s.connect("acme", "github", nil, secretName)
	for _, name := range []string{"deployment_status_success", "deployment_status_success", "ping"} {
		f := one(t, "github", name)
		s.deliver(c, f, f.body)
	}
	included := 0
	for _, metric := range metrics.Metrics() {
		for _, scope := range []string{"from=365d", "from=30d", "from=365d&group=storefront", "from=365d&application=payments-api", "from=365d&environment=staging", "from=2001-01-01&to=2001-02-01", "from=365d&application=carbon-report"} {
			path := "/api/v1/data-quality/chain?metric=" + string(metric) + "&" + scope
			chain := ask[views.Chain](s, admin, path)
			checkChain(t, path, chain)
			explained := ask[server.ExplainView](s, admin, "/api/v1/explain?limit=1&metric="+string(metric)+"&"+scope)
			if chain.N != explained.N || !cmp.Equal(chain.Value, explained.Value) || chain.Window != explained.Window {
				t.Errorf("%s: %d and %v, explained %d and %v", path, chain.N, chain.Value, explained.N, explained.Value)
			}
			if facts := *chain.Steps[5].Count; facts != explained.Chain[2].Count {
				t.Errorf("%s: %d facts, explained %d", path, facts, explained.Chain[2].Count)
			}
			included += chain.N
		}
	}
	if included < 1000 {
		t.Errorf("only %d cases were included", included)
	}
}

// TestChainsOfAHistoryAddUp follows a history of corrections, deletions and
// merges, on both databases; what is asked as of an instant stays as it was.
func TestChainsOfAHistoryAddUp(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := startHistory(t, dsn(t), 5)
			if err := h.store.In("default").ApplyCatalogue(t.Context(), h.catalogue()); err != nil {
				t.Fatal(err)
			}
			observed := 0
			for range 12 {
				h.step()
				h.now = h.now.Add(time.Hour)
				for _, metric := range metrics.Metrics() {
					path := "/api/v1/data-quality/chain?from=60d&metric=" + string(metric)
					chain := ask[views.Chain](h.site, h.admin, path)
					checkChain(t, path, chain)
					observed += *chain.Steps[4].Count
				}
			}
			if observed == 0 {
				t.Error("nothing was observed")
			}
		})
	}
}

// shop is a workspace with three applications: shop deploys each workday from
// two sources, pay did so until three weeks ago, and nothing is known of lost.
func fillShop(t *testing.T, s site) {
	t.Helper()
	w := s.store.In("default")
	err := w.ApplyCatalogue(t.Context(), evenkeel.Catalogue{
		Groups: []evenkeel.Group{{Slug: "trade", Name: "Trade"}, {Slug: "sellers", Name: "Sellers", Parent: "trade"}},
		Applications: []evenkeel.Application{
			{Slug: "shop", Name: "Shop", Group: "sellers"}, {Slug: "pay", Name: "Pay", Group: "trade"}, {Slug: "lost", Name: "Lost"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var events []evenkeel.Event
	add := func(source, id string, at time.Time, payload evenkeel.Payload) {
		events = append(events, evenkeel.Event{Kind: payload.Kind(), Source: source, ID: id, ObservedAt: at, Payload: payload})
	}
	for back := 60; back > 0; back-- {
		at := clock().AddDate(0, 0, -back)
		commit := strings.Repeat(fmt.Sprintf("%02x", back), 20)
		deployed := &evenkeel.Deployment{Application: "shop", Environment: "production", Status: evenkeel.StatusSuccess, Repository: "github.com/acme/shop", Commit: commit, FinishedAt: at}
		add("argocd", fmt.Sprint(back), at, deployed)
		if back > 21 {
			pay := *deployed
			pay.Application = "pay"
			add("argocd", fmt.Sprint("pay", back), at, &pay)
		}
		if back <= 4 {
			again := *deployed
			again.FinishedAt = at.Add(2 * time.Minute)
			add("github", fmt.Sprint(back), at, &again)
		}
	}
	add("github", "issue", clock().AddDate(0, 0, -3), &evenkeel.Change{Repository: "github.com/acme/forgotten", Number: 1, OpenedAt: clock().AddDate(0, 0, -3)})
	if _, err := w.Record(t.Context(), events); err != nil {
		t.Fatal(err)
	}
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startWith(t, dsn(t), func(*server.Config) {})
			fillShop(t, s)
			admin := s.admin()
			coverage := func(query string) server.CoverageView {
				return ask[server.CoverageView](s, admin, "/api/v1/data-quality/coverage"+query)
			}
			all := coverage("")
			if n := len(all.Items); n != 3 || all.Applications != 3 || all.Found != 3 || all.Items[0].Application.Slug != "lost" {
				t.Fatalf("%d rows: %+v", n, all)
			}
			pay := all.Items[1]
			cell := pay.Cells[0]
			if cell.State != quality.Stale || cell.Reason != quality.LongerThanUsual || *cell.Recent != 39 || *cell.Usual != 86400 || *cell.Limit != 7*86400 || cell.Fix != "connection" || cell.LastAt == nil || !cell.LastAt.Equal(clock().AddDate(0, 0, -22)) {
				t.Errorf("deployments of pay: %+v", cell)
			}
			if c := pay.Cells[1]; c.State != quality.Never || c.Fix != "claims" || c.LastAt != nil {
				t.Errorf("changes of pay, of which one is claimed by nobody: %+v", c)
			}
			if c := pay.Cells[4]; c.State != quality.NotExpected || c.Reason != quality.NobodySends || c.Fix != "" {
				t.Errorf("builds of pay: %+v", c)
			}
			if c := pay.Cells[2]; c.State != quality.Never || c.Fix != "docs" {
				t.Errorf("commits of pay: %+v", c)
			}
			lost := all.Items[0]
			if c := lost.Cells[10]; c.Reason != quality.NotOwned || c.Fix != "catalogue" || lost.Gaps != 5 || lost.Group != nil {
				t.Errorf("lost: %d gaps, %+v", lost.Gaps, c)
			}
			if got := all.Signals[0]; got != (views.SignalCounts{Signal: "deployment", Flowing: 1, Stale: 1, Never: 1}) {
				t.Errorf("deployments: %+v", got)
			}
			for query, want := range map[string]string{
				"?group=trade": "pay shop", "?group=sellers": "shop", "?q=PA": "pay", "?state=stale": "pay", "?signal=deployment&state=never": "lost", "?signal=change&state=flowing": "",
				"?sort=gaps": "shop pay lost", "?sort=gaps&descending=true": "lost pay shop", "?sort=deployment": "shop pay lost", "?sort=group": "shop pay lost", "?descending=true": "shop pay lost",
			} {
				var slugs []string
				for _, row := range coverage(query).Items {
					slugs = append(slugs, row.Application.Slug)
				}
				if got := strings.Join(slugs, " "); got != want {
					t.Errorf("%s: %q, want %q", query, got, want)
				}
			}
			first := coverage("?limit=2&sort=gaps")
			second := coverage("?limit=2&sort=gaps&cursor=" + *first.Next)
			if len(first.Items) != 2 || len(second.Items) != 1 || second.Next != nil || second.Items[0].Application.Slug != "lost" {
				t.Errorf("pages: %+v, %+v", first, second)
			}
			for query, status := range map[string]int{"?cursor=nobody": 422, "?signal=change": 422, "?state=green": 422, "?group=nobody": 404, "?sort=colour": 422} {
				if got := s.do("GET", "/api/v1/data-quality/coverage"+query, admin, ""); got.status != status {
					t.Errorf("%s = %d %s", query, got.status, got.text)
				}
			}
			groups := s.do("GET", "/api/v1/data-quality/groups", admin, "").json["items"].([]any)
			trade := groups[len(groups)-1].(map[string]any)
			if len(groups) != 2 || trade["group"].(map[string]any)["slug"] != "trade" || trade["applications"] != 2.0 {
				t.Errorf("groups: %v", groups)
			}
			// A fact is in the next answer.
			w := s.store.In("default")
			built := &evenkeel.Build{Repository: "r/x", Commit: strings.Repeat("a", 40), Pipeline: "p", FinishedAt: clock()}
			deployed := &evenkeel.Deployment{Application: "lost", FinishedAt: clock().Add(-time.Hour)}
			if _, err := w.Record(t.Context(), []evenkeel.Event{
				{Kind: evenkeel.KindBuild, Source: "ci", ID: "b", ObservedAt: clock(), Payload: built}, {Kind: evenkeel.KindDeployment, Source: "ci", ID: "d", ObservedAt: clock(), Payload: deployed},
			}); err != nil {
				t.Fatal(err)
			}
			if c := coverage("?q=lost").Items[0].Cells[0]; c.State != quality.Flowing || c.Reason != quality.FewFacts || *c.Recent != 1 {
				t.Errorf("after its first deployment: %+v", c)
			}
		})
	}
}

func TestAnomalies(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startWith(t, dsn(t), func(*server.Config) {})
			admin := s.admin()
			none := ask[server.AnomaliesView](s, admin, "/api/v1/data-quality/anomalies")
			if len(none.Items) != 0 || len(none.Looked) != len(views.AnomalyKinds()) {
				t.Errorf("of nothing: %+v", none)
			}
			for _, looked := range none.Looked {
				if looked.Looked != 0 || looked.Judged != 0 {
					t.Errorf("without data something was looked at: %+v", looked)
				}
			}
			fillShop(t, s)
			got := map[views.AnomalyKind]views.DataAnomaly{}
			for _, a := range ask[server.AnomaliesView](s, admin, "/api/v1/data-quality/anomalies").Items {
				got[a.Kind] = a
			}
			twice := got[views.CountedTwice]
			if twice.N != 4 || *twice.Of != 4 || strings.Join(twice.Sources, " ") != "argocd github" || twice.Applications[0].Slug != "shop" || !twice.Since.Equal(clock().AddDate(0, 0, -4)) || len(twice.Examples) != 4 || twice.Severity != "warning" {
				t.Errorf("counted twice: %+v", twice)
			}
			unclaimed := got[views.Unclaimed]
			if unclaimed.N != 1 || *unclaimed.Of != 1 || unclaimed.Examples[0].Text != "github.com/acme/forgotten" {
				t.Errorf("unclaimed: %+v", unclaimed)
			}
			if len(got) != 2 {
				t.Errorf("anomalies: %+v", got)
			}
		})
	}
}

// TestAConnectionThatFallsSilent: workdays for half a year, then nothing for
// two days, and then nothing for weeks.
func TestAConnectionThatFallsSilent(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	c := s.connect("acme", "github", nil, secretName)
	today := clock().Truncate(24 * time.Hour)
	var deliveries []evenkeel.Delivery
	for back := 196; back > 2; back-- {
		at := today.AddDate(0, 0, -back)
		for n := range 20 + 4*(back/7%2) {
			deliveries = append(deliveries, evenkeel.Delivery{
				Connection: c.ID, Source: "github", Key: fmt.Sprint(back, "/", n), Body: []byte{'{', '}'}, ReceivedAt: at.Add(time.Duration(n) * time.Minute), Outcome: evenkeel.OutcomeIgnored,
			})
		}
	}
	if _, err := s.store.In("default").Deliver(t.Context(), deliveries); err != nil {
		t.Fatal(err)
	}
	found := ask[server.AnomaliesView](s, admin, "/api/v1/data-quality/anomalies").Items
	if len(found) != 1 {
		t.Fatalf("anomalies: %+v", found)
	}
	drop := found[0]
	if drop.Kind != views.VolumeDrop || drop.N != 2 || *drop.Of != 26 || *drop.Observed != 0 || *drop.Expected != 44 || !drop.Since.Equal(today.AddDate(0, 0, -2)) || drop.Connections[0].Name != "acme" {
		t.Errorf("drop: %+v", drop)
	}
}
