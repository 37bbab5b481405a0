package server

import (
	"sync"

	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// maxOverviews is how many answers are kept before all are dropped.
const maxOverviews = 256

// overviews keeps answers that many people ask for. An answer belongs to one
// revision, policy and question, so a new fact is never answered with an old
// figure. It is safe for concurrent use; the zero value is ready.
type overviews struct {
	mu   sync.Mutex
	held map[overviewKey]*overviewAnswer
}

type overviewKey struct {
	revision int64
	policy   string
	past     bool
	question views.Question
}

type overviewAnswer struct {
	once sync.Once
	view views.Overview
	err  error
}

// answer computes an overview, once for everybody who asks the same.
func (o *overviews) answer(r *jobs.Results, q views.Question) (views.Overview, error) {
	a := o.entry(overviewKey{revision: r.Revision, policy: r.Policy.Version, past: r.Known != nil, question: q})
	a.once.Do(func() { a.view, a.err = views.NewOverview(r, q) })
	return a.view, a.err
}

func (o *overviews) entry(key overviewKey) *overviewAnswer {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.held == nil || len(o.held) >= maxOverviews {
		o.held = map[overviewKey]*overviewAnswer{}
	}
	if o.held[key] == nil {
		o.held[key] = &overviewAnswer{}
	}
	return o.held[key]
}
