package metrics_test

import (
	"fmt"
	"strings"
	"testing"
)

func withFlag(script, flag string) string { return strings.ReplaceAll(script, "%s", flag) }

func TestSeveralProductionEnvironments(t *testing.T) {
	const script = `
		0 commit a
		1 deploy eu1 a env=prod-eu
		2 deploy us1 a env=prod-us
		3 commit b
		4 deploy eu2 b env=prod-eu
		5 commit c
		6 deploy us2 b env=prod-us
		7 deploy us3 c env=prod-us
		8 deploy eu3 c env=prod-eu
		9 import environment=staging`
	run(t, fixture{
		// Each environment has a baseline of its own. Over the class a change
		// ships where it came first: b in eu (1 h), c in us (2 h).
		name: "each by itself, and the first over the class", script: script,
		want: map[string]string{
			"shop@prod-eu": `
				eu1 baseline ancestry certain:
				eu2 ancestry certain: b 1h ancestry certain; 1 commits 1h
				eu3 ancestry certain: c 3h ancestry certain; 1 commits 3h
				left out shipped_before: a`,
			"shop@prod-us": `
				us1 baseline ancestry certain:
				us2 ancestry certain: b 3h ancestry certain; 1 commits 3h
				us3 ancestry certain: c 2h ancestry certain; 1 commits 2h
				left out shipped_before: a`,
			"shop@production": `
				eu1 baseline ancestry certain:
				us1 baseline ancestry certain:
				eu2 ancestry certain: b 1h ancestry certain; 1 commits 1h
				us2 ancestry certain: b 3h ancestry certain; 1 commits -
				us3 ancestry certain: c 2h ancestry certain; 1 commits 2h
				eu3 ancestry certain: c 3h ancestry certain; 1 commits -
				left out shipped_before: a
				in all 6 deployments, 2 changes, 2 commits`,
		},
	})
}

func TestMonorepos(t *testing.T) {
	applications := []string{
		"core repo:local/shop", "pay repo:local/shop//services/pay", "risk repo:local/shop//services/pay/risk", "web repo:local/shop//services/web",
	}
	run(t, fixture{
		// The longest claim owns a path: r is risk's and not pay's, the library
		// is core's, which claims the rest. w touches two applications; v moves
		// a file from pay to web, which touches both.
		name: "claims, nested claims, a shared library, a moved file", applications: applications,
		script: `
			0 commit a services/web/a=1 services/pay/a=1 services/pay/risk/a=1 lib/a=1
			1 deploy core1 a app=core
			1 deploy pay1 a app=pay
			1 deploy risk1 a app=risk
			1 deploy web1 a app=web
			2 commit p services/pay/x=1
			3 commit r services/pay/risk/x=1
			4 commit l lib/x=1
			5 commit w services/web/x=1 services/pay/y=1
			6 move v services/pay/x services/web/z
			8 deploy core2 v app=core
			8 deploy pay2 v app=pay
			8 deploy risk2 v app=risk
			8 deploy web2 v app=web
			9 import environment=staging`,
		want: map[string]string{
			"core": `
				core1 baseline ancestry certain:
				core2 ancestry certain: l 4h ancestry certain; 1 commits 4h
				left out shipped_before: a`,
			"pay": `
				pay1 baseline ancestry certain:
				pay2 ancestry certain: p 6h ancestry certain, v 2h ancestry certain, w 3h ancestry certain; 3 commits 3h
				left out shipped_before: a`,
			"risk": `
				risk1 baseline ancestry certain:
				risk2 ancestry certain: r 5h ancestry certain; 1 commits 5h
				left out shipped_before: a`,
			"web": `
				web1 baseline ancestry certain:
				web2 ancestry certain: v 2h ancestry certain, w 3h ancestry certain; 2 commits 2.5h
				left out shipped_before: a`,
		},
	}, fixture{
		// The rebased request's commits touch one application each. That it is
		// pay's too shows only in b', which the host does not name.
		name: "a rebased request that touches two applications", applications: applications[1:],
		script: `
			0 commit a services/web/a=1 services/pay/a=1 services/pay/risk/a=1
			1 deploy pay1 a app=pay
			1 deploy web1 a app=web
			1 deploy risk1 a app=risk
			2 branch feature
			2 commit b services/pay/x=1
			3 commit c services/web/x=1
			4 on main
			4 commit m services/pay/risk/m=1
			5 rebase feature main b' c'
			5 on main
			5 forward feature
			5 drop feature
			5 request 2 commits=b,c merge=c' opened=3 head=c
			6 deploy pay2 c' app=pay
			6 deploy web2 c' app=web
			6 deploy risk2 c' app=risk
			7 import environment=staging`,
		want: map[string]string{
			"pay": `
				pay1 baseline ancestry certain:
				pay2 ancestry certain: #2 4h ancestry certain; 1 commits 4h
				left out carried_by_others: b'
				left out shipped_before: a`,
			"web": `
				web1 baseline ancestry certain:
				web2 ancestry certain: #2 4h ancestry certain; 1 commits 3h
				left out shipped_before: a`,
			"risk": `
				risk1 baseline ancestry certain:
				risk2 ancestry certain: m 2h ancestry certain; 1 commits 2h
				left out shipped_before: a`,
		},
	})
}

