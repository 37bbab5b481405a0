package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// service deploys one application.
type service struct {
	*simulation
	app    application
	serial int
	// dirty says that the trunk holds something new for the service.
	dirty    bool
	waiting  []*branch
	building bool
	// staged is what goes to production next.
	staged *candidate
	// held is until when nothing planned may be deployed.
	held time.Time
	// live is what runs in each production environment.
	live    []*record
	built   map[string]bool
	release int
	// incidents counts those of the service.
	incidents int
	// misdated says that the one wrong deployment clock has been seen.
	misdated bool
}

// candidate is a version on its way.
type candidate struct {
	commit, ref string
	changes     []*branch
	kind        evenkeel.ChangeKind
	rollbackOf  string
}

// record is a version that reached production.
type record struct {
	candidate
	id       string
	at       time.Time
	previous *record
}

func newService(s *simulation, a application) *service {
	return &service{simulation: s, app: a, live: make([]*record, len(a.production())), built: map[string]bool{}}
}

// baseline deploys what was there before the year began.
func (v *service) baseline() {
	c := candidate{commit: v.repo.head, ref: "main"}
	v.rehearse(c)
	for region := range v.live {
		v.succeed(c, region, 1, v.now.Add(v.works.rollout))
	}
}

// merged tells the service that a change of its own is on the trunk.
func (v *service) merged(b *branch) {
	v.waiting = append(v.waiting, b)
	v.pushed()
}

// pushed tells the service that the trunk moved for it.
func (v *service) pushed() {
	v.dirty = true
	if v.building || v.works.rhythm(v.progress()) != onMerge && v.app.exactly == 0 {
		return
	}
	v.building = true
	v.at(v.now.Add(v.spread(v.works.build, 0.4)), v.stage)
}

// stage puts the trunk on staging and queues it for production. What waits
// already for production is replaced.
func (v *service) stage() {
	v.building = false
	if !v.dirty {
		return
	}
	v.dirty = false
	c := candidate{commit: v.repo.head, ref: "main", changes: v.waiting, kind: v.reason()}
	v.waiting = nil
	v.rehearse(c)
	v.enqueue(c, v.allowed(v.now.Add(v.spread(v.works.soak, 0.5))))
}

// reason is why a planned deployment is made; most sources do not say.
func (v *service) reason() evenkeel.ChangeKind {
	return []evenkeel.ChangeKind{"", evenkeel.ChangeFeature, evenkeel.ChangeSecurity, evenkeel.ChangeReliability}[v.weighted(60, 34, 3, 3)]
}

func (v *service) allowed(t time.Time) time.Time {
	if v.works.freezes {
		return v.team.hours.thawed(t)
	}
	return v.team.hours.next(t)
}

func (v *service) enqueue(c candidate, at time.Time) {
	queued := v.staged
	v.staged = &c
	if queued != nil {
		c.changes = slices.Concat(queued.changes, c.changes)
		return
	}
	v.at(at, v.produce)
}

// produce deploys what is staged, as soon as nothing holds it.
func (v *service) produce() {
	if v.now.Before(v.held) {
		v.at(v.allowed(v.held), v.produce)
		return
	}
	if c := v.unstage(); c != nil {
		v.attempt(*c, 0, 1)
	}
}

// unstage takes what is staged; nil if a repair took it before.
func (v *service) unstage() *candidate {
	c := v.staged
	v.staged = nil
	return c
}

// attempt deploys a candidate to a production environment and, if that went
// well, to the next.
func (v *service) attempt(c candidate, region, try int) {
	finish := v.now.Add(v.spread(v.works.rollout, 0.35) + 10*time.Second)
	v.hold(finish.Add(2 * time.Minute))
	if v.often(v.works.flaky) && v.app.exactly == 0 {
		v.breakOff(c, region, try, finish)
		return
	}
	bad := v.succeed(c, region, try, finish)
	if region+1 < len(v.live) {
		v.at(finish.Add(v.spread(40*time.Minute, 0.4)), func() { v.proceed(c, region+1) })
	}
	fails := v.works.fails * factor(v.works.riskier, v.progress())
	switch {
	case v.app.exactly > 0:
	case v.often(fails / float64(1+3*region)):
		v.fail(bad, region)
	case v.often(v.works.again):
		v.at(v.allowed(finish.Add(v.between(time.Hour, 2*day))), func() { v.repeat(bad, region) })
	}
}

// proceed goes on to the next environment unless the first one is in trouble.
func (v *service) proceed(c candidate, region int) {
	if !v.now.Before(v.held) && v.live[0].commit == c.commit {
		v.attempt(c, region, 1)
	}
}

