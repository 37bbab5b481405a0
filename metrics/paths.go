package metrics

import (
	"cmp"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// pathVerdict says whether something touches what an application claims.
type pathVerdict uint8

const (
	pathsOurs pathVerdict = iota
	pathsUnknown
	pathsOthers
)

// pathFilter decides which work in a shared repository is an application's.
// The zero value admits everything.
type pathFilter struct {
	claims      []evenkeel.PathClaim // Longest path first.
	application string
	graph       *evenkeel.Graph
	// whole says that the application claims what no longer claim takes;
	// work of unknown paths is then taken to be its own.
	whole bool
	// exclusive says that no other application claims the repository.
	exclusive bool
}

// newPathFilter admits everything where the application has no claim on the
// repository, or nobody claims a part of it.
func newPathFilter(claims []evenkeel.PathClaim, application string, g *evenkeel.Graph) pathFilter {
	var f pathFilter
	mine, partial := false, false
	f.exclusive = true
	for _, c := range claims {
		ours := c.Application == application
		mine = mine || ours
		partial = partial || c.Path != ""
		f.whole = f.whole || (ours && c.Path == "")
		f.exclusive = f.exclusive && ours
	}
	f.exclusive = f.exclusive && mine
	if !mine || !partial {
		return pathFilter{exclusive: f.exclusive}
	}
	f.claims, f.application, f.graph = slices.Clone(claims), application, g
	slices.SortStableFunc(f.claims, func(a, b evenkeel.PathClaim) int { return cmp.Compare(len(b.Path), len(a.Path)) })
	return f
}

// commit judges one commit by its paths.
func (f *pathFilter) commit(i int32) pathVerdict {
	if f.claims == nil {
		return pathsOurs
	}
	if f.graph == nil {
		return f.missing()
	}
	details, ok := f.graph.Details(i)
	if !ok || details.Paths == nil {
		return f.missing()
	}
	for _, path := range details.Paths {
		if slices.Contains(evenkeel.Owners(f.claims, path), f.application) {
			return pathsOurs
		}
	}
	return pathsOthers
}

func (f *pathFilter) missing() pathVerdict {
	if f.whole {
		return pathsOurs
	}
	return pathsUnknown
}

// change judges a change by its commits: one that is ours suffices. A change
// that names its application is taken at its word.
func (f *pathFilter) change(c *change) pathVerdict {
	if f.claims == nil || c.fact.Value.Application != "" {
		return pathsOurs
	}
	if f.graph == nil {
		return f.missing()
	}
	commits := c.own()
	if c.merge >= 0 && (len(commits) == 0 || len(f.graph.Parents(c.merge)) < 2) {
		commits = append(commits, c.merge)
	}
	verdict := f.missing()
	for n, i := range commits {
		v := f.commit(i)
		if v == pathsOurs {
			return v
		}
		if n == 0 || v == pathsUnknown {
			verdict = v
		}
	}
	return verdict
}