func TestGitOpsBumps(t *testing.T) {
	const script = `
		0 commit a
		2 artifact sha256:1 a
		3 repo config
		3 commit g1 shop.yaml=1
		4 deploy d1 g1 artifact=sha256:1
		5 repo shop
		5 commit b
		6 artifact sha256:2 b
		7 repo config
		7 commit o1 other.yaml=1
		7 commit g2 shop.yaml=2
		8 deploy d2 g2 artifact=sha256:2
		9 revert g3 g2
		10 deploy d3 g3 artifact=sha256:1
		11 revert g4 g3
		12 deploy d4 g4 artifact=sha256:2
		13 commit g5 replicas=3
		14 deploy d5 g5 artifact=sha256:2
		15 deploy d6 g5 artifact=sha256:2
		16 import environment=staging
		16 repo shop
		16 import environment=staging`
	run(t, fixture{
		// The digest leads to what was built. d3 goes back although its own
		// commit is new; d4 brings b again, which shipped with d2. Nobody claims
		// the configuration, so none of its commits is a change of the shop.
		name: "the artifact's source decides", script: script,
		want: map[string]string{"shop": `
			d1 baseline artifact certain:
			d2 failed(rollback) artifact certain: b 3h artifact certain; 1 commits 3h
			d3 rollback rework artifact certain:
			d4 artifact certain:
			d5 artifact certain:
			d6 redeployment artifact certain:
			left out carries_artifact: g1 g2 g3 g4 g5 o1
			left out shipped_before: a`},
	}, fixture{
		// The shop claims its configuration: what changes it alone, g5, is a
		// change. The commits that only say which artifact to run are not.
		name: "a claimed configuration", script: script, applications: []string{"shop repo:local/shop repo:local/config"},
		want: map[string]string{"shop": `
			d1 baseline artifact certain:
			d2 failed(rollback) artifact certain: b 3h artifact certain; 1 commits 3h
			d3 rollback rework artifact certain:
			d4 artifact certain:
			d5 artifact certain: g5 1h ancestry certain; 1 commits 1h
			d6 redeployment artifact certain:
			left out carries_artifact: g2 g3 g4 o1
			left out shipped_before: a g1`},
	})
}

