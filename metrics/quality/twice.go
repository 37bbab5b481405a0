package quality

import (
	"cmp"
	"slices"
	"time"
)

// The rules of deployments that are told twice.
const (
	// TwiceWithin is how far apart two sources may tell of one deployment.
	TwiceWithin = 15 * time.Minute
	// leastPairs make a finding.
	leastPairs = 3
)

// Told is a deployment as one source tells of it.
type Told struct {
	ID, Source string
	// Application is an id; Revision is what was deployed, a commit or an
	// artifact. Neither is empty.
	Application, Environment, Revision string
	// Group is that of the deployment; those of one group count once anyhow.
	Group string
	At    time.Time
}

// Twice are deployments that two sources tell of and that count twice.
type Twice struct {
	// Sources are sorted.
	Sources [2]string
	// Pairs are the ids of the deployments, that of the first source first,
	// oldest first.
	Pairs [][2]string
	// Of is how many deployments the source that tells fewer has told of.
	Of           int
	Applications []string
	Since        time.Time
}

type place struct{ application, environment, revision string }

// FindTwice finds deployments of the same revision to the same environment of
// the same application that two sources tell of within a quarter of an hour.
// A deployment is in one pair at most with each other source. Fewer than three
// pairs of two sources are not told.
func FindTwice(told []Told) []Twice {
	places := map[place][]Told{}
	bySource := map[string]int{}
	seen := map[string]bool{}
	for _, t := range told {
		k := place{t.Application, t.Environment, t.Revision}
		places[k] = append(places[k], t)
		if !seen[t.ID] {
			seen[t.ID] = true
			bySource[t.Source]++
		}
	}
	found := map[[2]string]*gathering{}
	for _, list := range places {
		slices.SortFunc(list, func(a, b Told) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
		pairUp(list, found)
	}
	var all []Twice
	for sources, g := range found {
		if len(g.pairs) >= leastPairs {
			all = append(all, g.twice(sources, min(bySource[sources[0]], bySource[sources[1]])))
		}
	}
	slices.SortFunc(all, func(a, b Twice) int { return slices.Compare(a.Sources[:], b.Sources[:]) })
	return all
}

// gathering are the pairs of two sources, each once even where it belongs to
// several applications.
type gathering struct {
	pairs        map[[2]string]time.Time
	applications map[string]bool
}

func (g *gathering) twice(sources [2]string, of int) Twice {
	t := Twice{Sources: sources, Of: of}
	for pair := range g.pairs {
		t.Pairs = append(t.Pairs, pair)
	}
	slices.SortFunc(t.Pairs, func(a, b [2]string) int {
		return cmp.Or(g.pairs[a].Compare(g.pairs[b]), slices.Compare(a[:], b[:]))
	})
	t.Since = g.pairs[t.Pairs[0]]
	for id := range g.applications {
		t.Applications = append(t.Applications, id)
	}
	slices.Sort(t.Applications)
	return t
}

// pairUp pairs deployments of one place, in the order of time, each with the
// first one of another source that is still free.
func pairUp(list []Told, found map[[2]string]*gathering) {
	taken := map[[2]string]bool{} // By deployment and other source.
	for i, a := range list {
		for _, b := range list[i+1:] {
			if b.At.Sub(a.At) > TwiceWithin {
				break
			}
			if a.Source == b.Source || a.Group != "" && a.Group == b.Group || taken[[2]string{a.ID, b.Source}] || taken[[2]string{b.ID, a.Source}] {
				continue
			}
			taken[[2]string{a.ID, b.Source}], taken[[2]string{b.ID, a.Source}] = true, true
			gather(a, b, found)
		}
	}
}

func gather(a, b Told, found map[[2]string]*gathering) {
	first, second := a, b
	if b.Source < a.Source {
		first, second = b, a
	}
	sources := [2]string{first.Source, second.Source}
	if found[sources] == nil {
		found[sources] = &gathering{pairs: map[[2]string]time.Time{}, applications: map[string]bool{}}
	}
	found[sources].pairs[[2]string{first.ID, second.ID}] = a.At
	found[sources].applications[a.Application] = true
}

// SourcesOf lists the sources that tell of deployments, sorted.
func SourcesOf(told []Told) []string {
	var sources []string
	for _, t := range told {
		sources = append(sources, t.Source)
	}
	slices.Sort(sources)
	return slices.Compact(sources)
}
