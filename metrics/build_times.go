package metrics

import (
	"cmp"
	"slices"
)

// unnamed lists the environments without a name, which hold what is of no
// environment, by application; each application once.
func unnamed(parts []Derived) []*part {
	var list []*part
	seen := map[*lookup]bool{}
	for _, d := range parts {
		if seen[d.lookup] {
			continue
		}
		seen[d.lookup] = d.lookup != nil
		for _, e := range d.columns() {
			if e.name == "" {
				list = append(list, &part{application: d.Application, environment: e})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b *part) int { return cmp.Compare(a.application, b.application) })
	return list
}

// builtIn are the runs that finished in the window; a run of several
// applications counts once.
func builtIn(c cuts, parts []Derived, rows []shared) BuildTimes {
	var waits, runs []int64
	n, again := 0, 0
	seen := map[ID]bool{}
	for _, p := range unnamed(parts) {
		c.each(p.builds.at, func(_, row int) {
			id, flags := p.builds.id[row], p.builds.flags[row]
			if flags&flagShared != 0 && seen[id] {
				return
			}
			seen[id] = flags&flagShared != 0
			n++
			if flags&flagRerun != 0 {
				again++
			}
			if wait := p.builds.wait[row]; wait >= 0 {
				waits = append(waits, wait)
			}
			if run := p.builds.run[row]; run >= 0 {
				runs = append(runs, run)
			}
		})
	}
	known := 0
	for _, r := range rows {
		if r.part.changes.phases[phaseBuild][r.row] >= 0 {
			known++
		}
	}
	wait, run := summarise(waits), summarise(runs)
	return BuildTimes{N: n, Coverage: share(known, len(rows)), Wait: wait.median, WaitP90: wait.p90, Run: run.median, Reruns: rateOf(again, n)}
}
