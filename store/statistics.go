package store

import (
	"context"
	"strconv"
	"sync"

	"gorm.io/gorm"
)

// Every index begins with the workspace. Until a database has counted that
// there are few workspaces and many facts, it takes the workspace alone to be
// the best key and reads all of it. Both databases count by themselves only
// later, or never, so a first import of thousands of facts would crawl.

const (
	// firstCount is after how many new observations the tables are counted.
	firstCount = 500
	// countGrowth is by how much that number then grows.
	countGrowth = 8
	// sampled is how exactly PostgreSQL counts (its own 100 reads 30,000 rows of
	// a table): plans need the order of magnitude, and its daemon counts again.
	sampled = 20
)

// statistics has the databases count their tables as they grow.
type statistics struct {
	mu      sync.Mutex
	written int
	next    int
}

// grow notes that n observations were written, and has the tables counted
// when there are many more than at the last count.
func (s *statistics) grow(ctx context.Context, db *gorm.DB, n int) error {
	if !s.due(n) {
		return nil
	}
	// No part of gorm says this; both databases understand it. On SQLite it
	// looks at a sample, because the connection sets analysis_limit.
	return db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if tx.Name() == "postgres" {
			if err := tx.Exec("SET LOCAL default_statistics_target = " + strconv.Itoa(sampled)).Error; err != nil {
				return err
			}
		}
		for _, table := range []string{"observations", "facts", "commit_segments", "memberships", "subjects", "mentions", "tallies", "deliveries", "delivery_facts", "series_batches", "series_segments"} {
			if err := tx.Exec("ANALYZE " + table).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *statistics) due(n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.written += n
	if s.next == 0 {
		s.next = firstCount
	}
	due := s.written >= s.next
	for s.written >= s.next {
		s.next *= countGrowth
	}
	return due
}
