package demo

import (
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// disturb gives one branch of a skewed application an author whose clock is
// six hours ahead.
func (s *simulation) disturb(b *branch) {
	v := s.services[0]
	if v.app.skewed && !s.disturbed && s.progress() > 0.55 {
		s.disturbed = true
		b.skew = 6 * time.Hour
	}
}

// misdate puts one deployment of a skewed application three hours too early,
// before the changes that it ships were merged.
func (v *service) misdate(d *evenkeel.Deployment, c candidate) {
	if v.app.skewed && !v.misdated && v.progress() > 0.9 && len(c.changes) > 0 {
		v.misdated = true
		d.StartedAt, d.FinishedAt = d.StartedAt.Add(-3*time.Hour), d.FinishedAt.Add(-3*time.Hour)
	}
}

// noteOddities adds what every real data set has a few of.
func noteOddities(all []*simulation, o Options, l *ledger) {
	services := map[string]*service{}
	for _, s := range all {
		for _, v := range s.services {
			services[v.app.slug] = v
		}
	}
	noteOpenIncident(services["tracking-api"], l)
	noteBackwardIncident(services["campaign-service"], l)
	noteNamelessIncident(o.Now, l)
	noteUnknownApplication(o.Now, l)
	noteOtherEnvironments(services["search-api"], o.Now, l)
	noteWithdrawn(services["customer-portal"], o.Now, l)
}

// noteOpenIncident leaves an incident unresolved, linked to what runs now.
func noteOpenIncident(v *service, l *ledger) {
	opened := l.now.Add(-95 * time.Minute)
	l.add(opened.Add(6*time.Minute), incidentSource, "OPS-open", &evenkeel.Incident{
		Application: v.app.slug, Environment: "production", Severity: "sev2", CausedBy: v.liveAt(opened).id,
		OpenedAt: opened, DetectedAt: opened.Add(4 * time.Minute), AcknowledgedAt: opened.Add(6 * time.Minute),
	})
}

// liveAt is what ran in the first region at an instant.
func (v *service) liveAt(t time.Time) *record {
	r := v.live[0]
	for r.at.After(t) && r.previous != nil {
		r = r.previous
	}
	return r
}

// noteBackwardIncident is typed in afterwards, with its ends exchanged.
func noteBackwardIncident(v *service, l *ledger) {
	opened := l.now.Truncate(day).Add(-40*day + 13*time.Hour)
	l.add(opened.Add(2*time.Hour), incidentSource, "OPS-backward", &evenkeel.Incident{
		Application: v.app.slug, Severity: "sev3", OpenedAt: opened, DetectedAt: opened, ResolvedAt: opened.Add(-50 * time.Minute),
	})
}

// noteNamelessIncident belongs to no application: a network outage.
func noteNamelessIncident(now time.Time, l *ledger) {
	opened := now.Truncate(day).Add(-63*day + 4*time.Hour)
	l.add(opened.Add(3*time.Hour), incidentSource, "OPS-network", &evenkeel.Incident{
		Severity: "sev1", OpenedAt: opened, DetectedAt: opened.Add(2 * time.Minute), ResolvedAt: opened.Add(3 * time.Hour),
	})
}

// noteUnknownApplication names an application that the catalogue lacks.
func noteUnknownApplication(now time.Time, l *ledger) {
	for i := range 4 {
		start := now.Truncate(day).Add(-time.Duration(20*i+5)*day + 10*time.Hour)
		finish := start.Add(4 * time.Minute)
		l.add(finish, codeSource, "parcel-lab-"+strconv.Itoa(4-i), &evenkeel.Deployment{
			Application: "parcel-lab", Environment: "production", Status: evenkeel.StatusSuccess, StartedAt: start, FinishedAt: finish, ActorKind: evenkeel.ActorHuman,
		})
	}
}

// noteOtherEnvironments deploys to a development environment, to one that no
// rule classifies, and to one without a name.
func noteOtherEnvironments(v *service, now time.Time, l *ledger) {
	for i, environment := range []string{"dev", "perf-lab", ""} {
		for n := range 5 {
			start := now.Truncate(day).Add(-time.Duration(7*n+i+1)*day + 15*time.Hour)
			finish := start.Add(3 * time.Minute)
			l.add(finish, codeSource, v.app.slug+"-other-"+strconv.Itoa(i)+"-"+strconv.Itoa(n), &evenkeel.Deployment{
				Application: v.app.slug, Environment: environment, Status: evenkeel.StatusSuccess, StartedAt: start, FinishedAt: finish,
				Repository: v.repo.name, Commit: v.liveAt(start).commit, Ref: "main", ActorKind: evenkeel.ActorHuman,
			})
		}
	}
}

// noteWithdrawn opens a change that its source deletes again.
func noteWithdrawn(v *service, now time.Time, l *ledger) {
	opened := now.Truncate(day).Add(-30*day + 9*time.Hour)
	number := v.repo.number + 100
	id := v.repo.name + "#" + strconv.Itoa(number)
	change := evenkeel.Change{Repository: v.repo.name, Number: number, State: evenkeel.ChangeOpen, Base: "main", OpenedAt: opened}
	l.add(opened, codeSource, id, &change)
	l.add(opened.Add(time.Hour), codeSource, id, &change)
	l.events[len(l.events)-1].Deleted = true
}
