package metrics_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestTheFirstDeploymentOfABigHistory(t *testing.T) {
	var script strings.Builder
	for i := range 60 {
		fmt.Fprintf(&script, "%d commit c%02d\n", i, i)
	}
	script.WriteString("70 deploy d1 c59\n71 commit x\n72 deploy d2 x\n73 import")
	run(t, fixture{
		name: "is a baseline and has no lead time", script: script.String(),
		want: map[string]string{"shop@production": `
			d1 baseline ancestry certain:
			d2 ancestry certain: x 1h ancestry certain; 1 commits 1h
			left out shipped_before: 60
			in all 2 deployments, 1 changes, 1 commits`},
	})
}

func TestMissingParents(t *testing.T) {
	run(t, fixture{
		// The clone ends at d; a webhook told of a and b, and nobody of c. The
		// walk from e ends at d. #2, of which the graph knows nothing, and #1,
		// which it knows and which no way leads to, were merged to the same
		// branch between the two deployments: they ship with d2, as a guess.
		// What was reached is likely and not certain: d1 may have had it.
		// b is older than the gap: to deploy it is to go back.
		name: "what a gap hides ships by time, and going back across it is seen",
		script: `
			0 commit a
			1 commit b
			2 commit c
			3 commit d
			4 commit e
			0.5 deploy d1 a
			1 request 1 commits=b merge=b opened=1 head=b
			2 request 2 commits=c merge=c opened=2 head=c
			5 deploy d2 e
			6 deploy d3 b
			7 pushed a b
			7 shallow clone 2
			7 import name=shop`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 failed(rollback) time guess: #1 4h time guess, #2 3h time guess, d 2h ancestry likely, e 1h ancestry likely; 3 commits 2h
			d3 rollback rework ancestry likely:
			anomaly unknown_base: 1`},
	}, fixture{
		// No source names the branch of #1: it may be elsewhere. It is listed
		// and counted, and not claimed.
		name: "what may be behind a gap is named",
		script: `
			0 commit a
			1 branch other
			1 commit b
			2 on main
			2 commit c
			3 commit d
			0.5 deploy d1 a
			1 request 1 commits=b merge=b opened=0.6 head=b base=side
			5 deploy d2 d
			7 pushed a b
			7 shallow clone 1
			7 import name=shop`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 ancestry likely: d 2h ancestry likely; 1 commits 2h
			left out not_shipped: #1
			anomaly unknown_base: 1
			in progress #1`},
	}, fixture{
		// The first deployment's commit is unknown. What was merged until then
		// ran before; the whole history below c is no delivery of d2.
		name: "the first commit is unknown",
		script: `
			0 commit a
			1 commit b
			1.5 deploy d1 ffffffffffffffffffffffffffffffffffffffff
			2 commit c
			3 deploy d2 c
			4 import`,
		want: map[string]string{"shop@production": `
			d1 baseline time guess:
			d2 time guess: c 1h ancestry likely; 1 commits 1h
			left out shipped_before: a b
			anomaly unknown_base: 1
			in all 2 deployments, 1 changes, 1 commits`},
	}, fixture{
		// A shallow clone whose edge lies below all deployments loses nothing.
		name: "an edge below the baseline",
		script: `
			0 commit a
			1 commit b
			2 commit c
			3 commit d
			2.5 deploy d1 c
			4 deploy d2 d
			5 deploy d3 c
			7 shallow clone 3
			7 import name=shop`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 failed(rollback) ancestry certain: d 1h ancestry certain; 1 commits 1h
			d3 rollback rework ancestry certain:
			left out shipped_before: b c
			anomaly unknown_base: 1`},
	})
}

func TestCyclicParents(t *testing.T) {
	run(t, fixture{
		// No git can make x and y; a source can claim them. The edges between
		// them are cut, both are listed, and each ships as itself.
		name: "commits that are their own ancestors",
		script: `
			0 commit a
			1 deploy d1 a
			2 describe x y
			3 describe y x a
			5 deploy d2 x
			6 deploy d3 y
			7 import`,
		want: map[string]string{"shop": `
			d1 baseline ancestry certain:
			d2 ancestry certain:; 1 commits 3h
			d3 ancestry certain:; 1 commits 3h
			left out shipped_before: a
			anomaly commit_cycle: 2`},
	})
}
