package metrics

// flow splits the way from the merge to the shipment into build and
// deployment, finds how much of both something ran, and whether the stages of
// the change follow one another without a gap.
func (out *shipment) flow(c *change, ro *rollout) {
	merged := micros(c.fact.Value.MergedAt)
	if merged == unknown || merged > ro.finished || out.phases[phaseDeploy] < 0 {
		return
	}
	built := merged
	if run, ok := c.builtBy(merged, ro); ok {
		built = max(run.finished, merged)
		out.phases[phaseBuild], out.phases[phaseDeploy] = built-merged, ro.finished-built
		if run.run >= 0 {
			out.buildRun = commonTime(run.finished-run.run, run.finished, merged, built)
		}
	}
	if ro.started != unknown {
		out.deployRun = commonTime(ro.started, ro.finished, built, ro.finished)
	}
	if c.chained(merged) {
		out.flags |= flagChained
	}
}

// builtBy is the run that made a change ready to be deployed: of its merge
// commit, else of the commit that was deployed, the first that succeeded
// between the merge and the shipment. One that had succeeded before the merge
// (the commit was built on its branch) leaves nothing to wait for.
func (c *change) builtBy(merged int64, ro *rollout) (run build, ok bool) {
	if len(c.repo.built) == 0 {
		return run, false
	}
	commits := []string{c.fact.Value.MergeCommit}
	for _, h := range ro.heads {
		if h.repository == c.repo.name {
			commits = append(commits, h.commit)
		}
	}
	for _, commit := range commits {
		for _, one := range c.repo.built[commit] {
			if !one.good || one.finished > ro.finished {
				continue
			}
			if run, ok = one, true; one.finished >= merged {
				break
			}
		}
		if ok {
			return run, true
		}
	}
	return run, false
}

// commonTime is how much of one stretch of time lies in another.
func commonTime(from, to, within, until int64) int64 {
	return max(0, min(to, until)-max(from, within))
}

// chained says that the stages from the first commit to the merge follow one
// another, however long a change stayed a draft.
func (c *change) chained(merged int64) bool {
	v := &c.fact.Value
	at := c.begin()
	if at == unknown {
		return false
	}
	approved := micros(v.ApprovedAt)
	if approved == unknown {
		approved = merged
	}
	for _, next := range []int64{micros(v.OpenedAt), max(micros(v.OpenedAt), micros(v.ReadyAt)), micros(v.FirstReviewAt), approved, merged} {
		if next == unknown || next < at {
			return false
		}
		at = next
	}
	return true
}
