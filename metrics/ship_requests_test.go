package metrics_test

import "testing"

func TestSquashMerges(t *testing.T) {
	run(t, fixture{
		// The squash itself was written when it was merged; the request began
		// with b at 11. e was pushed without a request.
		name: "a squash starts with the request's first commit",
		script: `
			0 commit a
			10 deploy d1 a
			11 branch feature
			11 commit b
			13 commit c
			14 on main
			15 squash S feature | Pay faster (#1)
			15 request 1 commits=b,c merge=S opened=12 head=c
			15 drop feature
			16 deploy d2 S
			17 commit e
			18 deploy d3 e
			19 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 ancestry certain: #1 5h ancestry certain; 1 commits 1h
			d3 ancestry certain: e 1h ancestry certain; 1 commits 1h
			left out shipped_before: a`},
	}, fixture{
		// What git alone knows: the squash, which begins when it was written.
		name: "a squash that only git knows",
		script: `
			0 commit a
			10 deploy d1 a
			11 branch feature
			11 commit b
			14 on main
			15 squash S feature | Pay faster (#1)
			15 drop feature
			16 deploy d2 S
			19 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 ancestry certain: #1 1h ancestry certain; 1 commits 1h
			left out shipped_before: a`},
	})
}

func TestRebaseMerges(t *testing.T) {
	run(t, fixture{
		// b' and c' are the request's commits on the branch, with the author
		// dates 11 and 13. git alone takes each for a change of its own; the
		// request names only the last, so b' is found by its author date.
		name: "a rebased request is one change",
		script: `
			0 commit a
			10 deploy d1 a
			11 branch feature
			11 commit b
			13 commit c
			14 on main
			14 commit m
			15 rebase feature main b' c'
			15 on main
			15 forward feature
			15 request 2 commits=b,c merge=c' opened=12 head=c
			15 drop feature
			16 deploy d2 c'
			17 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 ancestry certain: #2 5h ancestry certain, m 2h ancestry certain; 3 commits 3h
			left out carried_by_others: b'
			left out shipped_before: a`},
	}, fixture{
		// The branch was moved forward: the request's commits are on it as they
		// are, and the host names no merge commit.
		name: "a request that moved its branch forward is one change",
		script: `
			0 commit a
			10 deploy d1 a
			11 branch feature
			11 commit b
			13 commit c
			14 on main
			14 forward feature
			14 request 2 commits=b,c opened=12 head=c
			15 deploy d2 b
			16 deploy d3 c
			17 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 ancestry certain:; 1 commits 4h
			d3 ancestry certain: #2 5h ancestry certain; 1 commits 3h
			left out carried_by_others: b c
			left out shipped_before: a`},
	})
}

func TestMergeQueues(t *testing.T) {
	run(t, fixture{
		// The queue squashed two requests onto its own branch, to which main
		// then moved: both are in the deployment of the batch.
		name: "several requests of one batch",
		script: `
			0 commit a
			10 deploy d1 a
			11 branch one
			11 commit b
			12 on main
			12 branch two
			12 commit c
			13 on main
			14 branch queue
			14 squash S1 one | One (#11)
			14 squash S2 two | Two (#12)
			15 on main
			15 forward queue
			15 request 11 commits=b merge=S1 opened=11.5 head=b
			15 request 12 commits=c merge=S2 opened=12.5 head=c
			16 deploy d2 S2
			17 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 ancestry certain: #11 5h ancestry certain, #12 4h ancestry certain; 2 commits 2h
			left out shipped_before: a`},
	}, fixture{
		// One merge commit for the batch, which both requests name.
		name: "one merge commit for several requests",
		script: `
			0 commit a
			10 deploy d1 a
			11 branch one
			11 commit b
			12 on main
			12 branch two
			12 commit c
			13 on main
			14 merge M one two | Merge #11 #12
			14 request 11 commits=b merge=M opened=11.5 head=b
			14 request 12 commits=c merge=M opened=12.5 head=c
			16 deploy d2 M
			17 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 ancestry certain: #11 5h ancestry certain, #12 4h ancestry certain; 2 commits 4.5h
			left out shipped_before: a`},
	}, fixture{
		// The queue tested T and then rebased: main never saw T nor e. The
		// author date of e, 20, leads to e'.
		name: "a queue that rebases: neither the head nor the named merge is on main",
		script: `
			0 commit a
			10 deploy d1 a
			20 branch three
			20 commit e
			20.5 on main
			20.5 commit x
			20.5 branch tested
			20.6 merge T three
			21 rebase three main e'
			21 on main
			21 forward three
			21 drop tested
			21 request 13 commits=e merge=T opened=20.2 head=e
			22 deploy d2 e'
			23 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 rewrite likely: #13 2h rewrite likely, x 1.5h ancestry certain; 2 commits 1.75h
			left out carried_by_others: e'
			left out shipped_before: a`},
	})
}

