package metrics

import (
	"cmp"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// build is one run of a pipeline on a commit: all its attempts.
type build struct {
	// id is that of the last attempt.
	id     ID
	commit string
	// finished and run are those of the last attempt; wait is how long the
	// first one waited for a machine.
	finished, run, wait int64
	// good says that it succeeded in the end.
	good, rerun, shared bool
}

// buildKey names a run.
type buildKey struct{ repository, commit, pipeline string }

// readBuilds joins attempts into runs and finds them by commit. Runs that were
// skipped or cancelled in the end, or have not finished, have built nothing.
func (d *derivation) readBuilds() {
	attempts := map[buildKey][]*evenkeel.Fact[evenkeel.Build]{}
	for _, fact := range inOrder(d.in.Builds, func(v *evenkeel.Build) time.Time { return v.FinishedAt }) {
		v := &fact.Value
		key := buildKey{v.Repository, v.Commit, v.Pipeline}
		attempts[key] = append(attempts[key], fact)
	}
	for key, list := range attempts {
		one, ok := joinAttempts(list)
		if !ok {
			continue
		}
		repo := d.repository(key.repository)
		if repo.built == nil {
			repo.built = map[string][]build{}
		}
		repo.built[key.commit] = append(repo.built[key.commit], one)
	}
	for _, repo := range d.repositories {
		for _, runs := range repo.built {
			slices.SortFunc(runs, build.compare)
		}
	}
}

// compareAttempts orders attempts by number, then by when they ended.
func compareAttempts(a, b *evenkeel.Fact[evenkeel.Build]) int {
	return cmp.Or(
		cmp.Compare(a.Value.Attempt, b.Value.Attempt),
		cmp.Compare(micros(a.Value.FinishedAt), micros(b.Value.FinishedAt)),
		cmp.Compare(micros(a.Value.StartedAt), micros(b.Value.StartedAt)),
		cmp.Compare(a.ID, b.ID),
	)
}

// joinAttempts makes one run of attempts. It was run again if an attempt says
// that it is not the first, or if several do not say which they are.
func joinAttempts(list []*evenkeel.Fact[evenkeel.Build]) (one build, ok bool) {
	slices.SortFunc(list, compareAttempts)
	first, last := &list[0].Value, &list[len(list)-1].Value
	one = build{
		id: parseID(list[len(list)-1].ID), commit: last.Commit, finished: micros(last.FinishedAt), good: last.Result == evenkeel.BuildSuccess,
		run: elapsed(micros(last.StartedAt), micros(last.FinishedAt)), wait: none,
		rerun: last.Attempt > 1 || (first.Attempt == 0 && len(list) > 1 && list[1].Value.Attempt == 0),
	}
	if first.Attempt <= 1 {
		one.wait = elapsed(micros(first.QueuedAt), micros(first.StartedAt))
	}
	for _, fact := range list {
		one.shared = one.shared || fact.Shared
	}
	ended := last.Result == evenkeel.BuildSuccess || last.Result == evenkeel.BuildFailure
	return one, ended && one.finished != unknown
}

// elapsed is the time between two instants; none where one is unknown or they
// contradict each other.
func elapsed(from, to int64) int64 {
	if from == unknown || to == unknown || to < from {
		return none
	}
	return to - from
}

// build lists the runs of the application: those of commits and changes that
// are its own, and those of which nothing tells whose they are.
func (d *derivation) build() {
	for _, name := range sortedKeys(d.repositories) {
		repo := d.repositories[name]
		repo.builders = d.builders(repo)
		for commit, runs := range repo.built {
			if repo.commitVerdict(commit) == pathsOthers {
				continue
			}
			for _, one := range runs {
				d.runs = append(d.runs, one.of(repo))
			}
		}
	}
	slices.SortFunc(d.runs, build.compare)
}

// of is a run as one of a repository.
func (b build) of(r *repository) build {
	b.shared = b.shared || !r.paths.exclusive
	return b
}

// fill turns rows into columns.
func (c *builds) fill(rows []build) {
	for _, one := range rows {
		flags := sharedFlag(one.shared)
		if one.rerun {
			flags |= flagRerun
		}
		if !one.good {
			flags |= flagFailed
		}
		c.id, c.at, c.flags = append(c.id, one.id), append(c.at, one.finished), append(c.flags, flags)
		c.wait, c.run = append(c.wait, one.wait), append(c.run, one.run)
	}
}

// builders finds the changes of a repository that commits with builds belong
// to; nil where the paths of the repository do not matter.
func (d *derivation) builders(repo *repository) map[string]pathVerdict {
	if repo.paths.claims == nil || len(repo.built) == 0 {
		return nil
	}
	owners := map[string]pathVerdict{}
	note := func(commit string, v pathVerdict) {
		if commit == "" {
			return
		}
		if held, ok := owners[commit]; !ok || v < held {
			owners[commit] = v
		}
	}
	for i := range d.changes {
		c := &d.changes[i]
		if c.repo != repo {
			continue
		}
		note(c.fact.Value.MergeCommit, c.verdict)
		note(c.fact.Value.Head, c.verdict)
		for _, own := range c.fact.Value.Commits {
			note(own.SHA, c.verdict)
		}
	}
	return owners
}

// commitVerdict says whether a commit is the application's: by its change, else
// by its paths.
func (r *repository) commitVerdict(commit string) pathVerdict {
	if v, ok := r.builders[commit]; ok && v != pathsUnknown {
		return v
	}
	if r.paths.claims == nil {
		return pathsOurs
	}
	if r.graph != nil {
		if at, ok := r.graph.Index(commit); ok {
			return r.paths.commit(at)
		}
	}
	return pathsUnknown
}
