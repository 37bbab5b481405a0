package demo

import "time"

// personality is how a team works. Durations before the merge are working
// time, those after it elapsed time; all are medians of log-normal
// distributions.
type personality struct {
	// changes is how many changes are started per application and working day.
	changes float64
	// commits is the mean number of commits of a change.
	commits float64
	// Weights of how branches end up on the trunk.
	merge, squash, rebase float64
	// direct is the number of commits per working day that go to the trunk unreviewed.
	direct float64
	// Phases of a change.
	coding, pickup, review, wait time.Duration
	// Phases of a deployment: building, resting on staging, rolling out.
	build, soak, rollout time.Duration
	// flaky is the share of deployment attempts that break off.
	flaky float64
	// again is the share of deployments that repeat a version.
	again float64
	// fails is the share of deployments that harm users; detect is until
	// somebody notices, recover from then on.
	fails           float64
	detect, recover time.Duration
	// freezes says whether the team observes the year-end freeze.
	freezes bool
	// rhythm is when it deploys at a time of the year, from 0 to 1.
	rhythm func(at float64) rhythm
	// Factors on durations and on fails at a time of the year; nil is 1.
	slower, riskier func(at float64) float64
}

// rhythm is when a team deploys what it has merged.
type rhythm int

const (
	onMerge rhythm = iota
	twiceDaily
	daily
	twiceWeekly
	weekly
	// train cuts a release branch on Mondays and deploys it on Wednesdays.
	train
	// quarterly cuts a release branch in the third month of a quarter.
	quarterly
)

func always(r rhythm) func(float64) rhythm { return func(float64) rhythm { return r } }

func fastAndSafe() personality {
	return personality{
		changes: 3.8, commits: 1.8, squash: 8, merge: 1, rebase: 1,
		coding: 130 * time.Minute, pickup: 40 * time.Minute, review: 25 * time.Minute, wait: 6 * time.Minute,
		build: 9 * time.Minute, soak: 25 * time.Minute, rollout: 5 * time.Minute,
		flaky: 0.02, again: 0.01, fails: 0.032, detect: 8 * time.Minute, recover: 24 * time.Minute,
		rhythm: always(onMerge),
	}
}

func fastButFragile() personality {
	return personality{
		changes: 3.2, commits: 2.2, squash: 3, merge: 7,
		coding: 190 * time.Minute, pickup: 45 * time.Minute, review: 8 * time.Minute, wait: 3 * time.Minute,
		build: 7 * time.Minute, soak: 4 * time.Minute, rollout: 4 * time.Minute,
		flaky: 0.06, again: 0.03, fails: 0.2, detect: 35 * time.Minute, recover: 75 * time.Minute,
		rhythm: always(onMerge),
	}
}

func slowAndCareful() personality {
	return personality{
		changes: 3.6, commits: 2.8, merge: 8, squash: 2,
		coding: 5 * time.Hour, pickup: 150 * time.Minute, review: 2 * time.Hour, wait: 30 * time.Minute,
		build: 25 * time.Minute, soak: 20 * time.Hour, rollout: 20 * time.Minute,
		flaky: 0.03, again: 0.02, fails: 0.08, detect: 2 * time.Hour, recover: 5 * time.Hour,
		freezes: true, rhythm: always(train),
	}
}

func ordinary() personality {
	return personality{
		changes: 1.2, commits: 2.3, merge: 5, squash: 5,
		coding: 4 * time.Hour, pickup: 100 * time.Minute, review: 50 * time.Minute, wait: 20 * time.Minute,
		build: 14 * time.Minute, soak: 40 * time.Minute, rollout: 8 * time.Minute,
		flaky: 0.05, again: 0.03, fails: 0.08, detect: 50 * time.Minute, recover: 3 * time.Hour,
		freezes: true, rhythm: always(twiceWeekly),
	}
}

