package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

func change(id, document string) evenkeel.ServiceLevelChange {
	return evenkeel.ServiceLevelChange{
		ID: id, Application: "shop", Document: document, By: "person:ada",
		Source: evenkeel.ServiceLevelSource{Kind: evenkeel.FromFile, Name: "slo.yaml"},
	}
}

// saveLevel keeps a document and says whether it was a new version.
func saveLevel(t testing.TB, w *store.Workspace, c evenkeel.ServiceLevelChange) (evenkeel.ServiceLevel, bool) {
	t.Helper()
	l, saved, err := w.SaveServiceLevel(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return l, saved
}

// levelOnce lets a workspace hold a service level, a correction and an alert.
func levelOnce(ctx context.Context, w *store.Workspace) error {
	_, _, err := w.SaveServiceLevel(ctx, change("checkout", "kind: SLO"))
	_, corrected := w.AddCorrection(ctx, correction("checkout"))
	_, alerted := w.SaveAlertSpans(ctx, []evenkeel.AlertSpan{alert("checkout", noon)})
	_, searched := w.SaveLevelSearch(ctx, evenkeel.LevelSearch{Running: true, SeenAt: noon})
	return errors.Join(err, corrected, alerted, searched)
}

func correction(level string) evenkeel.Correction {
	return evenkeel.Correction{ServiceLevel: level, From: hours(-2), To: hours(-1), Mode: evenkeel.CorrectionExclude, Reason: "maintenance that Ada announced", Author: "person:ada"}
}

func alert(level string, from time.Time) evenkeel.AlertSpan {
	return evenkeel.AlertSpan{ServiceLevel: level, Severity: "page", Row: "1h/5m", From: from, Peak: 15, State: "firing"}
}

func TestServiceLevelsHaveVersions(t *testing.T) {
	t.Parallel()
	clocked(t, func(t *testing.T, s *store.Store, _ string, clock *atomic.Pointer[time.Time]) {
		w, ctx := s.In("acme"), t.Context()
		ensure(t, s, "acme")
		first, saved := saveLevel(t, w, change("checkout", "one"))
		want := evenkeel.ServiceLevel{
			ID: "checkout", Key: first.Key, Number: 1, Application: "shop", Document: "one", At: noon, CreatedAt: noon, By: "person:ada", Revision: 1,
			Source: evenkeel.ServiceLevelSource{Kind: evenkeel.FromFile, Name: "slo.yaml"},
		}
		if diff := gocmp.Diff(want, first); diff != "" || !saved || first.Key == "" {
			t.Errorf("first (-want +got)\n%s", diff)
		}
		if again, saved := saveLevel(t, w, change("checkout", "one")); saved || again.Number != 1 || revision(t, w) != 1 {
			t.Errorf("the same again: %+v", again)
		}
		set(clock, hours(1))
		second := change("checkout", "two")
		second.Base = 1
		saveLevel(t, w, second)
		if _, _, err := w.SaveServiceLevel(ctx, second); !errors.Is(err, evenkeel.ErrConflict) {
			t.Errorf("a base that is no longer the last: %v", err)
		}
		renamed := change("checkout-availability", "three")
		renamed.Before = "checkout"
		third, _ := saveLevel(t, w, renamed)
		if third.Key != first.Key || third.Number != 3 || !third.CreatedAt.Equal(noon) || !third.At.Equal(hours(1)) {
			t.Errorf("renamed: %+v", third)
		}
		if _, err := w.ServiceLevel(ctx, evenkeel.LastRevision, "checkout"); !isNotFound(err) {
			t.Errorf("the name before: %v", err)
		}
		if at := must[evenkeel.ServiceLevel](t)(w.ServiceLevel(ctx, 2, "checkout-availability")); at.Document != "two" {
			t.Errorf("as known at revision 2: %+v", at)
		}
		if _, err := w.ServiceLevel(ctx, 0, "checkout-availability"); !isNotFound(err) {
			t.Errorf("before it was known: %v", err)
		}
		set(clock, hours(2))
		retired := must[evenkeel.ServiceLevel](t)(w.RetireServiceLevel(ctx, "checkout-availability", "person:bob"))
		if !retired.RetiredAt.Equal(hours(2)) || retired.Number != 4 || retired.Document != "three" || retired.By != "person:bob" {
			t.Errorf("retired: %+v", retired)
		}
		if _, err := w.RetireServiceLevel(ctx, "checkout-availability", "person:bob"); !isNotFound(err) {
			t.Errorf("retired twice: %v", err)
		}
		if list := must[[]evenkeel.ServiceLevel](t)(w.AllServiceLevels(ctx, evenkeel.LastRevision)); len(list) != 0 {
			t.Errorf("what is retired counts: %+v", list)
		}
		if list := must[[]evenkeel.ServiceLevel](t)(w.AllServiceLevels(ctx, 3)); len(list) != 1 || list[0].Number != 3 {
			t.Errorf("as known before it was retired: %+v", list)
		}
		back := change("checkout-availability", "three")
		back.New = true
		if l, saved := saveLevel(t, w, back); !saved || l.Number != 5 || !l.RetiredAt.IsZero() {
			t.Errorf("taken back: %+v", l)
		}
		if n := len(must[[]evenkeel.ServiceLevel](t)(w.ServiceLevelVersions(ctx, evenkeel.LastRevision, "checkout-availability"))); n != 5 {
			t.Errorf("%d versions", n)
		}
	})
}

func TestServiceLevelsThatCannotBeKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		saveLevel(t, w, change("a", "one"))
		saveLevel(t, w, change("b", "one"))
		with := func(edit func(*evenkeel.ServiceLevelChange)) evenkeel.ServiceLevelChange {
			c := change("a", "two")
			edit(&c)
			return c
		}
		for name, one := range map[string]struct {
			change evenkeel.ServiceLevelChange
			field  string
			is     error
		}{
			"no name":          {with(func(c *evenkeel.ServiceLevelChange) { c.ID = "" }), "metadata.name", evenkeel.ErrInvalid},
			"no document":      {with(func(c *evenkeel.ServiceLevelChange) { c.Document = "" }), "document", evenkeel.ErrInvalid},
			"bytes":            {with(func(c *evenkeel.ServiceLevelChange) { c.Document = "\x00" }), "document", evenkeel.ErrInvalid},
			"too long":         {with(func(c *evenkeel.ServiceLevelChange) { c.Document = strings.Repeat("x", 1<<20+1) }), "document", evenkeel.ErrInvalid},
			"nobody":           {with(func(c *evenkeel.ServiceLevelChange) { c.By = "" }), "by", evenkeel.ErrInvalid},
			"from nowhere":     {with(func(c *evenkeel.ServiceLevelChange) { c.Source.Kind = "" }), "source", evenkeel.ErrInvalid},
			"another's name":   {with(func(c *evenkeel.ServiceLevelChange) { c.Before = "b" }), "", evenkeel.ErrConflict},
			"unknown before":   {with(func(c *evenkeel.ServiceLevelChange) { c.ID, c.Before = "c", "none" }), "", evenkeel.ErrNotFound},
			"a name in use":    {with(func(c *evenkeel.ServiceLevelChange) { c.New = true }), "", evenkeel.ErrConflict},
			"a base of a new":  {with(func(c *evenkeel.ServiceLevelChange) { c.ID, c.Base = "c", 3 }), "", evenkeel.ErrConflict},
			"an app that is 0": {with(func(c *evenkeel.ServiceLevelChange) { c.Application = "\x00" }), "spec.service", evenkeel.ErrInvalid},
		} {
			_, saved, err := w.SaveServiceLevel(t.Context(), one.change)
			if !errors.Is(err, one.is) || saved || !strings.Contains(err.Error(), one.field) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if revision(t, w) != 2 {
			t.Error("what was refused made a revision")
		}
		if _, _, err := s.In("none").SaveServiceLevel(t.Context(), change("a", "one")); !isNotFound(err) {
			t.Errorf("in no workspace: %v", err)
		}
	})
}

