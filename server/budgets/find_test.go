package budgets_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
)

// minute is one of two good events of three.
func minute(at time.Time) evenkeel.Slice {
	return evenkeel.Slice{At: at, Good: new(2.0), Total: new(3.0)}
}

// TestSeriesAreFound measures several series and says which of them make the
// budgets of a service level.
func TestSeriesAreFound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s site) {
		for name, one := range map[string]struct {
			shape shape
			want  []string
		}{
			"without labels, everywhere":   {shape{}, []string{"production  probe", "staging  probe"}},
			"of one environment":           {shape{environment: "production"}, []string{"production  probe"}},
			"one for each region":          {shape{groupBy: "region", environment: "production"}, []string{`production {region="eu"} probe`, `production {region="us"} other +1`}},
			"a label that nobody measures": {shape{groupBy: "zone"}, []string{"  "}},
			"only one region":              {shape{series: `'availability{region="eu"}'`}, []string{`production {region="eu"} probe`}},
			"each version of one region":   {shape{series: `'availability{region="us"}'`, groupBy: "version"}, []string{`production {region="us",version="2"} probe`}},
			"nowhere":                      {shape{environment: "test"}, []string{"test  "}},
		} {
			t.Run(name, func(t *testing.T) {
				slug := "find-" + fmt.Sprint(len(name))
				w, shape := s.workspace(t, slug), one.shape
				shape.missing, shape.method, shape.window, shape.target = "exclude", "Occurrences", "{duration: 1d, isRolling: true}", "0.9"
				save(t.Context(), t, w, "a", shape.document("a"))
				for _, e := range []evenkeel.Event{
					measured("probe", "production", "availability", "1", noon, minute(noon.Add(-time.Hour))),
					measured("probe", "staging", "availability", "2", noon, minute(noon.Add(-time.Hour))),
					measured("probe", "production", `availability{region="eu"}`, "3", noon, minute(noon.Add(-time.Hour))),
					// Two sources of one series: the one that went on counts.
					measured("probe", "production", `availability{region="us"}`, "4", noon, minute(noon.Add(-5*time.Hour))),
					measured("other", "production", `availability{region="us"}`, "5", noon, minute(noon.Add(-time.Hour))),
					measured("probe", "production", `availability{region="us",version="2"}`, "6", noon, minute(noon.Add(-time.Hour))),
					measured("probe", "production", "errors", "7", noon, minute(noon.Add(-time.Hour))),
				} {
					record(t.Context(), t, w, e)
				}
				book, err := s.Present(t.Context(), slug, noon)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, b := range book.Levels[0].Budgets {
					text := b.Environment + " " + b.Labels + " " + b.Series.Source
					if n := len(b.Others); n > 0 {
						text += fmt.Sprint(" +", n)
					}
					got = append(got, text)
				}
				if !slices.Equal(got, one.want) {
					t.Errorf("%q, want %q", got, one.want)
				}
			})
		}
	})
}

// TestCohortsAreToldApart: series with one label more than a budget are what
// users of each version met; those of other budgets are not among them.
func TestCohortsAreToldApart(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s site) {
		w := s.workspace(t, "cohorts")
		shape := shape{groupBy: "region", missing: "exclude", method: "Occurrences", window: "{duration: 1d, isRolling: true}", target: "0.9"}
		save(t.Context(), t, w, "a", shape.document("a"))
		at := noon.Add(-time.Hour)
		for i, series := range []string{
			`availability{region="eu"}`, `availability{region="eu",version="1"}`, `availability{region="eu",version="2"}`,
			`availability{region="us"}`, `availability{region="us",version="2"}`, `availability{region="eu",variant="b",version="2"}`,
		} {
			record(t.Context(), t, w, measured("probe", "production", series, fmt.Sprint(i), noon, evenkeel.Slice{At: at, Good: new(float64(i)), Total: new(10.0)}))
		}
		book, err := s.Present(t.Context(), "cohorts", noon)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string][]string{`{region="eu"}`: {"version 1 1", "version 2 2"}, `{region="us"}`: {"version 2 4"}}
		for _, b := range book.Levels[0].Budgets {
			got := cohorts(t, s, book, b)
			if !slices.Equal(got, want[b.Labels]) {
				t.Errorf("%s: %q, want %q", b.Labels, got, want[b.Labels])
			}
			delete(want, b.Labels)
		}
		if len(want) > 0 {
			t.Errorf("no budgets of %v", want)
		}
	})
}

// cohorts are the cohorts of a budget with their good events.
func cohorts(t *testing.T, s site, book *budgets.Book, b *budgets.Budget) (list []string) {
	t.Helper()
	m, err := s.Measured(t.Context(), "cohorts", book, b, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range m.Cohorts {
		list = append(list, fmt.Sprint(c.Dimension, " ", c.Name, " ", c.Tallies.Tally(evenkeel.Window{From: noon.Add(-2 * time.Hour), To: noon}).Good))
	}
	slices.Sort(list)
	return list
}

// TestACounterThatPausedDoesNotCountTwice: a counter that was silent for longer
// than readings are looked for begins anew, and what it shows is not taken for
// what has happened.
func TestACounterThatPausedDoesNotCountTwice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s site) {
		w := s.workspace(t, "paused")
		shape := shape{counter: true, missing: "exclude", method: "Occurrences", window: "{duration: 1d, isRolling: true}", target: "0.9"}
		save(t.Context(), t, w, "a", shape.document("a"))
		reading := func(at time.Time, good, total float64) evenkeel.Slice {
			return evenkeel.Slice{At: at, Good: &good, Total: &total}
		}
		record(t.Context(), t, w, measured("probe", "production", "availability", "1", noon, reading(noon.Add(-20*24*time.Hour), 900, 1000)))
		record(t.Context(), t, w, measured("probe", "production", "availability", "2", noon, reading(noon.Add(-10*time.Minute), 5000, 6000), reading(noon.Add(-9*time.Minute), 5009, 6010)))
		book, err := s.Present(t.Context(), "paused", noon)
		if err != nil {
			t.Fatal(err)
		}
		known, err := s.Known(t.Context(), "paused", book.Revision, noon)
		if err != nil {
			t.Fatal(err)
		}
		for what, one := range map[string]*budgets.Book{"kept": book, "known": known} {
			if c := one.Levels[0].Budgets[0].Contractual.Count; c.Good != 9 || c.Total != 10 {
				t.Errorf("%s: %+v, want 9 of 10", what, c)
			}
		}
	})
}
