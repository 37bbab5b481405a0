package levels_test

import (
	"os"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// noon is when the tests happen.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func databases() map[string]func(testing.TB) string {
	return map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres}
}

func workspace(t testing.TB, dsn string) *store.Workspace {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return within(t, s, "acme")
}

func within(t testing.TB, s *store.Store, slug string) *store.Workspace {
	t.Helper()
	if err := s.EnsureWorkspace(t.Context(), evenkeel.WorkspaceInfo{Slug: slug, CreatedAt: noon}); err != nil {
		t.Fatal(err)
	}
	return s.In(slug)
}

// batch is an event of a series of minutes.
func batch(series, id string, observed time.Time, slices ...evenkeel.Slice) evenkeel.Event {
	m := &evenkeel.Measurement{Application: "shop", Environment: "production", Series: series, SliceSeconds: 60, Slices: slices}
	return evenkeel.Event{Kind: evenkeel.KindMeasurement, ID: id, Source: "probe", ObservedAt: observed, Payload: m}
}

func seriesID(e evenkeel.Event) string { return evenkeel.FactID(e.Kind, e.Payload.Key(e.Source, e.ID)) }

// availability promises 99.9 % over 30 days.
func availability(t testing.TB, method slo.Method) slo.Definition {
	t.Helper()
	target, err := slo.ParseTarget("0.999")
	if err != nil {
		t.Fatal(err)
	}
	share, err := slo.ParseShare("0.95")
	if err != nil {
		t.Fatal(err)
	}
	d := slo.Definition{
		Name: "checkout", Service: "shop", Method: method, Slice: time.Minute, Missing: slo.MissingExclude,
		Window:     slo.TimeWindow{Span: slo.Span{N: 30, Unit: slo.Day}},
		Indicator:  slo.Indicator{Kind: slo.GoodOfTotal, Series: "availability"},
		Objectives: []slo.Objective{{Target: target, SliceTarget: share, Weight: 1}},
	}
	if err := d.Check(); err != nil {
		t.Fatal(err)
	}
	return d
}