func TestServiceLevelsAreListed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w, ctx := s.In("acme"), t.Context()
		for i := range 7 {
			c := change(fmt.Sprintf("level-%d", i), "one")
			if i%2 == 1 {
				c.Application, c.Source.Kind = "pay", evenkeel.FromConfig
			}
			saveLevel(t, w, c)
		}
		must[evenkeel.ServiceLevel](t)(w.RetireServiceLevel(ctx, "level-6", "person:ada"))
		for name, one := range map[string]struct {
			filter evenkeel.ServiceLevelFilter
			want   string
		}{
			"all":                {evenkeel.ServiceLevelFilter{}, "0 1 2 3 4 5"},
			"with retired":       {evenkeel.ServiceLevelFilter{Retired: true}, "0 1 2 3 4 5 6"},
			"an application":     {evenkeel.ServiceLevelFilter{Applications: []string{"pay"}}, "1 3 5"},
			"an origin":          {evenkeel.ServiceLevelFilter{Sources: []evenkeel.ServiceLevelOrigin{evenkeel.FromFile}}, "0 2 4"},
			"part of an id":      {evenkeel.ServiceLevelFilter{Query: "EL-3"}, "3"},
			"in pages":           {evenkeel.ServiceLevelFilter{Limit: 2}, "0 1 2 3 4 5"},
			"an unknown":         {evenkeel.ServiceLevelFilter{Applications: []string{"none"}}, ""},
			"signs are no signs": {evenkeel.ServiceLevelFilter{Query: "%"}, ""},
		} {
			var got []string
			for {
				page := must[evenkeel.Page[evenkeel.ServiceLevel]](t)(w.ServiceLevels(ctx, evenkeel.LastRevision, one.filter))
				for _, l := range page.Items {
					got = append(got, strings.TrimPrefix(l.ID, "level-"))
				}
				if one.filter.Cursor = page.Next; page.Next == "" {
					break
				}
			}
			if list := strings.Join(got, " "); list != one.want {
				t.Errorf("%s: %s, want %s", name, list, one.want)
			}
		}
		if _, err := w.ServiceLevels(ctx, evenkeel.LastRevision, evenkeel.ServiceLevelFilter{Cursor: "?"}); !isInvalid(err) {
			t.Errorf("a cursor of nobody: %v", err)
		}
		before := must[int64](t)(w.ServiceLevelRevision(ctx))
		record(t, w, measured("1", noon, noon, 1))
		if after := must[int64](t)(w.ServiceLevelRevision(ctx)); after != before || after != 8 {
			t.Errorf("last changed at revision %d, and %d after a measurement", before, after)
		}
	})
}

