package metrics

import (
	"cmp"
	"maps"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// fail climbs the ladder: links and repairs first, then incidents by nearness.
func (d *derivation) fail() {
	for _, s := range d.ordered {
		s.failRollbacks()
		s.failHotfixes()
	}
	if reverted := d.reverted(); reverted != nil {
		for _, s := range d.ordered {
			s.failReverts(reverted)
		}
	}
	for _, fact := range sortedFacts(d.in.Incidents) {
		d.attribute(fact)
	}
}

// mark notes evidence that a rollout failed. solid evidence stands whether or
// not the policy infers failures.
func (ro *rollout) mark(rung uint8, solid bool) {
	if !solid && !ro.stage.d.policy.InferFailures {
		return
	}
	ro.rung = max(ro.rung, rung)
	ro.solid = ro.solid || solid
}

// repair notes that another rollout repaired ro.
func (ro *rollout) repair(rung uint8, by *rollout, solid bool) {
	if !solid && !ro.stage.d.policy.InferFailures {
		return
	}
	ro.mark(rung, solid)
	if ro.repaired == unknown || by.finished < ro.repaired {
		ro.repaired = by.finished
	}
}

// failRollbacks marks what each rollback took back: what it names, else the
// latest rollout that is no rollback itself and was not taken back before.
func (s *stage) failRollbacks() {
	for _, ro := range s.rollouts {
		if !ro.rollback {
			continue
		}
		target, named := s.rollbackTarget(ro)
		if !named {
			target = s.standing(ro)
		}
		if target == nil {
			continue
		}
		target.rolledBack = true
		s.reversals = append(s.reversals, reversal{at: ro.finished, by: ro.id, id: target.id})
		target.repair(rungRollback, ro, named)
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

// standing is the latest rollout before ro that is no rollback and was not
// taken back; nil if there is none.
func (s *stage) standing(ro *rollout) *rollout {
	for row := ro.row - 1; row >= 0; row-- {
		if before := s.rollouts[row]; !before.rollback && !before.rolledBack {
			return before
		}
	}
	return nil
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
			before.repair(rungHotfix, ro, false)
		}
	}
}

// failReverts marks the rollouts whose changes a later one took back.
func (s *stage) failReverts(reverted map[revertName][]int32) {
	rows := make(map[int32]int32, len(s.shipments))
	for _, one := range s.shipments {
		rows[one.change] = one.row
	}
	for _, one := range s.shipments {
		c := &s.d.changes[one.change]
		if c.fact.Value.RevertOf == "" {
			continue
		}
		for _, other := range reverted[c.revertOf()] {
			row, ok := rows[other]
			if !ok || row >= one.row {
				continue
			}
			s.rollouts[one.row].rework = true
			s.rollouts[row].repair(rungRevert, s.rollouts[one.row], false)
		}
	}
}

// incidentRow is an incident with what was settled about it.
type incidentRow struct {
	id             ID
	start          int64
	shared         bool
	rung           uint8
	cause          *rollout
	restored       int64
	recovery       int64
	fromDeployment int64
	// automatic and automaticRung are what the rules alone find.
	automatic     ID
	automaticRung uint8
}

// attribute lays an incident to a rollout, or lists it as unattributed.
func (d *derivation) attribute(fact *evenkeel.Fact[evenkeel.Incident]) {
	row := incidentRow{id: parseID(fact.ID), shared: fact.Shared, start: incidentStart(&fact.Value), recovery: none, fromDeployment: none}
	row.restored = restoredAt(&fact.Value)
	cause, problem, ours := d.linked(fact)
	if !ours {
		return
	}
	if cause != nil {
		row.cause, row.rung = cause, rungExplicit
	} else if row.start != unknown && problem != noteUncountedLink {
		if row.cause = d.nearest(fact.Value.Environment, row.start); row.cause != nil {
			row.rung = rungIncident
		}
	}
	home := d.stage(fact.Value.Environment)
	if row.cause != nil {
		home = row.cause.stage
		row.cause.mark(row.rung, true)
		row.cause.incident = true
		home.recover(&row)
	}
	if row.cause == nil && row.start == unknown {
		home.noteIncident(noteIncidentStartUnknown, row)
	}
	if problem < noteCount {
		home.noteIncident(problem, row)
	}
	home.incidents = append(home.incidents, row)
}

// noteIncident lists an incident. One that was laid to no deployment and names
// no environment is of the production class, whatever the stage's class is.
func (s *stage) noteIncident(code uint8, row incidentRow) {
	s.note(code, row.start, row.id, row.shared)
	if row.cause == nil && s.name == "" {
		s.notes[len(s.notes)-1].unplaced = true
	}
}

// linked resolves caused_by. problem is the note to make of it, or noteCount;
// ours is false when the cause is another application's deployment.
func (d *derivation) linked(fact *evenkeel.Fact[evenkeel.Incident]) (cause *rollout, problem uint8, ours bool) {
	name := fact.Value.CausedBy
	if name == "" {
		return nil, noteCount, true
	}
	if d.in.Foreign[fact.ID] {
		return nil, noteCount, false
	}
	found, ambiguous := d.links.find(name, fact.Source)
	switch {
	case ambiguous:
		return nil, noteAmbiguousLink, true
	case found != nil && found.rollout == nil:
		return nil, noteUncountedLink, true
	case found != nil:
		return found.rollout, noteCount, true
	}
	return nil, noteUnknownLink, true
}

// nearest is the latest rollout of the environment that finished at or before
// the instant and within the failure window; both ends count.
func (d *derivation) nearest(environment string, at int64) *rollout {
	var best *rollout
	for _, s := range d.hit(environmentName(environment)) {
		row := s.lastAt(at)
		if row < 0 {
			continue
		}
		ro := s.rollouts[row]
		if best == nil || cmp.Or(cmp.Compare(ro.finished, best.finished), ro.id.compare(best.id)) > 0 {
			best = ro
		}
	}
	if best == nil || at-best.finished > d.policy.FailureWindow.Microseconds() {
		return nil
	}
	return best
}

// hit lists the environments that an incident concerns: the one it names,
// else the class it names, else the production class.
func (d *derivation) hit(name string) []*stage {
	if s, ok := d.stages[name]; ok && name != "" && len(s.rollouts) > 0 {
		return []*stage{s}
	}
	class, ok := classNamed(name)
	if name == "" {
		class, ok = evenkeel.Production, true
	}
	if !ok {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(d.ordered), func(s *stage) bool { return s.class() != class })
}

// lastAt is the last row that finished at or before the instant; -1 if none did.
func (s *stage) lastAt(at int64) int {
	row, _ := slices.BinarySearchFunc(s.rollouts, at, func(ro *rollout, at int64) int {
		if ro.finished <= at {
			return -1
		}
		return 1
	})
	return row - 1
}

// recover settles how long an attributed incident took.
func (s *stage) recover(row *incidentRow) {
	if row.start == unknown {
		s.note(noteIncidentStartUnknown, row.restored, row.id, row.shared)
	}
	if row.restored == unknown {
		return
	}
	if row.start != unknown && row.restored < row.start {
		s.note(noteResolvedBeforeOpened, row.restored, row.id, row.shared)
		return
	}
	if row.start != unknown {
		row.recovery = row.restored - row.start
	}
	if row.restored >= row.cause.finished {
		row.fromDeployment = row.restored - row.cause.finished
	}
}

// incidentStart is the earliest known of opened and detected.
func incidentStart(v *evenkeel.Incident) int64 {
	opened, detected := micros(v.OpenedAt), micros(v.DetectedAt)
	if opened == unknown || (detected != unknown && detected < opened) {
		return detected
	}
	return opened
}

// restoredAt is when service was back: mitigated, else resolved. What lies
// before a reopening does not count.
func restoredAt(v *evenkeel.Incident) int64 {
	reopened := micros(v.ReopenedAt)
	for _, at := range []int64{micros(v.MitigatedAt), micros(v.ResolvedAt)} {
		if at != unknown && at >= reopened {
			return at
		}
	}
	return unknown
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
