package connectors_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// gitEpoch is hour 0 of every repository of the tests.
var gitEpoch = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// gitRepo is a real repository made by real git commands. Every commit and tag
// is an hour after the one before and was written 30 minutes earlier.
type gitRepo struct {
	t     testing.TB
	dir   string
	hour  int
	names map[string]string // Label by commit id.
	ids   map[string]string // Commit id by label.
}

func newGitRepo(t testing.TB) *gitRepo {
	t.Helper()
	return newGitRepoAt(t, filepath.Join(t.TempDir(), "checkout"))
}

func newGitRepoAt(t testing.TB, dir string, flags ...string) *gitRepo {
	t.Helper()
	r := &gitRepo{t: t, dir: dir, names: map[string]string{}, ids: map[string]string{}}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	r.git(append([]string{"init", "-q", "-b", "main"}, flags...)...)
	return r
}

func (r *gitRepo) git(args ...string) string {
	r.t.Helper()
	return r.gitWith(nil, args...)
}

func (r *gitRepo) gitWith(env []string, args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	author := gitEpoch.Add(time.Duration(r.hour)*time.Hour - 30*time.Minute).Format(time.RFC3339)
	committer := gitEpoch.Add(time.Duration(r.hour) * time.Hour).Format(time.RFC3339)
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
		"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.org", "GIT_AUTHOR_DATE=" + author,
		"GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.org", "GIT_COMMITTER_DATE=" + committer,
		"GIT_ALLOW_PROTOCOL=file", "GIT_MERGE_AUTOEDIT=no",
	}, env...)
	if err := cmd.Run(); err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return strings.TrimSpace(stdout.String())
}

// label names the commit checked out.
func (r *gitRepo) label(name string) string {
	r.t.Helper()
	sha := r.git("rev-parse", "HEAD")
	r.names[sha], r.ids[name] = name, sha
	return sha
}

// commit writes one file, named after the label, and commits it.
func (r *gitRepo) commit(label, message string) string {
	r.t.Helper()
	r.write(label+".txt", label+"\n")
	r.git("add", "-A")
	r.hour++
	r.git("commit", "-q", "--allow-empty", "-m", message)
	return r.label(label)
}

func (r *gitRepo) write(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

// merge merges branches into the one checked out.
func (r *gitRepo) merge(label, message string, branches ...string) string {
	r.t.Helper()
	r.hour++
	r.git(append([]string{"merge", "-q", "--no-ff", "-m", message}, branches...)...)
	return r.label(label)
}

// raw is a commit of the tree checked out that git commit would refuse.
func (r *gitRepo) raw(label, header, message string, parents ...string) string {
	r.t.Helper()
	text := "tree " + r.git("rev-parse", "HEAD^{tree}") + "\n"
	for _, parent := range parents {
		text += "parent " + parent + "\n"
	}
	path := filepath.Join(r.t.TempDir(), "commit")
	if err := os.WriteFile(path, []byte(text+header+"\n"+message), 0o644); err != nil {
		r.t.Fatal(err)
	}
	sha := r.git("hash-object", "-t", "commit", "-w", "--literally", path)
	r.names[sha], r.ids[label] = label, sha
	return sha
}

func (r *gitRepo) open() *connectors.Git {
	r.t.Helper()
	g, err := connectors.OpenGit(context.Background(), r.dir)
	if err != nil {
		r.t.Fatalf("open: %v", err)
	}
	return g
}

func (r *gitRepo) read(o connectors.GitOptions) ([]evenkeel.Event, connectors.GitSummary) {
	r.t.Helper()
	return importGit(r.t, r.open(), o)
}

func importGit(t testing.TB, g *connectors.Git, o connectors.GitOptions) ([]evenkeel.Event, connectors.GitSummary) {
	t.Helper()
	var all []evenkeel.Event
	summary, err := g.Import(context.Background(), o, func(events []evenkeel.Event) error {
		all = append(all, events...)
		return nil
	}, nil)
	if err != nil {
		t.Fatalf("import: %v", err)
	}
	for _, e := range all {
		if err := e.Validate(); err != nil {
			t.Errorf("event %s %s is not valid: %v", e.Kind, e.ID, err)
		}
		if e.ObservedAt.IsZero() || e.ObservedAt.Location() != time.UTC {
			t.Errorf("event %s %s was observed at %v", e.Kind, e.ID, e.ObservedAt)
		}
	}
	return all, summary
}

// say writes events as lines in which labels stand for commit ids and hours
// since gitEpoch for instants.
func (r *gitRepo) say(events []evenkeel.Event, kinds ...evenkeel.Kind) []string {
	r.t.Helper()
	var lines []string
	for _, e := range events {
		for _, k := range kinds {
			if e.Kind == k {
				lines = append(lines, r.sayOne(e))
			}
		}
	}
	return lines
}

func (r *gitRepo) sayOne(e evenkeel.Event) string {
	var line string
	switch f := e.Payload.(type) {
	case *evenkeel.Commit:
		line = fmt.Sprintf("%s at %s", r.name(f.SHA), gitHour(f.CommittedAt))
		if !f.AuthoredAt.Equal(f.CommittedAt.Add(-30 * time.Minute)) {
			line += " written " + gitHour(f.AuthoredAt)
		}
		line += r.list(" on", f.Parents)
		for _, key := range []string{"cherry-picked-from", "reverts", "fixes", "change-id"} {
			line += r.list(" "+key, f.Trailers[key])
		}
	case *evenkeel.Change:
		line = fmt.Sprintf("%s at %s by %s", r.name(e.ID), gitHour(f.MergedAt), r.name(f.MergeCommit))
		if f.Number > 0 {
			line = "#" + line
		}
		var ids []string
		for _, c := range f.Commits {
			ids = append(ids, c.SHA)
		}
		line += r.list(" of", ids)
		if f.Head != "" {
			line += " head " + r.name(f.Head)
		}
		if f.RevertOf != "" {
			line += " reverts " + r.name(f.RevertOf)
		}
	case *evenkeel.Deployment:
		line = fmt.Sprintf("%s at %s of %s", r.withNames(e.ID), gitHour(f.FinishedAt), r.name(f.Commit))
		if f.ChangeKind != "" {
			line += " " + string(f.ChangeKind)
		}
	}
	return line
}

func (r *gitRepo) list(before string, ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = r.name(id)
	}
	return before + " " + strings.Join(names, ",")
}

