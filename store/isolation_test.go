package store_test

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// TestWorkspacesDoNotSeeEachOther fills one workspace and reads another with
// every method that reads. A new method is missing from the list until it is
// added here.
func TestWorkspacesDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		ensure(t, s, "other")
		a, b := s.In("acme"), s.In("other")
		shop := register(t, a, "shop", "repo:"+repo)
		record(t, a, someEvents()...)
		untold := evenkeel.Deployment{Application: "shop", Environment: "production", Status: evenkeel.StatusSuccess, Repository: repo, Commit: sha("f"), FinishedAt: hours(6)}
		record(t, a, event("ci", "d2", hours(6), &untold), measured("1", noon, noon, 1), used("1", noon, map[string]int{"on": 1}))
		policy := evenkeel.DefaultPolicy()
		policy.FailureWindow = time.Hour
		segments := []evenkeel.Segment{{Environment: "production", Month: "2026-03", Data: []byte{1}}}
		for _, err := range []error{
			savePolicy(ctx, a, policy),
			a.SaveDerived(ctx, shop, evenkeel.DerivedState{Revision: 1, Policy: "p", Engine: "e"}, segments),
			linkOnce(ctx, a),
			acceptOnce(ctx, a),
			levelOnce(ctx, a),
			s.Audit(ctx, evenkeel.AuditEntry{Workspace: "acme", Actor: "local", Action: "test"}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		delivered := deliver(t, a, delivery(1, someEvents()...))[0].ID
		again := delivery(2, someEvents()...)
		again.Connection = "c2"
		deliver(t, a, again)
		connection := must[evenkeel.Connection](t)(a.SaveConnection(ctx, evenkeel.Connection{Source: "github", Name: "acme"}))
		stream := must[evenkeel.Stream](t)(a.SaveStream(ctx, evenkeel.Stream{Connection: connection.ID, Name: "pulls"}))
		token := must[evenkeel.Token](t)(s.CreateToken(ctx, evenkeel.Token{Workspace: "acme", Name: "ci"}, []byte("hash")))
		deployment := evenkeel.FactID(evenkeel.KindDeployment, "ci\x1fd1")
		change := evenkeel.FactID(evenkeel.KindChange, repo+"\x1f#1")
		incident := evenkeel.FactID(evenkeel.KindIncident, "pager\x1fi1")
		filter := evenkeel.Filter{Applications: []string{shop}}
		reads := map[string]func(w *store.Workspace) (any, error){
			"Revision":       func(w *store.Workspace) (any, error) { return w.Revision(ctx) },
			"Revisions":      func(w *store.Workspace) (any, error) { return w.Revisions(ctx, 0, 10) },
			"Touched":        func(w *store.Workspace) (any, error) { return w.Touched(ctx, 0) },
			"Catalogue":      func(w *store.Workspace) (any, error) { c, v, err := w.Catalogue(ctx); return []any{c, v}, err },
			"Policy":         func(w *store.Workspace) (any, error) { p, err := w.Policy(ctx); return p.Version, err },
			"PolicyVersions": func(w *store.Workspace) (any, error) { return w.PolicyVersions(ctx) },
			"Facts":          func(w *store.Workspace) (any, error) { f, err := w.Facts(ctx, shop); f.Revision = 0; return f, err },
			"Deployments":    func(w *store.Workspace) (any, error) { return w.Deployments(ctx, evenkeel.Filter{}) },
			"Changes":        func(w *store.Workspace) (any, error) { return w.Changes(ctx, evenkeel.Filter{}) },
			"Incidents":      func(w *store.Workspace) (any, error) { return w.Incidents(ctx, filter) },
			"Dependencies":   func(w *store.Workspace) (any, error) { return w.Dependencies(ctx, filter) },
			"Deployment":     func(w *store.Workspace) (any, error) { return missing(w.Deployment(ctx, deployment)) },
			"Change":         func(w *store.Workspace) (any, error) { return missing(w.Change(ctx, change)) },
			"Incident":       func(w *store.Workspace) (any, error) { return missing(w.Incident(ctx, incident)) },
			"Unclaimed":      func(w *store.Workspace) (any, error) { return w.Unclaimed(ctx) },
			"Activity":       func(w *store.Workspace) (any, error) { return w.Activity(ctx) },
			"ActivityOf":     func(w *store.Workspace) (any, error) { return w.ActivityOf(ctx, []string{shop}) },
			"FactsSince": func(w *store.Workspace) (any, error) {
				d, err := w.FactsSince(ctx, shop, 0, nil)
				d.Revision = 0
				return d, err
			},
			"Derived": func(w *store.Workspace) (any, error) {
				st, seg, err := w.Derived(ctx, shop)
				return []any{st, seg}, err
			},
			"DerivedStates":  func(w *store.Workspace) (any, error) { return w.DerivedStates(ctx) },
			"Deliveries":     func(w *store.Workspace) (any, error) { return w.Deliveries(ctx, evenkeel.DeliveryFilter{}) },
			"Delivery":       func(w *store.Workspace) (any, error) { return missing(w.Delivery(ctx, delivered)) },
			"DeliveredFacts": func(w *store.Workspace) (any, error) { return missing(w.DeliveredFacts(ctx, delivered)) },
			"Lineage":        func(w *store.Workspace) (any, error) { return missing(w.Lineage(ctx, deployment)) },
			"Stream":         func(w *store.Workspace) (any, error) { return missing(w.Stream(ctx, connection.ID, "pulls")) },
			"Flows": func(w *store.Workspace) (any, error) {
				return w.Flows(ctx, evenkeel.Window{From: hours(-99), To: hours(99)})
			},
			"Arrived":     func(w *store.Workspace) (any, error) { return w.Arrived(ctx, evenkeel.Window{}) },
			"Heard":       func(w *store.Workspace) (any, error) { return w.Heard(ctx, hours(-99)) },
			"SharedFacts": func(w *store.Workspace) (any, error) { return w.SharedFacts(ctx, hours(-99)) },
			"Trace": func(w *store.Workspace) (any, error) {
				return w.Trace(ctx, []string{deployment, change}, evenkeel.Window{})
			},
			"Streams":        func(w *store.Workspace) (any, error) { return w.Streams(ctx) },
			"StreamsNamed":   func(w *store.Workspace) (any, error) { return w.StreamsNamed(ctx, connection.ID, []string{"pulls"}) },
			"Suggestions":    func(w *store.Workspace) (any, error) { return w.Suggestions(ctx) },
			"Needs":          func(w *store.Workspace) (any, error) { return w.Needs(ctx) },
			"UnknownCommits": func(w *store.Workspace) (any, error) { return w.UnknownCommits(ctx, repo, noon.AddDate(-10, 0, 0)) },
			"Connections":    func(w *store.Workspace) (any, error) { return w.Connections(ctx) },
			"IncidentsTold": func(w *store.Workspace) (any, error) {
				return w.IncidentsTold(ctx, evenkeel.Known{Revision: must[int64](t)(w.Revision(ctx)), At: hours(9)}, shop)
			},
			"ConnectionSpans":    func(w *store.Workspace) (any, error) { return w.ConnectionSpans(ctx) },
			"IncidentLinks":      func(w *store.Workspace) (any, error) { return w.IncidentLinks(ctx, incident) },
			"ConnectionActivity": func(w *store.Workspace) (any, error) { return w.ConnectionActivity(ctx) },
			"ConnectionPace": func(w *store.Workspace) (any, error) {
				return w.ConnectionPace(ctx, evenkeel.Window{From: noon.AddDate(-1, 0, 0), To: noon.AddDate(1, 0, 0)})
			},
		}
		maps.Copy(reads, exploringReads(ctx, deployment))
		maps.Copy(reads, levelReads(ctx))
		maps.Copy(reads, pastReads(ctx, shop, deployment))
		for name := range reads {
			if _, ok := reflect.TypeFor[*store.Workspace]().MethodByName(name); !ok {
				t.Errorf("there is no method %s", name)
			}
		}
		fresh := s.In("fresh")
		ensure(t, s, "fresh")
		for name, read := range reads {
			full, err := read(a)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			empty, errEmpty := read(fresh)
			got, err := read(b)
			if err != nil || errEmpty != nil {
				t.Errorf("%s: %v, %v", name, err, errEmpty)
			}
			if diff := cmp.Diff(empty, got, byCommits()); diff != "" {
				t.Errorf("%s shows something of acme\n%s", name, diff)
			}
			if name != "Unclaimed" && reflect.DeepEqual(full, empty) {
				t.Errorf("%s shows nothing of acme to itself, so this test proves nothing", name)
			}
		}
		if list := must[[]evenkeel.Token](t)(s.Tokens(ctx, "other")); len(list) != 0 {
			t.Errorf("tokens: %+v", list)
		}
		if err := s.RevokeToken(ctx, "other", token.ID); !isNotFound(err) {
			t.Errorf("revoking another's token: %v", err)
		}
		if _, err := b.Reparse(ctx, delivered, evenkeel.OutcomeIgnored, "", nil); !isNotFound(err) {
			t.Errorf("reparsing another's delivery: %v", err)
		}
		if _, err := b.SaveConnection(ctx, connection); !isNotFound(err) {
			t.Errorf("saving another's connection: %v", err)
		}
		if _, err := b.SaveStream(ctx, stream); !errors.Is(err, evenkeel.ErrConflict) {
			t.Errorf("saving another's stream: %v", err)
		}
		if _, err := b.SaveStreams(ctx, connection.ID, []evenkeel.Stream{stream}); !errors.Is(err, evenkeel.ErrConflict) {
			t.Errorf("saving another's streams: %v", err)
		}
		if err := b.NoteContact(ctx, connection.ID, noon, hours(9)); err != nil {
			t.Errorf("a contact of another workspace: %v", err)
		}
		if err := b.RemoveConnection(ctx, connection.ID); !isNotFound(err) {
			t.Errorf("removing another's connection: %v", err)
		}
		if done := must[evenkeel.Erased](t)(b.Erase(ctx, []string{"ada", "n"})); done != (evenkeel.Erased{}) {
			t.Errorf("erasing in another workspace: %+v", done)
		}
		if page := must[evenkeel.Page[evenkeel.AuditEntry]](t)(s.AuditEntries(ctx, "other", "", 10)); len(page.Items) != 0 {
			t.Errorf("audit: %+v", page.Items)
		}
	})
}

