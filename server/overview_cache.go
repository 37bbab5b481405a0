package server

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

const (
	// maxOverviews is of how many questions answers are kept before all are dropped.
	maxOverviews = 64
	// maxAhead is how many questions are answered before their minute begins,
	// those that were asked last first.
	maxAhead = 8
	// askedLately is for how long a question is answered ahead that nobody asks
	// any more.
	askedLately = 3 * time.Minute
	// aheadBy is how long before its minute begins an answer is computed.
	aheadBy = 20 * time.Second
)

// overviews keeps the last answers to each question that people ask. An answer
// belongs to one revision, policy and present, so a new fact is never answered
// with an old figure; what did not change since is not computed anew. It is
// safe for concurrent use; the zero value is ready.
type overviews struct {
	mu   sync.Mutex
	held map[overviewKey]*overviewAnswers
}

// overviewKey is a question without its present.
type overviewKey struct {
	question views.Question
	past     bool
}

// overviewAnswers are the answers to one question in two presents: the minute
// that is, and the one before or after it.
type overviewAnswers struct {
	mu    sync.Mutex
	at    [2]overviewAnswer
	asked time.Time
}

type overviewAnswer struct {
	now time.Time // guarded by the mutex of both answers

	mu       sync.Mutex
	memo     views.Memo
	done     bool
	computed time.Time
	revision int64
	policy   string
	view     views.Overview
	err      error
}

// answer computes an overview, once for everybody who asks the same.
func (o *overviews) answer(r *jobs.Results, q views.Question) (views.Overview, error) {
	answers := o.entry(overviewKeyOf(r, q))
	answers.mu.Lock()
	answers.asked = q.Now
	answers.mu.Unlock()
	return answers.answer(r, q)
}

func overviewKeyOf(r *jobs.Results, q views.Question) overviewKey {
	key := overviewKey{question: q, past: r.Known != nil}
	key.question.Now = time.Time{}
	return key
}

func (o *overviews) entry(key overviewKey) *overviewAnswers {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.held[key] == nil && len(o.held) >= maxOverviews {
		o.held = nil
	}
	if o.held == nil {
		o.held = map[overviewKey]*overviewAnswers{}
	}
	if o.held[key] == nil {
		o.held[key] = &overviewAnswers{}
	}
	return o.held[key]
}

// lately lists the questions about the present that were asked in the minutes
// before now, the last one first, at most maxAhead.
func (o *overviews) lately(now time.Time) []views.Question {
	o.mu.Lock()
	defer o.mu.Unlock()
	asked := map[views.Question]time.Time{}
	for key, answers := range o.held {
		answers.mu.Lock()
		if !key.past && now.Sub(answers.asked) <= askedLately {
			asked[key.question] = answers.asked
		}
		answers.mu.Unlock()
	}
	var list []views.Question
	for q := range asked {
		list = append(list, q)
	}
	slices.SortFunc(list, func(a, b views.Question) int {
		return cmp.Or(asked[b].Compare(asked[a]), cmp.Compare(a.Workspace.Slug, b.Workspace.Slug), cmp.Compare(a.From, b.From))
	})
	return list[:min(len(list), maxAhead)]
}

// answer takes the place of the question's present, or the older one.
func (a *overviewAnswers) answer(r *jobs.Results, q views.Question) (views.Overview, error) {
	a.mu.Lock()
	place, other := &a.at[0], &a.at[1]
	if other.now.Equal(q.Now) || !place.now.Equal(q.Now) && other.now.Before(place.now) {
		place, other = other, place
	}
	place.now = q.Now
	a.mu.Unlock()
	return place.answer(r, q, &other.memo)
}

// answer computes an overview unless it is held. other remembers what the
// question came to in another present.
func (a *overviewAnswer) answer(r *jobs.Results, q views.Question, other *views.Memo) (views.Overview, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.done && a.revision == r.Revision && a.policy == r.Policy.Version && a.computed.Equal(q.Now) {
		return a.view, a.err
	}
	if !a.computed.Equal(q.Now) {
		a.memo.Share(other)
	}
	a.view, a.err = a.memo.Overview(r, q)
	a.done, a.revision, a.policy, a.computed = true, r.Revision, r.Policy.Version, q.Now
	return a.view, a.err
}

// holds says whether an answer of a present is held or being computed.
func (a *overviewAnswers) holds(now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.at[0].now.Equal(now) || a.at[1].now.Equal(now)
}

// AnswerAhead computes, shortly before a minute begins, what the overviews that
// were asked lately will show in it: the windows of all have moved then, and
// nobody has to wait for it. A fact that comes after changes what it touches,
// as ever. What was computed once costs nothing when called again.
func (s *Server) AnswerAhead(ctx context.Context) error {
	present := views.Present(s.Now())
	if present.Sub(s.Now()) > aheadBy {
		return nil
	}
	for _, q := range s.overviews.lately(present) {
		results, err := s.Deriver.Results(ctx, q.Workspace.Slug)
		if err != nil {
			return err
		}
		answers := s.overviews.entry(overviewKeyOf(results, q))
		if q.Now = present.Add(time.Minute); !answers.holds(q.Now) {
			_, _ = answers.answer(results, q) // What is wrong with a question is told to who asks it.
		}
	}
	return nil
}

// StayAhead calls AnswerAhead every second until the context ends.
func (s *Server) StayAhead(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if err := s.AnswerAhead(ctx); err != nil && ctx.Err() == nil {
			s.Logger.ErrorContext(ctx, "the overviews of the next minute were not computed ahead", slog.Any("err", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