func (r *gitRepo) name(id string) string {
	if name := r.names[id]; name != "" {
		return name
	}
	return id
}

func (r *gitRepo) withNames(text string) string {
	for id, name := range r.names {
		text = strings.ReplaceAll(text, id, name)
	}
	return text
}

func gitHour(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return fmt.Sprintf("%gh", t.Sub(gitEpoch).Hours())
}

func expectGit(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func skippedGit(s connectors.GitSummary) map[string]int {
	counts := map[string]int{}
	for _, k := range s.Skipped {
		counts[k.Reason] = k.Count
	}
	return counts
}

const (
	gitCommits     = evenkeel.KindCommit
	gitChanges     = evenkeel.KindChange
	gitDeployments = evenkeel.KindDeployment
)

func TestGitReadsALinearHistoryWithTags(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	r.git("tag", "v1.0.0")
	r.commit("B", "Second")
	r.hour = 5
	r.git("tag", "-a", "-m", "Release", "v1.0.1")
	r.git("tag", "v1.1.0-rc.1")
	r.hour = 6
	r.commit("C", "Third")
	r.git("tag", "v1.1.0")

	events, summary := r.read(connectors.GitOptions{Application: "checkout"})
	expectGit(t, "commits", r.say(events, gitCommits), "A at 1h", "B at 2h on A", "C at 7h on B")
	expectGit(t, "changes", r.say(events, gitChanges), "A at 1h by A of A", "B at 2h by B of B", "C at 7h by C of C")
	expectGit(t, "deployments: a light tag has its commit's date, an annotated one its own", r.say(events, gitDeployments),
		"tag:v1.0.0@checkout at 1h of A", "tag:v1.0.1@checkout at 5h of B fix", "tag:v1.1.0@checkout at 7h of C")
	want := connectors.GitSummary{
		Repository: "local/checkout", Branch: "main", Commits: 3, Changes: 3, Deployments: 3, Patches: 1,
		First: gitEpoch.Add(time.Hour), Last: gitEpoch.Add(7 * time.Hour),
	}
	if diff := cmp.Diff(want, summary); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	wantLast := evenkeel.Event{
		Kind: evenkeel.KindDeployment, ID: "tag:v1.1.0@checkout", Source: "git:local/checkout", ObservedAt: gitEpoch.Add(7 * time.Hour),
		Payload: &evenkeel.Deployment{
			Application: "checkout", Environment: "production", Status: evenkeel.StatusSuccess, Repository: "local/checkout",
			Commit: r.ids["C"], Ref: "v1.1.0", Version: "1.1.0", StartedAt: gitEpoch.Add(7 * time.Hour), FinishedAt: gitEpoch.Add(7 * time.Hour),
			ArtifactKind: evenkeel.ArtifactCode,
		},
	}
	if diff := cmp.Diff(wantLast, events[len(events)-1]); diff != "" {
		t.Errorf("last deployment (-want +got):\n%s", diff)
	}
}

func TestGitReadsMergesOfEveryHost(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ message, id, want string }{
		"GitHub":                              {"Merge pull request #12 from acme/topic\n\nAdd topic", "12", "#12"},
		"GitHub with a title of one's own":    {"Add topic (#13)", "13", "#13"},
		"GitLab":                              {"Merge branch 'topic' into 'main'\n\nAdd topic\n\nCloses #99\n\nSee merge request acme/shop!14", "14", "#14"},
		"Bitbucket Cloud":                     {"Merged in topic (pull request #15)\n\nAdd topic", "15", "#15"},
		"Bitbucket Data Center":               {"Pull request #16: Add topic\n\nMerge in ACME/shop from topic to main", "16", "#16"},
		"an older Bitbucket Server":           {"Merge pull request #17 in ACME/shop from topic to main", "17", "#17"},
		"Azure DevOps":                        {"Merged PR 18: Add topic", "18", "#18"},
		"Gitea":                               {"Merge pull request 'Add topic' (#19) from topic into main", "19", "#19"},
		"bors":                                {"Merge #20\n\n20: Add topic", "20", "#20"},
		"plain git":                           {"Merge branch 'topic'", "M", "M"},
		"a number in the middle is no number": {"Merge topic (#21) at last", "M", "M"},
		"a number too large to be one":        {"Add topic (#99999999999)", "M", "M"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newGitRepo(t)
			r.commit("A", "First")
			r.git("checkout", "-q", "-b", "topic")
			r.commit("t1", "Topic 1")
			r.commit("t2", "Topic 2")
			r.git("checkout", "-q", "main")
			r.commit("B", "Meanwhile")
			r.merge("M", c.message, "topic")
			events, _ := r.read(connectors.GitOptions{})
			want := c.want + " at 5h by M of t1,t2 head t2"
			expectGit(t, "changes", r.say(events, gitChanges), "A at 1h by A of A", "B at 4h by B of B", want)
			expectGit(t, "merge commit", r.say(events, gitCommits)[4:], "M at 5h on B,t2")
		})
	}
}

