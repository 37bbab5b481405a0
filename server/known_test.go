package server_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// history is a server whose clock the test moves, on whole minutes.
type history struct {
	site
	now    time.Time
	random *rand.Rand
	admin  string
}

func startHistory(t *testing.T, dsn string, seed uint64) *history {
	t.Helper()
	h := &history{now: clock(), random: rand.New(rand.NewPCG(seed, 8))}
	now := func() time.Time { return h.now }
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	cleanUp(t, func() { _ = s.Close() })
	h.site = startWith(t, dsn, func(c *server.Config) {
		c.Now, c.Store = now, s
		c.Workspace = func(slug string) server.Workspace { return s.In(slug) }
		c.Past = func(slug string, known evenkeel.Known) server.Facts { return s.In(slug).At(known) }
		c.Deriver = jobs.NewDeriver(func(slug string) jobs.Workspace { return s.In(slug) })
	})
	h.store = s
	h.admin = h.token("default", clock().AddDate(1, 0, 0), evenkeel.ScopeRead)
	return h
}

// ask answers a question, as of an instant if one is given, without what says
// that it was asked so.
func (h *history) ask(path string, asOf time.Time) string {
	h.t.Helper()
	if !asOf.IsZero() {
		path += map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "as_of=" + asOf.Format(time.RFC3339Nano)
	}
	got := h.do("GET", path, h.admin, "")
	switch {
	case got.status == http.StatusNotFound:
		return "not found"
	case got.status != http.StatusOK:
		h.t.Fatalf("GET %s = %d %s", path, got.status, got.text)
	}
	if _, known := got.json["known"]; known == asOf.IsZero() && (strings.Contains(path, "/metrics/dora") || strings.Contains(path, "/explain") || strings.Contains(path, "/overview")) {
		h.t.Errorf("GET %s: what is known is said: %v", path, known)
	}
	delete(got.json, "known")
	text, err := json.MarshalIndent(got.json, "", " ")
	if err != nil {
		h.t.Fatal(err)
	}
	return string(text)
}

// questions are all that is asked of a step. Rows of explanations are shown as
// they were, too.
func (h *history) questions() []string {
	list := []string{
		"/api/v1/overview?from=60d", "/api/v1/metrics/dora?from=60d&series=week", "/api/v1/metrics/dora?application=shop&from=2026-11-01",
		"/api/v1/metrics/dora?group=buyers&from=60d", "/api/v1/applications", "/api/v1/applications/pay", "/api/v1/groups",
		"/api/v1/value-stream?from=60d", "/api/v1/value-stream/changes?from=60d", "/api/v1/assisted?from=60d", "/api/v1/capabilities",
		"/api/v1/deployments", "/api/v1/deployments?application=shop&environment=production&from=20d", "/api/v1/deployments?group=buyers&limit=2",
		"/api/v1/changes", "/api/v1/changes?application=pay", "/api/v1/incidents", "/api/v1/incidents?group=buyers", "/api/v1/dependencies", "/api/v1/dependencies?application=shop",
		"/api/v1/facts?limit=7", "/api/v1/facts?application=shop&kind=deployment,incident", "/api/v1/facts?unclaimed=true&from=30d", "/api/v1/facts?q=R/SH&status=success",
		"/api/v1/facts/summary", "/api/v1/facts/summary?application=shop&from=60d", "/api/v1/facts/summary?unclaimed=true",
		"/api/v1/changed?application=shop&since=40d", "/api/v1/changed?application=gone", "/api/v1/changed?application=pay&since=90d&environment=production",
		"/api/v1/policies", "/api/v1/policies/0", "/api/v1/policies/3",
	}
	for _, metric := range []string{"deployment_frequency", "change_lead_time", "change_fail_rate", "failed_deployment_recovery_time", "deployment_rework_rate"} {
		list = append(list, "/api/v1/explain?from=60d&limit=200&metric="+metric, "/api/v1/data-quality/chain?from=60d&metric="+metric)
	}
	for n := range 3 {
		d, c := evenkeel.Deployment{}, evenkeel.Change{Repository: "r/shop", Number: n + 1}
		deployment := evenkeel.FactID(evenkeel.KindDeployment, d.Key("ci", fmt.Sprint(n)))
		change := evenkeel.FactID(evenkeel.KindChange, c.Key("", ""))
		i := evenkeel.Incident{}
		incident := evenkeel.FactID(evenkeel.KindIncident, i.Key("ci", fmt.Sprint(n)))
		list = append(list, "/api/v1/deployments/"+deployment, "/api/v1/deployments/"+deployment+"/story", "/api/v1/changes/"+change, "/api/v1/incidents/"+incident,
			"/api/v1/facts/"+deployment, "/api/v1/facts/"+change, "/api/v1/facts/"+incident)
	}
	return list
}