// improving goes from a weekly deployment to one per merge in a year.
func improving() personality {
	return personality{
		changes: 3, commits: 2.4, merge: 3, squash: 6, rebase: 1,
		coding: 150 * time.Minute, pickup: 60 * time.Minute, review: 35 * time.Minute, wait: 12 * time.Minute,
		build: 12 * time.Minute, soak: 25 * time.Minute, rollout: 6 * time.Minute,
		flaky: 0.05, again: 0.02, fails: 0.1, detect: 30 * time.Minute, recover: 100 * time.Minute,
		freezes: true,
		rhythm: func(at float64) rhythm {
			return []rhythm{weekly, twiceWeekly, daily, twiceDaily, onMerge}[min(int(at*5), 4)]
		},
		slower:  func(at float64) float64 { return 2.6 - 2.1*at },
		riskier: func(at float64) float64 { return 2.1 - 1.7*at },
	}
}

func sharedRepository() personality {
	return personality{
		changes: 3.1, commits: 2, squash: 5, merge: 3, rebase: 2,
		coding: 3 * time.Hour, pickup: 55 * time.Minute, review: 30 * time.Minute, wait: 20 * time.Minute,
		build: 22 * time.Minute, soak: 40 * time.Minute, rollout: 7 * time.Minute,
		flaky: 0.04, again: 0.02, fails: 0.08, detect: 30 * time.Minute, recover: 140 * time.Minute,
		freezes: true, rhythm: always(twiceDaily),
	}
}

// deteriorating slows down and breaks more in the last quarter of the year.
func deteriorating() personality {
	after := func(factor float64) func(float64) float64 {
		return func(at float64) float64 {
			if at < 0.74 {
				return 1
			}
			return 1 + (factor-1)*min(1, (at-0.74)/0.1)
		}
	}
	return personality{
		changes: 2.9, commits: 2.5, merge: 6, squash: 4,
		coding: 3 * time.Hour, pickup: 80 * time.Minute, review: 45 * time.Minute, wait: 20 * time.Minute,
		build: 15 * time.Minute, soak: 45 * time.Minute, rollout: 8 * time.Minute,
		flaky: 0.04, again: 0.02, fails: 0.06, detect: 25 * time.Minute, recover: 150 * time.Minute,
		freezes: true,
		rhythm: func(at float64) rhythm {
			if at < 0.78 {
				return daily
			}
			return twiceWeekly
		},
		slower: after(2.4), riskier: after(3.6),
	}
}

func guarded() personality {
	return personality{
		changes: 2.3, commits: 2.1, merge: 7, rebase: 3,
		coding: 4 * time.Hour, pickup: 70 * time.Minute, review: 80 * time.Minute, wait: 30 * time.Minute,
		build: 18 * time.Minute, soak: 3 * time.Hour, rollout: 15 * time.Minute,
		flaky: 0.03, again: 0.01, fails: 0.025, detect: 10 * time.Minute, recover: 38 * time.Minute,
		freezes: true, rhythm: always(daily),
	}
}

func trunkBased() personality {
	return personality{
		changes: 2.9, commits: 1.2, rebase: 9, squash: 1, direct: 1,
		coding: 3 * time.Hour, pickup: 80 * time.Minute, review: 40 * time.Minute, wait: 5 * time.Minute,
		build: 8 * time.Minute, soak: 20 * time.Minute, rollout: 4 * time.Minute,
		flaky: 0.03, again: 0.02, fails: 0.05, detect: 10 * time.Minute, recover: 45 * time.Minute,
		rhythm: always(onMerge),
	}
}

func quarterlyReleases() personality {
	return personality{
		changes: 0.95, commits: 3.4, merge: 9, squash: 1,
		coding: 5 * time.Hour, pickup: 150 * time.Minute, review: 2 * time.Hour, wait: time.Hour,
		build: 50 * time.Minute, soak: 3 * day, rollout: 70 * time.Minute,
		flaky: 0.1, again: 0.02, fails: 0.22, detect: 9 * time.Hour, recover: 30 * time.Hour,
		freezes: true, rhythm: always(quarterly),
	}
}

func factor(f func(float64) float64, at float64) float64 {
	if f == nil {
		return 1
	}
	return f(at)
}