func TestGitReadsSquashesAndDirectPushes(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	r.commit("B", "Add search (#7)\n\n* wip\n\nCo-authored-by: Eve <eve@example.org>\nFixes: #3")
	r.commit("C", "Add search (#7)\n\nLanded again under the same number.")
	r.commit("D", "Backport search (#8)\n\n(cherry picked from commit "+r.ids["B"]+")")
	r.commit("E", "Tune (#9)\n\nChange-Id: I0123456789012345678901234567890123456789")
	events, _ := r.read(connectors.GitOptions{Deployments: "merges"})
	expectGit(t, "changes: the first bearer has the number, copies have none", r.say(events, gitChanges),
		"A at 1h by A of A", "#7 at 2h by B of B", "C at 3h by C of C", "D at 4h by D of D", "#9 at 5h by E of E")
	expectGit(t, "commits: no trailer that names a person", r.say(events, gitCommits),
		"A at 1h", "B at 2h on A fixes #3", "C at 3h on B", "D at 4h on C cherry-picked-from B",
		"E at 5h on D change-id I0123456789012345678901234567890123456789")
	expectGit(t, "deployments", r.say(events, gitDeployments), "merge:B at 2h of B", "merge:E at 5h of E")
	for _, e := range events {
		if c, ok := e.Payload.(*evenkeel.Commit); ok && strings.Contains(fmt.Sprint(*c), "eve@") {
			t.Errorf("commit %s names a person: %v", e.ID, *c)
		}
	}
}

