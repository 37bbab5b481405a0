package metrics

import (
	"cmp"
	"maps"
	"slices"
)

// fail climbs the ladder: links and repairs first, then incidents by nearness.
func (d *derivation) fail() {
	for _, s := range d.ordered {
		s.failRollbacks()
		s.failHotfixes()
	}
	if reverted := d.reverted(); reverted != nil {
		back := d.takingBack(reverted)
		for _, s := range d.ordered {
			s.failReverts(reverted, back)
		}
	}
	for _, fact := range sortedFacts(d.in.Incidents) {
		d.attribute(fact)
	}
}

// mark notes evidence that a rollout failed: the fact that tells, and when.
// solid evidence stands whether or not the policy infers failures.
func (ro *rollout) mark(rung uint8, by ID, at int64, solid bool) {
	if !solid && !ro.stage.d.policy.InferFailures {
		return
	}
	ro.rung = max(ro.rung, rung)
	ro.solid = ro.solid || solid
	ro.evident = ro.evident || rung != rungIncident
	ro.stage.blames = append(ro.stage.blames, blame{at: at, by: by, id: ro.id, rung: rung, inferred: !solid})
}

// repair notes that another rollout repaired ro; told is the fact that says so.
func (ro *rollout) repair(rung uint8, by *rollout, told ID, solid bool) {
	if !solid && !ro.stage.d.policy.InferFailures {
		return
	}
	ro.mark(rung, told, by.finished, solid)
	if ro.repaired == unknown || by.finished < ro.repaired {
		ro.repaired = by.finished
	}
}

// failRollbacks marks what each rollback took back: what it names, else the
// latest rollout that is no rollback itself and was not taken back before.
func (s *stage) failRollbacks() {
	var standing []*rollout // Rows before that are no rollbacks; what was taken back leaves from the end.
	for _, ro := range s.rollouts {
		if !ro.rollback {
			standing = append(standing, ro)
			continue
		}
		target, named := s.rollbackTarget(ro)
		if !named {
			for len(standing) > 0 && standing[len(standing)-1].rolledBack {
				standing = standing[:len(standing)-1]
			}
			if len(standing) > 0 {
				target = standing[len(standing)-1]
			}
		}
		if target == nil {
			continue
		}
		target.rolledBack = true
		s.reversals = append(s.reversals, reversal{at: ro.finished, by: ro.id, id: target.id})
		target.repair(rungRollback, ro, ro.id, named)
	}
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

// failHotfixes marks the predecessor of each fix that came soon after it. A
// fix that follows a rollback completes that repair and fails nothing more.
func (s *stage) failHotfixes() {
	for row := 1; row < len(s.rollouts); row++ {
		ro, before := s.rollouts[row], s.rollouts[row-1]
		if !ro.fix || ro.rollback || before.rollback {
			continue
		}
		if ro.finished-before.finished <= s.d.policy.HotfixWindow.Microseconds() {
			before.repair(rungHotfix, ro, ro.id, false)
		}
	}
}

// failReverts marks the rollouts whose changes a later one took back.
func (s *stage) failReverts(reverted map[revertName][]int32, back map[int32]bool) {
	rows := make(map[int32]int32, len(s.shipments))
	for _, one := range s.shipments {
		rows[one.change] = one.row
	}
	for _, one := range s.shipments {
		c := &s.d.changes[one.change]
		if !back[one.change] {
			continue
		}
		for _, other := range reverted[c.revertOf()] {
			row, ok := rows[other]
			if !ok || row >= one.row {
				continue
			}
			s.rollouts[one.row].rework = true
			s.rollouts[row].repair(rungRevert, s.rollouts[one.row], c.id, false)
		}
	}
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
