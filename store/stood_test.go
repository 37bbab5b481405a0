package store_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// TestIncidentsStoodIsFollowed lets incidents come, change, be reopened and
// deleted, late and out of order, while the catalogue changes: what is followed
// bit by bit is what is read as a whole and what is read as of now, and what was
// known at a revision never changes.
func TestIncidentsStoodIsFollowed(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := noon
			s := openAt(t, dsn(t), func() time.Time { return now })
			run := 0
			rapid.Check(t, func(rt *rapid.T) {
				run++
				slug := fmt.Sprint("stood-", run)
				ensure(t, s, slug)
				l := &stoodLife{rt: rt, ctx: t.Context(), w: s.In(slug), held: map[string]evenkeel.StoodIncident{}, then: map[time.Time][]evenkeel.StoodIncident{}}
				for n := range rapid.IntRange(1, 8).Draw(rt, "steps") {
					now = now.Add(time.Second)
					l.step(n)
					l.check(now)
				}
				for at, want := range l.then {
					l.same(fmt.Sprint("known at ", at), want, l.at(at))
				}
			})
		})
	}
}

type stoodLife struct {
	rt   *rapid.T
	ctx  context.Context //nolint:containedctx // That of the test.
	w    *store.Workspace
	held map[string]evenkeel.StoodIncident
	// revision and catalogue are those up to which held is known.
	revision, catalogue int64
	then                map[time.Time][]evenkeel.StoodIncident
}

func (l *stoodLife) step(n int) {
	if rapid.IntRange(0, 4).Draw(l.rt, "catalogue") == 0 {
		c := evenkeel.Catalogue{Applications: []evenkeel.Application{{Slug: "shop"}, {Slug: "pay", Claims: []string{rapid.SampledFrom([]string{"pager:a", "pager:b"}).Draw(l.rt, "claim")}}}}
		if err := l.w.ApplyCatalogue(l.ctx, c); err != nil {
			l.rt.Fatal(err)
		}
	}
	at := func(label string) time.Time {
		return noon.Add(time.Duration(rapid.IntRange(1, 300).Draw(l.rt, label)) * time.Minute)
	}
	i := &evenkeel.Incident{}
	if rapid.Bool().Draw(l.rt, "named") {
		i.Application = "shop"
	} else {
		i.Origin = rapid.SampledFrom([]string{"pager:a", "pager:b"}).Draw(l.rt, "origin")
	}
	e := event("pager", fmt.Sprint("i", rapid.IntRange(0, 2).Draw(l.rt, "incident")), at("observed"), i)
	switch rapid.SampledFrom([]string{"open", "resolve", "mitigate", "reopen", "delete"}).Draw(l.rt, "what") {
	case "open":
		i.OpenedAt = at("opened")
	case "resolve":
		i.ResolvedAt = at("resolved")
	case "mitigate":
		i.MitigatedAt = at("mitigated")
	case "reopen":
		i.ReopenedAt, e.Cleared = at("reopened"), []string{"resolved_at", "mitigated_at"}
	case "delete":
		e.Deleted = true
	}
	if _, err := l.w.Record(l.ctx, []evenkeel.Event{e}); err != nil {
		l.rt.Fatal(n, err)
	}
}

// check follows, and reads everything.
func (l *stoodLife) check(now time.Time) {
	var reopened []string
	for id, one := range l.held {
		if !one.Value.ReopenedAt.IsZero() {
			reopened = append(reopened, id)
		}
	}
	delta, err := l.w.StoodSince(l.ctx, l.revision, l.catalogue, reopened)
	if err != nil {
		l.rt.Fatal(err)
	}
	if delta.Whole {
		clear(l.held)
	}
	for _, one := range delta.Incidents {
		l.held[one.ID] = one
	}
	for _, id := range delta.Gone {
		delete(l.held, id)
	}
	l.revision, l.catalogue = delta.Revision, delta.Catalogue
	whole, err := l.w.StoodSince(l.ctx, 0, 0, nil)
	if err != nil {
		l.rt.Fatal(err)
	}
	var held []evenkeel.StoodIncident
	for _, one := range l.held {
		held = append(held, one)
	}
	l.same("followed", whole.Incidents, held)
	l.same("as of now", whole.Incidents, l.at(now))
	l.then[now] = whole.Incidents
}

func (l *stoodLife) at(at time.Time) []evenkeel.StoodIncident {
	known, err := l.w.Known(l.ctx, at)
	if err != nil {
		l.rt.Fatal(err)
	}
	delta, err := l.w.StoodAt(l.ctx, known)
	if err != nil {
		l.rt.Fatal(err)
	}
	return delta.Incidents
}

func (l *stoodLife) same(what string, want, got []evenkeel.StoodIncident) {
	for _, list := range [][]evenkeel.StoodIncident{want, got} {
		slices.SortFunc(list, func(a, b evenkeel.StoodIncident) int { return cmp.Compare(a.ID, b.ID) })
	}
	if len(want)+len(got) == 0 {
		return
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		l.rt.Fatalf("%s (-whole)\n%s", what, diff)
	}
}