// TestServiceLevelsAsTheyWere changes levels at random and compares what is
// said of every revision with what was said when it was the last.
func TestServiceLevelsAsTheyWere(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			w, ctx := workspaceWith(t, s, fmt.Sprintf("levels-%d", run)), t.Context()
			var said [][]evenkeel.ServiceLevel
			for range rapid.IntRange(1, 12).Draw(rt, "changes") {
				id := rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "id")
				if rapid.Bool().Draw(rt, "retire") {
					if _, err := w.RetireServiceLevel(ctx, id, "x"); err != nil && !isNotFound(err) {
						rt.Fatal(err)
					}
				} else if _, _, err := w.SaveServiceLevel(ctx, change(id, rapid.SampledFrom([]string{"1", "2"}).Draw(rt, "document"))); err != nil {
					rt.Fatal(err)
				}
				list, err := w.AllServiceLevels(ctx, evenkeel.LastRevision)
				now, failed := w.Revision(ctx)
				if err := errors.Join(err, failed); err != nil {
					rt.Fatal(err)
				}
				for int64(len(said)) <= now {
					said = append(said, nil)
				}
				said[now] = list
			}
			for at, want := range said {
				got, err := w.AllServiceLevels(ctx, int64(at))
				if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
					rt.Fatalf("at revision %d: %v (-want +got)\n%s", at, err, diff)
				}
			}
		})
	})
}

