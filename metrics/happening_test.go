package metrics_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

func drawHappening(t *rapid.T) metrics.Happening {
	return metrics.Happening{
		ID: rapid.StringMatching(`[a-f]{1,3}`).Draw(t, "id"), Kind: pick(t, "kind", evenkeel.KindDeployment, evenkeel.KindFlagChange, evenkeel.KindIncident),
		Application: pick(t, "application", "shop", "stock", "mail"), Distance: rapid.IntRange(0, 4).Draw(t, "distance"), SameEnvironment: rapid.Bool().Draw(t, "environment"),
		At: drawInstant(t, "at"), Failed: rapid.Bool().Draw(t, "failed"), Blamed: rapid.Bool().Draw(t, "blamed"), RolledBack: rapid.Bool().Draw(t, "rolled back"),
	}
}

func score(at time.Time, h metrics.Happening) float64 {
	return metrics.Plausible("shop", at, []metrics.Happening{h})[0].Score
}

func TestPlausibilityFallsWithAgeAndDistance(t *testing.T) {
	check(t, func(t *rapid.T) {
		h, at := drawHappening(t), epoch.Add(45*24*time.Hour)
		got := score(at, h)
		if got < 0 || got > 1 || (got > 0) != (!h.At.IsZero() && !h.At.After(at)) {
			t.Fatalf("score %v of %+v seen at %s", got, h, at)
		}
		older, farther := h, h
		older.At = h.At.Add(-time.Duration(rapid.IntRange(1, 1000).Draw(t, "older")) * time.Minute)
		if !h.At.IsZero() && !h.At.After(at) && score(at, older) >= got {
			t.Fatalf("%s scores %v, %s %v", older.At, score(at, older), h.At, got)
		}
		farther.Distance += rapid.IntRange(1, 3).Draw(t, "farther")
		if score(at, farther) > got {
			t.Fatalf("distance %d scores %v, distance %d %v", farther.Distance, score(at, farther), h.Distance, got)
		}
		for name, change := range map[string]func(*metrics.Happening){
			"failed": func(h *metrics.Happening) { h.Failed = true }, "blamed": func(h *metrics.Happening) { h.Blamed = true },
			"rolled back": func(h *metrics.Happening) { h.RolledBack = true }, "same environment": func(h *metrics.Happening) { h.SameEnvironment = true },
		} {
			more := h
			change(&more)
			if score(at, more) < got {
				t.Fatalf("%s makes it less plausible", name)
			}
		}
	})
}

func TestPlausibleListsNewestFirstAndRanksByScore(t *testing.T) {
	check(t, func(t *rapid.T) {
		list, at := rapid.SliceOfN(rapid.Custom(drawHappening), 0, 12).Draw(t, "happenings"), drawInstant(t, "seen")
		ranked := metrics.Plausible("shop", at, list)
		ranks := make([]int, len(ranked))
		for i, r := range ranked {
			ranks[i] = r.Rank
			product := 1.0
			for _, b := range r.Reasons {
				product *= b.Factor
			}
			if product != r.Score || math.IsNaN(r.Score) {
				t.Fatalf("the reasons give %v, the score is %v", product, r.Score)
			}
			for j, other := range ranked {
				if (r.Score > other.Score && r.Rank > other.Rank) || (i < j && r.At.Before(other.At)) {
					t.Fatalf("%+v and %+v are out of order", r, other)
				}
			}
		}
		slices.Sort(ranks)
		for i, rank := range ranks {
			same(t, "rank", i+1, rank)
		}
		shuffledOnce := slices.Clone(list)
		slices.Reverse(shuffledOnce)
		again := metrics.Plausible("shop", at, shuffledOnce)
		for i := range again {
			same(t, "the other way round", []any{ranked[i].ID, ranked[i].Rank, ranked[i].Score}, []any{again[i].ID, again[i].Rank, again[i].Score})
		}
	})
}

// TestPlausibleWorkedExample is the example of docs/formulas.md.
func TestPlausibleWorkedExample(t *testing.T) {
	t.Parallel()
	ago := func(minutes int) time.Time { return epoch.Add(-time.Duration(minutes) * time.Minute) }
	got := map[string][2]float64{}
	for _, r := range metrics.Plausible("shop", epoch, []metrics.Happening{
		{ID: "own deployment", Kind: evenkeel.KindDeployment, Application: "shop", SameEnvironment: true, At: ago(120)},
		{ID: "dependency's flag", Kind: evenkeel.KindFlagChange, Application: "stock", Distance: 1, SameEnvironment: true, At: ago(0)},
		{ID: "taken back", Kind: evenkeel.KindDeployment, Application: "stock", Distance: 1, SameEnvironment: true, At: ago(60), RolledBack: true},
		{ID: "staging", Kind: evenkeel.KindDeployment, Application: "shop", At: ago(0)},
		{ID: "own incident", Kind: evenkeel.KindIncident, Application: "shop", SameEnvironment: true, At: ago(0)},
		{ID: "later", Kind: evenkeel.KindDeployment, Application: "shop", SameEnvironment: true, At: epoch.Add(time.Second)},
	}) {
		got[r.ID] = [2]float64{float64(r.Rank), math.Round(r.Score*1e4) / 1e4}
	}
	want := map[string][2]float64{
		"taken back": {1, 0.3536}, "own deployment": {2, 0.3}, "dependency's flag": {3, 0.27},
		"own incident": {4, 0.18}, "staging": {5, 0.18}, "later": {6, 0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rank and score (-want +got):\n%s", diff)
	}
}
