package server

import (
	"strconv"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

func minute(n int) time.Time {
	return time.Date(2026, 3, 2, 12, n, 0, 0, time.UTC)
}

func asked(t *testing.T, o *overviews, revision int64, q views.Question) views.Overview {
	t.Helper()
	view, err := o.answer(&jobs.Results{Revision: revision, Policy: evenkeel.DefaultPolicy()}, q)
	if err != nil {
		t.Fatal(err)
	}
	return view
}

// TestAnswersOfTwoMinutesAreKept: whoever asks about this minute or the next,
// in any order, is answered of that minute and of the latest revision.
func TestAnswersOfTwoMinutesAreKept(t *testing.T) {
	t.Parallel()
	var o overviews
	for step, ask := range []struct {
		revision int64
		minute   int
	}{{1, 0}, {1, 1}, {1, 0}, {2, 0}, {2, 1}, {1, 1}, {2, 2}, {3, 1}, {3, 7}, {3, 2}, {4, 7}} {
		view := asked(t, &o, ask.revision, views.Question{From: "90d", Now: minute(ask.minute)})
		if view.Revision != ask.revision || !view.Window.To.Equal(minute(ask.minute)) {
			t.Errorf("step %d: asked for revision %d at %s, got %d at %s", step, ask.revision, minute(ask.minute), view.Revision, view.Window.To)
		}
	}
}

// TestOnlyWhatIsAskedIsAnsweredAhead: a question nobody asks any more, and one
// about the past, is not.
func TestOnlyWhatIsAskedIsAnsweredAhead(t *testing.T) {
	t.Parallel()
	var o overviews
	asked(t, &o, 1, views.Question{From: "30d", Now: minute(0)})
	asked(t, &o, 1, views.Question{From: "90d", Now: minute(2)})
	past := &jobs.Results{Revision: 1, Policy: evenkeel.DefaultPolicy(), Known: &evenkeel.Known{At: minute(4)}}
	if _, err := o.answer(past, views.Question{From: "180d", Now: minute(4)}); err != nil {
		t.Fatal(err)
	}
	if list := o.lately(minute(4)); len(list) != 1 || list[0].From != "90d" {
		t.Errorf("asked lately: %+v, want that of 90 days", list)
	}
	for n := range 2 * maxAhead {
		asked(t, &o, 1, views.Question{From: strconv.Itoa(n+1) + "d", Now: minute(5 + n/maxAhead)})
	}
	list := o.lately(minute(6))
	if len(list) != maxAhead {
		t.Fatalf("%d questions are answered ahead, want %d", len(list), maxAhead)
	}
	for _, q := range list {
		if n, _ := strconv.Atoi(q.From[:len(q.From)-1]); n <= maxAhead {
			t.Errorf("of %s, which was asked before others", q.From)
		}
	}
}

// TestAnAnswerAheadIsHeld: asking ahead is no asking, and what is held is not
// computed again.
func TestAnAnswerAheadIsHeld(t *testing.T) {
	t.Parallel()
	var o overviews
	q := views.Question{From: "90d", Now: minute(0)}
	asked(t, &o, 1, q)
	results := &jobs.Results{Revision: 1, Policy: evenkeel.DefaultPolicy()}
	answers := o.entry(overviewKeyOf(results, q))
	q.Now = minute(1)
	if answers.holds(q.Now) {
		t.Fatal("the next minute is held before anybody computed it")
	}
	if _, err := answers.answer(results, q); err != nil {
		t.Fatal(err)
	}
	if !answers.holds(q.Now) || !answers.holds(minute(0)) {
		t.Error("both minutes are to be held")
	}
	if list := o.lately(minute(4)); len(list) != 0 {
		t.Errorf("answering ahead counted as asking: %+v", list)
	}
}
