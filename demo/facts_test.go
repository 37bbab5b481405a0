package demo_test

import (
	"slices"
	"sync"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/demo"
)

var now = time.Date(2026, time.June, 10, 14, 20, 0, 0, time.UTC)

// facts are the events of a world by what they name, the last word of each.
type facts struct {
	catalogue   evenkeel.Catalogue
	events      []evenkeel.Event
	commits     map[string][]*evenkeel.Commit // by repository
	changes     map[string]*evenkeel.Change
	incidents   map[string]*evenkeel.Incident
	deployments []*evenkeel.Deployment
	ids         []string // of deployments
	artifacts   map[string]*evenkeel.Artifact
}

func gather(w demo.World) *facts {
	f := &facts{catalogue: w.Catalogue, commits: map[string][]*evenkeel.Commit{}, changes: map[string]*evenkeel.Change{}, incidents: map[string]*evenkeel.Incident{}, artifacts: map[string]*evenkeel.Artifact{}}
	for batch := range w.Events() {
		f.events = append(f.events, batch...)
	}
	for _, e := range f.events {
		switch p := e.Payload.(type) {
		case *evenkeel.Commit:
			f.commits[p.Repository] = append(f.commits[p.Repository], p)
		case *evenkeel.Change:
			f.changes[p.Key(e.Source, e.ID)] = p
		case *evenkeel.Incident:
			f.incidents[e.ID] = p
		case *evenkeel.Artifact:
			f.artifacts[p.Artifact] = p
		case *evenkeel.Deployment:
			f.deployments, f.ids = append(f.deployments, p), append(f.ids, e.ID)
		}
	}
	return f
}

var year = sync.OnceValue(func() *facts { return gather(demo.New(demo.Options{Seed: 1, Now: now})) })

// owners are the applications that a subject belongs to.
func (f *facts) owners(s evenkeel.Subject) []string {
	var slugs []string
	for _, m := range f.catalogue.Resolve(s) {
		slugs = append(slugs, m.Application)
	}
	return slugs
}

// production lists successful production deployments per application, oldest first.
func (f *facts) production() map[string][]*evenkeel.Deployment {
	policy := evenkeel.DefaultPolicy()
	all := map[string][]*evenkeel.Deployment{}
	for _, d := range f.deployments {
		if policy.Class(d.Environment) != evenkeel.Production || d.Status != evenkeel.StatusSuccess || d.Rollout == evenkeel.RolloutCanary {
			continue
		}
		for _, a := range f.owners(d.Subject()) {
			all[a] = append(all[a], d)
		}
	}
	for _, list := range all {
		slices.SortFunc(list, func(a, b *evenkeel.Deployment) int { return a.FinishedAt.Compare(b.FinishedAt) })
	}
	return all
}

// leads are rough lead times per team: from the first commit to the first
// production deployment after the merge.
func (f *facts) leads() map[string][]time.Duration {
	production := f.production()
	teams := map[string]string{}
	for _, a := range f.catalogue.Applications {
		teams[a.Slug] = a.Group
	}
	leads := map[string][]time.Duration{}
	for _, c := range f.changes {
		if c.MergedAt.IsZero() || c.Base != "main" {
			continue
		}
		start := c.OpenedAt
		if len(c.Commits) > 0 && c.Commits[0].AuthoredAt.Before(start) {
			start = c.Commits[0].AuthoredAt
		}
		if owners := f.owners(c.Subject()); len(owners) > 0 {
			a := owners[0]
			list := production[a]
			i, _ := slices.BinarySearchFunc(list, c.MergedAt, func(d *evenkeel.Deployment, t time.Time) int { return d.StartedAt.Compare(t) })
			if i < len(list) {
				leads[teams[a]] = append(leads[teams[a]], list[i].FinishedAt.Sub(start))
			}
		}
	}
	return leads
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}