func TestCorrectionsAreOnlyWithdrawn(t *testing.T) {
	t.Parallel()
	clocked(t, func(t *testing.T, s *store.Store, _ string, clock *atomic.Pointer[time.Time]) {
		w, ctx := s.In("acme"), t.Context()
		ensure(t, s, "acme")
		saveLevel(t, w, change("checkout", "one"))
		saveLevel(t, w, change("other", "one"))
		set(clock, hours(1))
		c := must[evenkeel.Correction](t)(w.AddCorrection(ctx, correction("checkout")))
		want := correction("checkout")
		want.ID, want.At = c.ID, hours(1)
		if diff := gocmp.Diff(want, c); diff != "" || c.ID == "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		then := revision(t, w)
		if !c.Holds(hours(1)) || c.Holds(noon) {
			t.Errorf("holds at the wrong time: %+v", c)
		}
		if _, err := w.WithdrawCorrection(ctx, "other", c.ID, "person:bob"); !isNotFound(err) {
			t.Errorf("withdrawn from another level: %v", err)
		}
		set(clock, hours(2))
		w2 := must[evenkeel.Correction](t)(w.WithdrawCorrection(ctx, "checkout", c.ID, "person:bob"))
		if !w2.WithdrawnAt.Equal(hours(2)) || w2.WithdrawnBy != "person:bob" || w2.Holds(hours(2)) || !w2.Holds(hours(1)) {
			t.Errorf("withdrawn: %+v", w2)
		}
		if _, err := w.WithdrawCorrection(ctx, "checkout", c.ID, "person:bob"); !errors.Is(err, evenkeel.ErrConflict) {
			t.Errorf("withdrawn twice: %v", err)
		}
		for at, want := range map[int64]map[string][]evenkeel.Correction{
			then - 1: {}, then: {"checkout": {c}}, evenkeel.LastRevision: {"checkout": {w2}},
		} {
			for _, levels := range [][]string{nil, {"checkout"}, {"checkout", "other"}} {
				if diff := gocmp.Diff(want, must[map[string][]evenkeel.Correction](t)(w.Corrections(ctx, at, levels...))); diff != "" {
					t.Errorf("at revision %d of %v (-want +got)\n%s", at, levels, diff)
				}
			}
		}
		if last := must[int64](t)(w.ServiceLevelRevision(ctx)); last != then+1 {
			t.Errorf("last changed at revision %d", last)
		}
		for field, edit := range map[string]func(c *evenkeel.Correction){
			"to": func(c *evenkeel.Correction) { c.To = c.From }, "from": func(c *evenkeel.Correction) { c.From = time.Time{} }, "mode": func(c *evenkeel.Correction) { c.Mode = "drop" },
			"reason": func(c *evenkeel.Correction) { c.Reason = "" }, "author": func(c *evenkeel.Correction) { c.Author = "\x00" },
		} {
			broken := correction("checkout")
			edit(&broken)
			_, err := w.AddCorrection(ctx, broken)
			wantFields(t, err, field)
		}
		if _, err := w.AddCorrection(ctx, correction("none")); !isNotFound(err) {
			t.Errorf("of no level: %v", err)
		}
	})
}

func TestPersonsAreErasedFromServiceLevels(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w, ctx := s.In("acme"), t.Context()
		if err := levelOnce(ctx, w); err != nil {
			t.Fatal(err)
		}
		before := revision(t, w)
		if done := must[evenkeel.Erased](t)(w.Erase(ctx, []string{"ada"})); done != (evenkeel.Erased{ServiceLevels: 2}) || revision(t, w) == before {
			t.Errorf("erased %+v", done)
		}
		l := must[evenkeel.ServiceLevel](t)(w.ServiceLevel(ctx, evenkeel.LastRevision, "checkout"))
		c := must[map[string][]evenkeel.Correction](t)(w.Corrections(ctx, evenkeel.LastRevision))["checkout"][0]
		if l.By != "erased" || l.Document != "kind: SLO" || c.Author != "erased" || c.Reason != "erased" {
			t.Errorf("%+v\n%+v", l, c)
		}
		if again := must[evenkeel.Erased](t)(w.Erase(ctx, []string{"ada"})); again != (evenkeel.Erased{}) {
			t.Errorf("erased again: %+v", again)
		}
	})
}