func (h *history) answers(asOf time.Time) map[string]string {
	found := map[string]string{}
	for _, path := range h.questions() {
		found[path] = h.ask(path, asOf)
	}
	return found
}

// step records something late, out of order, corrected or deleted, or edits
// the catalogue or the policy.
func (h *history) step() {
	h.t.Helper()
	w := h.store.In("default")
	var err error
	switch h.random.IntN(7) {
	case 6:
		h.blame(w)
	case 0:
		err = w.ApplyCatalogue(h.t.Context(), h.catalogue())
	case 1:
		p := evenkeel.DefaultPolicy()
		p.FailureWindow, p.InferFailures = time.Duration(1+h.random.IntN(60))*time.Hour, h.random.IntN(2) == 0
		_, _, err = w.SavePolicy(h.t.Context(), evenkeel.PolicyChange{Policy: p, Author: "ada"})
	default:
		events := make([]evenkeel.Event, 1+h.random.IntN(12))
		for i := range events {
			events[i] = h.event()
		}
		_, err = w.Record(h.t.Context(), events)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// blame says what caused an incident, if there is one.
func (h *history) blame(w *store.Workspace) {
	incidents, err := w.Incidents(h.t.Context(), evenkeel.Filter{})
	if err != nil || len(incidents.Items) == 0 {
		return
	}
	deployments, err := w.Deployments(h.t.Context(), evenkeel.Filter{Limit: 1 + h.random.IntN(2)})
	if err != nil {
		h.t.Fatal(err)
	}
	link := evenkeel.IncidentLink{Incident: incidents.Items[h.random.IntN(len(incidents.Items))].ID, By: "ada"}
	for _, d := range deployments.Items {
		link.Deployments = append(link.Deployments, d.ID)
	}
	if _, err := w.LinkIncident(h.t.Context(), link); err != nil {
		h.t.Fatal(err)
	}
}

func (h *history) catalogue() evenkeel.Catalogue {
	shop := evenkeel.Application{Slug: "shop", Name: "Shop", Group: "buyers", Claims: []string{"repo:r/shop"}}
	pay := evenkeel.Application{Slug: "pay", Name: "Pay", Group: "payers"}
	if h.random.IntN(2) == 0 {
		shop.Claims, pay.Claims = nil, []string{"repo:r/shop"}
	}
	if h.random.IntN(3) == 0 {
		pay.Group = "buyers"
	}
	return evenkeel.Catalogue{Groups: []evenkeel.Group{{Slug: "buyers", Name: "Buyers"}, {Slug: "payers", Name: "Payers"}}, Applications: []evenkeel.Application{shop, pay}}
}

// event says something of few things that lie up to 40 days back.
func (h *history) event() evenkeel.Event {
	back := func() time.Time { return h.now.Add(-time.Duration(1+h.random.IntN(40*24)) * time.Hour) }
	sha := func() string { return strings.Repeat(string("0123456789"[h.random.IntN(6)]), 40) }
	id := fmt.Sprint(h.random.IntN(6))
	e := evenkeel.Event{Source: "ci", ID: id, ObservedAt: back(), Deleted: h.random.IntN(9) == 0}
	application := []string{"shop", "pay", "", ""}[h.random.IntN(4)]
	switch h.random.IntN(6) {
	case 5:
		e.Kind, e.Payload = evenkeel.KindDependency, &evenkeel.Dependency{From: "shop", To: "pay", Basis: evenkeel.BasisDeclared, LastSeenAt: back()}
	case 0, 1:
		e.Kind = evenkeel.KindDeployment
		e.Payload = &evenkeel.Deployment{
			Application: application, Repository: "r/shop", Environment: "production", Commit: sha(), FinishedAt: back(),
			Status: []evenkeel.DeploymentStatus{evenkeel.StatusSuccess, evenkeel.StatusSuccess, evenkeel.StatusFailure}[h.random.IntN(3)],
		}
	case 2:
		merged := back()
		c := &evenkeel.Change{Repository: "r/shop", Number: h.random.IntN(5), OpenedAt: merged.Add(-time.Hour * time.Duration(1+h.random.IntN(90))), MergedAt: merged, State: evenkeel.ChangeMerged}
		if c.MergeCommit = sha(); c.Number > 0 && h.random.IntN(4) == 0 {
			c.MergeCommit = ""
		}
		e.Kind, e.Payload = evenkeel.KindChange, c
	case 3:
		c := &evenkeel.Commit{Repository: "r/shop", SHA: sha(), CommittedAt: back(), AuthoredAt: back()}
		if parent := sha(); parent != c.SHA {
			c.Parents = []string{parent}
		}
		e.Kind, e.Payload = evenkeel.KindCommit, c
	default:
		opened := back()
		e.Kind = evenkeel.KindIncident
		e.Payload = &evenkeel.Incident{Application: []string{"shop", "pay"}[h.random.IntN(2)], OpenedAt: opened, ResolvedAt: opened.Add(time.Hour), CausedBy: []string{"", "1", "ci/2"}[h.random.IntN(3)]}
	}
	return e
}

// TestWhatWasKnownIsAnsweredForEver records random histories step by step and
// remembers what every page was told after each step. Asked as of the instant
// of a step, it is told the same, byte for byte, whatever became known since.
func TestWhatWasKnownIsAnsweredForEver(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		for seed := range uint64(4) {
			t.Run(fmt.Sprint(name, seed), func(t *testing.T) {
				t.Parallel()
				h := startHistory(t, dsn(t), seed)
				if err := h.store.In("default").ApplyCatalogue(t.Context(), h.catalogue()); err != nil {
					t.Fatal(err)
				}
				type moment struct {
					at      time.Time
					answers map[string]string
				}
				var seen []moment
				for range 8 {
					h.now = h.now.Add(time.Duration(1+h.random.IntN(3000)) * time.Minute)
					h.step()
					seen = append(seen, moment{h.now, h.answers(time.Time{})})
				}
				h.now = h.now.Add(time.Hour)
				counted := 0
				for i, m := range seen {
					for path, got := range h.answers(m.at) {
						if diff := cmp.Diff(m.answers[path], got); diff != "" {
							t.Fatalf("step %d, %s as of then (-then +now)\n%s", i, path, diff)
						}
						counted += strings.Count(got, `"included": true`)
					}
				}
				if counted == 0 {
					t.Error("no fact is counted in any answer, so this test proves nothing")
				}
			})
		}
	}
}

func TestBeforeTheFirstFactThereAreNoFigures(t *testing.T) {
	t.Parallel()
	h := startHistory(t, storetest.SQLite(t), 1)
	got := h.do("GET", "/api/v1/metrics/dora?as_of=2026-01-01T00:00:00Z", h.admin, "").json
	if known := got["known"].(map[string]any); known["first_known_at"] != nil || known["revision"] != 0.0 {
		t.Errorf("while nothing is known: %v", known)
	}
	if err := h.store.In("default").ApplyCatalogue(t.Context(), h.catalogue()); err != nil {
		t.Fatal(err)
	}
	h.step()
	h.now = h.now.Add(time.Hour)
	got = h.do("GET", "/api/v1/metrics/dora?as_of=2026-01-01", h.admin, "").json
	want := map[string]any{"as_of": "2026-01-02T00:00:00Z", "revision": 0.0, "first_known_at": clock().Format(time.RFC3339), "catalogue_assumed": false}
	if diff := cmp.Diff(want, got["known"]); diff != "" {
		t.Errorf("known (-want +got)\n%s", diff)
	}
	for _, figure := range []struct{ metric, value string }{
		{"deployment_frequency", "per_day"}, {"change_lead_time", "median_seconds"}, {"change_fail_rate", "value"}, {"failed_deployment_recovery_time", "median_seconds"}, {"deployment_rework_rate", "value"},
	} {
		shown, ok := got[figure.metric].(map[string]any)
		if value, has := shown[figure.value]; !ok || !has || value != nil {
			t.Errorf("%s before the first fact = %v (of %v)", figure.metric, value, slices.Sorted(maps.Keys(shown)))
		}
	}
	if got["to"] == nil && got["window"].(map[string]any)["to"] != "2026-01-02T00:00:00Z" {
		t.Errorf("the window does not end then: %v", got["window"])
	}
}

// withoutPast are the questions that have no past, and why.
func withoutPast() map[string]string {
	return map[string]string{
		"/api/v1/session":                           "who asks, now",
		"/api/v1/tokens":                            "what opens the door now",
		"/api/v1/audit":                             "a log: every line says when",
		"/api/v1/sources":                           "what the program can take in",
		"/api/v1/connections":                       "who may deliver now",
		"/api/v1/suggestions":                       "what is left to decide now",
		"/api/v1/service-levels/suggestions/search": "what is left to decide now",
		"/api/v1/connections/{id}/streams":          "how far reading has got now",
		"/api/v1/connections/{id}/example":          "a delivery to send now",
		"/api/v1/service-levels/{id}/alerts":        "a log: every line says from when to when",
		"/api/v1/series":                            "what a service level can be made of now",
		"/api/v1/deliveries":                        "a log of what arrived: every line says when",
		"/api/v1/deliveries/{id}":                   "a log of what arrived: it says when",
		"/api/v1/badges":                            "addresses of pictures, which show the present",
		"/api/v1/benchmarks":                        "published by others; every set has its date",
		"/api/v1/data-quality/coverage":             "what is missing, to be mended now",
		"/api/v1/data-quality/groups":               "what is missing, to be mended now",
		"/api/v1/data-quality/anomalies":            "what looks wrong, to be mended now",
		"/api/v1/unclaimed":                         "what is left to do: claims work on facts of any age; facts that nobody claimed then are /facts?unclaimed=true",
	}
}

// TestEveryAnswerThatTakesAnInstantHeedsIt goes through the API's description:
// every question takes an instant, or says why it does not, and none answers as
// of what has not come.
func TestEveryAnswerThatTakesAnInstantHeedsIt(t *testing.T) {
	t.Parallel()
	description, err := server.OpenAPI("dev")
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name, In string
				Required bool
				Schema   struct{ Enum []string }
			}
		}
	}
	if err := json.Unmarshal(description, &document); err != nil {
		t.Fatal(err)
	}
	h := startHistory(t, storetest.SQLite(t), 1)
	asked := 0
	for path, methods := range document.Paths {
		query, takes := "", false
		for _, p := range methods["get"].Parameters {
			takes = takes || p.Name == "as_of"
			if p.Required && p.In == "query" {
				query += "&" + p.Name + "=" + append(p.Schema.Enum, "shop")[0]
			}
		}
		if _, asksOnly := methods["get"]; !asksOnly {
			continue
		}
		if why := withoutPast()[path]; takes == (why != "") {
			t.Errorf("GET %s takes as_of: %v; that it has no past because %q", path, takes, why)
		}
		if !takes {
			continue
		}
		asked++
		path = strings.NewReplacer("{slug}", "shop", "{table}", "figures", "{version}", "0", "{id}", strings.Repeat("0", 20)).Replace(path)
		for _, future := range []string{"2026-11-22T12:02:00Z", "2026-11-22", "2099-01-01", "soon"} {
			got := h.do("GET", path+"?as_of="+future+query, h.admin, "")
			if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.text, "as_of") {
				t.Errorf("GET %s as of %s = %d %s", path, future, got.status, got.text)
			}
		}
	}
	if asked < 24 {
		t.Errorf("only %d endpoints take an instant", asked)
	}
}

