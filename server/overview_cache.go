package server

import (
	"sync"
	"time"

	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// maxOverviews is of how many questions answers are kept before all are dropped.
const maxOverviews = 64

// overviews keeps the last answer to each question that people ask. An answer
// belongs to one revision, policy and present, so a new fact is never answered
// with an old figure; what did not change since is not computed anew. It is
// safe for concurrent use; the zero value is ready.
type overviews struct {
	mu   sync.Mutex
	held map[overviewKey]*overviewAnswer
}

// overviewKey is a question without its present.
type overviewKey struct {
	question views.Question
	past     bool
}

type overviewAnswer struct {
	mu       sync.Mutex
	memo     views.Memo
	done     bool
	revision int64
	policy   string
	now      time.Time
	view     views.Overview
	err      error
}

// answer computes an overview, once for everybody who asks the same.
func (o *overviews) answer(r *jobs.Results, q views.Question) (views.Overview, error) {
	key := overviewKey{question: q, past: r.Known != nil}
	key.question.Now = time.Time{}
	a := o.entry(key)
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.done || a.revision != r.Revision || a.policy != r.Policy.Version || !a.now.Equal(q.Now) {
		a.view, a.err = a.memo.Overview(r, q)
		a.done, a.revision, a.policy, a.now = true, r.Revision, r.Policy.Version, q.Now
	}
	return a.view, a.err
}

func (o *overviews) entry(key overviewKey) *overviewAnswer {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.held[key] == nil && len(o.held) >= maxOverviews {
		o.held = nil
	}
	if o.held == nil {
		o.held = map[overviewKey]*overviewAnswer{}
	}
	if o.held[key] == nil {
		o.held[key] = &overviewAnswer{}
	}
	return o.held[key]
}