func TestAlertSpansGoOn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w, ctx := s.In("acme"), t.Context()
		saveLevel(t, w, change("checkout", "one"))
		keep := func(span evenkeel.AlertSpan) int {
			return len(must[[]evenkeel.AlertSpan](t)(w.SaveAlertSpans(ctx, []evenkeel.AlertSpan{span})))
		}
		spans := func(f evenkeel.AlertSpanFilter) []evenkeel.AlertSpan {
			return must[evenkeel.Page[evenkeel.AlertSpan]](t)(w.AlertSpans(ctx, f)).Items
		}
		first := alert("checkout", hours(1))
		later := alert("checkout", hours(2))
		later.Peak = 20
		if keep(first) != 1 || keep(first) != 0 || keep(later) != 0 {
			t.Error("a span that goes on is news")
		}
		want := first
		want.Peak = 20
		if diff := gocmp.Diff([]evenkeel.AlertSpan{want}, spans(evenkeel.AlertSpanFilter{Open: true})); diff != "" {
			t.Errorf("goes on (-want +got)\n%s", diff)
		}
		ended := first
		ended.Until, ended.State, ended.Peak = hours(3), "resolved", 3
		before := revision(t, w)
		if keep(ended) != 1 || keep(ended) != 0 || keep(first) != 0 || keep(later) != 0 || revision(t, w) != before+1 {
			t.Error("a span that ended is opened again by a slower replica")
		}
		ended.Peak = 20
		if diff := gocmp.Diff([]evenkeel.AlertSpan{ended}, spans(evenkeel.AlertSpanFilter{})); diff != "" {
			t.Errorf("ended (-want +got)\n%s", diff)
		}
		next, ticket := alert("checkout", hours(5)), alert("checkout", hours(5))
		ticket.Severity = "ticket"
		if keep(next) != 1 || keep(ticket) != 1 || keep(alert("none", hours(5))) != 0 {
			t.Error("a span after another, of another severity, or of no level")
		}
		between := alert("checkout", hours(3))
		between.Until, between.State = hours(4), "resolved"
		if keep(between) != 0 {
			t.Error("what was over before ends the span that stands")
		}
		for name, one := range map[string]struct {
			filter evenkeel.AlertSpanFilter
			want   int
		}{
			"all":             {evenkeel.AlertSpanFilter{}, 3},
			"open":            {evenkeel.AlertSpanFilter{Open: true}, 2},
			"of a level":      {evenkeel.AlertSpanFilter{ServiceLevels: []string{"checkout"}}, 3},
			"of another":      {evenkeel.AlertSpanFilter{ServiceLevels: []string{"none"}}, 0},
			"while it stood":  {evenkeel.AlertSpanFilter{Window: evenkeel.Window{From: hours(2), To: hours(3)}}, 1},
			"after it ended":  {evenkeel.AlertSpanFilter{Window: evenkeel.Window{From: hours(3), To: hours(5)}}, 0},
			"still standing":  {evenkeel.AlertSpanFilter{Window: evenkeel.Window{From: hours(9)}}, 2},
			"open of a level": {evenkeel.AlertSpanFilter{ServiceLevels: []string{"checkout"}, Open: true}, 2},
		} {
			if got := len(spans(one.filter)); got != one.want {
				t.Errorf("%s: %d spans, want %d", name, got, one.want)
			}
		}
		page := must[evenkeel.Page[evenkeel.AlertSpan]](t)(w.AlertSpans(ctx, evenkeel.AlertSpanFilter{Limit: 2}))
		rest := must[evenkeel.Page[evenkeel.AlertSpan]](t)(w.AlertSpans(ctx, evenkeel.AlertSpanFilter{Limit: 2, Cursor: page.Next}))
		if len(page.Items) != 2 || len(rest.Items) != 1 || rest.Next != "" || !rest.Items[0].From.Equal(hours(1)) {
			t.Errorf("pages of %d and %d", len(page.Items), len(rest.Items))
		}
	})
}

// TestReplicasOpenAnAlertOnce lets several save the same at the same time.
func TestReplicasOpenAnAlertOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		saveLevel(t, w, change("checkout", "one"))
		var told atomic.Int64
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				news, err := w.SaveAlertSpans(t.Context(), []evenkeel.AlertSpan{alert("checkout", noon.Add(time.Duration(i)*time.Second))})
				if err != nil {
					t.Error(err)
				}
				told.Add(int64(len(news)))
			})
		}
		all.Wait()
		if n := len(must[evenkeel.Page[evenkeel.AlertSpan]](t)(w.AlertSpans(t.Context(), evenkeel.AlertSpanFilter{})).Items); n != 1 || told.Load() != 1 {
			t.Errorf("%d spans, told %d times", n, told.Load())
		}
	})
}