func TestAnswersAsOfAnInstantCanBeKept(t *testing.T) {
	t.Parallel()
	h := startHistory(t, storetest.SQLite(t), 3)
	if err := h.store.In("default").ApplyCatalogue(t.Context(), h.catalogue()); err != nil {
		t.Fatal(err)
	}
	then := h.now
	path := "/api/v1/metrics/dora?as_of=" + then.Format(time.RFC3339)
	if got := h.do("GET", path, h.admin, ""); got.header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("just now: %v", got.header)
	}
	h.now = then.Add(24 * time.Hour)
	first := h.do("GET", path, h.admin, "")
	if got := first.header.Get("Cache-Control"); got != "private, max-age=3600" {
		t.Errorf("a day later: %q", got)
	}
	h.now = h.now.Add(48 * time.Hour)
	h.step()
	again := h.do("GET", path, h.admin, "", "If-None-Match", first.header.Get("ETag"))
	if again.status != http.StatusNotModified {
		t.Errorf("after new facts = %d, want 304", again.status)
	}
	if live := h.do("GET", "/api/v1/metrics/dora", h.admin, "", "If-None-Match", first.header.Get("ETag")); live.status != http.StatusOK {
		t.Errorf("the present = %d", live.status)
	}
}

// TestTheExampleOfTheDocumentation is the history of docs/known-time.md.
func TestTheExampleOfTheDocumentation(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := startHistory(t, dsn(t), 1)
			at := func(text string) time.Time {
				day, err := time.Parse(time.RFC3339, text+":00Z")
				if err != nil {
					t.Fatal(err)
				}
				return day
			}
			known := func(when string, e evenkeel.Event) {
				h.now = at(when)
				if _, err := h.store.In("default").Record(t.Context(), []evenkeel.Event{e.Complete(h.now)}); err != nil {
					t.Fatal(err)
				}
			}
			deployment := func(id, finished string) evenkeel.Event {
				return evenkeel.Event{Kind: evenkeel.KindDeployment, Source: "ci", ID: id, Payload: &evenkeel.Deployment{
					Application: "shop", Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: at(finished),
				}}
			}
			h.now = at("2026-11-15T00:00")
			if err := h.store.In("default").ApplyCatalogue(t.Context(), h.catalogue()); err != nil {
				t.Fatal(err)
			}
			known("2026-11-16T09:01", deployment("1", "2026-11-16T09:00"))
			known("2026-11-16T10:01", deployment("2", "2026-11-16T10:00"))
			known("2026-11-18T09:00", evenkeel.Event{Kind: evenkeel.KindIncident, Source: "ci", ID: "i", Payload: &evenkeel.Incident{
				Application: "shop", OpenedAt: at("2026-11-16T10:30"), CausedBy: "2",
			}})
			known("2026-11-18T09:05", deployment("0", "2026-11-16T08:00"))
			h.now = at("2026-11-18T10:00")
			for asOf, want := range map[string]string{"": "1 of 3", "2026-11-16T12:00:00Z": "0 of 2", "2026-11-18T09:00:00Z": "1 of 2", "2026-11-16": "0 of 2", "2026-11-15": "0 of 0"} {
				rate := h.do("GET", "/api/v1/metrics/dora?from=7d&as_of="+asOf, h.admin, "").json["change_fail_rate"].(map[string]any)
				if got := fmt.Sprintf("%v of %v", rate["failed"], rate["n"]); got != want {
					t.Errorf("fail rate as of %q = %s, want %s", asOf, got, want)
				}
			}
		})
	}
}