// exploringReads are the methods that read facts of all kinds, and series.
func exploringReads(ctx context.Context, fact string) map[string]func(w *store.Workspace) (any, error) {
	all := evenkeel.EntryFilter{}
	return map[string]func(w *store.Workspace) (any, error){
		"Entries":      func(w *store.Workspace) (any, error) { return w.Entries(ctx, all) },
		"Entry":        func(w *store.Workspace) (any, error) { return missing(w.Entry(ctx, fact)) },
		"EntriesByID":  func(w *store.Workspace) (any, error) { return w.EntriesByID(ctx, []string{fact}) },
		"EntriesAfter": func(w *store.Workspace) (any, error) { return w.EntriesAfter(ctx, 0, all, 10) },
		"ChangedFacts": func(w *store.Workspace) (any, error) {
			facts, _, err := w.ChangedFacts(ctx, evenkeel.KindIncident, "pager", 0)
			return facts, err
		},
		"Facets":    func(w *store.Workspace) (any, error) { return w.Facets(ctx, all) },
		"Histogram": func(w *store.Workspace) (any, error) { return w.Histogram(ctx, all, time.Hour) },
		"Series":    func(w *store.Workspace) (any, error) { return w.Series(ctx, all) },
		"Measurements": func(w *store.Workspace) (any, error) {
			return missing(w.Measurements(ctx, seriesID(measured("", noon, noon)), evenkeel.Window{}))
		},
		"FlagUsage": func(w *store.Workspace) (any, error) {
			return missing(w.FlagUsage(ctx, seriesID(used("", noon)), evenkeel.Window{}))
		},
	}
}

