package demo

import (
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// changesPerRepository is how many changes a repository of [Large] has.
const changesPerRepository = 500

// Large invents an even, featureless year for measurements of speed: so many
// changes, each of three commits and a merge commit, over one repository and
// application per 500 changes; a deployment for every fourth change, of which
// 4 % break off; an incident for 5 % of the deployments. Events are made while
// they are read, with memory proportional to the number of repositories.
func Large(changes int, seed uint64, now time.Time) World {
	n := max(1, changes/changesPerRepository)
	return large(n, changes, seed, now, largeCatalogue(n))
}

// large spreads changes over n repositories.
func large(n, changes int, seed uint64, now time.Time, c evenkeel.Catalogue) World {
	now = now.UTC().Truncate(time.Second)
	return World{
		Slug:      "large",
		Workspace: fmt.Sprintf("Large: %d changes", changes),
		Catalogue: c,
		events: func() iter.Seq[[]evenkeel.Event] {
			return func(yield func([]evenkeel.Event) bool) { newStream(n, seed, now).run(changes, yield) }
		},
	}
}

// largeCatalogue has ten applications to a team and ten teams to a unit.
func largeCatalogue(n int) evenkeel.Catalogue {
	c := evenkeel.Catalogue{Groups: []evenkeel.Group{{Slug: "large", Name: "Large"}}}
	for i := range n {
		unit, team := fmt.Sprintf("unit-%02d", i/100), fmt.Sprintf("team-%03d", i/10)
		if i%100 == 0 {
			c.Groups = append(c.Groups, evenkeel.Group{Slug: unit, Name: "Unit " + strconv.Itoa(i/100), Parent: "large"})
		}
		if i%10 == 0 {
			c.Groups = append(c.Groups, evenkeel.Group{Slug: team, Name: "Team " + strconv.Itoa(i/10), Parent: unit})
		}
		slug := largeSlug(i)
		c.Applications = append(c.Applications, evenkeel.Application{
			ID: slug, Slug: slug, Name: "Service " + strconv.Itoa(i), Group: team, Tier: evenkeel.Tier(1 + i%4), Cadence: "weekly",
			Claims: []string{"repo:" + largeRepository(i)},
		})
	}
	return c
}

func largeSlug(i int) string { return fmt.Sprintf("service-%04d", i) }

func largeRepository(i int) string { return host + "/large/" + largeSlug(i) }

// stream makes the events of a large world in order of time.
type stream struct {
	agenda
	chance
	from, end time.Time
	l         *ledger
	lanes     []lane
	deployed  int
}

// lane is one repository of a stream.
type lane struct {
	repository
	slug string
	// recent are the newest commits of the trunk, oldest first.
	recent [4]mark
	merged int
}

// mark is a trunk commit and its instant.
type mark struct {
	commit string
	at     time.Time
}

func newStream(n int, seed uint64, now time.Time) *stream {
	s := &stream{chance: newChance(seed, "large"), from: now.Add(-365 * day), end: now.Add(-6 * time.Hour), l: &ledger{now: now}, lanes: make([]lane, n)}
	s.now = s.from
	for i := range s.lanes {
		v := &s.lanes[i]
		v.slug = largeSlug(i)
		v.repository = repository{name: largeRepository(i), seed: seed, l: s.l}
		v.land(commit{authored: s.from, committed: s.from})
		v.recent[3] = mark{v.head, s.from}
	}
	return s
}

// run merges change after change and performs meanwhile what was planned.
func (s *stream) run(changes int, yield func([]evenkeel.Event) bool) {
	span := s.end.Sub(s.from)
	for i := range changes {
		t := s.from.Add(time.Duration(float64(span) * float64(i+1) / float64(changes))).Truncate(time.Second)
		s.agenda.run(t)
		s.now = t
		s.merge(&s.lanes[i%len(s.lanes)])
		if !s.flush(batchSize, yield) {
			return
		}
	}
	s.agenda.run(s.l.now)
	s.flush(1, yield)
}

// flush hands over what was gathered once it is at least so much.
func (s *stream) flush(least int, yield func([]evenkeel.Event) bool) bool {
	for len(s.l.events) >= least {
		n := min(batchSize, len(s.l.events))
		batch := s.l.events[:n:n]
		s.l.events = append(make([]evenkeel.Event, 0, batchSize+8), s.l.events[n:]...)
		if !yield(batch) {
			return false
		}
	}
	return true
}

// merge writes a branch that forked a while ago and puts it on the trunk.
func (s *stream) merge(v *lane) {
	started := s.now.Add(-min(s.spread(18*time.Hour, 0.9)+10*time.Minute, 60*day))
	fork := v.fork(started)
	if started.Before(fork.at) {
		started = fork.at
	}
	step := (s.now.Sub(started) / 8).Truncate(time.Second)
	commits := make([]evenkeel.ChangeCommit, 3)
	head := fork.commit
	for i := range commits {
		at := started.Add(time.Duration(i) * step)
		head = v.record(commit{parents: []string{head}, authored: at, committed: at, known: s.now})
		commits[i] = evenkeel.ChangeCommit{SHA: head, AuthoredAt: at}
	}
	v.land(commit{parents: []string{v.head, head}, authored: s.now, committed: s.now})
	copy(v.recent[:], v.recent[1:])
	v.recent[3] = mark{v.head, s.now}
	s.noteChange(v, commits, started, step)
	if v.merged++; v.merged%4 == 0 {
		at, head := s.now.Add(s.between(10*time.Minute, 2*time.Hour)), v.head
		s.at(at, func() { s.deploy(v, head) })
	}
}

// fork is the newest recent commit that is not younger than the branch.
func (v *lane) fork(started time.Time) mark {
	for i := len(v.recent) - 1; i >= 0; i-- {
		if v.recent[i].commit == "" {
			return v.recent[i+1]
		}
		if !v.recent[i].at.After(started) {
			return v.recent[i]
		}
	}
	return v.recent[0]
}

func (s *stream) noteChange(v *lane, commits []evenkeel.ChangeCommit, started time.Time, step time.Duration) {
	v.number++
	reviewed := started.Add(5 * step)
	s.l.add(s.now, codeSource, v.name+"#"+strconv.Itoa(v.number), &evenkeel.Change{
		Repository: v.name, Number: v.number, State: evenkeel.ChangeMerged, Base: "main", Head: commits[2].SHA, MergeCommit: v.head,
		OpenedAt: started.Add(3 * step), FirstReviewAt: reviewed, ApprovedAt: started.Add(6 * step), MergedAt: s.now, ClosedAt: s.now,
		Commits: commits, Reviews: []evenkeel.Review{{At: reviewed, State: "approved", Author: "reviewer-" + strconv.Itoa(1+s.IntN(9))}},
		Size: &evenkeel.Size{Files: 3, Added: 40, Deleted: 12},
	})
}

// deploy puts a commit into production, or breaks off.
func (s *stream) deploy(v *lane, head string) {
	s.deployed++
	id := v.slug + "-" + strconv.Itoa(s.deployed)
	d := &evenkeel.Deployment{
		Environment: "production", Status: evenkeel.StatusSuccess, Repository: v.name, Commit: head, Ref: "main",
		StartedAt: s.now.Add(-5 * time.Minute), FinishedAt: s.now, ActorKind: evenkeel.ActorBot,
	}
	if s.often(0.04) {
		d.Status = evenkeel.StatusFailure
	}
	s.l.add(s.now, codeSource, id, d)
	if s.often(0.05) {
		s.disrupt(v, id)
	}
}

// disrupt opens an incident some time after a deployment.
func (s *stream) disrupt(v *lane, deployment string) {
	opened := s.now.Add(s.spread(40*time.Minute, 0.8))
	resolved := opened.Add(min(s.spread(2*time.Hour, 0.9), 5*day) + time.Minute)
	i := &evenkeel.Incident{Application: v.slug, Severity: "sev3", OpenedAt: opened, DetectedAt: opened, ResolvedAt: resolved}
	if s.often(0.6) {
		i.CausedBy = deployment
	}
	known := resolved
	if resolved.After(s.l.now) {
		known, i.ResolvedAt = opened, time.Time{}
	}
	s.at(known, func() { s.l.add(known, incidentSource, "OPS-"+deployment, i) })
}