func TestRequestsFromForks(t *testing.T) {
	run(t, fixture{
		// The fork took in main in between. The request brings f and g; b is
		// main's own.
		name: "a fork that took in the branch it goes to",
		script: `
			0 commit a
			1 deploy d1 a
			2 fork ada
			3 commit f
			4 repo shop
			4 commit b
			5 repo ada
			5 fetch shop main upstream
			5 merge sync upstream | Merge branch 'main' of github.com:acme/shop
			6 commit g
			7 repo shop
			7 fetch ada main pr
			7 merge M pr | Merge pull request #3 from ada/main
			7 request 3 commits=f,sync,g merge=M head=g opened=6.5
			7 drop pr
			8 deploy d2 M
			9 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 ancestry certain: #3 5h ancestry certain, b 4h ancestry certain; 3 commits 4h
			left out shipped_before: a`},
	})
}

func TestOctopusMerges(t *testing.T) {
	run(t, fixture{
		name: "a merge of three branches is one change that begins with the first commit",
		script: `
			0 commit a
			1 deploy d1 a
			3 branch one
			3 commit b
			4 on main
			4 branch two
			4 commit c
			4.5 on main
			4.5 commit x
			5 merge M one two
			6 deploy d2 M
			7 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 ancestry certain: M 3h ancestry certain, x 1.5h ancestry certain; 3 commits 2h
			left out shipped_before: a`},
	})
}

func TestCommitsWithoutARequest(t *testing.T) {
	run(t, fixture{
		// Each push is a change of one commit: both figures agree. b and c 4 h
		// and 2 h, e 1 h.
		name: "pushed to the trunk",
		script: `
			0 commit a
			1 deploy d1 a
			2 commit b
			4 commit c
			6 deploy d2 c
			7 commit e
			8 deploy d3 e
			9 import`,
		want: map[string]string{"shop@production": `
			d1 baseline ancestry certain:
			d2 ancestry certain: b 4h ancestry certain, c 2h ancestry certain; 2 commits 3h
			d3 ancestry certain: e 1h ancestry certain; 1 commits 1h
			left out shipped_before: a
			in all 3 deployments, 3 changes, 3 commits`},
	})
}

func TestReleaseRequests(t *testing.T) {
	run(t, fixture{
		// Requests go to develop, and #50 brings develop to main: it carries
		// the work of #1 and nothing of its own.
		name: "a request that brings one branch to another",
		script: `
			0 commit a
			1 deploy d1 a
			2 branch develop
			2 branch feature
			3 commit b
			4 on develop
			4 merge M1 feature | Merge pull request #1 from acme/feature
			4 request 1 commits=b merge=M1 base=develop head=b opened=3.5
			5 on main
			5 merge M50 develop | Merge pull request #50 from acme/develop
			5 request 50 commits=b,M1 merge=M50 head=M1 opened=4.5
			6 deploy d2 M50
			7 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 ancestry certain: #1 3h ancestry certain; 1 commits 3h
			left out carried_by_others: #50
			left out shipped_before: a`},
	})
}
