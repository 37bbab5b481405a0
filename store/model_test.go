package store_test

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
)

// checkModel compares what readers see with what the events say, computed in
// the plainest way: all observations of a fact, folded at once.
func checkModel(rt *rapid.T, got everything, events []evenkeel.Event, c evenkeel.Catalogue) {
	groups := grouped(rt, events)
	compare(rt, "deployments", model[evenkeel.Deployment](rt, groups, evenkeel.KindDeployment), got.Deployments)
	compare(rt, "incidents", model[evenkeel.Incident](rt, groups, evenkeel.KindIncident), got.Incidents)
	compare(rt, "dependencies", model[evenkeel.Dependency](rt, groups, evenkeel.KindDependency), got.Dependencies)
	compare(rt, "changes", modelChanges(rt, groups), got.Changes)
	compareEntries[evenkeel.Build](rt, groups, evenkeel.KindBuild, got.Entries)
	compareEntries[evenkeel.WorkItem](rt, groups, evenkeel.KindWorkItem, got.Entries)
	compareEntries[evenkeel.FlagChange](rt, groups, evenkeel.KindFlagChange, got.Entries)
	compareEntries[evenkeel.Evidence](rt, groups, evenkeel.KindEvidence, got.Entries)
	compareEntries[evenkeel.Alert](rt, groups, evenkeel.KindAlert, got.Entries)
	checkActivity(rt, got, c)
}

// observed is the set of observations of one fact.
type observed struct {
	kind evenkeel.Kind
	list []evenkeel.Observation
}

func grouped(rt *rapid.T, events []evenkeel.Event) map[string]observed {
	groups := map[string]observed{}
	for _, e := range events {
		o, err := utcEvent(e).Observe()
		if err != nil {
			rt.Fatal(err)
		}
		id := evenkeel.FactID(e.Kind, e.Payload.Key(e.Source, e.ID))
		g := groups[id]
		g.kind = e.Kind
		if !slices.ContainsFunc(g.list, func(held evenkeel.Observation) bool {
			return held.ObservedAt.Equal(o.ObservedAt) && held.Deleted == o.Deleted && string(held.Fields) == string(o.Fields)
		}) {
			g.list = append(g.list, o)
		}
		groups[id] = g
	}
	return groups
}

// utcEvent is the event with its instants in UTC.
func utcEvent(e evenkeel.Event) evenkeel.Event {
	switch f := e.Payload.(type) {
	case *evenkeel.Deployment:
		c := *f
		c.StartedAt, c.FinishedAt = c.StartedAt.UTC(), c.FinishedAt.UTC()
		e.Payload = &c
	case *evenkeel.Change:
		c := *f
		c.OpenedAt, c.MergedAt = c.OpenedAt.UTC(), c.MergedAt.UTC()
		e.Payload = &c
	case *evenkeel.Incident:
		c := *f
		c.OpenedAt = c.OpenedAt.UTC()
		e.Payload = &c
	case *evenkeel.Dependency:
		c := *f
		c.LastSeenAt = c.LastSeenAt.UTC()
		e.Payload = &c
	case *evenkeel.Build:
		c := *f
		c.FinishedAt = c.FinishedAt.UTC()
		e.Payload = &c
	case *evenkeel.WorkItem:
		c := *f
		c.OpenedAt, c.ClosedAt = c.OpenedAt.UTC(), c.ClosedAt.UTC()
		e.Payload = &c
	case *evenkeel.FlagChange:
		c := *f
		c.At = c.At.UTC()
		e.Payload = &c
	case *evenkeel.Evidence:
		c := *f
		c.At = c.At.UTC()
		e.Payload = &c
	case *evenkeel.Alert:
		c := *f
		c.StartsAt, c.EndsAt = c.StartsAt.UTC(), c.EndsAt.UTC()
		e.Payload = &c
	}
	return e
}

func folded[T any](rt *rapid.T, list []evenkeel.Observation) (value T, deleted bool) {
	fields, deleted, err := evenkeel.Fold(list)
	if err != nil {
		rt.Fatal(err)
	}
	if err := json.Unmarshal(fields, &value); err != nil {
		rt.Fatal(err)
	}
	return value, deleted
}