func TestGitTakesIssueNumbersOfGitLabForIssues(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "Fix crash (#3)")
	r.git("checkout", "-q", "-b", "topic")
	r.commit("t1", "Topic")
	r.git("checkout", "-q", "main")
	r.merge("M", "Merge branch 'topic' into 'main'\n\nTopic\n\nSee merge request acme/shop!3", "topic")
	r.commit("B", "Fix another (#4)")
	r.commit("C", "Squashed (!5)")

	r.git("remote", "add", "origin", "git@GitLab.example.org:acme/shop.git")
	events, _ := r.read(connectors.GitOptions{})
	expectGit(t, "changes of a GitLab host", r.say(events, gitChanges),
		"A at 1h by A of A", "#3 at 3h by M of t1 head t1", "B at 4h by B of B", "#5 at 5h by C of C")
	r.git("remote", "set-url", "origin", "git@code.example.org:acme/shop.git")
	events, _ = r.read(connectors.GitOptions{})
	expectGit(t, "changes of an unknown host, until its first merge request", r.say(events, gitChanges),
		"#3 at 1h by A of A", "M at 3h by M of t1 head t1", "B at 4h by B of B", "#5 at 5h by C of C")
}

func TestGitReadsReverts(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "Add search (#1)")
	r.commit("B", "Add filter")
	r.git("revert", "--no-edit", r.ids["A"])
	r.label("R")
	r.git("revert", "--no-edit", r.ids["R"])
	r.label("RR")
	r.commit("S", "Revert \"Add filter\" (#2)\n\nReverts acme/checkout#31")
	r.commit("T", "Take back part\n\nThis reverts commit "+r.ids["B"][:9]+".")
	r.commit("U", "Work of a week (#5)\n\n* Revert \"typo\"\n\nThis reverts commit 1234567890123456789012345678901234567890.")
	r.commit("V", "Revert \"Something on another branch\"\n\nThis reverts commit 1234567890123456789012345678901234567890.")
	r.commit("W", "Say that This reverts commit "+r.ids["B"]+" is bad\n\nNot: This reverts commit "+r.ids["B"])
	events, _ := r.read(connectors.GitOptions{})
	const gone = "1234567890123456789012345678901234567890"
	expectGit(t, "changes", r.say(events, gitChanges),
		"#1 at 1h by A of A", "B at 2h by B of B",
		"R at 2h by R of R reverts A", "RR at 2h by RR of RR reverts R",
		"#2 at 3h by S of S reverts #31", "T at 4h by T of T reverts B",
		"#5 at 5h by U of U", "V at 6h by V of V reverts "+gone, "W at 7h by W of W")
	expectGit(t, "commits", r.say(events, gitCommits)[2:4], "R at 2h on B reverts A", "RR at 2h on R reverts R")
}

func TestGitReadsRevertsWithinMerges(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	r.git("checkout", "-q", "-b", "revert-12-feature")
	r.commit("u", "Undo")
	r.git("checkout", "-q", "main")
	r.merge("M1", "Merge pull request #13 from acme/revert-12-feature\n\nRevert \"Feature\"", "revert-12-feature")

	r.git("checkout", "-q", "-b", "undo")
	r.git("revert", "--no-edit", r.ids["u"])
	r.label("v")
	r.git("checkout", "-q", "main")
	r.merge("M2", "Merge branch 'undo'", "undo")

	r.git("checkout", "-q", "-b", "topic")
	r.commit("t1", "Try")
	r.hour++
	r.git("revert", "--no-edit", r.ids["t1"])
	r.label("t2")
	r.commit("t3", "Try better")
	r.git("checkout", "-q", "main")
	r.merge("M3", "Merge branch 'topic'", "topic")

	r.git("checkout", "-q", "-b", "undecided")
	r.git("revert", "--no-edit", r.ids["A"])
	r.label("w1")
	r.hour++
	r.git("revert", "--no-edit", r.ids["w1"])
	r.label("w2")
	r.git("checkout", "-q", "main")
	r.merge("M4", "Merge branch 'undecided'", "undecided")

	r.hour++
	r.git("revert", "--no-edit", "-m", "1", r.ids["M3"])
	r.label("R")
	events, _ := r.read(connectors.GitOptions{})
	expectGit(t, "changes: a revert within a request is none of the request", r.say(events, gitChanges),
		"A at 1h by A of A",
		"#13 at 3h by M1 of u head u reverts #12",
		"M2 at 4h by M2 of v head v reverts u",
		"M3 at 8h by M3 of t1,t2,t3 head t3",
		"M4 at 10h by M4 of w1,w2 head w2",
		"R at 11h by R of R reverts M3")
}