// levelReads are the methods that read service levels and what is measured for
// them.
func levelReads(ctx context.Context) map[string]func(w *store.Workspace) (any, error) {
	const last = evenkeel.LastRevision
	series, window := []string{seriesID(measured("", noon, noon))}, evenkeel.Window{}
	hoursOf := func(read func(work func(evenkeel.MeasuredHour) error) error) (any, error) {
		n := 0
		err := read(func(evenkeel.MeasuredHour) error { n++; return nil })
		return n, err
	}
	return map[string]func(w *store.Workspace) (any, error){
		"ServiceLevels": func(w *store.Workspace) (any, error) {
			return w.ServiceLevels(ctx, last, evenkeel.ServiceLevelFilter{})
		},
		"AllServiceLevels":     func(w *store.Workspace) (any, error) { return w.AllServiceLevels(ctx, last) },
		"ServiceLevel":         func(w *store.Workspace) (any, error) { return missing(w.ServiceLevel(ctx, last, "checkout")) },
		"ServiceLevelVersions": func(w *store.Workspace) (any, error) { return missing(w.ServiceLevelVersions(ctx, last, "checkout")) },
		"ServiceLevelRevision": func(w *store.Workspace) (any, error) { return w.ServiceLevelRevision(ctx) },
		"Corrections":          func(w *store.Workspace) (any, error) { return w.Corrections(ctx, last) },
		"LevelSearch":          func(w *store.Workspace) (any, error) { return w.LevelSearch(ctx) },
		"AlertSpans":           func(w *store.Workspace) (any, error) { return w.AlertSpans(ctx, evenkeel.AlertSpanFilter{}) },
		"SeriesNamed":          func(w *store.Workspace) (any, error) { return w.SeriesNamed(ctx, "shop", "", "availability") },
		"MeasurementsOf":       func(w *store.Workspace) (any, error) { return w.MeasurementsOf(ctx, series, window) },
		"MeasurementsAt":       func(w *store.Workspace) (any, error) { return w.MeasurementsAt(ctx, last, series, window) },
		"MeasuredSince": func(w *store.Workspace) (any, error) {
			hours, _, _, err := w.MeasuredSince(ctx, 0)
			return hours, err
		},
		"MeasuredHours": func(w *store.Workspace) (any, error) {
			return hoursOf(func(work func(evenkeel.MeasuredHour) error) error { return w.MeasuredHours(ctx, series, window, work) })
		},
		"MeasuredIn": func(w *store.Workspace) (any, error) {
			return hoursOf(func(work func(evenkeel.MeasuredHour) error) error {
				return w.MeasuredIn(ctx, series, []time.Time{noon}, work)
			})
		},
		"MeasuredUntil": func(w *store.Workspace) (any, error) { return w.MeasuredUntil(ctx, last) },
		"StoodSince": func(w *store.Workspace) (any, error) {
			d, err := w.StoodSince(ctx, 0, 0, nil)
			return d.Incidents, err
		},
		"StoodAt": func(w *store.Workspace) (any, error) {
			d, err := w.StoodAt(ctx, evenkeel.Known{Revision: last, At: noon})
			return d.Incidents, err
		},
		"LateMeasurements": func(w *store.Workspace) (any, error) {
			return w.LateMeasurements(ctx, last, series, window, -2*time.Hour)
		},
	}
}

