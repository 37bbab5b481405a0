package demo

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// buildDays is how far back builds are kept by the company's pipelines.
const buildDays = 120

// noteBuilds adds the build of every merge of the last months. One in twelve
// fails at first and is run again.
func noteBuilds(o Options, l *ledger) {
	from := o.Now.Truncate(day).Add(-buildDays * day)
	for _, e := range slices.Clone(l.events) {
		c, ok := e.Payload.(*evenkeel.Change)
		if !ok || c.State != evenkeel.ChangeMerged || c.MergedAt.Before(from) {
			continue
		}
		r := newChance(o.Seed, "build "+e.ID)
		at := c.MergedAt
		for attempt := 1; ; attempt++ {
			fails := attempt == 1 && r.often(0.08)
			at = noteBuild(l, e.ID, c, attempt, fails, at, r)
			if !fails {
				break
			}
		}
	}
}

// runNumber is the code host's number of the run for a change.
func runNumber(change string) int64 {
	sum := sha256.Sum256([]byte(change))
	return int64(binary.LittleEndian.Uint32(sum[:4]))
}

func noteBuild(l *ledger, id string, c *evenkeel.Change, attempt int, fails bool, at time.Time, r chance) time.Time {
	b := &evenkeel.Build{
		Repository: c.Repository, Commit: c.MergeCommit, Pipeline: ".github/workflows/ci.yml", Attempt: attempt, Result: evenkeel.BuildSuccess,
		QueuedAt: at.Add(4 * time.Second), Tests: &evenkeel.Tests{Passed: 180 + r.IntN(900), Skipped: r.IntN(6)},
	}
	b.StartedAt = b.QueuedAt.Add(r.spread(35*time.Second, 0.9))
	b.FinishedAt = b.StartedAt.Add(r.spread(6*time.Minute, 0.5))
	if fails {
		b.Result, b.Tests.Failed = evenkeel.BuildFailure, 1+r.IntN(4)
	}
	l.add(b.FinishedAt, codeSource, "run:"+strconv.FormatInt(runNumber(id), 10)+"/"+strconv.Itoa(attempt), b)
	return b.FinishedAt.Add(r.spread(7*time.Minute, 0.8))
}
