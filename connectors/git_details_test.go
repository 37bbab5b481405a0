package connectors_test

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// details writes the second pass over r as lines, one per event.
func (r *gitRepo) details(o connectors.GitOptions, has func(string) bool) ([]string, connectors.GitSummary) {
	r.t.Helper()
	var lines []string
	summary, err := r.open().Details(context.Background(), o, has, func(events []evenkeel.Event) error {
		for _, e := range events {
			if err := e.Validate(); err != nil {
				r.t.Errorf("event %s %s is not valid: %v", e.Kind, e.ID, err)
			}
			lines = append(lines, r.sayDetail(e))
		}
		return nil
	}, nil)
	if err != nil {
		r.t.Fatalf("details: %v", err)
	}
	return lines, summary
}

func (r *gitRepo) sayDetail(e evenkeel.Event) string {
	switch f := e.Payload.(type) {
	case *evenkeel.Commit:
		line := fmt.Sprintf("%s in %s", r.name(f.SHA), strings.Join(f.Paths, " "))
		if f.Paths == nil {
			line = r.name(f.SHA) + " anywhere"
		}
		if f.PatchID != "" {
			line += " patched"
		}
		return line
	case *evenkeel.Change:
		return fmt.Sprintf("change %s %d files +%d -%d", r.name(e.ID), f.Size.Files, f.Size.Added, f.Size.Deleted)
	}
	return string(e.Kind)
}

func newDetailedGitRepo(t *testing.T) *gitRepo {
	t.Helper()
	r := newGitRepo(t)
	r.write("services/pay/main.go", "one\ntwo\nthree\n")
	r.write("services/pay/a\tb\n.go", "odd\n")
	r.commit("A", "First")
	r.git("checkout", "-q", "-b", "topic")
	r.write("services/pay/main.go", "one\nTWO\nthree\n")
	r.commit("t1", "Topic")
	r.write("web/logo.png", "\x00\x01\x02")
	r.commit("t2", "Logo")
	r.git("checkout", "-q", "main")
	r.commit("B", "Meanwhile")
	r.merge("M", "Merge pull request #4 from acme/topic", "topic")
	r.hour++
	r.git("commit", "-q", "--allow-empty", "-m", "Nothing")
	r.label("N")
	return r
}

func TestGitDetails(t *testing.T) {
	t.Parallel()
	r := newDetailedGitRepo(t)
	lines, summary := r.details(connectors.GitOptions{}, nil)
	slices.Sort(lines)
	expectGit(t, "details", lines,
		"A in . services/pay patched",
		"B in . patched",
		"M in . services/pay web",
		"N in ",
		"change 4 4 files +3 -1",
		"change A 3 files +5 -0",
		"change B 1 files +1 -0",
		"change N 0 files +0 -0",
		"t1 in . services/pay patched",
		"t2 in . web",
	)
	if summary.Commits != 6 || summary.Changes != 4 {
		t.Errorf("%d commits and %d changes, want 6 and 4", summary.Commits, summary.Changes)
	}
}

