package budgets_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// noon is when the tests begin.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// site is a store with a clock, and budgets of it.
type site struct {
	*store.Store
	*budgets.Budgets

	clock *atomic.Pointer[time.Time]
}

// each runs a test on every database.
func each(t *testing.T, test func(t *testing.T, s site)) {
	t.Helper()
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := &atomic.Pointer[time.Time]{}
			clock.Store(&noon)
			s, err := store.Open(t.Context(), store.Options{DSN: dsn(t), Now: func() time.Time { return *clock.Load() }})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
			test(t, site{s, budgets.New(func(slug string) budgets.Workspace { return s.In(slug) }), clock})
		})
	}
}

func (s site) now() time.Time { return *s.clock.Load() }

func (s site) pass(d time.Duration) {
	now := s.now().Add(d)
	s.clock.Store(&now)
}

// workspace makes one.
func (s site) workspace(t testing.TB, slug string) *store.Workspace {
	t.Helper()
	if err := s.EnsureWorkspace(t.Context(), evenkeel.WorkspaceInfo{Slug: slug, CreatedAt: noon}); err != nil {
		t.Fatal(err)
	}
	return s.In(slug)
}

// fatal is a test, or one run of a property.
type fatal interface {
	Helper()
	Fatal(args ...any)
}

// save keeps a document.
func save(ctx context.Context, t fatal, w *store.Workspace, id, document string) {
	t.Helper()
	c := evenkeel.ServiceLevelChange{ID: id, Application: "shop", Document: document, By: "test", Source: evenkeel.ServiceLevelSource{Kind: evenkeel.FromFile}}
	if _, _, err := w.SaveServiceLevel(ctx, c); err != nil {
		t.Fatal(err)
	}
}

// measured is a batch of minutes of a series of an application called shop.
func measured(source, environment, series, id string, observed time.Time, slices ...evenkeel.Slice) evenkeel.Event {
	m := &evenkeel.Measurement{Application: "shop", Environment: environment, Series: series, SliceSeconds: 60, Slices: slices}
	return evenkeel.Event{Kind: evenkeel.KindMeasurement, ID: id, Source: source, ObservedAt: observed, Payload: m}
}

func record(ctx context.Context, t fatal, w *store.Workspace, e evenkeel.Event) {
	t.Helper()
	if _, err := w.Record(ctx, []evenkeel.Event{e}); err != nil {
		t.Fatal(err)
	}
}

// shape is what a document says.
type shape struct {
	environment, missing, groupBy, method, window, composite string
	series                                                   string
	counter, threshold                                       bool
	// incidents measures it by those of severity 1, or one of the members of a
	// composite.
	incidents bool
	target    string
}

// document is OpenSLO of a shape.
func (s shape) document(id string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "apiVersion: openslo/v1\nkind: SLO\nmetadata:\n  name: %s\n  annotations:\n    evenkeel.dev/missing: %s\n", id, s.missing)
	for name, value := range map[string]string{"environment": s.environment, "group-by": s.groupBy, "composite": s.composite, "series": s.series} {
		if value != "" {
			fmt.Fprintf(&text, "    evenkeel.dev/%s: %s\n", name, value)
		}
	}
	fmt.Fprintf(&text, "spec:\n  service: shop\n  budgetingMethod: %s\n  timeWindow:\n    - %s\n", s.method, s.window)
	if s.composite != "" {
		text.WriteString("  objectives:\n")
		for name, weight := range map[string]int{"availability": 1, "errors": 2} {
			indicator := s.indicator("        ", name, name == "errors")
			if s.incidents && name == "errors" {
				indicator = "        metadata: {name: errors, annotations: {evenkeel.dev/source: incidents, evenkeel.dev/severities: sev1}}\n        spec: {}\n"
			}
			fmt.Fprintf(&text, "    - displayName: %s\n      compositeWeight: %d\n%s      indicator:\n%s", name, weight, s.promise("      "), indicator)
		}
		return text.String()
	}
	if s.incidents {
		fmt.Fprintf(&text, "  indicator:\n    metadata: {annotations: {evenkeel.dev/source: incidents, evenkeel.dev/severities: sev1}}\n    spec: {}\n  objectives:\n    - %s", strings.TrimLeft(s.promise("      "), " "))
		return text.String()
	}
	name := "availability"
	if s.threshold {
		name = "latency"
	}
	fmt.Fprintf(&text, "  indicator:\n%s  objectives:\n    - %s", s.indicator("    ", name, false), strings.TrimLeft(s.promise("      "), " "))
	if s.threshold {
		text.WriteString("      op: lte\n      value: 20\n")
	}
	return text.String()
}

// promise is the target, and what a slice needs.
func (s shape) promise(indent string) string {
	lines := []string{"target: " + s.target}
	switch s.method {
	case "Timeslices":
		lines = append(lines, "timeSliceTarget: 0.9", "timeSliceWindow: 5m")
	case "RatioTimeslices":
		lines = append(lines, "timeSliceWindow: 1m")
	}
	return indent + strings.Join(lines, "\n"+indent) + "\n"
}

func (s shape) indicator(indent, name string, bad bool) string {
	source := "metricSource: {type: Pushed, spec: {}}"
	lines := []string{"metadata: {name: " + name + "}", "spec:"}
	if s.threshold {
		lines = append(lines, "  thresholdMetric:", "    "+source)
	} else {
		part := "good"
		if bad {
			part = "bad"
		}
		lines = append(lines, "  ratioMetric:", fmt.Sprintf("    counter: %t", s.counter), "    "+part+":", "      "+source, "    total:", "      "+source)
	}
	return indent + strings.Join(lines, "\n"+indent) + "\n"
}

func isNotFound(err error) bool { return errors.Is(err, evenkeel.ErrNotFound) }
