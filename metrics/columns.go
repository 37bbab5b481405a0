package metrics

import (
	"cmp"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// columns turns a finished stage into columns.
func (s *stage) columns() *environment {
	e := &environment{name: s.name, class: s.class()}
	for _, ro := range s.rollouts {
		e.deployments.add(ro)
	}
	for _, r := range s.attempts {
		e.attempts.id = append(e.attempts.id, r.id)
		e.attempts.at = append(e.attempts.at, r.at)
		flags := sharedFlag(r.fact.Shared)
		if r.fact.Value.Status == evenkeel.StatusFailure {
			flags |= flagFailed
		}
		e.attempts.flags = append(e.attempts.flags, flags)
	}
	e.changes.fill(s)
	e.commits.fill(s)
	e.incidents.fill(s.incidents)
	e.recoveries.fill(s)
	e.notes.fill(s.notes)
	e.unshipped.fill(s.unshipped)
	for _, r := range s.reversals { // In the order of rollouts.
		e.reversals.at = append(e.reversals.at, r.at)
		e.reversals.by = append(e.reversals.by, r.by)
		e.reversals.id = append(e.reversals.id, r.id)
	}
	e.blames.fill(s.blames)
	if s.name == "" {
		e.open.fill(s.d)
		e.builds.fill(s.d)
	}
	return e
}

func sharedFlag(shared bool) uint16 {
	if shared {
		return flagShared
	}
	return 0
}

func (c *deployments) add(ro *rollout) {
	flags := sharedFlag(ro.shared)
	for _, f := range []struct {
		on   bool
		flag uint16
	}{
		{ro.rollback, flagRollback},
		{ro.redeploy, flagRedeploy},
		{ro.baseline, flagBaseline},
		{ro.rework, flagRework},
		{ro.rung != rungNone, flagFailed},
		{ro.rung != rungNone && !ro.solid, flagInferred},
		{ro.evident, flagEvident},
		{ro.gap, flagGap},
	} {
		if f.on {
			flags |= f.flag
		}
	}
	c.id = append(c.id, ro.id)
	c.at = append(c.at, ro.finished)
	c.flags = append(c.flags, flags)
	c.rung = append(c.rung, ro.rung)
	c.method = append(c.method, ro.method)
	c.shipped = append(c.shipped, ro.shipped)
	c.nearGap = append(c.nearGap, ro.nearGap)
	for _, r := range ro.records[:len(ro.records)-1] {
		c.records = append(c.records, r.id)
		c.recordOf = append(c.recordOf, ro.row)
	}
}

func (c *changes) fill(s *stage) {
	n := len(s.shipments)
	if n == 0 {
		return
	}
	c.id, c.at, c.deployment, c.flags, c.lead = make([]ID, n), make([]int64, n), make([]int32, n), make([]uint16, n), make([]int64, n)
	for p := range c.phases {
		c.phases[p] = make([]int64, n)
	}
	c.method = make([]uint8, n)
	c.buildRun, c.deployRun, c.size, c.begun = make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	for i, one := range s.shipments {
		c.buildRun[i], c.deployRun[i], c.size[i] = one.buildRun, one.deployRun, s.d.changes[one.change].size()
		c.begun[i] = s.d.changes[one.change].begun()
		c.id[i], c.at[i], c.deployment[i] = s.d.changes[one.change].id, s.rollouts[one.row].finished, one.row
		c.flags[i], c.method[i], c.lead[i] = one.flags, one.method, one.lead
		for p := range c.phases {
			c.phases[p][i] = one.phases[p]
		}
	}
}

func (c *commits) fill(s *stage) {
	n := len(s.commits)
	if n == 0 {
		return
	}
	c.id, c.at, c.deployment, c.flags, c.lead = make([]ID, n), make([]int64, n), make([]int32, n), make([]uint16, n), make([]int64, n)
	for i, one := range s.commits {
		c.id[i], c.at[i], c.deployment[i], c.flags[i], c.lead[i] = one.id, s.rollouts[one.row].finished, one.row, one.flags, one.lead
	}
}

func (c *incidents) fill(rows []incidentRow) {
	slices.SortFunc(rows, func(a, b incidentRow) int { return cmp.Or(cmp.Compare(a.start, b.start), a.id.compare(b.id)) })
	for _, row := range rows {
		var cause ID
		if row.cause != nil {
			cause = row.cause.id
		}
		c.id = append(c.id, row.id)
		c.at = append(c.at, row.start)
		flags := sharedFlag(row.shared)
		if row.said {
			flags |= flagSaid
		}
		if row.elsewhere {
			flags |= flagElsewhere
		}
		c.flags = append(c.flags, flags)
		c.rung = append(c.rung, row.rung)
		c.deployment = append(c.deployment, cause)
		c.restored = append(c.restored, row.restored)
		c.recovery = append(c.recovery, row.recovery)
		c.automatic = append(c.automatic, row.automatic)
		c.automaticRung = append(c.automaticRung, row.automaticRung)
	}
}

func (c *blames) fill(list []blame) {
	slices.SortFunc(list, func(a, b blame) int {
		return cmp.Or(cmp.Compare(a.at, b.at), a.by.compare(b.by), a.id.compare(b.id), cmp.Compare(a.rung, b.rung), cmp.Compare(rank(a.inferred), rank(b.inferred)))
	})
	for _, b := range slices.Compact(list) {
		var flags uint16
		if b.inferred {
			flags = flagInferred
		}
		c.at, c.by, c.id = append(c.at, b.at), append(c.by, b.by), append(c.id, b.id)
		c.rung, c.flags = append(c.rung, b.rung), append(c.flags, flags)
	}
}

// recoveryRow is a repaired failure.
type recoveryRow struct {
	id                       ID
	at                       int64
	flags                    uint16
	recovery, fromDeployment int64
}

func (c *recoveries) fill(s *stage) {
	var rows []recoveryRow
	for _, i := range s.incidents {
		if i.rung != rungNone && i.restored != unknown {
			rows = append(rows, recoveryRow{i.id, i.restored, sharedFlag(i.shared), i.recovery, i.fromDeployment})
		}
	}
	for _, ro := range s.rollouts {
		if ro.rung == rungNone || ro.incident || ro.repaired == unknown {
			continue
		}
		rows = append(rows, recoveryRow{ro.id, ro.repaired, sharedFlag(ro.shared) | flagInferred, none, ro.repaired - ro.finished})
		s.note(noteFailureStartUnknown, ro.repaired, ro.id, ro.shared)
	}
	slices.SortFunc(rows, func(a, b recoveryRow) int { return cmp.Or(cmp.Compare(a.at, b.at), a.id.compare(b.id)) })
	for _, row := range rows {
		c.id = append(c.id, row.id)
		c.at = append(c.at, row.at)
		c.flags = append(c.flags, row.flags)
		c.recovery = append(c.recovery, row.recovery)
		c.fromDeployment = append(c.fromDeployment, row.fromDeployment)
	}
}

func (c *notes) fill(list []note) {
	slices.SortFunc(list, func(a, b note) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.code, b.code), a.id.compare(b.id))
	})
	list = slices.Compact(list)
	for _, n := range list {
		c.at = append(c.at, n.at)
		c.code = append(c.code, n.code)
		flags := sharedFlag(n.shared)
		if n.unplaced {
			flags |= flagUnplaced
		}
		c.flags = append(c.flags, flags)
		c.id = append(c.id, n.id)
	}
}

// empty says that an environment holds no rows.
func (e *environment) empty() bool {
	return len(e.deployments.id)+len(e.attempts.id)+len(e.incidents.id)+len(e.recoveries.id)+len(e.notes.id)+len(e.open.id)+len(e.builds.id) == 0
}
