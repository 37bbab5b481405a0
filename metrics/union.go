package metrics

import (
	"cmp"
	"math"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// union is what a query sees of several applications: their environments in
// its scope, with facts that several of them share taken once.
type union struct {
	query Query
	scope scope
	parts []*part
	// hidden are the flags of rows that the query does not see.
	hidden uint16
	// asOf is the last instant that is not in the future.
	asOf int64
	// known says that a counted deployment is known, whenever it was.
	known  bool
	buffer []int64
	// pools remember durations of earlier questions; nil remembers none.
	pools *Pools
}

// part is one environment of one application. The maps hold what sharing
// changes; they are nil where nothing is shared.
type part struct {
	application string
	*environment
	// unplacedOnly: only incidents that name no environment are wanted.
	unplacedOnly    bool
	skipDeployments map[int]bool
	skipAttempts    map[int]bool
	skipChanges     map[int]bool
	skipCommits     map[int]bool
	skipIncidents   map[int]bool
	skipRecoveries  map[int]bool
	joined          map[int]joinedDeployment
	joinedRecovery  map[int]recoveryRow
}

// joinedDeployment is what several applications together say of one deployment.
type joinedDeployment struct {
	flags        uint16
	rung, method uint8
	nearGap      int64
}

func newUnion(q Query, derived []Derived) *union { return join(q.Environment, derived).asked(q) }

// asked is what was joined, with a query of its own.
func (u *union) asked(q Query) *union {
	one := *u
	one.query, one.asOf, one.buffer = q, math.MaxInt64-1, nil
	if !q.AsOf.IsZero() {
		one.asOf = micros(q.AsOf)
	}
	return &one
}

// join gets parts ready; a query is still to be asked.
func join(environment string, derived []Derived) *union {
	u := &union{scope: scopeOf(environment)}
	if u.scope.class != "" {
		u.hidden = flagRepeat
	}
	seen := map[*lookup]bool{}
	for _, d := range derived {
		if !seen[d.lookup] {
			u.add(d)
		}
		seen[d.lookup] = d.lookup != nil
	}
	slices.SortStableFunc(u.parts, func(a, b *part) int {
		return cmp.Or(cmp.Compare(a.application, b.application), cmp.Compare(a.name, b.name))
	})
	if len(u.parts) > 1 {
		u.share()
	}
	return u
}

func (u *union) add(d Derived) {
	for _, e := range d.columns() {
		fits := u.scope.environment(e)
		if !fits && !u.scope.unplaced(e) {
			continue
		}
		u.parts = append(u.parts, &part{application: d.Application, environment: e, unplacedOnly: !fits})
		u.known = u.known || (fits && e.deployed())
	}
}

// share takes facts of several applications once.
func (u *union) share() {
	u.shareDeployments()
	u.shareIncidents()
	u.shareRecoveries()
	u.once(func(p *part) ([]ID, []int64, []uint16, *map[int]bool) {
		return p.attempts.id, p.attempts.at, p.attempts.flags, &p.skipAttempts
	})
	u.once(func(p *part) ([]ID, []int64, []uint16, *map[int]bool) {
		return p.changes.id, p.changes.at, p.changes.flags, &p.skipChanges
	})
	u.once(func(p *part) ([]ID, []int64, []uint16, *map[int]bool) {
		return p.commits.id, p.commits.at, p.commits.flags, &p.skipCommits
	})
}

// shared is a row that several parts may hold.
type shared struct {
	part *part
	row  int
}

// groups lists the visible shared rows of a column by id, parts in order.
func (u *union) groups(column func(*part) ([]ID, []uint16)) map[ID][]shared {
	found := map[ID][]shared{}
	for _, p := range u.parts {
		if p.unplacedOnly {
			continue
		}
		ids, flags := column(p)
		for row, f := range flags {
			if f&flagShared != 0 && f&u.hidden == 0 {
				found[ids[row]] = append(found[ids[row]], shared{p, row})
			}
		}
	}
	return found
}

func skip(set *map[int]bool, row int) {
	if *set == nil {
		*set = map[int]bool{}
	}
	(*set)[row] = true
}

// once keeps the earliest row of each shared fact, whatever the window.
func (u *union) once(column func(*part) ([]ID, []int64, []uint16, *map[int]bool)) {
	first := map[ID]shared{}
	for _, p := range u.parts {
		if p.unplacedOnly {
			continue
		}
		ids, at, flags, skipped := column(p)
		for row, f := range flags {
			if f&flagShared == 0 || f&u.hidden != 0 {
				continue
			}
			held, ok := first[ids[row]]
			if !ok {
				first[ids[row]] = shared{p, row}
				continue
			}
			_, heldAt, _, heldSkipped := column(held.part)
			if at[row] < heldAt[held.row] {
				skip(heldSkipped, held.row)
				first[ids[row]] = shared{p, row}
				continue
			}
			skip(skipped, row)
		}
	}
}

// shareDeployments joins what several applications say of one deployment: it
// failed if it failed for any of them.
func (u *union) shareDeployments() {
	for _, rows := range u.groups(func(p *part) ([]ID, []uint16) { return p.deployments.id, p.deployments.flags }) {
		if len(rows) < 2 {
			continue
		}
		winner := rows[0]
		joined := joinedDeployment{flags: flagBaseline | flagInferred, method: methodNone, nearGap: none}
		for _, r := range rows {
			c := &r.part.deployments
			joined = joined.with(joinedDeployment{c.flags[r.row], c.rung[r.row], c.method[r.row], c.nearGap[r.row]})
			if c.at[r.row] < winner.part.deployments.at[winner.row] {
				winner = r
			}
		}
		if joined.flags&flagFailed == 0 {
			joined.flags &^= flagInferred
		}
		for _, r := range rows {
			if r != winner {
				skip(&r.part.skipDeployments, r.row)
			}
		}
		if winner.part.joined == nil {
			winner.part.joined = map[int]joinedDeployment{}
		}
		winner.part.joined[winner.row] = joined
	}
}

func (j joinedDeployment) with(o joinedDeployment) joinedDeployment {
	every := j.flags & flagBaseline & o.flags
	inferred := j.flags & flagInferred
	if o.flags&flagFailed != 0 {
		inferred &= o.flags
	}
	either := (j.flags | o.flags) &^ (flagBaseline | flagInferred)
	near := j.nearGap
	if near == none || (o.nearGap != none && o.nearGap < near) {
		near = o.nearGap
	}
	return joinedDeployment{flags: either | every | inferred, rung: max(j.rung, o.rung), method: min(j.method, o.method), nearGap: near}
}

// shareIncidents keeps one row of each incident: one that was laid to a
// deployment, if any was.
func (u *union) shareIncidents() {
	first := map[ID]shared{}
	for _, p := range u.parts {
		for row, id := range p.incidents.id {
			if p.incidents.flags[row]&flagShared == 0 || !p.seesIncident(u.scope, row) {
				continue
			}
			held, ok := first[id]
			switch {
			case !ok:
				first[id] = shared{p, row}
			case held.part.incidents.rung[held.row] == rungNone && p.incidents.rung[row] != rungNone:
				skip(&held.part.skipIncidents, held.row)
				first[id] = shared{p, row}
			default:
				skip(&p.skipIncidents, row)
			}
		}
	}
}

// seesIncident says whether an incident is in scope: one laid to a deployment
// is in that deployment's environment, another where it says it was. One that
// a person laid elsewhere is in scope elsewhere only.
func (p *part) seesIncident(s scope, row int) bool {
	if p.incidents.flags[row]&flagElsewhere != 0 {
		return false
	}
	if p.incidents.rung[row] == rungNone && p.name == "" {
		return s.class == evenkeel.Production
	}
	return !p.unplacedOnly
}

// shareRecoveries keeps one row of each recovery, measured from the latest of
// the deployments that failed by it.
func (u *union) shareRecoveries() {
	for _, rows := range u.groups(func(p *part) ([]ID, []uint16) { return p.recoveries.id, p.recoveries.flags }) {
		if len(rows) < 2 {
			continue
		}
		winner := rows[0]
		joined := winner.part.recoveries.row(winner.row)
		for _, r := range rows[1:] {
			other := r.part.recoveries.row(r.row)
			joined.recovery = max(joined.recovery, other.recovery)
			if joined.fromDeployment < 0 || (other.fromDeployment >= 0 && other.fromDeployment < joined.fromDeployment) {
				joined.fromDeployment = other.fromDeployment
			}
			skip(&r.part.skipRecoveries, r.row)
		}
		if winner.part.joinedRecovery == nil {
			winner.part.joinedRecovery = map[int]recoveryRow{}
		}
		winner.part.joinedRecovery[winner.row] = joined
	}
}

func (c *recoveries) row(i int) recoveryRow {
	return recoveryRow{c.id[i], c.at[i], c.flags[i], c.recovery[i], c.fromDeployment[i]}
}

// cuts turns edges into microseconds. The last edge is moved to the present.
type cuts []int64

func (u *union) cuts(from, to int64, inner ...int64) cuts {
	present := min(to, max(from, u.asOf+1))
	c := cuts{min(from, present)}
	for _, at := range inner {
		c = append(c, min(at, present))
	}
	return append(c, present)
}

// later is what is left of a window after the present.
func (c cuts) later(end int64) cuts {
	present := c[len(c)-1]
	return cuts{present, max(present, end)}
}

// eachOrUnknown calls f for every row of a sorted column that lies in the
// window, and for those of unknown instants, which belong to every window.
func (c cuts) eachOrUnknown(at []int64, f func(row int)) {
	for row := 0; row < len(at) && at[row] == unknown; row++ {
		f(row)
	}
	c.each(at, func(_, row int) { f(row) })
}

// each calls f for every row of a sorted column that lies in a bucket.
func (c cuts) each(at []int64, f func(bucket, row int)) {
	row, _ := slices.BinarySearch(at, c[0])
	end, _ := slices.BinarySearch(at, c[len(c)-1])
	for bucket := 0; row < end; row++ {
		for at[row] >= c[bucket+1] {
			bucket++
		}
		f(bucket, row)
	}
}
