package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

func isNotFound(err error) bool { return errors.Is(err, evenkeel.ErrNotFound) }
func isInvalid(err error) bool  { return errors.Is(err, evenkeel.ErrInvalid) }
func isConflict(err error) bool { return errors.Is(err, evenkeel.ErrConflict) }
func isDenied(err error) bool   { return errors.Is(err, evenkeel.ErrDenied) }

func TestPagesCoverEverythingOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		var events []evenkeel.Event
		for i := range 53 {
			// Several share an instant, and some name none.
			d := &evenkeel.Deployment{Environment: "production", FinishedAt: hours(i / 7)}
			if i%10 == 0 {
				d.FinishedAt = noon.AddDate(-1, 0, 0)
				d.StartedAt, d.FinishedAt = d.FinishedAt, d.StartedAt.AddDate(-9999, 0, 0)
				d = &evenkeel.Deployment{Environment: "staging"}
			}
			events = append(events, event("ci", fmt.Sprintf("%02d", i), hours(i), d))
		}
		record(t, w, events...)
		for _, limit := range []int{1, 7, 50, 53, 500, 9999} {
			var got []string
			filter := evenkeel.Filter{Limit: limit}
			for pages := 0; ; pages++ {
				page := must[evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]]](t)(w.Deployments(t.Context(), filter))
				got = append(got, idsOf(page.Items)...)
				if filter.Cursor = page.Next; page.Next == "" {
					break
				}
				if len(page.Items) != min(limit, 500) || pages > 60 {
					t.Fatalf("limit %d: page %d has %d items", limit, pages, len(page.Items))
				}
			}
			slices.Sort(got)
			if len(got) != 53 || len(slices.Compact(got)) != 53 {
				t.Errorf("limit %d: %d items, %d distinct", limit, len(got), len(slices.Compact(got)))
			}
		}
	})
}

func TestListsAreNewestFirst(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		record(t, w,
			event("gh", "opened", hours(9), &evenkeel.Change{Repository: repo, Number: 1, OpenedAt: hours(5)}),
			event("gh", "merged", hours(9), &evenkeel.Change{Repository: repo, Number: 2, OpenedAt: hours(1), MergedAt: hours(6)}),
			event("gh", "old", hours(9), &evenkeel.Change{Repository: repo, Number: 3, OpenedAt: hours(2), MergedAt: hours(4)}))
		page := must[evenkeel.Page[evenkeel.Fact[evenkeel.Change]]](t)(w.Changes(t.Context(), evenkeel.Filter{}))
		var got []string
		for _, c := range page.Items {
			got = append(got, c.ExternalID)
		}
		if diff := cmp.Diff([]string{"merged", "opened", "old"}, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

func TestFilters(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		shop, pay := register(t, w, "shop"), register(t, w, "pay")
		at := func(id, application, environment string, hour int) evenkeel.Event {
			return event("ci", id, hours(hour), &evenkeel.Deployment{Application: application, Environment: environment, FinishedAt: hours(hour)})
		}
		record(t, w, at("a", "shop", "production", 1), at("b", "shop", "staging", 2), at("c", "pay", "production", 3), at("d", "", "production", 4))
		for name, one := range map[string]struct {
			filter evenkeel.Filter
			want   []string
		}{
			"nothing narrows":                    {evenkeel.Filter{}, []string{"a", "b", "c", "d"}},
			"one application":                    {evenkeel.Filter{Applications: []string{shop}}, []string{"a", "b"}},
			"two applications":                   {evenkeel.Filter{Applications: []string{shop, pay}}, []string{"a", "b", "c"}},
			"an application that does not exist": {evenkeel.Filter{Applications: []string{"none"}}, []string{}},
			"an environment":                     {evenkeel.Filter{Environment: "production"}, []string{"a", "c", "d"}},
			"a window without its end":           {evenkeel.Filter{Window: evenkeel.Window{From: hours(2), To: hours(4)}}, []string{"b", "c"}},
			"a window with only a beginning":     {evenkeel.Filter{Window: evenkeel.Window{From: hours(3)}}, []string{"c", "d"}},
			"all of it":                          {evenkeel.Filter{Applications: []string{shop}, Environment: "staging", Window: evenkeel.Window{From: hours(2), To: hours(3)}}, []string{"b"}},
		} {
			page := must[evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]]](t)(w.Deployments(t.Context(), one.filter))
			if diff := cmp.Diff(one.want, idsOf(page.Items)); diff != "" {
				t.Errorf("%s (-want +got)\n%s", name, diff)
			}
		}
	})
}

func TestWrongCursorsAreInvalid(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		for _, cursor := range []string{"x", "!!", "MTIz", strings.Repeat("A", 4000), "\x00", "MS4A"} {
			if _, err := s.In("acme").Deployments(t.Context(), evenkeel.Filter{Cursor: cursor}); !isInvalid(err) {
				t.Errorf("cursor %.10q: %v", cursor, err)
			}
			if _, err := s.AuditEntries(t.Context(), "acme", cursor, 1); !isInvalid(err) {
				t.Errorf("audit cursor %.10q: %v", cursor, err)
			}
		}
	})
}

func TestFactsByID(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		record(t, w, someEvents()...)
		deployment := evenkeel.FactID(evenkeel.KindDeployment, "ci\x1fd1")
		change := evenkeel.FactID(evenkeel.KindChange, "github.com/acme/shop\x1f#1")
		incident := evenkeel.FactID(evenkeel.KindIncident, "pager\x1fi1")
		if d, err := w.Deployment(t.Context(), deployment); err != nil || d.ExternalID != "d1" {
			t.Errorf("deployment: %+v, %v", d, err)
		}
		if c, err := w.Change(t.Context(), change); err != nil || c.Value.Number != 1 {
			t.Errorf("change: %+v, %v", c, err)
		}
		if i, err := w.Incident(t.Context(), incident); err != nil || i.Value.CausedBy != "d1" {
			t.Errorf("incident: %+v, %v", i, err)
		}
		for _, id := range []string{"", "none", "\x00", "\xff", change} {
			if _, err := w.Deployment(t.Context(), id); !isNotFound(err) {
				t.Errorf("deployment %q: %v", id, err)
			}
		}
	})
}
