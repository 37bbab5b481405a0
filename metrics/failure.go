package metrics

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// fail climbs the ladder: links and repairs first, then incidents by nearness.
func (d *derivation) fail() {
	for _, s := range d.ordered {
		for _, ro := range s.rollouts {
			s.failRollback(ro)
		}
		for _, ro := range s.rollouts {
			s.failHotfix(ro)
		}
	}
	d.reverts = d.reverted()
	d.back = d.takingBack(d.reverts)
	for _, s := range d.ordered {
		for _, one := range s.shipments {
			s.failReverts(one)
		}
	}
	for _, fact := range inOrder(d.in.Incidents, func(v *evenkeel.Incident) time.Time { return v.OpenedAt }) {
		d.laid = append(d.laid, d.attribute(fact))
	}
}

// mark notes evidence that a rollout failed: the fact that tells, and when.
// solid evidence stands whether or not the policy infers failures.
func (ro *rollout) mark(rung uint8, by ID, at int64, solid bool) {
	if !solid && !ro.stage.d.policy.InferFailures {
		return
	}
	one := blame{at: at, by: by, id: ro.id, rung: rung, inferred: !solid}
	if slices.Contains(ro.blames, one) {
		return
	}
	ro.blames = append(ro.blames, one)
	ro.stage.blames = put(ro.stage, ro.stage.blames, one, blame.compare, blameAt)
	ro.stage.doubt(ro)
}

// repair notes that another rollout repaired ro; told is the fact that says so.
func (ro *rollout) repair(rung uint8, by *rollout, told ID, solid bool) {
	ro.mark(rung, told, by.finished, solid)
}

// verdict is whether and how a rollout failed.
type verdict struct {
	rung            uint8
	solid, incident bool  // Failed by more than inference; has an incident.
	evident         bool  // Failed by more than nearness in time.
	repaired        int64 // Finish of the earliest rollout that repaired it.
	nearGap         int64 // Time to the nearest incident after it; none without one.
}

// nearby is an incident that came nearest after a rollout.
type nearby struct {
	incident ID
	gap      int64
}

// judgement is what the evidence against a rollout comes to.
func (ro *rollout) judgement() verdict {
	v := verdict{repaired: unknown, nearGap: none}
	for _, b := range ro.blames {
		v.rung, v.solid, v.evident = max(v.rung, b.rung), v.solid || !b.inferred, v.evident || b.rung != rungIncident
		switch {
		case evidenceKind(b.rung) == evenkeel.KindIncident:
			v.incident = true
		case v.repaired == unknown || b.at < v.repaired:
			v.repaired = b.at
		}
	}
	for _, n := range ro.near {
		if v.nearGap == none || n.gap < v.nearGap {
			v.nearGap = n.gap
		}
	}
	return v
}

// judge settles whether a rollout failed, and lists its recovery where no
// incident tells of one.
func (s *stage) judge(ro *rollout) {
	ro.verdict = ro.judgement()
	if row, ok := ro.recovery(); ok {
		s.recoveries = put(s, s.recoveries, row, recoveryRow.compare, recoveryAt)
		s.note(noteFailureStartUnknown, row.at, row.id, ro.shared)
	}
}

// recovery is that of a failure which is known only from its repair.
func (ro *rollout) recovery() (row recoveryRow, ok bool) {
	if ro.rung == rungNone || ro.incident || ro.repaired == unknown {
		return row, false
	}
	return recoveryRow{ro.id, ro.repaired, sharedFlag(ro.shared) | flagInferred, none, ro.repaired - ro.finished}, true
}

// failRollback marks what a rollback took back: what it names, else the latest
// rollout that is no rollback itself and was not taken back before.
func (s *stage) failRollback(ro *rollout) {
	if !ro.rollback {
		s.standing = append(s.standing, ro)
		return
	}
	target, named := s.rollbackTarget(ro)
	if !named {
		target = s.stands()
	}
	if target == nil {
		return
	}
	target.rolledBack = true
	target.stage.doubt(target)
	s.d.crossed = s.d.crossed || target.stage != s
	s.reversals = put(s, s.reversals, reversal{at: ro.finished, row: ro.row, by: ro.id, id: target.id}, reversal.compare, reversalAt)
	target.repair(rungRollback, ro, ro.id, named)
}

// stands is the latest rollout before that is no rollback and was not taken
// back; nil if there is none. What was taken back leaves from the end.
func (s *stage) stands() *rollout {
	for n := len(s.standing); n > 0; n-- {
		if last := s.standing[n-1]; !last.rolledBack {
			return last
		}
		s.standing = s.standing[:n-1]
	}
	return nil
}

// rollbackTarget resolves rollback_of. named is false where there is none, or
// it says nothing usable.
func (s *stage) rollbackTarget(ro *rollout) (target *rollout, named bool) {
	for _, r := range ro.records {
		name := r.fact.Value.RollbackOf
		if name == "" {
			continue
		}
		found, ambiguous := s.d.links.find(name, r.fact.Source)
		switch {
		case ambiguous:
			s.note(noteAmbiguousLink, ro.finished, r.id, r.fact.Shared)
		case found == nil || found.rollout == ro:
			s.note(noteUnknownLink, ro.finished, r.id, r.fact.Shared)
		case found.rollout == nil: // A failed attempt: nothing that counted was taken back.
			return nil, true
		case found.rollout.finished > ro.finished:
			s.note(noteUnknownLink, ro.finished, r.id, r.fact.Shared)
		default:
			return found.rollout, true
		}
	}
	return nil, false
}

// failHotfix marks the predecessor of a fix that came soon after it. A fix
// that follows a rollback completes that repair and fails nothing more.
func (s *stage) failHotfix(ro *rollout) {
	if ro.row == 0 || !ro.fix || ro.rollback {
		return
	}
	before := s.rollouts[ro.row-1]
	if !before.rollback && ro.finished-before.finished <= s.d.policy.HotfixWindow.Microseconds() {
		before.repair(rungHotfix, ro, ro.id, false)
	}
}

// failReverts marks the rollouts whose changes a shipment took back.
func (s *stage) failReverts(one shipment) {
	if !s.d.back[one.change] {
		return
	}
	c := &s.d.changes[one.change]
	for _, other := range s.d.reverts[c.revertOf()] {
		row := s.shippedBy[other] - 1
		if row < 0 || row >= one.row {
			continue
		}
		if s.again == nil {
			s.again = map[int32]bool{}
		}
		s.again[other] = true
		s.doubt(s.rollouts[row])
		s.rollouts[one.row].rework = true
		s.rollouts[row].repair(rungRevert, s.rollouts[one.row], c.id, false)
	}
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