// missing turns "not found" into a value.
func missing[T any](v T, err error) (any, error) {
	if isNotFound(err) {
		return "not found", nil
	}
	return v, err
}

func TestEveryMethodThatReadsIsInTheIsolationTest(t *testing.T) {
	t.Parallel()
	writes := map[string]bool{
		"Record": true, "ApplyCatalogue": true, "RegisterApplication": true, "SavePolicy": true, "SaveDerived": true, "PatchDerived": true, "LinkIncident": true,
		"Deliver": true, "Reparse": true, "SaveConnection": true, "RemoveConnection": true, "SaveStream": true, "SaveStreams": true, "RemoveStream": true, "NoteContact": true, "Erase": true, "KeepSuggestions": true, "AcceptSuggestions": true, "DismissSuggestions": true,
		"SaveServiceLevel": true, "RetireServiceLevel": true, "AddCorrection": true, "WithdrawCorrection": true, "SaveAlertSpans": true, "SaveLevelSearch": true,
	}
	ofStore := reflect.TypeFor[*store.Store]()
	known := map[string]bool{
		"Revision": true, "Revisions": true, "Touched": true, "Catalogue": true, "Policy": true, "PolicyVersions": true, "Facts": true, "Deployments": true, "Changes": true, "Incidents": true,
		"Dependencies": true, "Deployment": true, "Change": true, "Incident": true, "Unclaimed": true, "Activity": true, "Derived": true, "DerivedStates": true,
		"Deliveries": true, "Delivery": true, "DeliveredFacts": true, "Lineage": true, "Connections": true, "ConnectionSpans": true, "ConnectionActivity": true, "ConnectionPace": true, "Stream": true, "Streams": true, "StreamsNamed": true,
		"Entries": true, "Entry": true, "ChangedFacts": true, "EntriesByID": true, "EntriesAfter": true, "Facets": true, "Histogram": true, "Flows": true, "Arrived": true, "Heard": true, "SharedFacts": true, "Trace": true, "Series": true, "Measurements": true, "FlagUsage": true,
		"Known": true, "CatalogueAt": true, "FactsAt": true, "ActivityAt": true, "At": true, "IncidentLinks": true, "FactsSince": true, "ActivityOf": true,
		"Suggestions": true, "Needs": true, "UnknownCommits": true,
		"ServiceLevels": true, "AllServiceLevels": true, "ServiceLevel": true, "ServiceLevelVersions": true, "ServiceLevelRevision": true, "Corrections": true, "AlertSpans": true, "LevelSearch": true,
		"SeriesNamed": true, "MeasurementsOf": true, "MeasurementsAt": true, "MeasuredSince": true, "MeasuredHours": true, "MeasuredIn": true, "MeasuredUntil": true, "LateMeasurements": true,
		"StoodSince": true, "StoodAt": true, "IncidentsTold": true,
		"SigningKey": true, // Every workspace has its own.
	}
	ofWorkspace := reflect.TypeFor[*store.Workspace]()
	for method := range ofWorkspace.Methods() {
		name := method.Name
		if _, inherited := ofStore.MethodByName(name); !inherited && !writes[name] && !known[name] {
			t.Errorf("Workspace.%s is in neither list", name)
		}
	}
}