// TestWhatWasNotInTheCatalogueThenIsSaidSo asks of an application, a group and
// facts as of an instant before them.
func TestWhatWasNotInTheCatalogueThenIsSaidSo(t *testing.T) {
	t.Parallel()
	h := startHistory(t, storetest.SQLite(t), 1)
	before := h.now
	h.now = h.now.Add(24 * time.Hour)
	w := h.store.In("default")
	if err := w.ApplyCatalogue(t.Context(), h.catalogue()); err != nil {
		t.Fatal(err)
	}
	d := evenkeel.Event{Kind: evenkeel.KindDeployment, Source: "ci", ID: "1", Payload: &evenkeel.Deployment{Application: "shop", Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: before}}
	if _, err := w.Record(t.Context(), []evenkeel.Event{d.Complete(h.now)}); err != nil {
		t.Fatal(err)
	}
	id := evenkeel.FactID(evenkeel.KindDeployment, (&evenkeel.Deployment{}).Key("ci", "1"))
	at := before.Format(time.RFC3339)
	for path, want := range map[string]string{
		"/api/v1/deployments?application=shop": `application "shop" was not in the catalogue at ` + at,
		"/api/v1/facts?group=buyers":           `group "buyers" was not in the catalogue at ` + at,
		"/api/v1/changed?application=shop":     `application "shop" was not in the catalogue at ` + at,
		"/api/v1/applications/shop":            `application "shop" was not in the catalogue at ` + at,
		"/api/v1/deployments/" + id:            "was not known at " + at,
		"/api/v1/deployments/" + id + "/story": "was not known at " + at,
		"/api/v1/facts/" + id:                  "was not known at " + at,
	} {
		if got := h.do("GET", path, h.admin, ""); got.status != http.StatusOK {
			t.Errorf("GET %s now = %d %s", path, got.status, got.text)
		}
		as := map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "as_of=" + at
		if got := h.do("GET", path+as, h.admin, ""); got.status != http.StatusNotFound || !strings.Contains(fmt.Sprint(got.json["detail"]), want) {
			t.Errorf("GET %s then = %d %s, want %s", path, got.status, got.text, want)
		}
	}
	if got := h.do("GET", "/api/v1/facts?as_of="+at, h.admin, ""); len(got.json["items"].([]any)) != 0 {
		t.Errorf("facts before the first: %s", got.text)
	}
}