func TestGitReadsReleaseBranches(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	r.git("tag", "v1.0.0")
	r.git("checkout", "-q", "-b", "release-1.0")
	r.commit("p", "Patch")
	r.git("tag", "v1.0.1")
	r.git("checkout", "-q", "main")
	r.commit("B", "Second")
	r.git("tag", "v1.1.0")
	r.git("checkout", "-q", "release-1.0")
	r.commit("q", "Patch again")
	r.git("tag", "v1.0.2")
	r.git("checkout", "-q", "main")
	events, summary := r.read(connectors.GitOptions{})
	expectGit(t, "commits of all branches that a tag reaches", slices.Sorted(slices.Values(r.say(events, gitCommits))),
		"A at 1h", "B at 3h on A", "p at 2h on A", "q at 4h on p")
	expectGit(t, "changes of the main branch", r.say(events, gitChanges), "A at 1h by A of A", "B at 3h by B of B")
	expectGit(t, "deployments", r.say(events, gitDeployments),
		"tag:v1.0.0 at 1h of A", "tag:v1.0.1 at 2h of p fix", "tag:v1.1.0 at 3h of B", "tag:v1.0.2 at 4h of q fix")
	if summary.Patches != 2 {
		t.Errorf("patches = %d, want 2", summary.Patches)
	}
	events, _ = r.read(connectors.GitOptions{Deployments: "branch:release-1.0", Environment: "staging"})
	prefix := "branch:release-1.0:"
	expectGit(t, "states of the release branch", r.say(events, gitDeployments),
		prefix+"A@/staging at 1h of A", prefix+"p@/staging at 2h of p", prefix+"q@/staging at 4h of q")
	events, summary = r.read(connectors.GitOptions{PlainPatches: true})
	expectGit(t, "plain patches", r.say(events, gitDeployments),
		"tag:v1.0.0 at 1h of A", "tag:v1.0.1 at 2h of p", "tag:v1.1.0 at 3h of B", "tag:v1.0.2 at 4h of q")
	if summary.Patches != 0 {
		t.Errorf("plain patches = %d, want 0", summary.Patches)
	}
}

