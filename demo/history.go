package demo

import (
	"slices"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// simulation is the year of one repository and of what is deployed from it.
type simulation struct {
	agenda
	chance
	// marking is for what tells who wrote changes.
	marking  chance
	company  company
	team     team
	works    personality
	scale    float64
	from     time.Time
	until    time.Time
	repo     *repository
	services []*service
	// disturbed says that the one wrong author clock has been seen.
	disturbed bool
	// open are the branches with an open change, oldest first.
	open []*branch
}

func newSimulation(c company, t team, apps []application, o Options, from time.Time, l *ledger) *simulation {
	name := t.repository(apps[0])
	s := &simulation{
		chance: newChance(o.Seed, name), marking: newChance(o.Seed, name+" marks"), company: c, team: t, works: t.works, scale: o.Scale,
		from: from, until: o.Now.Add(-apps[0].quietSince),
		repo: &repository{name: name, seed: o.Seed, l: l},
	}
	s.now = from
	for _, a := range apps {
		s.services = append(s.services, newService(s, a))
	}
	return s
}

// run lives through the year.
func (s *simulation) run() {
	s.repo.found(s.from, 12)
	for _, v := range s.services {
		s.at(s.from.Add(s.between(time.Hour, 5*time.Hour)), v.baseline)
		for range 6 {
			s.at(s.from.Add(s.between(7*day, 360*day)), v.unrelated)
		}
		if v.app.exactly > 0 {
			s.planFew(v)
		}
	}
	for d := s.from.Add(12 * time.Hour); d.Before(s.until.Truncate(day).Add(2 * day)); d = d.Add(day) {
		s.planDay(d)
	}
	s.agenda.run(s.until)
	for _, b := range s.open {
		b.write(s.repo, s.until)
		s.report(b, b.latest(s.until))
	}
}

// progress is how much of the year has passed, from 0 to 1.
func (s *simulation) progress() float64 {
	return min(1, float64(s.now.Sub(s.from))/float64(365*day))
}

// planDay plans what begins on the team's day that contains noon d.
func (s *simulation) planDay(d time.Time) {
	if !s.team.hours.works(d) {
		return
	}
	for _, v := range s.services {
		v.planSlots(d)
		if v.app.exactly > 0 {
			continue
		}
		for range s.count(s.works.changes * s.scale * s.season(d)) {
			s.at(s.duringWork(d), func() { s.begin(s.usual(v)) })
		}
		for range s.count(s.works.direct * s.scale) {
			s.at(s.duringWork(d), func() { s.push(v) })
		}
	}
}

// planFew spreads a fixed number of changes over the year.
func (s *simulation) planFew(v *service) {
	gap := 365 * day / time.Duration(v.app.exactly+1)
	for i := range v.app.exactly {
		t := s.team.hours.next(s.from.Add(time.Duration(i+1) * gap))
		s.at(t, func() { s.begin(&branch{services: []*service{v}, labels: []string{"feature"}}) })
	}
}

func (s *simulation) duringWork(d time.Time) time.Time {
	h := s.team.hours
	return h.at(d, h.opens+s.between(0, h.closes-h.opens))
}

// season is how busy a day is: calm around the year's end, hectic before a
// quarterly release.
func (s *simulation) season(d time.Time) float64 {
	busy := 1.0
	if s.team.hours.frozen(d) {
		busy = 0.45
	}
	if s.works.rhythm(0) == quarterly {
		busy *= rush(nextCut(s.team.hours, d).Sub(d))
	}
	return busy
}

// usual is an everyday change for a service.
func (s *simulation) usual(v *service) *branch {
	b := &branch{services: []*service{v}}
	switch s.weighted(62, 18, 9, 3, 8) {
	case 0:
		b.labels = []string{"feature"}
	case 1:
		b.labels = []string{"bug"}
	case 2:
		b.labels = []string{"dependencies"}
	case 3:
		b.labels = []string{"security"}
	}
	if s.team.monorepo != "" {
		s.touch(b)
	}
	return b
}

// touch widens some changes of a monorepo: to a second application, or to a
// library that no application claims.
func (s *simulation) touch(b *branch) {
	first := b.services[0]
	b.paths = []string{first.app.folder()}
	switch s.weighted(80, 15, 5) {
	case 1:
		other := s.services[(slices.Index(s.services, first)+1)%len(s.services)]
		b.services = append(b.services, other)
		b.paths = append(b.paths, other.app.folder())
	case 2:
		b.services, b.paths = nil, []string{"libs/events"}
	}
}

// begin starts a branch now, from the trunk.
func (s *simulation) begin(b *branch) {
	b.fork, b.base = s.repo.head, "main"
	b.joins = joining(s.weighted(s.works.merge, s.works.squash, s.works.rebase))
	s.mark(b)
	s.plan(b, s.now)
	s.at(b.opened, func() { s.openChange(b) })
	if len(b.authored) > 2 && b.joins == byMerge && s.often(0.3) {
		b.pulledAt = b.authored[len(b.authored)-1].Add(-time.Second)
		s.at(b.pulledAt, func() { s.pull(b) })
	}
	s.at(b.ends, func() { s.finish(b) })
}

// pull merges the trunk into the branch, if the trunk has moved on.
func (s *simulation) pull(b *branch) {
	if s.repo.head != b.fork {
		b.pulled = s.repo.head
	}
}

// plan decides when the branch reaches each phase.
func (s *simulation) plan(b *branch, start time.Time) {
	p, h := s.works, s.team.hours
	slow := factor(p.slower, s.progress())
	commits := 1 + s.count(p.commits-1)
	if slices.Contains(b.labels, "dependencies") {
		commits = 1
	}
	coding := time.Duration(float64(p.coding) * slow * (0.35 + 0.35*float64(commits)))
	if b.marks.assisted {
		coding = coding * 3 / 4
	}
	b.authored = s.sittings(start, s.spread(coding, 0.9), commits)
	b.opened = h.add(b.authored[len(b.authored)-1], s.spread(4*time.Minute, 0.8)+time.Second)
	asked := b.opened
	if s.often(0.12) {
		b.ready = h.add(b.opened, s.spread(p.coding, 0.8))
		asked = b.ready
	}
	s.planReview(b, asked, slow)
	b.dropped = s.often(0.04)
	s.disturb(b)
	b.size = s.size(len(b.authored))
	if b.marks.assisted {
		b.size.Added += b.size.Added / 3
	}
}

// sittings are the instants of commits within so much working time.
func (s *simulation) sittings(start time.Time, work time.Duration, n int) []time.Time {
	at := []time.Time{start}
	for i := 1; i < n; i++ {
		at = append(at, s.team.hours.add(at[i-1], s.between(work/4, work)/time.Duration(n)+time.Minute))
	}
	return at
}

// planReview decides how the review goes, from when it was asked for.
func (s *simulation) planReview(b *branch, asked time.Time, slow float64) {
	p, h := s.works, s.team.hours
	wait := func(d time.Duration, sigma float64) time.Duration {
		return s.spread(time.Duration(float64(d)*slow), sigma)
	}
	if s.often(0.06) {
		b.ends = h.add(asked, wait(p.wait, 1))
		return
	}
	b.reviewed = h.add(asked, wait(p.pickup, 1.1))
	b.approved = h.add(b.reviewed, wait(p.review, 1)/4)
	reviewer := "reviewer-" + strconv.Itoa(1+s.IntN(9))
	switch {
	case s.often(0.35):
		b.reviews = append(b.reviews, evenkeel.Review{At: b.reviewed, State: "changes_requested", Author: reviewer})
		fixed := h.add(b.reviewed, wait(p.review, 0.8))
		b.authored = append(b.authored, fixed)
		b.approved = h.add(fixed, wait(p.review, 1))
	case s.often(0.4):
		b.reviews = append(b.reviews, evenkeel.Review{At: b.reviewed, State: "commented", Author: reviewer})
	default:
		b.reviewed = b.approved
	}
	b.reviews = append(b.reviews, evenkeel.Review{At: b.approved, State: "approved", Author: reviewer})
	b.ends = h.add(b.approved, wait(p.wait, 1.2)+time.Second)
}

func (s *simulation) size(commits int) evenkeel.Size {
	lines := int(s.spread(time.Duration(38*commits)*time.Second, 1.1).Seconds())
	deleted := int(float64(lines) * s.Float64() * 0.6)
	return evenkeel.Size{Files: 1 + lines/45, Added: lines - deleted, Deleted: deleted}
}

// openChange gives the branch its number.
func (s *simulation) openChange(b *branch) {
	s.repo.number++
	b.number = s.repo.number
	s.open = append(s.open, b)
}

// finish closes the branch or puts it on the trunk.
func (s *simulation) finish(b *branch) {
	s.finishOn(b, func() {
		s.repo.head = b.land(s.repo, s.repo.head, s.now)
		b.landed = s.repo.head
		for _, v := range b.services {
			v.merged(b)
		}
	})
}

// finishOn closes the branch, or joins it to its base.
func (s *simulation) finishOn(b *branch, join func()) {
	s.open = slices.DeleteFunc(s.open, func(other *branch) bool { return other == b })
	b.write(s.repo, s.now)
	if !b.dropped {
		join()
	}
	s.report(b, s.now)
}

// report tells of the change. The early word of every tenth is told as well.
func (s *simulation) report(b *branch, at time.Time) {
	if b.number%10 == 0 && b.ends.After(b.opened) && !b.ends.After(at) {
		s.reportOpening(b)
	}

	s.repo.l.add(at, codeSource, b.id(s.repo), b.change(s.repo, at))
}

// reportOpening tells what was known when the change was opened.
func (s *simulation) reportOpening(b *branch) {
	c := b.change(s.repo, b.opened)
	c.Size, c.RevertOf = nil, b.revertOf
	c.Commits = slices.DeleteFunc(slices.Clone(c.Commits), func(k evenkeel.ChangeCommit) bool { return k.AuthoredAt.Add(-b.skew).After(b.opened) })
	c.Head = c.Commits[len(c.Commits)-1].SHA
	s.repo.l.add(b.opened, codeSource, b.id(s.repo), c)
}

// push puts an unreviewed commit on the trunk.
func (s *simulation) push(v *service) {
	s.repo.land(commit{parents: []string{s.repo.head}, authored: s.now.Add(-s.spread(20*time.Minute, 0.8)), committed: s.now})
	v.pushed()
}
