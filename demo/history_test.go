package demo_test

import (
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

func graph(t *testing.T, commits []*evenkeel.Commit) *evenkeel.Graph {
	t.Helper()
	nodes := make([]evenkeel.Node, len(commits))
	for i, c := range commits {
		sha, ok := evenkeel.ParseSHA(c.SHA)
		if !ok {
			t.Fatalf("commit id %q", c.SHA)
		}
		nodes[i] = evenkeel.Node{SHA: sha, Authored: c.AuthoredAt, Committed: c.CommittedAt}
		for _, parent := range c.Parents {
			key, _ := evenkeel.ParseSHA(parent)
			nodes[i].Parents = append(nodes[i].Parents, key)
		}
	}
	return evenkeel.NewGraph(nodes)
}

func TestHistoriesAreTopologicallyValid(t *testing.T) {
	t.Parallel()
	for name, world := range worlds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for repository, commits := range world.facts().commits {
				checkHistory(t, repository, commits)
			}
		})
	}
}

func checkHistory(t *testing.T, repository string, commits []*evenkeel.Commit) {
	t.Helper()
	seen := map[string]*evenkeel.Commit{}
	for _, c := range commits {
		if seen[c.SHA] != nil {
			t.Fatalf("%s: commit %s is made twice", repository, c.SHA)
		}
		for _, parent := range c.Parents {
			p := seen[parent]
			if p == nil {
				t.Fatalf("%s: commit %s arrives before its parent %s", repository, c.SHA, parent)
			}
			if p.CommittedAt.After(c.CommittedAt) {
				t.Fatalf("%s: commit %s is older than its parent %s", repository, c.SHA, parent)
			}
		}
		seen[c.SHA] = c
	}
	g := graph(t, commits)
	if len(g.Cyclic()) > 0 || g.Len() != len(commits) {
		t.Errorf("%s: %d commits on cycles, %d of %d commits in the graph", repository, len(g.Cyclic()), g.Len(), len(commits))
	}
	for i := range int32(g.Len()) {
		if g.Missing(i) {
			t.Errorf("%s: a parent of %s is missing", repository, g.SHA(i))
		}
	}
}

func TestNoHistoryIsAStraightLine(t *testing.T) {
	t.Parallel()
	for repository, commits := range year().commits {
		if len(commits) < 100 {
			continue
		}
		forks, children := 0, map[string]int{}
		for _, c := range commits {
			for _, parent := range c.Parents {
				if children[parent]++; children[parent] == 2 {
					forks++
				}
			}
		}
		if forks < len(commits)/20 {
			t.Errorf("%s: %d forks in %d commits", repository, forks, len(commits))
		}
	}
}

// shapes counts the ways in which branches ended up on their base.
func shapes(f *facts) map[string]int {
	commits := map[string]*evenkeel.Commit{}
	for _, list := range f.commits {
		for _, c := range list {
			commits[c.SHA] = c
		}
	}
	count := map[string]int{}
	for _, c := range f.changes {
		landed := commits[c.MergeCommit]
		last := commits[c.Head]
		switch {
		case c.RevertOf != "":
			count["revert"]++
		case len(c.Labels) > 0 && c.Labels[0] == "hotfix" && c.Base != "main":
			count["hotfix on a release branch"]++
		case len(c.Labels) > 0 && c.Labels[0] == "hotfix":
			count["hotfix"]++
		}
		switch {
		case landed == nil:
			count[string(c.State)]++
		case len(landed.Parents) == 2:
			count["merge"]++
		case landed.PatchID == last.PatchID && landed.AuthoredAt.Equal(last.AuthoredAt):
			count["rebase"]++
		default:
			count["squash"]++
		}
	}
	for _, c := range commits {
		if c.Trailers["cherry-picked-from"] != nil {
			count["cherry-pick"]++
			if commits[c.Trailers["cherry-picked-from"][0]].PatchID != c.PatchID {
				count["cherry-pick with another patch id"]++
			}
		}
	}
	return count
}

func TestEveryWayOfMergingOccurs(t *testing.T) {
	t.Parallel()
	got := shapes(year())
	for shape, least := range map[string]int{
		"merge": 5000, "squash": 5000, "rebase": 1000, "open": 20, "closed": 300,
		"revert": 50, "hotfix": 100, "hotfix on a release branch": 1, "cherry-pick": 10,
	} {
		if got[shape] < least {
			t.Errorf("%s: %d, want at least %d", shape, got[shape], least)
		}
	}
	if n := got["cherry-pick with another patch id"]; n > 0 {
		t.Errorf("%d copies have another patch id than what they copy", n)
	}
}

func TestChangesNameOnlyCommitsThatAreKnown(t *testing.T) {
	t.Parallel()
	for name, world := range worlds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := world.facts()
			made := map[string]bool{"": true}
			for _, list := range f.commits {
				for _, c := range list {
					made[c.SHA] = true
				}
			}
			for key, c := range f.changes {
				for _, k := range c.Commits {
					if !made[k.SHA] {
						t.Fatalf("%q names the unknown commit %s", key, k.SHA)
					}
				}
				if !made[c.Head] || !made[c.MergeCommit] {
					t.Fatalf("%q has head %s and merge commit %s, of which one is unknown", key, c.Head, c.MergeCommit)
				}
			}
		})
	}
}

func TestChangesGoThroughTheirPhasesInOrder(t *testing.T) {
	t.Parallel()
	skewed := 0
	for key, c := range year().changes {
		last := c.OpenedAt
		for _, at := range []time.Time{c.ReadyAt, c.FirstReviewAt, c.ApprovedAt, c.MergedAt} {
			if at.IsZero() {
				continue
			}
			if at.Before(last) {
				t.Fatalf("%q: opened %v, ready %v, reviewed %v, approved %v, merged %v", key, c.OpenedAt, c.ReadyAt, c.FirstReviewAt, c.ApprovedAt, c.MergedAt)
			}
			last = at
		}
		if len(c.Commits) > 0 && c.Commits[0].AuthoredAt.After(c.OpenedAt) {
			skewed++
		}
	}
	if skewed != 1 {
		t.Errorf("%d changes were written after they were opened, want 1", skewed)
	}
}