func model[T any](rt *rapid.T, groups map[string]observed, kind evenkeel.Kind) map[string]T {
	want := map[string]T{}
	for id, g := range groups {
		if g.kind != kind {
			continue
		}
		if value, deleted := folded[T](rt, g.list); !deleted {
			want[id] = value
		}
	}
	return want
}

// modelChanges joins each change that is known by its merge commit only to
// the live change of the smallest number that names the commit.
func modelChanges(rt *rapid.T, groups map[string]observed) map[string]evenkeel.Change {
	own := model[evenkeel.Change](rt, groups, evenkeel.KindChange)
	want := maps.Clone(own)
	for id, alias := range own {
		if alias.Number > 0 || alias.MergeCommit == "" {
			continue
		}
		winner := ""
		for other, c := range own {
			names := c.Number > 0 && c.Repository == alias.Repository && c.MergeCommit == alias.MergeCommit
			if names && (winner == "" || c.Number < own[winner].Number) {
				winner = other
			}
		}
		if winner != "" {
			want[winner], _ = folded[evenkeel.Change](rt, slices.Concat(groups[winner].list, groups[id].list))
			delete(want, id)
		}
	}
	return want
}

func compare[T any](rt *rapid.T, what string, want map[string]T, got []evenkeel.Fact[T]) {
	held := map[string]T{}
	for _, f := range got {
		held[f.ID] = f.Value
	}
	if diff := gocmp.Diff(want, held); diff != "" {
		rt.Fatalf("%s differ from the fold of the events (-want +got)\n%s", what, diff)
	}
}

// compareEntries compares the entries of a kind with the folds.
func compareEntries[T any](rt *rapid.T, groups map[string]observed, kind evenkeel.Kind, entries []evenkeel.Entry) {
	var got []evenkeel.Fact[T]
	for _, e := range entries {
		if e.Kind != kind {
			continue
		}
		f := evenkeel.Fact[T]{ID: e.ID}
		if err := json.Unmarshal(e.Fields, &f.Value); err != nil {
			rt.Fatal(err)
		}
		got = append(got, f)
	}
	compare(rt, string(kind)+" entries", model[T](rt, groups, kind), got)
}

// checkActivity counts facts by the catalogue's own rules.
func checkActivity(rt *rapid.T, got everything, c evenkeel.Catalogue) {
	want := map[string]int{}
	unclaimed := 0
	count := func(kind evenkeel.Kind, s evenkeel.Subject) {
		slugs := map[string]bool{}
		for _, m := range c.Resolve(s) {
			slugs[m.Application] = true
		}
		if len(slugs) == 0 && !s.Apart {
			unclaimed++
		}
		for slug := range slugs {
			want[slug+" "+string(kind)]++
		}
	}
	c.Applications = slices.Clone(c.Applications)
	for i := range c.Applications {
		c.Applications[i].ID = c.Applications[i].Slug
	}
	for _, e := range got.Entries {
		if e.Kind != evenkeel.KindArtifact && e.Kind != evenkeel.KindDependency {
			payload, err := evenkeel.Decode(e.Kind, e.Fields)
			if err != nil {
				rt.Fatal(err)
			}
			count(e.Kind, payload.Subject())
		}
	}
	held := map[string]int{}
	for slug, a := range got.Activity {
		for kind, n := range a.Facts {
			if kind != evenkeel.KindArtifact && kind != evenkeel.KindDependency {
				held[slug+" "+string(kind)] = n
			}
		}
	}
	if diff := gocmp.Diff(want, held); diff != "" {
		rt.Fatalf("activity (-want +got)\n%s", diff)
	}
	slices.SortFunc(got.Unclaimed, func(a, b evenkeel.UnclaimedSubject) int { return cmp.Compare(a.Subject.String(), b.Subject.String()) })
	total := 0
	for _, u := range got.Unclaimed {
		total += u.Facts
		if len(c.Resolve(u.Subject)) > 0 {
			rt.Fatalf("%s is claimed", strings.ReplaceAll(u.Subject.String(), "\x1f", " "))
		}
	}
	if total < unclaimed {
		rt.Fatalf("%d unclaimed facts are listed, there are at least %d", total, unclaimed)
	}
}