func TestAWorkspaceMadeAgainIsEmpty(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		ensure(t, s, "other")
		record(t, s.In("other"), someEvents()...)
		w := s.In("acme")
		register(t, w, "shop", "repo:"+repo)
		events := append(someEvents(), measured("1", noon, noon, 1), used("1", noon, map[string]int{"on": 1}))
		first := record(t, w, events...)
		for range 2 {
			if err := s.RemoveWorkspace(t.Context(), "acme"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.Record(t.Context(), someEvents()); !isNotFound(err) {
			t.Errorf("recording into a workspace that is gone: %v", err)
		}
		if _, err := w.Facts(t.Context(), "x"); !isNotFound(err) {
			t.Errorf("facts of a workspace that is gone: %v", err)
		}
		ensure(t, s, "acme")
		again := record(t, w, events...)
		first.Revision, again.Revision = 0, 0
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("(-first +again)\n%s", diff)
		}
		if c, version, err := w.Catalogue(t.Context()); err != nil || version != 0 || len(c.Applications) != 0 {
			t.Errorf("catalogue %+v, version %d, %v", c, version, err)
		}
		if page := must[evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]]](t)(s.In("other").Deployments(t.Context(), evenkeel.Filter{})); len(page.Items) != 1 {
			t.Error("the other workspace has lost its facts")
		}
	})
}

func TestWorkspaces(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		for _, slug := range []string{"", "Acme", "a/b", "-a"} {
			if err := s.EnsureWorkspace(t.Context(), evenkeel.WorkspaceInfo{Slug: slug}); !isInvalid(err) {
				t.Errorf("slug %q: %v", slug, err)
			}
		}
		if err := s.EnsureWorkspace(t.Context(), evenkeel.WorkspaceInfo{Slug: "acme", Name: "Acme", Demo: true}); err != nil {
			t.Fatal(err)
		}
		ensure(t, s, "a-first")
		want := []evenkeel.WorkspaceInfo{{Slug: "a-first", Name: "a-first", CreatedAt: noon}, {Slug: "acme", Name: "Acme", Demo: true, CreatedAt: noon}}
		if diff := cmp.Diff(want, must[[]evenkeel.WorkspaceInfo](t)(s.Workspaces(t.Context()))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}
