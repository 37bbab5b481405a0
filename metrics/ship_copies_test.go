package metrics_test

import "testing"

func TestCherryPicksToAReleaseBranch(t *testing.T) {
	// Each state of the branch release is a deployment: a at 0, b' at 9. What
	// is on main only, c, ships when main is deployed; b does not ship again.
	const script = `
		0 commit a
		5 branch release
		7 on main
		7 commit b
		8 commit c
		9 on release
		9 pick b' b %s
		20 on main
		20 deploy d3 c
		21 import deployments=branch:release`
	want := func(method string) map[string]string {
		return map[string]string{"shop": `
			a baseline ancestry certain:
			b' ` + method + ` likely: b 2h ` + method + ` likely; 1 commits 2h
			d3 ancestry certain: c 12h ancestry certain; 1 commits 12h
			left out shipped_before: a`}
	}
	run(t,
		fixture{name: "with the trailer of cherry-pick -x", script: withFlag(script, "-x"), want: want("pick")},
		fixture{name: "without a trailer, by patch id", script: withFlag(script, ""), want: want("patch")},
	)
}

func TestACopyOfWhatLiesHigherShipsNothing(t *testing.T) {
	run(t, fixture{
		// e ran with d2. Its copy is on a branch of fewer commits than e has below
		// it: what it brings is no new work all the same.
		name: "a pick onto a branch that is far behind",
		script: `
			0 commit a
			1 branch release
			2 on main
			2 commit b
			3 commit c
			4 commit e
			5 deploy d2 e
			6 on release
			6 pick e' e
			7 on main
			7 import deployments=branch:release`,
		want: map[string]string{"shop": `
			a baseline ancestry certain:
			d2 ancestry certain: b 3h ancestry certain, c 2h ancestry certain, e 1h ancestry certain; 3 commits 2h
			e' ancestry certain:
			left out shipped_before: a`},
	})
}

func TestBackportRequests(t *testing.T) {
	run(t, fixture{
		// #6 brings a copy of #5 to the release branch. The work is #5's: it
		// ships with M6, once.
		name: "a request that brings a copy of another",
		script: `
			0 commit a
			5 branch release
			6 on main
			6 branch feature
			6 commit b
			7 on main
			7 squash S feature | Fix rounding (#5)
			7 request 5 commits=b merge=S head=b opened=6.5
			8 on release
			8 branch backport
			8 pick k S -x
			9 on release
			9 merge M6 backport | Merge pull request #6 from acme/backport
			9 request 6 commits=k merge=M6 base=release head=k opened=8.5
			9 drop feature
			20 on main
			20 deploy d3 S
			21 import deployments=branch:release`,
		want: map[string]string{"shop": `
			a baseline ancestry certain:
			M6 pick likely: #5 3h pick likely; 1 commits 2h
			d3 ancestry certain:
			left out carried_by_others: #6
			left out shipped_before: a`},
	}, fixture{
		// A request of two commits of which only one was copied has not shipped.
		name: "a part of a request",
		script: `
			0 commit a
			5 branch release
			6 on main
			6 branch feature
			6 commit b
			7 commit c
			8 on main
			8 merge M feature | Merge pull request #5 from acme/feature
			8 request 5 commits=b,c merge=M head=c opened=7.5
			9 on release
			9 pick b' b -x
			10 pick c' c -x
			20 on main
			21 import deployments=branch:release`,
		want: map[string]string{"shop": `
			a baseline ancestry certain:
			b' ancestry certain:; 1 commits 3h
			c' pick likely: #5 4h pick likely; 1 commits 3h
			left out shipped_before: a`},
	})
}