func TestHotfixBranches(t *testing.T) {
	run(t, fixture{
		// h is in production at 5, before M brings it to main at 6: it shipped
		// then, and not again with d3.
		name: "merged back after it was deployed",
		script: `
			0 commit a
			1 commit b
			1 tag deployed
			2 deploy d1 b
			3 commit c
			4 branch hotfix deployed
			4 commit h
			5 deploy d2 h kind=fix
			6 on main
			6 merge M hotfix
			7 commit e
			8 deploy d3 e
			9 import`,
		want: map[string]string{"shop": `
			d1 baseline failed(hotfix) ancestry certain:
			d2 rework ancestry certain: M 1h ancestry certain; 1 commits 1h
			d3 ancestry certain: c 5h ancestry certain, e 1h ancestry certain; 2 commits 3h
			left out shipped_before: a b`},
	}, fixture{
		// The fix was a request to the hotfix branch, and #8 brings that back:
		// the work is #7's.
		name: "requests for the fix and for bringing it back",
		script: `
			0 commit a
			1 tag deployed
			2 deploy d1 a
			3 commit c
			4 branch hotfix deployed
			4 branch fix
			4 commit h
			4.5 on hotfix
			4.5 merge H fix | Merge pull request #7 from acme/fix
			4.5 request 7 commits=h merge=H base=hotfix head=h opened=4.2
			5 deploy d2 H kind=fix
			6 on main
			6 merge M hotfix | Merge pull request #8 from acme/hotfix
			6 request 8 commits=h,H merge=M head=H opened=5.5
			8 deploy d3 M
			9 import`,
		want: map[string]string{"shop": `
			d1 baseline failed(hotfix) ancestry certain:
			d2 rework ancestry certain: #7 1h ancestry certain; 1 commits 1h
			d3 ancestry certain: c 5h ancestry certain; 1 commits 5h
			left out carried_by_others: #8
			left out shipped_before: a`},
	}, fixture{
		// The fix comes to main as a copy. v1.0.1 is a patch release, so it is a
		// fix of v1.0.0. h2 is h, which ran at 5: one hour after it was written.
		name: "picked back after it was deployed",
		script: `
			0 commit a
			1 tag v1.0.0
			3 commit c
			4 branch hotfix v1.0.0
			5 commit h
			5 tag v1.0.1
			6 on main
			6 pick h2 h
			8 commit e
			8 tag v1.1.0
			9 import`,
		want: map[string]string{"shop": `
			v1.0.0 baseline failed(hotfix) ancestry certain:
			v1.0.1 rework patch likely: h2 0h patch likely; 1 commits 0h
			v1.1.0 ancestry certain: c 5h ancestry certain, e 0h ancestry certain; 2 commits 2.5h
			left out shipped_before: a`},
	})
}

func TestRollbacksAndRedeployments(t *testing.T) {
	run(t, fixture{
		// d3 goes back by itself, d7 says so. What shipped once does not ship
		// again when the environment goes forward again (d4, d8).
		name: "back, forward again, the same again",
		script: `
			0 commit a
			1 commit b
			2 commit c
			3 deploy d1 a
			4 deploy d2 b
			5 deploy d3 a
			6 deploy d4 b
			7 deploy d5 b
			8 deploy d6 c
			9 deploy d7 b back=d6
			10 deploy d8 c
			11 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 failed(rollback) ancestry certain: b 3h ancestry certain; 1 commits 3h
			d3 rollback rework ancestry certain:
			d4 ancestry certain:
			d5 redeployment ancestry certain:
			d6 failed(rollback) ancestry certain: c 6h ancestry certain; 1 commits 6h
			d7 rollback rework ancestry certain:
			d8 ancestry certain:
			left out shipped_before: a`},
	})
}

// TestTwoDeploymentsInOneSecond tries several names, because names give ids
// and ids used to decide.
func TestTwoDeploymentsInOneSecond(t *testing.T) {
	var fixtures []fixture
	for i := range 6 {
		first, second := fmt.Sprintf("m%d", i), fmt.Sprintf("n%d", i)
		fixtures = append(fixtures, fixture{
			// The older commit went first, so nothing was taken back. The median of
			// commits is that of the second.
			name: "the ancestor is first, " + first,
			script: fmt.Sprintf(`
				0 commit a
				1 deploy d1 a
				2 commit b
				3 commit c
				5 deploy %s b
				5 deploy %s c
				6 import`, first, second),
			want: map[string]string{"shop": fmt.Sprintf(`
				d1 baseline ancestry certain:
				%s ancestry certain: b 3h ancestry certain; 1 commits 2.5h
				%s ancestry certain: c 2h ancestry certain; 1 commits 2.5h
				left out shipped_before: a`, first, second)},
		}, fixture{
			// The one that says it goes back is last.
			name: "a rollback follows what it takes back, " + first,
			script: fmt.Sprintf(`
				0 commit a
				1 deploy d1 a
				2 commit b
				5 deploy %s b
				5 deploy %s a back=%[1]s
				6 import`, first, second),
			want: map[string]string{"shop": fmt.Sprintf(`
				d1 baseline ancestry certain:
				%s failed(rollback) ancestry certain: b 3h ancestry certain; 1 commits 3h
				%s rollback rework ancestry certain:
				left out shipped_before: a`, first, second)},
		})
	}
	run(t, fixtures...)
}