func TestGitMarksPatchReleasesOnly(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	want := map[string]evenkeel.ChangeKind{
		"v1.2.0": "", "v1.2.3": evenkeel.ChangeFix, "0.4.1": evenkeel.ChangeFix, "v0.0.7": "", "v2024.3.1": "", "v24.4.1": evenkeel.ChangeFix,
	}
	for tag := range want {
		r.git("tag", tag)
	}
	events, _ := r.read(connectors.GitOptions{})
	got := map[string]evenkeel.ChangeKind{}
	for _, e := range events {
		if d, ok := e.Payload.(*evenkeel.Deployment); ok {
			got[d.Ref] = d.ChangeKind
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
}

func TestGitReadsOneComponentOfAMonorepo(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	r.git("tag", "cli/v1.2.0")
	r.commit("B", "Second")
	r.git("tag", "v2.0.0")
	r.commit("C", "Third")
	r.git("tag", "cli/v1.2.1")
	events, _ := r.read(connectors.GitOptions{Application: "cli", TagPattern: `^cli/v\d+\.\d+\.\d+$`})
	expectGit(t, "deployments", r.say(events, gitDeployments), "tag:cli/v1.2.0@cli at 1h of A", "tag:cli/v1.2.1@cli at 3h of C fix")
	last := events[len(events)-1].Payload.(*evenkeel.Deployment)
	if last.Version != "1.2.1" || last.Ref != "cli/v1.2.1" {
		t.Errorf("version %q of ref %q, want 1.2.1 of cli/v1.2.1", last.Version, last.Ref)
	}
	events, _ = r.read(connectors.GitOptions{})
	expectGit(t, "deployments by the usual pattern", r.say(events, gitDeployments), "tag:v2.0.0 at 2h of B")
}

func TestGitFollowsTheBranchThroughLocalPulls(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	r.git("checkout", "-q", "-b", "mine")
	r.commit("l", "Local work")
	r.git("checkout", "-q", "main")
	r.commit("B", "Pushed by others")
	r.git("checkout", "-q", "mine")
	r.merge("P", "Merge branch 'main' of github.com:acme/checkout", "main")
	r.git("branch", "-q", "-f", "main", "mine")
	r.git("checkout", "-q", "main")
	r.git("remote", "add", "origin", "https://github.com/acme/checkout.git")
	events, _ := r.read(connectors.GitOptions{Repository: "other.example.org/name"})
	expectGit(t, "changes: the pull brings the local work, not that of the others", r.say(events, gitChanges),
		"A at 1h by A of A", "B at 3h by B of B", "P at 4h by P of l head l")
	r.git("remote", "set-url", "origin", "https://github.com/fork/checkout.git")
	events, _ = r.read(connectors.GitOptions{})
	expectGit(t, "changes of a fork that pulls from its origin", r.say(events, gitChanges),
		"A at 1h by A of A", "l at 2h by l of l", "P at 4h by P of B head B")
}

func TestGitReadsOctopusMerges(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	var arms []string
	for i := range 12 {
		name := fmt.Sprintf("x%02d", i)
		r.git("checkout", "-q", "-b", name, "main")
		r.commit(name, "Arm")
		arms = append(arms, name)
	}
	r.git("checkout", "-q", "main")
	r.merge("M", "Merge all", arms...)
	events, _ := r.read(connectors.GitOptions{})
	expectGit(t, "change", r.say(events, gitChanges)[1:],
		"M at 14h by M of x00,x01,x02,x03,x04,x05,x06,x07,x08,x09,x10,x11")
}

func TestGitKeepsTheFirstCommitsOfAVastMerge(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	var stream strings.Builder
	for i := range 300 {
		fmt.Fprintf(&stream, "commit refs/heads/vast\nauthor A <a@b> %d +0000\ncommitter A <a@b> %d +0000\ndata 1\nx\n",
			gitEpoch.Unix()+int64(i), gitEpoch.Unix()+1000)
	}
	r.fastImport(stream.String())
	r.merge("M", "Merge", "--allow-unrelated-histories", "-s", "ours", "vast")
	events, summary := r.read(connectors.GitOptions{})
	var change *evenkeel.Change
	for _, e := range events {
		if c, ok := e.Payload.(*evenkeel.Change); ok && c.MergeCommit == r.ids["M"] {
			change = c
		}
	}
	if change == nil || len(change.Commits) != 250 {
		t.Fatalf("change = %+v, want one with 250 commits", change)
	}
	for i, c := range change.Commits {
		if !c.AuthoredAt.Equal(gitEpoch.Add(time.Duration(i) * time.Second)) {
			t.Fatalf("commit %d was written at %v, want the earliest first", i, c.AuthoredAt)
		}
	}
	want := map[string]int{"change: only the first 250 of its commits are named": 1}
	if diff := cmp.Diff(want, skippedGit(summary)); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
}

func (r *gitRepo) fastImport(stream string) {
	r.t.Helper()
	cmd := exec.Command("git", "fast-import", "--quiet", "--force", "--date-format=raw")
	cmd.Dir, cmd.Stdin = r.dir, strings.NewReader(stream)
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("fast-import: %v\n%s", err, out)
	}
}

func TestGitReadsBareRepositoriesAndWorktrees(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	r.git("tag", "v1.0.0")
	folder := t.TempDir()
	bare := filepath.Join(folder, "Shop.git")
	r.git("clone", "-q", "--bare", r.dir, bare)
	tree := filepath.Join(folder, "tree")
	r.git("worktree", "add", "-q", "-b", "other", tree)
	want, _ := r.read(connectors.GitOptions{Repository: "example.org/x"})
	for _, path := range []string{bare, tree, filepath.Join(r.dir, ".git")} {
		g, err := connectors.OpenGit(context.Background(), path)
		if err != nil {
			t.Fatalf("open %s: %v", path, err)
		}
		got, _ := importGit(t, g, connectors.GitOptions{Repository: "example.org/x", Branch: "main"})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-working copy +got):\n%s", path, diff)
		}
	}
	g, err := connectors.OpenGit(context.Background(), bare)
	if err != nil {
		t.Fatal(err)
	}
	if g.Repository() != "local/shop" {
		t.Errorf("repository = %q, want local/shop", g.Repository())
	}
}