// TestAFileOfThenHoldsWhatTheListHeld takes the list of facts as a file; a live
// view has no past.
func TestAFileOfThenHoldsWhatTheListHeld(t *testing.T) {
	t.Parallel()
	h := startHistory(t, storetest.SQLite(t), 2)
	if err := h.store.In("default").ApplyCatalogue(t.Context(), h.catalogue()); err != nil {
		t.Fatal(err)
	}
	for range 6 {
		h.now = h.now.Add(time.Hour)
		h.step()
	}
	then := h.now
	for _, form := range []string{"application/x-ndjson", "text/csv"} {
		h.now = then
		before := h.do("GET", "/api/v1/facts", h.admin, "", "Accept", form)
		for range 6 {
			h.now = h.now.Add(time.Hour)
			h.step()
		}
		after := h.do("GET", "/api/v1/facts?as_of="+then.Format(time.RFC3339), h.admin, "", "Accept", form)
		if before.text == "" || before.text != after.text {
			t.Errorf("%s then:\n%s\nas of then:\n%s", form, before.text, after.text)
		}
		then = h.now
	}
	if got := h.do("GET", "/api/v1/facts/stream?as_of="+then.Format(time.RFC3339), h.admin, ""); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.text, "as_of") {
		t.Errorf("a live view of then = %d %s", got.status, got.text)
	}
}
