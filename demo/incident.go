package demo

import (
	"slices"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// failure is what follows a deployment that harms users.
type failure struct {
	bad              *record
	region           int
	opened, resolved time.Time
}

// when is the instant after a share of the recovery has passed.
func (f failure) when(share float64) time.Time {
	return f.opened.Add(time.Duration(share * float64(f.resolved.Sub(f.opened))).Truncate(time.Second))
}

// fail makes a deployment one that harms users, and plans its repair.
func (v *service) fail(bad *record, region int) {
	p := v.works
	recovery := v.spread(time.Duration(float64(p.recover)*factor(p.slower, v.progress())), 0.9)
	f := failure{bad: bad, region: region, opened: bad.at.Add(v.spread(min(p.detect, 12*time.Hour), 0.8) + time.Minute)}
	f.resolved = f.opened.Add(min(max(recovery, 5*time.Minute), 9*day))
	v.hold(f.opened)
	repaired := v.repair(f)
	if !repaired || v.often(0.8) {
		v.incident(f)
	}
}

// repair plans how production gets well; it is false if nothing is deployed.
func (v *service) repair(f failure) bool {
	reverted := f.bad.revertible()
	way := v.weighted(40, 32, 14, 14)
	if way == 0 && f.bad.previous == nil || way == 2 && (reverted == nil || f.bad.released()) {
		way = 1
	}
	if way == 3 {
		return false
	}
	v.hold(f.resolved.Add(10 * time.Minute))
	switch way {
	case 0:
		v.at(f.when(0.8), func() { v.rollBack(f) })
	case 1:
		v.repairBranch(f, &branch{labels: []string{"hotfix"}, joins: byMerge, fork: f.bad.commit})
	case 2:
		v.repairBranch(f, &branch{labels: []string{"revert"}, joins: bySquash, revertOf: "#" + strconv.Itoa(reverted.number), trailers: map[string][]string{"reverts": {reverted.landed}}})
	}
	return true
}

// revertible is a numbered change that the deployment brought, or nil.
func (r *record) revertible() *branch {
	if len(r.changes) == 0 {
		return nil
	}
	return r.changes[len(r.changes)-1]
}

// finishes is when a repair that is deployed now is done.
func (v *service) finishes(f failure) time.Time {
	return v.now.Add(max(f.when(0.97).Sub(v.now), 20*time.Second))
}

// rollBack deploys the version before, and plans a proper fix for later.
func (v *service) rollBack(f failure) {
	c := f.bad.previous.candidate
	c.kind, c.rollbackOf, c.changes = evenkeel.ChangeRollback, f.bad.id, nil
	v.succeed(c, f.region, 1, v.finishes(f)).previous = f.bad.previous.previous
	v.dirty = true
	start := v.team.hours.next(f.resolved.Add(30 * time.Minute))
	v.at(start, func() {
		b := &branch{services: []*service{v}, labels: []string{"bug"}}
		if v.team.monorepo != "" {
			b.paths = []string{v.app.folder()}
		}
		v.begin(b)
	})
}

// repairBranch plans a small branch that mends what the failure broke, day or
// night: written, opened, merged and deployed within the recovery.
func (v *service) repairBranch(f failure, b *branch) {
	b.base = "main"
	if f.bad.released() {
		b.base = f.bad.ref
	}
	if v.team.monorepo != "" {
		b.paths = []string{v.app.folder()}
	}
	b.authored = []time.Time{f.when(0.3)}
	b.opened, b.reviewed = f.when(0.4), f.when(0.5)
	b.approved, b.ends = b.reviewed, f.when(0.6)
	b.reviews = []evenkeel.Review{{At: b.approved, State: "approved", Author: "reviewer-" + strconv.Itoa(1+v.IntN(9))}}
	b.size = v.size(1)
	v.at(b.authored[0], func() {
		if b.fork == "" {
			b.fork = v.repo.head
		}
	})
	v.at(b.opened, func() { v.openChange(b) })
	v.at(b.ends, func() { v.mend(f, b) })
}

// mend merges a repair and deploys it.
func (v *service) mend(f failure, b *branch) {
	c := candidate{ref: b.base, kind: evenkeel.ChangeFix}
	if b.base == "main" {
		b.services = []*service{v}
		v.finish(b)
		if queued := v.unstage(); queued != nil {
			v.waiting = slices.Concat(queued.changes, v.waiting)
		}
		c.commit, c.changes = v.repo.head, v.waiting
		v.waiting, v.dirty = nil, false
	} else {
		c.commit = v.finishOnRelease(f, b)
		c.changes = []*branch{b}
	}
	v.at(f.when(0.75), func() {
		v.build(c)
		for region, live := range v.live {
			if region == f.region || live.commit == f.bad.commit {
				v.succeed(c, region, 1, v.finishes(f))
			}
		}
	})
}

// finishOnRelease merges a repair into the release that runs, and that into
// the trunk. It returns the head of the release branch.
func (v *service) finishOnRelease(f failure, b *branch) string {
	release := f.bad.commit
	v.finishOn(b, func() {
		b.landed = b.land(v.repo, release, v.now)
		release = b.landed
	})
	v.mergeBack(release)
	if v.staged != nil {
		v.staged.commit = v.repo.record(commit{parents: []string{v.staged.commit, release}, authored: v.now, committed: v.now})
	}
	return release
}

// incident tells of the failure as it unfolds.
func (v *service) incident(f failure) {
	i := evenkeel.Incident{
		Application: v.app.slug, Severity: v.severity(), OpenedAt: f.opened, DetectedAt: f.when(0.05), AcknowledgedAt: f.when(0.12),
	}
	if v.often(0.5) || len(v.live) > 1 {
		i.Environment = v.app.production()[f.region]
	}
	if v.often(0.68) {
		i.CausedBy = f.bad.id
		v.widen(&i)
	}
	v.unfold(i, f)
}

// widen lays some incidents to an application that calls this one, too, or
// only there.
func (v *service) widen(i *evenkeel.Incident) {
	other := v.company.dependant(v.app.slug)
	if other == "" || len(v.live) > 1 {
		return
	}
	switch v.weighted(86, 9, 5) {
	case 1:
		i.Application, i.Applications = "", []string{v.app.slug, other}
	case 2:
		i.Application = other
	}
}

func (v *service) severity() string {
	return "sev" + strconv.Itoa(1+v.weighted(1, 4, 10, 6))
}

// unfold reports an incident when it is noticed, and again when it ends. One
// in twenty-five comes back once.
func (v *service) unfold(i evenkeel.Incident, f failure) {
	v.incidents++
	id := "OPS-" + v.app.slug + "-" + strconv.Itoa(v.incidents)
	tell := func(at time.Time, i evenkeel.Incident, cleared ...string) {
		v.repo.l.add(at, incidentSource, id, &i, cleared...)
	}
	first := i
	first.AcknowledgedAt = time.Time{}
	tell(i.DetectedAt, first)
	if v.often(0.04) {
		i.ResolvedAt = f.when(0.5)
		tell(i.ResolvedAt, i)
		i.ResolvedAt, i.ReopenedAt = time.Time{}, f.when(0.6)
		tell(i.ReopenedAt, i, "resolved_at")
	}
	i.MitigatedAt, i.ResolvedAt = f.when(0.97), f.resolved
	tell(f.resolved, i)
}

// unrelated is an incident without any deployment to blame: it is told only
// if production has been quiet for longer than four days.
func (v *service) unrelated() {
	for _, live := range v.live {
		if v.now.Sub(live.at) < 4*day {
			return
		}
	}
	recovery := min(max(v.spread(v.works.recover, 0.9), 5*time.Minute), 9*day)
	f := failure{opened: v.now, resolved: v.now.Add(recovery)}
	v.unfold(evenkeel.Incident{
		Application: v.app.slug, Severity: v.severity(), OpenedAt: f.opened, DetectedAt: f.when(0.05), AcknowledgedAt: f.when(0.12),
	}, f)
}