func TestReverts(t *testing.T) {
	run(t, fixture{
		// r takes b back: d2 failed and d3 is rework. r2 takes r back: that b
		// is there again says nothing against d3, and d4 is no rework. r2 has
		// the patch of b and is a change of its own.
		name: "a revert, and a revert of the revert",
		script: `
			0 commit a
			10 deploy d1 a
			11 commit b
			12 deploy d2 b
			13 revert r b
			14 deploy d3 r
			15 revert r2 r
			16.5 deploy d4 r2
			17 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 failed(revert) ancestry certain: b 1h ancestry certain; 1 commits 1h
			d3 rework ancestry certain: r 1h ancestry certain; 1 commits 1h
			d4 ancestry certain: r2 1.5h ancestry certain; 1 commits 1.5h
			left out shipped_before: a`},
	}, fixture{
		// r3 takes back r2, which applied b again: d4 failed after all.
		name: "what was applied again is taken back again",
		script: `
			0 commit a
			10 deploy d1 a
			11 commit b
			12 deploy d2 b
			13 revert r b
			14 deploy d3 r
			15 revert r2 r
			16 deploy d4 r2
			17 revert r3 r2
			18 deploy d5 r3
			19 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 failed(revert) ancestry certain: b 1h ancestry certain; 1 commits 1h
			d3 rework ancestry certain: r 1h ancestry certain; 1 commits 1h
			d4 failed(revert) ancestry certain: r2 1h ancestry certain; 1 commits 1h
			d5 rework ancestry certain: r3 1h ancestry certain; 1 commits 1h
			left out shipped_before: a`},
	}, fixture{
		// b2 is a copy of b on the branch of b itself, after its revert: it
		// brings the work again, written at 11.
		name: "picked again after the revert",
		script: `
			0 commit a
			10 deploy d1 a
			11 commit b
			12 deploy d2 b
			13 revert r b
			14 deploy d3 r
			15 pick b2 b -x
			16 deploy d4 b2
			17 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 failed(revert) ancestry certain: b 1h ancestry certain; 1 commits 1h
			d3 rework ancestry certain: r 1h ancestry certain; 1 commits 1h
			d4 ancestry certain: b2 5h ancestry certain; 1 commits 5h
			left out shipped_before: a`},
	}, fixture{
		// Both went out together: nothing that ran was taken back.
		name: "a revert before anything was deployed",
		script: `
			0 commit a
			10 deploy d1 a
			11 commit b
			12 revert r b
			13 commit c
			14 deploy d2 c
			15 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 ancestry certain: b 3h ancestry certain, c 1h ancestry certain, r 2h ancestry certain; 3 commits 2h
			left out shipped_before: a`},
	}, fixture{
		// The revert and the second landing are requests.
		name: "requests that revert",
		script: `
			0 commit a
			10 deploy d1 a
			11 branch feature
			11 commit b
			11 on main
			11.5 squash S1 feature | Pay faster (#1)
			12 deploy d2 S1
			13 revert S2 S1 | Revert "Pay faster" (#2)\n\nReverts acme/shop#1
			14 deploy d3 S2
			15 revert S3 S2 | Reland "Pay faster" (#3)\n\nReverts acme/shop#2
			16 deploy d4 S3
			17 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 failed(revert) ancestry certain: #1 0.5h ancestry certain; 1 commits 0.5h
			d3 rework ancestry certain: #2 1h ancestry certain; 1 commits 1h
			d4 ancestry certain: #3 1h ancestry certain; 1 commits 1h
			left out shipped_before: a`},
	})
}

func TestForcePushedBranches(t *testing.T) {
	run(t, fixture{
		// main is rewritten: x comes below b and c, which get other ids. Both
		// imports are in the store. b2 and c2 have the patches of b and c, which
		// ran: only x and e are new.
		name: "deployed commits are no longer on the branch",
		script: `
			0 commit a
			1 commit b
			2 commit c
			3 deploy d1 a
			4 deploy d2 c
			4 import
			5 reset a
			5 commit x
			6 pick b2 b
			6 pick c2 c
			7 commit e
			8 deploy d3 e
			9 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 ancestry certain: b 3h ancestry certain, c 2h ancestry certain; 2 commits 2.5h
			d3 ancestry certain: e 1h ancestry certain, x 3h ancestry certain; 2 commits 2h
			left out carried_by_others: b2 c2
			left out shipped_before: a`},
	}, fixture{
		// Without patch ids nothing says that b2 is b: it ships as what it is
		// by its id, and the rules claim no more than they know.
		name: "without details each id is a commit of its own",
		script: `
			0 commit a
			1 commit b
			3 deploy d1 a
			4 deploy d2 b
			4 import details=no
			5 reset a
			5 commit x
			6 pick b2 b
			8 deploy d3 b2
			9 import details=no`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 ancestry certain: b 3h ancestry certain; 1 commits 3h
			d3 ancestry certain: b2 7h ancestry certain, x 3h ancestry certain; 2 commits 5h
			left out shipped_before: a`},
	})
}
