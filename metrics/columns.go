package metrics

import (
	"sort"

	"github.com/evenkeel-dev/evenkeel"
)

// columns turns the rows of a finished stage that lie in a period into columns.
func (s *stage) columns(in period) *environment {
	e := &environment{name: s.name, class: s.class()}
	rollouts := cut(s.rollouts, in, func(ro *rollout) int64 { return ro.finished })
	if len(rollouts) > 0 {
		from, to := rollouts[0].row, rollouts[0].row+int32(len(rollouts))
		for _, ro := range rollouts {
			e.deployments.add(ro, from)
		}
		e.changes.fill(s, ofRows(s.shipments, from, to, func(one *shipment) int32 { return one.row }), from)
		e.commits.fill(s, ofRows(s.commits, from, to, func(one *commitShipment) int32 { return one.row }), from)
	}
	for _, r := range cut(s.attempts, in, func(r *record) int64 { return r.at }) {
		e.attempts.id = append(e.attempts.id, r.id)
		e.attempts.at = append(e.attempts.at, r.at)
		flags := sharedFlag(r.fact.Shared)
		if r.fact.Value.Status == evenkeel.StatusFailure {
			flags |= flagFailed
		}
		e.attempts.flags = append(e.attempts.flags, flags)
	}
	e.incidents.fill(cut(s.incidents, in, incidentAt))
	e.recoveries.fill(cut(s.recoveries, in, recoveryAt))
	e.notes.fill(cut(s.notes, in, noteAt))
	e.unshipped.fill(cut(s.unshipped, in, noteAt))
	for _, r := range cut(s.reversals, in, reversalAt) {
		e.reversals.at = append(e.reversals.at, r.at)
		e.reversals.by = append(e.reversals.by, r.by)
		e.reversals.id = append(e.reversals.id, r.id)
	}
	e.blames.fill(cut(s.blames, in, blameAt))
	if s.name == "" {
		e.open.fill(cut(s.d.opened, in, openAt))
		e.builds.fill(cut(s.d.runs, in, buildAt))
	}
	return e
}

// ofRows is the part of a list, sorted by row, that belongs to some rows.
func ofRows[T any](list []T, from, to int32, row func(*T) int32) []T {
	first := sort.Search(len(list), func(i int) bool { return row(&list[i]) >= from })
	last := sort.Search(len(list), func(i int) bool { return row(&list[i]) >= to })
	return list[first:last]
}

func sharedFlag(shared bool) uint16 {
	if shared {
		return flagShared
	}
	return 0
}

// add lists a rollout; the row of the first one is from.
func (c *deployments) add(ro *rollout, from int32) {
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
		c.recordOf = append(c.recordOf, ro.row-from)
	}
}

func (c *changes) fill(s *stage, shipments []shipment, from int32) {
	n := len(shipments)
	if n == 0 {
		return
	}
	c.id, c.at, c.deployment, c.flags, c.lead = make([]ID, n), make([]int64, n), make([]int32, n), make([]uint16, n), make([]int64, n)
	for p := range c.phases {
		c.phases[p] = make([]int64, n)
	}
	c.method = make([]uint8, n)
	c.buildRun, c.deployRun, c.size, c.begun = make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	for i, one := range shipments {
		c.buildRun[i], c.deployRun[i], c.size[i] = one.buildRun, one.deployRun, s.d.changes[one.change].size()
		c.begun[i] = s.d.changes[one.change].begun()
		c.id[i], c.at[i], c.deployment[i] = s.d.changes[one.change].id, s.rollouts[one.row].finished, one.row-from
		c.flags[i], c.method[i], c.lead[i] = one.flags, one.method, one.lead
		for p := range c.phases {
			c.phases[p][i] = one.phases[p]
		}
	}
}

func (c *commits) fill(s *stage, commits []commitShipment, from int32) {
	n := len(commits)
	if n == 0 {
		return
	}
	c.id, c.at, c.deployment, c.flags, c.lead = make([]ID, n), make([]int64, n), make([]int32, n), make([]uint16, n), make([]int64, n)
	for i, one := range commits {
		c.id[i], c.at[i], c.deployment[i], c.flags[i], c.lead[i] = one.id, s.rollouts[one.row].finished, one.row-from, one.flags, one.lead
	}
}

func (c *incidents) fill(rows []incidentRow) {
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
	for _, b := range list {
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

func (c *recoveries) fill(rows []recoveryRow) {
	for _, row := range rows {
		c.id = append(c.id, row.id)
		c.at = append(c.at, row.at)
		c.flags = append(c.flags, row.flags)
		c.recovery = append(c.recovery, row.recovery)
		c.fromDeployment = append(c.fromDeployment, row.fromDeployment)
	}
}

// fill turns sorted notes into columns, each once.
func (c *notes) fill(list []note) {
	for i, n := range list {
		if i > 0 && n == list[i-1] {
			continue
		}
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
