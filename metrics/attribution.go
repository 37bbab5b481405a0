package metrics

import (
	"cmp"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// incidentRow is an incident with what was settled about it.
type incidentRow struct {
	id     ID
	start  int64
	shared bool
	// said: a person's word holds. elsewhere: the cause is another
	// application's deployment, by that word.
	said, elsewhere bool
	rung            uint8
	// cause is the one of causes that recovery is measured from.
	cause          *rollout
	causes         []*rollout
	restored       int64
	recovery       int64
	fromDeployment int64
	// automatic and automaticRung are what the rules alone find.
	automatic     ID
	automaticRung uint8
}

// laid is what the rules alone find of an incident.
type laid struct {
	cause *rollout
	rung  uint8
	// near is the nearest rollout before it, however long before, and gap the
	// time between; nil where nearness has no say.
	near *rollout
	gap  int64
	// problem is the note to make of it, or noteCount.
	problem uint8
	// foreign: its source names another application's deployment.
	foreign bool
}

// laidIncident is an incident with where it is listed (nil: nowhere) and the
// rollout that it measured nearness to.
type laidIncident struct {
	fact *evenkeel.Fact[evenkeel.Incident]
	home *stage
	near *rollout
	row  incidentRow
}

func (l *laidIncident) compare(o *laidIncident) int { return l.row.compare(o.row) }

// attribute lays an incident to rollouts, or lists it as unattributed. The
// word of a person goes before the rules.
func (d *derivation) attribute(fact *evenkeel.Fact[evenkeel.Incident]) *laidIncident {
	one := &laidIncident{fact: fact}
	row := incidentRow{id: parseID(fact.ID), shared: fact.Shared, start: incidentStart(&fact.Value), recovery: none, fromDeployment: none}
	row.restored = restoredAt(&fact.Value)
	found := d.rules(fact, row.start)
	if found.cause != nil {
		row.automatic, row.automaticRung = found.cause.id, found.rung
	}
	wrong := d.ask(fact.ID, &row)
	if !row.said {
		if found.foreign {
			one.row = row
			return one
		}
		found.measure(row.id)
		one.near = found.near
		if found.cause != nil {
			row.rung, row.cause, row.causes = found.rung, found.cause, []*rollout{found.cause}
		}
	}
	home := d.settle(&row, fact.Value.Environment)
	if row.cause == nil && row.start == unknown && !row.elsewhere {
		home.noteIncident(noteIncidentStartUnknown, row)
	}
	if found.problem < noteCount && !row.said {
		home.noteIncident(found.problem, row)
	}
	for _, code := range wrong {
		home.noteIncident(code, row)
	}
	home.incidents = put(home, home.incidents, row, incidentRow.compare, incidentAt)
	if row.rung != rungNone && row.restored != unknown {
		home.recoveries = put(home, home.recoveries, row.recoveryRow(), recoveryRow.compare, recoveryAt)
	}
	one.home, one.row = home, row
	return one
}

func (row *incidentRow) recoveryRow() recoveryRow {
	return recoveryRow{row.id, row.restored, sharedFlag(row.shared), row.recovery, row.fromDeployment}
}

// settle marks what the incident made fail and finds the stage it is listed in.
func (d *derivation) settle(row *incidentRow, environment string) *stage {
	if row.cause == nil {
		return d.stage(environment)
	}
	for _, ro := range row.causes {
		ro.mark(row.rung, row.id, row.start, true)
	}
	row.cause.stage.recover(row)
	return row.cause.stage
}

// rules finds what the rules alone say: a link of the source, else nearness.
func (d *derivation) rules(fact *evenkeel.Fact[evenkeel.Incident], start int64) laid {
	cause, problem, ours := d.linked(fact)
	found := laid{cause: cause, problem: problem, foreign: !ours}
	switch {
	case !ours:
	case cause != nil:
		found.rung = rungExplicit
	case start != unknown && problem != noteUncountedLink:
		found.near, found.gap = d.nearest(fact.Value.Environment, start)
		if found.near != nil && found.gap <= d.policy.FailureWindow.Microseconds() {
			found.cause, found.rung = found.near, rungIncident
		}
	}
	return found
}

// measure notes how near the incident is to the rollout before it.
func (l laid) measure(incident ID) {
	if l.near != nil {
		l.near.near = append(l.near.near, nearby{incident, l.gap})
		l.near.stage.doubt(l.near)
	}
}

// ask looks up what a person said of an incident. Where no deployment that
// they name can be used, the rules hold; wrong are the notes to make.
func (d *derivation) ask(incident string, row *incidentRow) (wrong []uint8) {
	link, ok := d.in.Links[incident]
	if !ok || link.Withdrawn {
		return nil
	}
	elsewhere := len(link.Deployments) == 0 && d.in.Guests[incident]
	for _, id := range link.Deployments {
		found := d.links.byFact[id]
		switch {
		case found != nil && found.rollout != nil:
			if !slices.Contains(row.causes, found.rollout) {
				row.causes = append(row.causes, found.rollout)
			}
		case found != nil:
			wrong = append(wrong, noteSaidUncounted)
		case d.in.Foreign[id]:
			elsewhere = true
		default:
			wrong = append(wrong, noteSaidUnknown)
		}
	}
	if len(row.causes) > 0 {
		row.cause, row.rung, elsewhere = row.measuredFrom(), rungPerson, false
	}
	row.elsewhere = elsewhere
	row.said = row.cause != nil || elsewhere || len(link.Deployments) == 0
	row.shared = row.shared || row.said // Another application may hold it too.
	return wrong
}

// measuredFrom is the cause that recovery is measured from: one of production
// if any is; the latest that finished before the failure began, else the
// earliest after that.
func (row *incidentRow) measuredFrom() *rollout {
	began := row.start
	if began == unknown {
		began = row.restored
	}
	return slices.MinFunc(row.causes, func(a, b *rollout) int {
		if c := cmp.Compare(rank(a.stage.class() != evenkeel.Production), rank(b.stage.class() != evenkeel.Production)); c != 0 {
			return c
		}
		if c := cmp.Compare(rank(a.finished > began), rank(b.finished > began)); c != 0 {
			return c
		}
		if a.finished > began {
			return cmp.Or(cmp.Compare(a.finished, b.finished), a.id.compare(b.id))
		}
		return cmp.Or(cmp.Compare(b.finished, a.finished), b.id.compare(a.id))
	})
}

// rank puts what is true last.
func rank(last bool) int {
	if last {
		return 1
	}
	return 0
}

// noteIncident lists an incident. One that was laid to no deployment and names
// no environment is of the production class, whatever the stage's class is.
func (s *stage) noteIncident(code uint8, row incidentRow) {
	s.tell(note{at: row.start, code: code, shared: row.shared, unplaced: row.cause == nil && s.name == "", id: row.id})
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
// the instant, and the time between.
func (d *derivation) nearest(environment string, at int64) (best *rollout, gap int64) {
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
	if best == nil {
		return nil, none
	}
	return best, at - best.finished
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
		return
	}
	s.note(noteRestoredBeforeFinish, row.restored, row.id, row.shared)
}

// incidentStart is the earliest known of opened and detected.
func incidentStart(v *evenkeel.Incident) int64 { return micros(v.Began()) }

// restoredAt is when service was back: mitigated, else resolved. What lies
// before a reopening does not count.
func restoredAt(v *evenkeel.Incident) int64 { return micros(v.Restored()) }
