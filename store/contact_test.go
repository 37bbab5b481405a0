package store_test

import (
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// eachTimed runs a test on every database, with a clock that it sets.
func eachTimed(t *testing.T, test func(t *testing.T, w *store.Workspace, clock *atomic.Pointer[time.Time])) {
	t.Helper()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := &atomic.Pointer[time.Time]{}
			at := noon
			clock.Store(&at)
			s := openAt(t, dsn(t), func() time.Time { return *clock.Load() })
			ensure(t, s, "acme")
			test(t, s.In("acme"), clock)
		})
	}
}

// TestContactsAreNoted: reading again and again is one contact, reading after a
// long silence is another, which knows all since the one before.
func TestContactsAreNoted(t *testing.T) {
	t.Parallel()
	eachTimed(t, func(t *testing.T, w *store.Workspace, clock *atomic.Pointer[time.Time]) {
		ctx := t.Context()
		c := must[evenkeel.Connection](t)(w.SaveConnection(ctx, evenkeel.Connection{Source: "pagerduty", Name: "pager"}))
		minute := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }
		set := func(n int) { at := minute(n); clock.Store(&at) }
		note := func(at, since, until int) {
			t.Helper()
			if set(at); w.NoteContact(ctx, c.ID, minute(since), minute(until)) != nil {
				t.Error("not noted")
			}
		}
		contacts := func(what string, want ...evenkeel.Contact) {
			t.Helper()
			if diff := cmp.Diff(want, must[[]evenkeel.ConnectionSpan](t)(w.ConnectionSpans(ctx))[0].Contacts); diff != "" {
				t.Errorf("%s (-want +got)\n%s", what, diff)
			}
		}
		note(0, -9000, 0)
		contacts("one that nobody asks")
		set(1)
		stream := must[evenkeel.Stream](t)(w.SaveStream(ctx, evenkeel.Stream{Connection: c.ID}))
		must[evenkeel.Stream](t)(w.SaveStream(ctx, stream))
		asked := evenkeel.Contact{From: minute(1), Begun: minute(1), Until: minute(1)}
		contacts("asked", asked)
		note(10, -9000, 8)
		read := evenkeel.Contact{From: minute(-9000), Begun: minute(10), Until: minute(8)}
		contacts("read", asked, read)
		note(12, -9000, 12)
		contacts("a little later", asked, read)
		note(68, -8000, 60)
		read.Until = minute(60)
		contacts("within an hour", asked, read)
		note(121, -8000, 120)
		again := evenkeel.Contact{From: minute(60), Begun: minute(121), Until: minute(120)}
		contacts("after more than an hour", asked, read, again)
		set(130)
		if err := w.RemoveStream(ctx, c.ID, ""); err != nil {
			t.Fatal(err)
		}
		told := evenkeel.Contact{From: minute(130), Begun: minute(130)}
		note(140, -9000, 140)
		contacts("asked no more", asked, read, again, told)
		if err := w.RemoveConnection(ctx, c.ID); err != nil {
			t.Fatal(err)
		}
		contacts("removed", asked, read, again, told)
	})
}

// TestWhatConnectionsKnewStays: whatever happens to a connection, what was known
// through it at an instant is what is known as of that instant ever after.
func TestWhatConnectionsKnewStays(t *testing.T) {
	t.Parallel()
	eachTimed(t, func(t *testing.T, w *store.Workspace, clock *atomic.Pointer[time.Time]) {
		runs := 0
		rapid.Check(t, func(r *rapid.T) {
			ctx, now := t.Context(), *clock.Load()
			runs++
			c, err := w.SaveConnection(ctx, evenkeel.Connection{Source: "source" + strconv.Itoa(runs), Name: strconv.Itoa(runs)})
			if err != nil {
				r.Fatal(err)
			}
			known := func(at time.Time) []evenkeel.Window {
				spans, err := w.ConnectionSpans(ctx)
				for _, one := range spans {
					if one.Source == c.Source {
						return one.Known(at)
					}
				}
				r.Fatal("no span", err)
				return nil
			}
			was := map[time.Time][]evenkeel.Window{}
			asked := false
			for range rapid.IntRange(1, 12).Draw(r, "steps") {
				now = now.Add(time.Duration(rapid.IntRange(1, 5400).Draw(r, "pass")) * time.Second)
				clock.Store(&now)
				switch step := rapid.IntRange(0, 9).Draw(r, "step"); {
				case step == 0 && asked:
					asked, err = false, w.RemoveStream(ctx, c.ID, "")
				case step <= 2 && !asked:
					asked = true
					_, err = w.SaveStream(ctx, evenkeel.Stream{Connection: c.ID})
				case step <= 7:
					until := now.Add(-time.Duration(rapid.IntRange(0, 1800).Draw(r, "ago")) * time.Second)
					err = w.NoteContact(ctx, c.ID, now.Add(-100*time.Hour), until)
				}
				if err != nil {
					r.Fatal(err)
				}
				now = now.Add(time.Duration(rapid.IntRange(1, 5400).Draw(r, "later")) * time.Second)
				clock.Store(&now)
				was[now] = known(now)
			}
			if rapid.Bool().Draw(r, "removed") {
				now = now.Add(time.Second)
				clock.Store(&now)
				if err := w.RemoveConnection(ctx, c.ID); err != nil {
					r.Fatal(err)
				}
			}
			for at, want := range was {
				if diff := cmp.Diff(want, known(at)); diff != "" {
					r.Fatalf("as of %v (-then +now)\n%s", at, diff)
				}
			}
		})
	})
}