func (v *service) hold(until time.Time) {
	if until.After(v.held) {
		v.held = until
	}
}

// breakOff notes a failed attempt and tries again, three times at most.
func (v *service) breakOff(c candidate, region, try int, finish time.Time) {
	d := v.deployment(c, v.app.production()[region], finish)
	d.Status, d.Attempt = evenkeel.StatusFailure, try
	if v.often(0.15) {
		d.Status = evenkeel.StatusCancelled
	}
	v.tell(d, v.nextID())
	if try == 3 {
		v.waiting, v.dirty = slices.Concat(c.changes, v.waiting), true
		return
	}
	retry := finish.Add(v.spread(18*time.Minute, 0.7))
	v.hold(retry.Add(time.Second))
	v.at(retry, func() { v.attempt(c, region, try+1) })
}

// succeed notes a deployment that reached production.
func (v *service) succeed(c candidate, region, try int, finish time.Time) *record {
	environment := v.app.production()[region]
	d := v.deployment(c, environment, finish)
	d.Attempt = try
	r := &record{candidate: c, id: v.nextID(), at: finish, previous: v.live[region]}
	v.misdate(d, c)
	if v.app.canary {
		d.Group = r.id + "-" + environment
		v.canary(*d, r.id)
	}
	v.tell(d, r.id)
	v.live[region] = r
	return r
}

// canary notes the first, partial record of a group.
func (v *service) canary(d evenkeel.Deployment, id string) {
	half := d.FinishedAt.Sub(d.StartedAt) / 2
	d.Rollout, d.FinishedAt = evenkeel.RolloutCanary, d.StartedAt.Add(half.Truncate(time.Second))
	v.tell(&d, id+"-canary")
}

// repeat deploys what runs already, unless something else came meanwhile.
func (v *service) repeat(r *record, region int) {
	if v.now.Before(v.held) || v.live[region] != r {
		return
	}
	c := r.candidate
	c.kind, c.changes = "", nil
	finish := v.now.Add(v.spread(v.works.rollout, 0.35))
	v.hold(finish.Add(2 * time.Minute))
	v.succeed(c, region, 1, finish).previous = r.previous
}

// rehearse puts a candidate on staging.
func (v *service) rehearse(c candidate) {
	v.build(c)
	d := v.deployment(c, "staging", v.now.Add(v.spread(v.works.rollout, 0.3)/2+5*time.Second).Truncate(time.Second))
	if v.often(0.03) {
		d.Status = evenkeel.StatusFailure
	}
	v.tell(d, v.nextID())
}

// build notes from which commit an artifact was made. One in fifty builds is
// reported nowhere.
func (v *service) build(c candidate) {
	if v.app.named != namesArtifact || v.built[c.commit] {
		return
	}
	v.built[c.commit] = true
	if v.often(0.02) {
		return
	}
	name := artifact(v.app.slug, c.commit)
	v.repo.l.add(v.now, codeSource, name, &evenkeel.Artifact{Artifact: name, Repository: v.repo.name, Commit: c.commit, BuiltAt: v.now})
}

// artifact is the digest of what is built from a commit.
func artifact(app, commit string) string {
	sum := sha256.Sum256([]byte(app + "@" + commit))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// deployment is what is said of a successful deployment that starts now.
func (v *service) deployment(c candidate, environment string, finish time.Time) *evenkeel.Deployment {
	d := &evenkeel.Deployment{
		Environment: environment, Status: evenkeel.StatusSuccess, StartedAt: v.now, FinishedAt: finish,
		ActorKind: evenkeel.ActorBot, ChangeKind: c.kind, RollbackOf: c.rollbackOf,
	}
	if v.app.named == namesArtifact {
		d.Origin, d.Artifact = v.app.origin(environment), artifact(v.app.slug, c.commit)
		return d
	}
	if v.app.named == namesApplication {
		d.Application = v.app.slug
	}
	if !v.often(v.app.blind) {
		d.Repository, d.Commit, d.Ref = v.repo.name, c.commit, c.ref
	}
	return d
}

func (v *service) nextID() string {
	v.serial++
	return v.app.slug + "-" + strconv.Itoa(v.serial)
}

// tell reports a deployment when it ends, or now if that is still to come.
func (v *service) tell(d *evenkeel.Deployment, id string) {
	source := codeSource
	if v.app.named == namesArtifact {
		source = rolloutSource
	}
	known := d.FinishedAt
	if known.After(v.repo.l.now) {
		d.Status, d.FinishedAt, known = evenkeel.StatusRunning, time.Time{}, d.StartedAt
	}
	v.repo.l.add(known, source, id, d)
}
