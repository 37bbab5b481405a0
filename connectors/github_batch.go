package connectors

import (
	"sync"
	"time"
)

const (
	// githubBatchFirst is how many pull requests the first query asks for, and
	// githubBatchMost how many any does. GitHub gives up on queries that are too
	// much work, and does not say which are.
	githubBatchFirst = 25
	githubBatchMost  = 100
	// githubBatchGood is after how many good answers a query asks for twice as many.
	githubBatchGood = 5
	// githubBatchOff is for how long no query is tried after one was refused.
	githubBatchOff = time.Hour
)

// githubBatching finds the number of pull requests that one query can take. It
// is safe for concurrent use; the zero value is ready.
type githubBatching struct {
	mu         sync.Mutex
	size, good int
	off        time.Time
}

// next is how many to ask for; 0 while nothing is to be tried.
func (b *githubBatching) next(now time.Time) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now.Before(b.off) {
		return 0
	}
	if b.size == 0 {
		b.size = githubBatchFirst
	}
	return b.size
}

// heavy notes that so many were too many; false where it was only one.
func (b *githubBatching) heavy(n int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.size, b.good = max(min(b.size, n)/2, 1), 0
	return n > 1
}

func (b *githubBatching) worked() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.good++; b.good >= githubBatchGood {
		b.size, b.good = min(b.size*2, githubBatchMost), 0
	}
}

func (b *githubBatching) refused(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.off = now.Add(githubBatchOff)
}
