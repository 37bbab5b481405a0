package store_test

import (
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
)

// commitOf is what a graph knows of a commit.
type commitOf struct {
	Parents             []string
	Missing             bool
	Authored, Committed time.Time
	Details             evenkeel.Details
	Known               bool
}

// byCommits compares graphs by what they know, not by how they keep it.
func byCommits() cmp.Option {
	return cmp.Transformer("commits", func(g *evenkeel.Graph) map[string]commitOf {
		if g == nil {
			return nil
		}
		commits := map[string]commitOf{}
		for i := range int32(g.Len()) {
			c := commitOf{Missing: g.Missing(i), Authored: g.Authored(i), Committed: g.Committed(i)}
			c.Details, c.Known = g.Details(i)
			for _, p := range g.Parents(i) {
				c.Parents = append(c.Parents, g.SHA(p))
			}
			commits[g.SHA(i)] = c
		}
		return commits
	})
}
