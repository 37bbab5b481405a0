package server_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// TestSeriesAreListed: what service levels can be made of, with what it holds,
// page by page.
func TestSeriesAreListed(t *testing.T) {
	t.Parallel()
	s := start(t)
	end := clock().Truncate(time.Hour)
	record := func(application, environment, name string, seconds int, slices ...evenkeel.Slice) {
		t.Helper()
		m := &evenkeel.Measurement{Application: application, Environment: environment, Series: name, SliceSeconds: seconds, Slices: slices}
		if _, err := s.store.In("default").Record(t.Context(), []evenkeel.Event{{Kind: evenkeel.KindMeasurement, ID: application + name, Source: "probe", ObservedAt: end, Payload: m}}); err != nil {
			t.Fatal(err)
		}
	}
	ago := func(d time.Duration) time.Time { return end.Add(-d) }
	record("shop", "production", `availability{region="eu"}`, 300,
		evenkeel.Slice{At: ago(48 * time.Hour), Good: new(1.0), Total: new(1.0)}, // Older than a day before the last.
		evenkeel.Slice{At: ago(10 * time.Minute), Bad: new(1.0), Total: new(9.0)}, evenkeel.Slice{At: ago(5 * time.Minute), Total: new(10.0)})
	record("shop", "staging", "latency", 60, evenkeel.Slice{At: ago(90 * time.Minute), Value: new(0.25)})
	record("shop", "staging", "odd}name", 60, evenkeel.Slice{At: ago(90 * time.Minute), Value: new(0.25)})
	record("other", "production", "availability", 60, evenkeel.Slice{At: ago(time.Minute), Good: new(9.0), Total: new(10.0)})
	type page struct {
		Items []views.Series
		Next  *string
	}
	get := func(query string) page {
		t.Helper()
		return decode[page](t, s.do("GET", "/api/v1/series"+query, s.reader(), ""))
	}
	want := []views.Series{
		{
			Application: "shop", Environment: "production", Name: "availability", Labels: map[string]string{"region": "eu"}, Source: "probe", SliceLength: 300,
			FirstAt: ago(48 * time.Hour), LastAt: ago(5 * time.Minute), Slices: 2, Amounts: []string{"bad", "total"}, Last: &views.SeriesSlice{At: ago(5 * time.Minute), Total: new(10.0)},
		},
		{
			Application: "shop", Environment: "staging", Name: "latency", Labels: map[string]string{}, Source: "probe", SliceLength: 60,
			FirstAt: ago(90 * time.Minute), LastAt: ago(90 * time.Minute), Slices: 1, Amounts: []string{"value"}, Last: &views.SeriesSlice{At: ago(90 * time.Minute), Value: new(0.25)},
		},
		{
			Application: "shop", Environment: "staging", Name: "odd}name", Labels: map[string]string{}, Source: "probe", SliceLength: 60,
			FirstAt: ago(90 * time.Minute), LastAt: ago(90 * time.Minute), Slices: 1, Amounts: []string{"value"}, Last: &views.SeriesSlice{At: ago(90 * time.Minute), Value: new(0.25)},
		},
	}
	first := get("?application=shop&limit=2")
	if first.Next == nil {
		t.Fatalf("no second page: %+v", first)
	}
	second := get("?application=shop&limit=2&cursor=" + *first.Next)
	if diff := cmp.Diff(want, append(first.Items, second.Items...), cmpopts.IgnoreFields(views.Series{}, "ID")); diff != "" || second.Next != nil {
		t.Errorf("next %v (-want +got)\n%s", second.Next, diff)
	}
	for query, names := range map[string][]string{"?environment=staging": {"latency", "odd}name"}, "?q=AVAIL": {"availability", "availability"}, "?q=region": {"availability"}, "?application=gone": {}} {
		got := []string{}
		for _, one := range get(query).Items {
			got = append(got, one.Name)
		}
		if diff := cmp.Diff(names, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", query, diff)
		}
	}
	if got := s.do("GET", "/api/v1/series?cursor=gone", s.reader(), ""); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a cursor of nothing: %d %s", got.status, got.text)
	}
}