func TestGitDetailsAddToTheImportedCommit(t *testing.T) {
	t.Parallel()
	r := newDetailedGitRepo(t)
	imported, _ := r.read(connectors.GitOptions{})
	plain := map[string]evenkeel.Event{}
	for _, e := range imported {
		plain[string(e.Kind)+e.ID] = e
	}
	_, err := r.open().Details(context.Background(), connectors.GitOptions{}, nil, func(events []evenkeel.Event) error {
		for _, e := range events {
			first := plain[string(e.Kind)+e.ID]
			if first.Payload == nil || first.Source != e.Source || !first.ObservedAt.Equal(e.ObservedAt) ||
				first.Payload.Key(e.Source, e.ID) != e.Payload.Key(e.Source, e.ID) {
				t.Errorf("%s %s is not the fact that was imported", e.Kind, e.ID)
			}
			if c, ok := e.Payload.(*evenkeel.Commit); ok {
				same := *c
				same.Paths, same.PatchID = nil, ""
				if diff := cmp.Diff(first.Payload, evenkeel.Payload(&same)); diff != "" {
					t.Errorf("commit (-imported +detailed):\n%s", diff)
				}
			}
		}
		return nil
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
}

func TestGitPatchIDsFindCopies(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	r.git("checkout", "-q", "-b", "release")
	r.commit("x", "Other file")
	r.git("checkout", "-q", "main")
	r.write("fix.txt", "fixed\n")
	r.commit("B", "Fix")
	r.git("checkout", "-q", "release")
	r.hour++
	r.git("cherry-pick", "main")
	r.label("C")
	r.git("tag", "v1.0.1")
	ids := map[string]string{}
	_, err := r.open().Details(context.Background(), connectors.GitOptions{Branch: "main"}, nil, func(events []evenkeel.Event) error {
		for _, e := range events {
			if c, ok := e.Payload.(*evenkeel.Commit); ok {
				ids[r.name(c.SHA)] = c.PatchID
			}
		}
		return nil
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if ids["B"] == "" || ids["B"] != ids["C"] || ids["B"] == ids["x"] {
		t.Errorf("patch ids %v: want equal ones of B and C, others of the rest", ids)
	}
	cmd := exec.Command("sh", "-c", "git show "+r.ids["B"]+" | git patch-id --stable")
	cmd.Dir = r.dir
	if out, err := cmd.Output(); err != nil || !strings.HasPrefix(string(out), ids["B"]+" ") {
		t.Errorf("git itself says %q (%v), want %s", out, err, ids["B"])
	}
}

func TestGitDetailsGoOnWhereTheyEnded(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.fastImport(syntheticGit(1000, 0))
	g := r.open()
	known := map[string]bool{}
	stop := errors.New("interrupted")
	chunks := 0
	record := func(events []evenkeel.Event) error {
		if chunks == 1 {
			return stop
		}
		chunks++
		for _, e := range events {
			if e.Kind == evenkeel.KindCommit {
				known[e.ID] = true
			}
		}
		return nil
	}
	has := func(sha string) bool { return known[sha] }
	if _, err := g.Details(context.Background(), connectors.GitOptions{}, has, record, nil); !errors.Is(err, stop) {
		t.Fatalf("error = %v, want the one of emit", err)
	}
	first := len(known)
	chunks = -100
	summary, err := g.Details(context.Background(), connectors.GitOptions{}, has, record, nil)
	if err != nil {
		t.Fatal(err)
	}
	if first == 0 || summary.Commits != 1000-first || len(known) != 1000 {
		t.Errorf("first run %d, second %d, together %d commits; want a sum of 1000", first, summary.Commits, len(known))
	}
}

func TestGitDetailsLeaveOutTheEdgeOfAShallowClone(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	r.commit("B", "Second")
	r.commit("C", "Third")
	shallow := *r
	shallow.dir = t.TempDir()
	r.git("clone", "-q", "--depth", "2", "--branch", "main", "file://"+r.dir, shallow.dir)
	lines, summary := shallow.details(connectors.GitOptions{}, nil)
	expectGit(t, "details", lines, "C in . patched", "change C 1 files +1 -0")
	if diff := cmp.Diff(map[string]int{"details: the parent is missing from the clone": 1}, skippedGit(summary)); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
}

func TestGitDetailsDoNotNameSomeOfVeryManyFolders(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	var stream strings.Builder
	stream.WriteString("commit refs/heads/main\ncommitter A <a@b> 1767610800 +0000\ndata 1\nx\n")
	for i := range 1001 {
		fmt.Fprintf(&stream, "M 100644 inline d%d/f\ndata 2\nx\n", i)
	}
	r.fastImport(stream.String())
	r.git("reset", "-q", "--hard")
	r.label("A")
	lines, summary := r.details(connectors.GitOptions{}, nil)
	expectGit(t, "details", lines, "A anywhere patched", "change A 1001 files +1001 -0")
	if len(summary.Skipped) != 1 {
		t.Errorf("skipped = %v, want one reason", summary.Skipped)
	}
}

func TestGitCandidates(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	for _, tag := range []string{"cli/v1.0.0", "cli/v1.1.0", "cli/v1.10.0", "web-2026-01-05", "it's"} {
		r.git("tag", tag)
	}
	r.commit("B", "Second (#2)")
	r.git("tag", "cli/v1.9.0")
	r.git("branch", "production")
	r.git("branch", "release/1.0")
	r.git("branch", "feature")
	got, err := r.open().Candidates(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	first, second := gitEpoch.Add(time.Hour), gitEpoch.Add(2*time.Hour)
	want := connectors.GitCandidates{
		Branch: "main", Merges: 1, States: 2, Branches: []string{"production", "release/1.0"},
		Tags: []connectors.GitTagShape{
			{Shape: "cli/v*", Pattern: `^cli/v\d+\.\d+\.\d+$`, Count: 4, Latest: "cli/v1.9.0", LatestAt: second},
			{Shape: "it's", Pattern: `^it's$`, Count: 1, Latest: "it's", LatestAt: first},
			{Shape: "web-*-*-*", Pattern: `^web-\d+-\d+-\d+$`, Count: 1, Latest: "web-2026-01-05", LatestAt: first},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("candidates (-want +got):\n%s", diff)
	}
	expectGit(t, "flags", got.Flags(),
		`--tag-pattern '^cli/v\d+\.\d+\.\d+$'   4 tags, the latest cli/v1.9.0`,
		`--tag-pattern '^it'\''s$'   1 tag, the latest it's`,
		`--tag-pattern '^web-\d+-\d+-\d+$'   1 tag, the latest web-2026-01-05`,
		`--deployments merges   1 merge on main`,
		`--deployments 'branch:production'   each state of that branch`,
		`--deployments 'branch:release/1.0'   each state of that branch`,
		`--deployments 'branch:main'   2 states of the main branch, one per push or merge`)
	for _, s := range got.Tags {
		events, _ := r.read(connectors.GitOptions{TagPattern: s.Pattern})
		if n := len(r.say(events, gitDeployments)); n != s.Count {
			t.Errorf("pattern %s finds %d deployments, want %d", s.Pattern, n, s.Count)
		}
	}
}
