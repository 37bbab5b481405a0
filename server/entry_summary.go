package server

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// EntrySummary counts facts over time and by value.
type EntrySummary struct {
	From          time.Time         `json:"from"`
	To            time.Time         `json:"to"`
	BucketSeconds int               `json:"bucket_seconds"`
	Total         int               `json:"total"`
	Buckets       []EntryBucketView `json:"buckets" nullable:"false" doc:"Every stretch of time of the window, empty ones included"`
	Facets        EntryFacetsView   `json:"facets"`
}

// EntryBucketView counts facts of one stretch of time by kind.
type EntryBucketView struct {
	From   time.Time             `json:"from"`
	Counts map[evenkeel.Kind]int `json:"counts"`
}

// EntryFacetsView counts facts by each column. A column's counts leave its own
// filter out.
type EntryFacetsView struct {
	Kind        []FacetView `json:"kind" nullable:"false"`
	Source      []FacetView `json:"source" nullable:"false"`
	Environment []FacetView `json:"environment" nullable:"false"`
	Status      []FacetView `json:"status" nullable:"false"`
	Application []FacetView `json:"application" nullable:"false"`
}

// FacetView counts one value.
type FacetView struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

// maxFacets is how many values of a column are listed, the most frequent ones.
const maxFacets = 100

func (s *Server) getEntrySummary(ctx context.Context, in *EntriesInput) (*body[EntrySummary], error) {
	w, results, f, err := s.entryQuery(ctx, *in)
	if err != nil {
		return nil, err
	}
	if f.Window.To.IsZero() {
		f.Window.To = s.present(results)
	}
	if f.Window.From.IsZero() {
		f.Window.From = f.Window.To.AddDate(0, 0, -defaultEntryDays)
	}
	width := bucketWidth(f.Window.To.Sub(f.Window.From))
	bars, err := w.Histogram(ctx, f, width)
	if err != nil {
		return nil, err
	}
	facets, err := w.Facets(ctx, f)
	if err != nil {
		return nil, err
	}
	return answer(EntrySummary{
		From: f.Window.From.UTC(), To: f.Window.To.UTC(), BucketSeconds: int(width.Seconds()), Total: facets.Total,
		Buckets: buckets(f.Window, width, bars), Facets: facetViews(facets, results),
	}), nil
}

// defaultEntryDays is the length of a window that names no beginning.
const defaultEntryDays = 30

// bucketWidth is the width of the bars of a window: about sixty of them.
func bucketWidth(length time.Duration) time.Duration {
	const most = 70
	for _, width := range []time.Duration{
		time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
		24 * time.Hour, 7 * 24 * time.Hour, 28 * 24 * time.Hour,
	} {
		if length <= most*width {
			return width
		}
	}
	return 364 * 24 * time.Hour
}

// buckets lists every stretch of the window; bars are aligned to the epoch.
func buckets(window evenkeel.Window, width time.Duration, bars []evenkeel.HistogramBar) []EntryBucketView {
	list := []EntryBucketView{}
	at := map[int64]int{}
	seconds := int64(width.Seconds())
	for from := floor(window.From.Unix(), seconds); from < window.To.Unix(); from += seconds {
		at[from] = len(list)
		list = append(list, EntryBucketView{From: time.Unix(from, 0).UTC(), Counts: map[evenkeel.Kind]int{}})
	}
	for _, bar := range bars {
		if i, ok := at[bar.From.Unix()]; ok {
			list[i].Counts[bar.Kind] += bar.N
		}
	}
	return list
}

// floor is the greatest multiple of step that is not above n.
func floor(n, step int64) int64 {
	rest := n % step
	if rest < 0 {
		rest += step
	}
	return n - rest
}

func facetViews(f evenkeel.Facets, r *jobs.Results) EntryFacetsView {
	byID := namesOf(r.Catalogue)
	v := EntryFacetsView{
		Kind: facetList(f.Kinds, nil), Source: facetList(f.Sources, nil),
		Environment: facetList(f.Environments, nil), Status: facetList(f.Statuses, nil),
		Application: facetList(f.Applications, func(id string) NamedView { return byID[id] }),
	}
	return v
}

// facetList orders counts, the greatest first. Values without a name are left
// out where there is a naming.
func facetList[K ~string](counts map[K]int, named func(string) NamedView) []FacetView {
	list := []FacetView{}
	for value, n := range counts {
		v := FacetView{Value: string(value), Label: string(value), Count: n}
		if named != nil {
			name := named(string(value))
			v.Value, v.Label = name.Slug, name.Name
		}
		if v.Value != "" {
			list = append(list, v)
		}
	}
	slices.SortFunc(list, func(a, b FacetView) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Label, b.Label), strings.Compare(a.Value, b.Value))
	})
	return list[:min(len(list), maxFacets)]
}