func TestGitReadsShallowClones(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	r.commit("B", "Second")
	r.git("checkout", "-q", "-b", "old", r.ids["A"])
	r.commit("o", "Old topic")
	r.git("checkout", "-q", "main")
	r.commit("C", "Third")
	r.merge("M", "Merge pull request #1 from acme/old", "old")
	r.git("checkout", "-q", "-b", "young")
	r.commit("y", "Young topic")
	r.git("checkout", "-q", "main")
	r.merge("N", "Merge pull request #2 from acme/young", "young")
	shallow := *r
	shallow.dir = filepath.Join(t.TempDir(), "clone")
	r.git("clone", "-q", "--depth", "3", "--branch", "main", "file://"+r.dir, shallow.dir)

	g := shallow.open()
	events, summary := importGit(t, g, connectors.GitOptions{})
	expectGit(t, "commits at the edge keep their true parents", slices.Sorted(slices.Values(r.say(events, gitCommits))),
		"C at 4h on B", "M at 5h on C,o", "N at 7h on M,y", "o at 3h on A", "y at 6h on M")
	expectGit(t, "the change at the edge does not guess its commits", r.say(events, gitChanges),
		"C at 4h by C of C", "#1 at 5h by M head o", "#2 at 7h by N of y head y")
	want := map[string]int{"change: its commits are unknown because the clone lacks older history": 1}
	if diff := cmp.Diff(want, skippedGit(summary)); diff != "" || !summary.Shallow {
		t.Errorf("shallow %v, skipped (-want +got):\n%s", summary.Shallow, diff)
	}
	full, _ := r.read(connectors.GitOptions{Repository: g.Repository()})
	for _, e := range events {
		if e.Kind == evenkeel.KindCommit && !containsGitEvent(full, e) {
			t.Errorf("the full clone says something else of commit %s", r.name(e.ID))
		}
	}
}

func containsGitEvent(events []evenkeel.Event, want evenkeel.Event) bool {
	for _, e := range events {
		if e.Kind == want.Kind && e.ID == want.ID && cmp.Equal(e, want) {
			return true
		}
	}
	return false
}

func TestGitChoosesTheBranchThatIsAhead(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	clone := *r
	clone.dir = filepath.Join(t.TempDir(), "clone")
	r.git("clone", "-q", "file://"+r.dir, clone.dir)
	r.commit("B", "On the server")
	clone.git("fetch", "-q")
	events, _ := clone.read(connectors.GitOptions{})
	expectGit(t, "the remote's branch is ahead", r.say(events, gitChanges), "A at 1h by A of A", "B at 2h by B of B")
	clone.git("merge", "-q", "--ff-only", "origin/main")
	clone.hour = 2
	clone.commit("C", "Not pushed")
	clone.git("checkout", "-q", "-b", "feature")
	clone.commit("f", "Not merged")
	events, _ = clone.read(connectors.GitOptions{})
	expectGit(t, "the local branch is ahead; a feature branch is not looked at", r.say(events, gitChanges),
		"A at 1h by A of A", "B at 2h by B of B", "C at 3h by C of C")
	clone.git("checkout", "-q", "--detach", r.ids["B"])
	clone.git("remote", "remove", "origin")
	clone.git("branch", "-q", "-D", "main")
	events, summary := clone.read(connectors.GitOptions{})
	expectGit(t, "a detached checkout", r.say(events, gitChanges), "A at 1h by A of A", "B at 2h by B of B")
	if summary.Branch != "" {
		t.Errorf("branch = %q, want none", summary.Branch)
	}
	events, _ = clone.read(connectors.GitOptions{Branch: "feature"})
	expectGit(t, "a named branch", r.say(events, gitChanges)[3:], "f at 4h by f of f")
}

func TestGitSinceKeepsTheLastDeploymentBefore(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	r.git("tag", "v1.0.0")
	r.commit("B", "Second")
	r.git("tag", "v1.1.0")
	r.commit("C", "Not yet deployed by then")
	r.commit("D", "Third")
	r.git("tag", "v1.2.0")
	o := connectors.GitOptions{Since: gitEpoch.Add(4 * time.Hour)}
	events, _ := r.read(o)
	expectGit(t, "commits: all that the deployments since ship, and the one they are compared with", r.say(events, gitCommits),
		"B at 2h on A", "C at 3h on B", "D at 4h on C")
	expectGit(t, "changes", r.say(events, gitChanges), "B at 2h by B of B", "C at 3h by C of C", "D at 4h by D of D")
	expectGit(t, "deployments", r.say(events, gitDeployments), "tag:v1.1.0 at 2h of B", "tag:v1.2.0 at 4h of D")
	o.TagPattern = "^none$"
	events, _ = r.read(o)
	expectGit(t, "without deployments, commits by date", r.say(events, gitCommits), "D at 4h on C")
}
